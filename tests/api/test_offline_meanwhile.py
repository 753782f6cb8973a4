"""What happened beside a record: a photo that comes later, a check that was aborted."""

from datetime import timedelta
from io import BytesIO
from typing import Any, Final

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.runtime import Runtime
from tests.harness.bay import API, Bay, answer
from tests.harness.bay_answers import item as asked_by_plant
from tests.harness.bay_answers import override, picture
from tests.harness.offline_tablet import Tablet
from tests.harness.yard_rows import TRACTOR_PLATE
from waybill.clock import FixedClock
from waybill.codec import new_id
from waybill.registry.access import Role
from waybill.storage.base import Base
from waybill.storage.devices import BaySessionRow
from waybill.storage.waybills import CheckEvidenceRow, WaybillRow

HOUR = timedelta(hours=1)
DIGEST: Final = "ab" * 32


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


def status(database: Session, waybill: dict[str, Any]) -> str:
    """Return where a waybill is in its life."""
    found = database.scalars(
        select(WaybillRow.status).where(WaybillRow.number == waybill["number"])
    )
    return found.one().value


def count(database: Session, row: type[Base]) -> int:
    """Return how many rows a table has."""
    return database.scalar(select(func.count()).select_from(row)) or 0


def aborted(bay: Bay, waybill: dict[str, Any], *, cleared: bool) -> str:
    """Open a check, or take it to its clearance, and abort it; return its id."""
    check_id = bay.opened(waybill["qr_text"])
    if cleared:
        bay.show_everything(check_id)
        bay.decide(check_id)
    answer(bay.post(f"/checks/{check_id}/abort", {"reason": "雷雨，停止作业"}), 201)
    return check_id


def sent_alone(bay: Bay, check_id: str, key: dict[str, str]) -> None:
    """Send a photo of a code by the ordinary way."""
    sent = bay.client.post(
        f"{API}/checks/{check_id}/photos?shows=code",
        data={"picture": (BytesIO(picture()), "picture.jpg")},
        headers={**bay.headers(Role.SUPERVISOR), **key},
    )
    answer(sent, 201)


def item(tablet: Tablet, kind: str, **members: object) -> dict[str, Any]:
    """Return an item of a record."""
    return {"type": kind, "id": str(new_id()), "at": tablet.told(timedelta(minutes=66)), **members}


def code(tablet: Tablet) -> dict[str, Any]:
    """Return the photo of a code that cannot be read."""
    return item(tablet, "photo", shows="code", sha256=DIGEST)


def typed(tablet: Tablet) -> dict[str, Any]:
    """Return the number that was typed for it."""
    named = {"text": TRACTOR_PLATE, "typed": True, "expected": "vehicle"}
    return item(tablet, "scan", photo_sha256=DIGEST, **named)


class TestTyped:
    """A number that was typed with a photo of its code, which is sent later."""

    def test_the_number_is_kept_with_its_photo(
        self, tablet: Tablet, waybill: dict[str, Any], database: Session
    ) -> None:
        record = tablet.record(waybill["qr_text"])

        told = tablet.sent(
            record | {"evidence": [code(tablet), typed(tablet), *record["evidence"]]}
        )

        tied = select(CheckEvidenceRow).where(
            CheckEvidenceRow.item["photo_sha256"].as_string() == DIGEST
        )
        assert (told["state"], told["problems"]) == ("accepted", [])
        assert len(database.scalars(tied).all()) == 1

    def test_where_the_photo_came_alone_the_number_is_kept_without_it(
        self, bay: Bay, tablet: Tablet, waybill: dict[str, Any]
    ) -> None:
        check_id, photo = bay.opened(waybill["qr_text"]), code(tablet)
        sent_alone(bay, check_id, {"Idempotency-Key": photo["id"]})
        record = tablet.record(waybill["qr_text"], check_id=check_id)

        told = tablet.sent(record | {"evidence": [photo, typed(tablet), *record["evidence"]]})

        assert (told["state"], told["problems"]) == ("accepted", [])

    def test_a_photo_that_nobody_took_is_not_believed(
        self, tablet: Tablet, waybill: dict[str, Any]
    ) -> None:
        record = tablet.record(waybill["qr_text"])

        told = tablet.sent(record | {"evidence": [typed(tablet), *record["evidence"]]})

        assert told["problems"] == ["item-refused"]


def test_what_was_answered_after_the_clearance_is_kept(
    bay: Bay, tablet: Tablet, waybill: dict[str, Any]
) -> None:
    record = tablet.record(waybill["qr_text"])
    check_id = tablet.sent(record)["check_id"]
    (question, *_) = bay.check(check_id)["questions"]
    after = {"at": tablet.told(timedelta(minutes=50)), "question": question["id"], "answer": "yes"}
    given = item(tablet, "answer") | after
    undecided = {"decision": None, "decided_at": None, "made_at": tablet.told(timedelta(0))}
    later = tablet.record(waybill["qr_text"], check_id=check_id, **undecided)

    told = tablet.sent(later | {"evidence": [*record["evidence"], given]})

    (found, *_) = bay.check(check_id)["questions"]
    assert (told["state"], found["id"], found["answer"]) == ("accepted", question["id"], True)


