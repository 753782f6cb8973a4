"""The supervisor's consent without network: by a badge and PIN that the tablet knew already."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.runtime import Runtime
from tests.harness.bay import Bay, answer
from tests.harness.offline_tablet import Tablet
from tests.harness.trips import change_row
from waybill.clock import FixedClock
from waybill.codec import new_id
from waybill.registry.access import Role
from waybill.storage.devices import BaySessionRow
from waybill.storage.identity import UserRow
from waybill.storage.registry import FacilityRow
from waybill.storage.waybills import CheckEvidenceRow, WaybillRow

HOUR = timedelta(hours=1)


@pytest.fixture
def tablet(bay: Bay, runtime: Runtime, database: Session) -> Tablet:
    """A tablet of a plant that asks for the supervisor's consent; the supervisor is signed on."""
    change_row(database, FacilityRow, bay.line.yard.facility_id, supervisor_consents=True)
    database.commit()
    return Tablet(bay=bay, sessions=runtime.sessions, settings=runtime.settings).enrol()


@pytest.fixture
def waybill(bay: Bay, clock: FixedClock) -> dict[str, Any]:
    """A waybill that was signed two hours before now."""
    clock.advance(-2 * HOUR)
    made = bay.issued()
    clock.advance(2 * HOUR)
    return made


def consent(tablet: Tablet, given: str = "yes", **changes: Any) -> dict[str, Any]:  # noqa: ANN401  JSON
    """Return the supervisor's consent as a record tells it."""
    made = {
        "type": "consent",
        "id": str(new_id()),
        "at": tablet.told(timedelta(minutes=62)),
        "by": str(tablet.bay.line.yard.actor("supervisor").user_id),
        "session": str(tablet.session_id),
        "given": given,
    }
    return made | changes


def consented(tablet: Tablet, waybill: dict[str, Any], *given: dict[str, Any]) -> dict[str, Any]:
    """Send the record of a clean trip with consents at its end; return the answer."""
    record = tablet.record(waybill["qr_text"])
    return tablet.sent(record | {"evidence": [*record["evidence"], *given]})


def status(database: Session, waybill: dict[str, Any]) -> str:
    """Return where a waybill is in its life."""
    found = select(WaybillRow.status).where(WaybillRow.number == waybill["number"])
    return database.scalars(found).one().value


def test_with_it_the_load_is_cleared(
    tablet: Tablet, waybill: dict[str, Any], database: Session
) -> None:
    told = consented(tablet, waybill, consent(tablet))

    assert (told["state"], told["problems"]) == ("accepted", [])
    assert status(database, waybill) == "cleared"


def test_a_tablet_that_cleared_without_it_is_contradicted(
    tablet: Tablet, waybill: dict[str, Any], database: Session
) -> None:
    told = consented(tablet, waybill)

    assert (told["state"], told["problems"]) == ("contradicted", ["consent-missing"])
    assert told["case_id"] is not None
    assert status(database, waybill) == "issued"


def test_one_that_did_not_clear_agrees_with_the_server(
    tablet: Tablet, waybill: dict[str, Any]
) -> None:
    changes = {"decision": "not_proven", "reasons": ["consent-missing"]}

    told = tablet.sent(tablet.record(waybill["qr_text"], **changes))

    assert (told["state"], told["problems"], told["case_id"]) == ("accepted", [], None)


def test_a_no_is_heeded(tablet: Tablet, waybill: dict[str, Any], database: Session) -> None:
    told = consented(tablet, waybill, consent(tablet), consent(tablet, "no"))

    assert (told["state"], told["problems"]) == ("contradicted", ["consent-missing"])
    assert status(database, waybill) == "issued"


def test_something_that_came_after_it_asks_for_it_again(
    tablet: Tablet, waybill: dict[str, Any]
) -> None:
    record = tablet.record(waybill["qr_text"])
    evidence = [consent(tablet), *record["evidence"]]

    told = tablet.sent(record | {"evidence": evidence})

    assert told["problems"] == ["consent-missing"]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"session": str(new_id())}, id="in a session that nobody knows"),
        pytest.param({"by": str(new_id())}, id="by an account that nobody knows"),
    ],
)
def test_nobody_else_gives_it(
    tablet: Tablet, waybill: dict[str, Any], database: Session, changes: dict[str, Any]
) -> None:
    told = consented(tablet, waybill, consent(tablet, **changes))

    assert told["problems"] == ["item-refused"]
    assert status(database, waybill) == "issued"


def test_an_account_that_is_no_supervisors_gives_none(
    tablet: Tablet, bay: Bay, waybill: dict[str, Any], database: Session
) -> None:
    loader = bay.line.yard.actor(Role.LOADER.value).user_id
    row = BaySessionRow(
        id=new_id(), device_id=tablet.id, family=new_id(), user_id=loader,
        started_at=tablet.now - 5 * HOUR,
    )  # fmt: skip
    database.add(row)
    database.commit()

    told = consented(tablet, waybill, consent(tablet, by=str(loader), session=str(row.id)))

    assert told["problems"] == ["item-refused"]


@pytest.mark.parametrize(
    ("started", "ended"),
    [
        pytest.param(5 * HOUR, timedelta(minutes=64), id="signed off"),
        pytest.param(14 * HOUR, None, id="never signed off"),
    ],
)
def test_a_session_that_had_ended_gives_none(
    tablet: Tablet,
    waybill: dict[str, Any],
    database: Session,
    started: timedelta,
    ended: timedelta | None,
) -> None:
    row = BaySessionRow(
        id=new_id(), device_id=tablet.id, family=new_id(), started_at=tablet.now - started,
        user_id=tablet.bay.line.yard.actor("supervisor").user_id,
        ended_at=tablet.now - ended if ended else None,
    )  # fmt: skip
    database.add(row)
    database.commit()

    told = consented(tablet, waybill, consent(tablet, session=str(row.id)))

    assert told["problems"] == ["item-refused"]


def test_a_closed_account_gives_none(
    tablet: Tablet, bay: Bay, waybill: dict[str, Any], database: Session
) -> None:
    supervisor = bay.line.yard.actor("supervisor").user_id
    loader = bay.line.yard.actor("loader").user_id
    own = BaySessionRow(
        id=new_id(), device_id=tablet.id, family=new_id(), user_id=loader,
        started_at=tablet.now - 5 * HOUR,
    )  # fmt: skip
    database.add(own)
    change_row(database, UserRow, supervisor, active=False)
    database.commit()
    record = tablet.record(waybill["qr_text"], person=str(loader), session=str(own.id))

    told = tablet.sent(record | {"evidence": [*record["evidence"], consent(tablet)]})

    assert "item-refused" in told["problems"]


def test_one_that_went_ahead_of_what_was_seen_before_it_still_counts(
    tablet: Tablet, bay: Bay, waybill: dict[str, Any], clock: FixedClock, database: Session
) -> None:
    clock.advance(-timedelta(minutes=70))
    check_id = bay.opened(waybill["qr_text"])
    clock.advance(timedelta(minutes=70))
    given = consent(tablet)
    path, key = f"/checks/{check_id}/consent", {"Idempotency_Key": given["id"]}
    answer(bay.post(path, {"given": True}, Role.SUPERVISOR, **key), 201)
    record = tablet.record(waybill["qr_text"], check_id=check_id)

    told = tablet.sent(record | {"evidence": [*record["evidence"], given]})

    kinds = database.scalars(select(CheckEvidenceRow.item["type"].as_string()))
    assert (told["state"], list(kinds).count("consent")) == ("accepted", 2)
