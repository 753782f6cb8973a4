"""One clock: a check that was begun before it could be sent, and a tablet's clock that is wrong."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.runtime import Runtime
from tests.harness.bay import API, Bay, answer
from tests.harness.offline_tablet import Tablet
from tests.harness.yard_rows import TRACTOR_PLATE
from waybill.clock import FixedClock
from waybill.qr_payload import QrKind
from waybill.storage.devices import BaySessionRow
from waybill.storage.log import EventRow
from waybill.storage.waybills import LoadingCheckRow

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def tablet(bay: Bay, runtime: Runtime) -> Tablet:
    """A tablet of the plant with a supervisor signed on."""
    return Tablet(bay=bay, sessions=runtime.sessions, settings=runtime.settings).enrol()


@pytest.fixture
def waybill(bay: Bay, clock: FixedClock) -> dict[str, Any]:
    """A waybill that was signed two hours before now."""
    clock.advance(-2 * HOUR)
    made = bay.issued()
    clock.advance(2 * HOUR)
    return made


@pytest.fixture
def signed_on(tablet: Tablet, database: Session) -> dict[str, str]:
    """The headers of a session that was opened at the tablet."""
    headers = tablet.bay.headers("supervisor")
    token = headers["Authorization"].removeprefix("Bearer ")
    claims = jwt.decode(token, options={"verify_signature": False})
    database.get_one(BaySessionRow, tablet.session_id).family = UUID(claims["sid"])
    database.commit()
    return headers


def opened(tablet: Tablet, waybill: dict[str, Any], headers: dict[str, str], ago: timedelta) -> str:
    """Open a check that was begun some time ago, and return its id."""
    body = {
        "bay_id": str(tablet.bay.line.yard.bay_id),
        "text": waybill["qr_text"],
        "typed": False,
        "at": (tablet.now - ago).isoformat(),
    }
    response = tablet.bay.client.post(f"{API}/checks", json=body, headers=headers)
    check_id: str = answer(response, 201)["check"]["summary"]["id"]
    return check_id


def told(database: Session, kind: str) -> list[dict[str, Any]]:
    """Return the data of the events of a kind, oldest first."""
    rows = database.scalars(select(EventRow).where(EventRow.kind == kind).order_by(EventRow.id))
    return [json.loads(row.body)["data"] for row in rows]


def test_a_check_that_was_begun_before_it_could_be_sent_says_so(
    tablet: Tablet, waybill: dict[str, Any], signed_on: dict[str, str], database: Session
) -> None:
    check_id = opened(tablet, waybill, signed_on, 70 * MINUTE)

    answered = tablet.sent(tablet.record(waybill["qr_text"], check_id=check_id))

    (begun,) = told(database, "check-opened")
    row = database.scalars(select(LoadingCheckRow)).one()
    assert (begun["offline"], begun["device"]) == (True, str(tablet.id))
    assert row.opened_at == tablet.now - 70 * MINUTE
    assert answered["state"] == "accepted"
    assert all(begun["done_at"] <= each["done_at"] for each in told(database, "evidence-added"))


@pytest.mark.parametrize(
    "moments",
    [
        pytest.param((timedelta(seconds=4), timedelta(0)), id="sent at once"),
        pytest.param((-3 * HOUR, timedelta(0)), id="in the future"),
        pytest.param((9 * HOUR, 8 * HOUR), id="longer ago than a check lasts"),
    ],
)
def test_when_a_check_began(
    tablet: Tablet,
    waybill: dict[str, Any],
    signed_on: dict[str, str],
    database: Session,
    moments: tuple[timedelta, timedelta],
) -> None:
    said, taken_for = moments

    opened(tablet, waybill, signed_on, said)

    (begun,) = told(database, "check-opened")
    row = database.scalars(select(LoadingCheckRow)).one()
    assert row.opened_at == tablet.now - taken_for
    assert ("offline" in begun) is bool(taken_for)


def test_who_is_at_no_tablet_says_nothing_of_when(
    bay: Bay, tablet: Tablet, waybill: dict[str, Any], database: Session
) -> None:
    opened(tablet, waybill, bay.headers("supervisor"), HOUR)

    assert database.scalars(select(LoadingCheckRow)).one().opened_at == tablet.now


@pytest.mark.parametrize("wrong_by", [7 * MINUTE, -3 * HOUR])
def test_a_clock_that_is_wrong_changes_nothing_where_that_is_known(
    tablet: Tablet, waybill: dict[str, Any], database: Session, wrong_by: timedelta
) -> None:
    tablet.wrong_by = wrong_by

    answered = tablet.sent(tablet.record(waybill["qr_text"]))

    (decided,) = told(database, "check-decided")
    (received,) = told(database, "offline-record-received")
    assert (answered["state"], answered["problems"]) == ("accepted", [])
    assert decided["done_at"] == received["done_at"]
    assert received["clock_offset_ms"] == wrong_by // timedelta(milliseconds=1)


def test_a_release_says_by_how_much_the_clock_was_wrong(bay: Bay, database: Session) -> None:
    _, check_id = bay.cleared()
    bay.answer_everything(check_id)
    entered = bay.loading() | {"clock_offset_ms": 10_800_000}

    answer(bay.post(f"/checks/{check_id}/release", entered), 201)

    (released,) = told(database, "load-released")
    assert released["clock_offset_ms"] == 10_800_000


@pytest.mark.parametrize(
    ("said_since", "told_late", "holds"),
    [
        pytest.param("no", "yes", False, id="a no that was said since is not undone"),
        pytest.param("yes", "no", False, id="a no counts whenever it comes"),
        pytest.param("yes", "yes", True, id="two that agree"),
    ],
)
def test_what_could_not_be_sent_in_time(
    tablet: Tablet,
    waybill: dict[str, Any],
    signed_on: dict[str, str],
    clock: FixedClock,
    *,
    said_since: str,
    told_late: str,
    holds: bool,
) -> None:
    bay, earlier = tablet.bay, 20 * MINUTE
    clock.advance(-earlier)
    bay.tokens.clear()
    check_id = bay.opened(waybill["qr_text"])
    clock.advance(earlier / 2)
    bay.say(check_id, "no_leak", said_since)
    clock.advance(earlier / 2)
    bay.tokens.clear()
    body = {"question": "no_leak", "answer": told_late, "at": (tablet.now - earlier).isoformat()}

    path = f"{API}/checks/{check_id}/answers"
    answer(bay.client.post(path, json=body, headers=signed_on), 201)

    (found,) = [each for each in bay.check(check_id)["questions"] if each["id"] == "no_leak"]
    assert found["answer"] is holds


def test_a_plate_and_a_card_that_could_not_be_sent_in_time_say_when_they_were_seen(
    tablet: Tablet, waybill: dict[str, Any], signed_on: dict[str, str], database: Session
) -> None:
    check_id, seen_at = opened(tablet, waybill, signed_on, HOUR), tablet.now - 50 * MINUTE
    before = {"role": "driver", "present": True, "at": (tablet.now - 2 * HOUR).isoformat()}
    sent: dict[str, dict[str, object]] = {
        "plates": {"unit": "tractor", "plate": TRACTOR_PLATE, "plate_colour": "yellow"},
        "presences": {"role": "escort", "present": True},
        "scans": {"text": tablet.bay.line.card(QrKind.VEHICLE, TRACTOR_PLATE)},
    }
    requests = [(path, {**body, "at": seen_at.isoformat()}) for path, body in sent.items()]

    for path, body in [*requests, ("presences", before)]:
        where = f"{API}/checks/{check_id}/{path}"
        answer(tablet.bay.client.post(where, json=body, headers=signed_on), 201)

    kept = [item["at"] for item in tablet.bay.check(check_id)["items"]]
    late = [*told(database, "evidence-added"), *told(database, "code-scanned")]
    moments = [datetime.fromisoformat(moment) for moment in kept[1:]]
    assert moments == [*[seen_at] * 3, tablet.now - HOUR]
    assert [each["offline"] for each in late] == [True] * 4


def test_what_may_have_been_seen_in_another_shift_is_not_decided_by(
    tablet: Tablet, waybill: dict[str, Any], database: Session
) -> None:
    database.get_one(BaySessionRow, tablet.session_id).started_at = tablet.now - 9 * HOUR
    database.commit()
    tablet.wrong_by, tablet.offset_known = 7 * HOUR, False
    record = tablet.record(waybill["qr_text"], bundle=tablet.bundle(before=9 * HOUR))
    answered = tablet.sent(record | {"clock_offset_ms": 0})
    assert "clock-contradicted" in answered["problems"]

    decision = tablet.bay.post(f"/checks/{answered['check_id']}/decision", None)

    assert (decision.status_code, decision.get_json()["state"]) == (409, "outdated")