@pytest.mark.parametrize(
    ("signed_on", "problems"), [(True, []), (False, ["item-refused"])], ids=["there", "not there"]
)
def test_what_another_person_gave_is_kept_in_that_persons_name(
    bay: Bay,
    tablet: Tablet,
    waybill: dict[str, Any],
    database: Session,
    *,
    signed_on: bool,
    problems: list[str],
) -> None:
    loader, session_id = bay.line.yard.actor("loader").user_id, new_id()
    if signed_on:
        database.add(
            BaySessionRow(
                id=session_id,
                device_id=tablet.id,
                family=session_id,
                user_id=loader,
                started_at=tablet.now - 2 * HOUR,
            )
        )
        database.commit()
    record = tablet.record(waybill["qr_text"])
    of_loader = {"person": str(loader), "own_session": str(session_id)}
    record["evidence"] = [
        {**each, **(of_loader if each["type"] == "plate" else {})} for each in record["evidence"]
    ]

    told = tablet.sent(record)

    kept = select(CheckEvidenceRow.recorded_by).where(
        CheckEvidenceRow.item["type"].as_string() == "plate"
    )
    assert told["problems"][:1] == problems
    assert database.scalars(kept).all() == ([loader, loader] if signed_on else [])


@pytest.mark.parametrize(
    ("plate", "people_look"), [("苏H99999", True), (TRACTOR_PLATE, False)], ids=["other", "same"]
)
def test_another_plate_than_was_cleared_is_for_people_to_look_at(
    tablet: Tablet, waybill: dict[str, Any], plate: str, *, people_look: bool
) -> None:
    check_id = tablet.sent(tablet.record(waybill["qr_text"]))["check_id"]
    seen = {"unit": "tractor", "plate": plate, "plate_colour": "yellow"}
    late = item(tablet, "plate", **seen) | {"at": tablet.told(timedelta(minutes=55))}
    undecided = {"decision": None, "decided_at": None, "made_at": tablet.told(timedelta(0))}

    told = tablet.sent(tablet.record("", check_id=check_id, evidence=[late], **undecided))

    assert told["problems"] == (["item-refused"] if people_look else [])
    assert (told["case_id"] is not None) is people_look


def test_who_let_an_open_question_pass_did_not_know_of_a_no_that_was_told_later(
    bay: Bay, tablet: Tablet, waybill: dict[str, Any], database: Session, clock: FixedClock
) -> None:
    clock.advance(-timedelta(minutes=70))
    bay.tokens.clear()
    named = asked_by_plant(bay, database)
    check_id = bay.opened(waybill["qr_text"])
    clock.advance(timedelta(minutes=70))
    bay.tokens.clear()
    for by in (Role.LOADER, Role.SUPERVISOR):
        answer(override(bay, check_id, named, by), 201)
    clock.advance(timedelta(minutes=1))
    record = tablet.record(waybill["qr_text"], check_id=check_id, decision="refused")
    record["evidence"].append(item(tablet, "answer", question=named, answer="no"))

    told = tablet.sent(record)

    assert (told["state"], told["server_verdict"]["cleared"]) == ("accepted", False)
    assert "PLANT-01.before" in told["server_verdict"]["standing"]
    assert not bay.decide(check_id)["cleared"]


@pytest.mark.parametrize(
    ("decision", "state"), [("cleared", "contradicted"), ("refused", "accepted")]
)
def test_what_its_carrier_cancelled_since_is_cleared_no_more(
    bay: Bay, tablet: Tablet, waybill: dict[str, Any], decision: str, state: str
) -> None:
    bay.tokens.clear()
    check_id = bay.opened(waybill["qr_text"])
    bay.show_everything(check_id)
    assert bay.decide(check_id)["cleared"]
    path, reason = f"/waybills/{waybill['id']}/cancel", {"reason": "客户退单"}
    assert bay.post(path, reason, Role.CARRIER, If_Match='"3"').status_code in (200, 204)

    told = tablet.sent(tablet.record(waybill["qr_text"], check_id=check_id, decision=decision))

    assert (told["state"], told["server_verdict"]["cleared"]) == (state, False)
    assert (told["case_id"] is not None) is (decision == "cleared")


class TestAborted:
    """A check that was aborted meanwhile stays so, whatever a tablet made of it."""

    @pytest.mark.parametrize("cleared", [False, True], ids=["open", "cleared"])
    def test_a_tablet_that_cleared_it_is_for_people_to_look_at(
        self, bay: Bay, tablet: Tablet, waybill: dict[str, Any], database: Session, *, cleared: bool
    ) -> None:
        check_id = aborted(bay, waybill, cleared=cleared)
        before = count(database, CheckEvidenceRow)

        told = tablet.sent(tablet.record(waybill["qr_text"], check_id=check_id))

        assert (told["state"], told["problems"]) == ("contradicted", ["check-aborted"])
        assert told["server_verdict"] == {"cleared": False, "standing": []}
        assert told["case_id"] is not None
        assert status(database, waybill) == ("cancelled" if cleared else "issued")
        assert count(database, CheckEvidenceRow) == before

    def test_a_tablet_that_did_not_agrees_with_the_abort(
        self, bay: Bay, tablet: Tablet, waybill: dict[str, Any]
    ) -> None:
        check_id = aborted(bay, waybill, cleared=False)
        changes = {"decision": "refused", "reasons": ["answer-no:leak"]}

        told = tablet.sent(tablet.record(waybill["qr_text"], check_id=check_id, **changes))

        assert (told["state"], told["problems"], told["case_id"]) == ("accepted", [], None)
