"""Records by which a load would pass that nobody should let pass: late, replayed, out of turn."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any, TypeVar

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from api.runtime import Runtime
from tests.harness.bay import API, Bay, answer
from tests.harness.bay_answers import picture
from tests.harness.offline_tablet import Tablet
from tests.harness.trips import change_row
from waybill.clock import FixedClock
from waybill.codec import new_id
from waybill.registry.access import Role
from waybill.registry.kinds import RecordStatus
from waybill.storage.cases import CaseRow
from waybill.storage.devices import BaySessionRow
from waybill.storage.events import EventKind
from waybill.storage.keys import SigningKeyRow
from waybill.storage.log import EventRow, EventSubjectRow
from waybill.storage.offline import OfflineRecordRow
from waybill.storage.plant_items import CheckPhotoRow
from waybill.storage.registry import BayRow
from waybill.storage.waybills import CheckEvidenceRow, ClearanceRow

T = TypeVar("T")
MINUTE = timedelta(minutes=1)
LEAK = "no_leak"


@pytest.fixture
def tablet(bay: Bay, runtime: Runtime) -> Tablet:
    """A tablet of the plant with a supervisor signed on."""
    return Tablet(bay=bay, sessions=runtime.sessions, settings=runtime.settings).enrol()


@pytest.fixture
def waybill(bay: Bay, clock: FixedClock) -> dict[str, Any]:
    """A waybill that was signed two hours before now."""
    return at(bay, clock, 120 * MINUTE, bay.issued)


def at(bay: Bay, clock: FixedClock, ago: timedelta, act: Callable[[], T]) -> T:
    """Do something at a moment that is past."""
    clock.advance(-ago)
    bay.tokens.clear()
    done = act()
    clock.advance(ago)
    bay.tokens.clear()
    return done


def begun(bay: Bay, clock: FixedClock, waybill: dict[str, Any]) -> str:
    """Open a check online, as long ago as the records say that theirs was opened."""
    return at(bay, clock, 70 * MINUTE, lambda: bay.opened(waybill["qr_text"]))


def item(tablet: Tablet, kind: str, ago: timedelta, **members: object) -> dict[str, Any]:
    """Return an item of a record."""
    return {"type": kind, "id": str(new_id()), "at": tablet.told(ago), **members}


def more(tablet: Tablet, check_id: str, *items: dict[str, Any]) -> dict[str, Any]:
    """Return a later record of a check, which decides nothing."""
    undecided = {"decision": None, "decided_at": None, "made_at": tablet.told(0 * MINUTE)}
    return tablet.record("", check_id=check_id, evidence=list(items), **undecided)


def cleared(database: Session) -> bool:
    """Return whether any load was cleared."""
    return bool(database.scalar(select(func.count()).select_from(ClearanceRow)))


class TestOutOfTurn:
    """What a record tells late does not undo what was seen after it."""

    def test_a_leak_that_was_seen_later(
        self,
        bay: Bay,
        tablet: Tablet,
        waybill: dict[str, Any],
        clock: FixedClock,
        database: Session,
    ) -> None:
        check_id = begun(bay, clock, waybill)
        at(bay, clock, 30 * MINUTE, lambda: bay.say(check_id, LEAK, "no"))

        told = tablet.sent(tablet.record(waybill["qr_text"], check_id=check_id))

        assert (told["problems"], cleared(database)) == (["verdict-differs"], False)

    def test_a_supervisor_who_said_no_later(
        self,
        bay: Bay,
        tablet: Tablet,
        waybill: dict[str, Any],
        clock: FixedClock,
        database: Session,
    ) -> None:
        check_id = begun(bay, clock, waybill)
        path, refused = f"/checks/{check_id}/consent", {"given": False}
        at(bay, clock, 30 * MINUTE, lambda: answer(bay.post(path, refused, Role.SUPERVISOR), 201))
        record = tablet.record(waybill["qr_text"], check_id=check_id)
        by = str(bay.line.yard.actor("supervisor").user_id)
        session = str(tablet.session_id)
        record["evidence"].append(
            item(tablet, "consent", 62 * MINUTE, by=by, session=session, given="yes")
        )

        told = tablet.sent(record)

        assert (told["problems"], cleared(database)) == (["consent-missing"], False)

    def test_a_request_that_the_tablet_had_given_up(
        self, bay: Bay, tablet: Tablet, waybill: dict[str, Any], clock: FixedClock
    ) -> None:
        check_id = begun(bay, clock, waybill)
        record = tablet.record(waybill["qr_text"], check_id=check_id, decision="refused")
        given_up = next(each for each in record["evidence"] if each.get("question") == LEAK)
        leak = item(tablet, "answer", 64 * MINUTE, question=LEAK, answer="no")
        record["evidence"].append(leak)
        bay.decide(check_id)
        decided_at = bay.check(check_id)["summary"]["decided_at"]
        tablet.sent(record)
        assert bay.check(check_id)["summary"]["decided_at"] == decided_at

        body, key = {"question": LEAK, "answer": "yes"}, {"Idempotency_Key": given_up["id"]}
        late = bay.post(f"/checks/{check_id}/answers", body, Role.SUPERVISOR, **key)

        assert late.status_code == 422
        assert not bay.decide(check_id)["cleared"]

    def test_an_absence_that_comes_after_the_clearance_is_for_people_to_look_at(
        self, tablet: Tablet, waybill: dict[str, Any]
    ) -> None:
        check_id = tablet.sent(tablet.record(waybill["qr_text"]))["check_id"]
        gone = item(tablet, "presence", 55 * MINUTE, role="escort", present=False)

        told = tablet.sent(more(tablet, check_id, gone))

        assert (told["state"], told["problems"]) == ("contradicted", ["item-refused"])
        assert told["case_id"] is not None


class TestDisbelieved:
    """A record by nobody, or of no moment, adds nothing to a check that others go on with."""

    def test_nobody_was_signed_on(
        self, bay: Bay, tablet: Tablet, waybill: dict[str, Any], clock: FixedClock
    ) -> None:
        check_id = begun(bay, clock, waybill)
        before = bay.check(check_id)["items"]

        told = tablet.sent(tablet.record(waybill["qr_text"], check_id=check_id, session=None))

        assert (told["state"], bay.check(check_id)["items"]) == ("contradicted", before)
        assert told["case_id"] is not None

    def test_nobody_knows_when_it_was_answered(
        self, bay: Bay, tablet: Tablet, waybill: dict[str, Any]
    ) -> None:
        check_id = tablet.sent(tablet.record(waybill["qr_text"]))["check_id"]
        asked = [question["id"] for question in bay.check(check_id)["questions"]]
        tablet.wrong_by, tablet.offset_known = timedelta(hours=7), False
        answers = [
            item(tablet, "answer", 50 * MINUTE, question=each, answer="yes") for each in asked
        ]

        told = tablet.sent(more(tablet, check_id, *answers))

        assert told["problems"] == ["clock-contradicted"]
        assert {each["answer"] for each in bay.check(check_id)["questions"]} == {None}

    def test_what_was_not_believed_may_be_told_again(
        self, bay: Bay, tablet: Tablet, waybill: dict[str, Any], clock: FixedClock
    ) -> None:
        record = tablet.record(waybill["qr_text"], check_id=begun(bay, clock, waybill))
        ahead = tablet.sent(record | {"clock_offset_ms": -9_000_000})
        assert ahead["problems"] == ["clock-contradicted"]

        told = tablet.sent(record | {"number": "T7K2-000002"})

        assert (told["state"], told["problems"]) == ("accepted", [])

    @pytest.mark.parametrize(
        ("session", "named"), [({}, True), ({"session": None}, False)], ids=["one", "nobody"]
    )
    def test_the_log_names_whoever_was_signed_on(
        self,
        tablet: Tablet,
        waybill: dict[str, Any],
        database: Session,
        session: dict[str, None],
        *,
        named: bool,
    ) -> None:
        tablet.sent(tablet.record(waybill["qr_text"], **session))

        kind = EventRow.kind == EventKind.OFFLINE_RECORD_RECEIVED
        event = database.scalars(select(EventRow).where(kind)).one()
        of_device = EventSubjectRow.subject_key == str(tablet.id)
        assert (json.loads(event.body)["actor"] is not None) is named
        assert database.scalars(select(EventSubjectRow.event_id).where(of_device)).all()


def test_what_a_key_signed_that_was_revoked_since_is_not_believed(
    tablet: Tablet, waybill: dict[str, Any], clock: FixedClock, database: Session
) -> None:
    record = tablet.record(waybill["qr_text"])
    record["waybill"]["id"] = waybill["id"]
    database.execute(update(SigningKeyRow).values(revoked_at=tablet.now - 10 * MINUTE))
    database.commit()
    clock.advance(timedelta(seconds=6))

    told = tablet.sent(record)

    assert (told["problems"], cleared(database)) == (["waybill-unknown"], False)
    assert told["case_id"] is not None
    about = database.scalars(select(OfflineRecordRow.waybill_id)).one()
    assert str(about) == waybill["id"]


def test_what_another_person_sent_at_the_tablet_is_not_told_again_by_whoever_goes_on(
    bay: Bay, tablet: Tablet, waybill: dict[str, Any], clock: FixedClock, database: Session
) -> None:
    loader = bay.line.yard.actor("loader").user_id
    signed_on = tablet.now - timedelta(hours=5)
    database.add(
        BaySessionRow(device_id=tablet.id, family=new_id(), user_id=loader, started_at=signed_on)
    )
    database.commit()
    check_id = begun(bay, clock, waybill)
    record = tablet.record(waybill["qr_text"], check_id=check_id)
    seen = next(each for each in record["evidence"] if each["type"] == "plate")
    body = {name: seen[name] for name in ("unit", "plate", "plate_colour")}
    sent = bay.post(f"/checks/{check_id}/plates", body, Idempotency_Key=seen["id"])
    answer(sent, 201)

    told = tablet.sent(record)

    kept = select(CheckEvidenceRow.recorded_by).where(
        CheckEvidenceRow.item["unit"].as_string() == seen["unit"]
    )
    assert (told["state"], database.scalars(kept).all()) == ("accepted", [loader])


def test_a_bay_that_was_closed_since_clears_nothing_and_is_for_people_to_look_at(
    bay: Bay, tablet: Tablet, waybill: dict[str, Any], database: Session
) -> None:
    change_row(database, BayRow, bay.line.yard.bay_id, status=RecordStatus.SUSPENDED)
    database.commit()

    told = tablet.sent(tablet.record(waybill["qr_text"]))

    assert (told["problems"], cleared(database)) == (["verdict-differs"], False)
    assert "DOC-01.loader" in told["server_verdict"]["standing"]
    assert told["case_id"] is not None


class TestPhotos:
    """One picture shows one thing in one check, also where it comes later."""

    def test_named_again_it_shows_nothing(
        self, tablet: Tablet, waybill: dict[str, Any], database: Session
    ) -> None:
        check_id = tablet.sent(tablet.record(waybill["qr_text"]))["check_id"]
        shows = ("orange_plates", "seals")
        named = [item(tablet, "photo", 50 * MINUTE, shows=s, sha256="ab" * 32) for s in shows]

        tablet.sent(more(tablet, check_id, *named))

        kept = select(CheckEvidenceRow.item["shows"].as_string()).where(
            CheckEvidenceRow.item["type"].as_string() == "photo"
        )
        assert database.scalars(kept).all() == ["orange_plates"]

    def test_one_that_was_used_online_is_found_out_when_it_comes(
        self, bay: Bay, tablet: Tablet, waybill: dict[str, Any], database: Session
    ) -> None:
        content = picture(kind="JPEG")
        sha256 = hashlib.sha256(content).hexdigest()
        record = tablet.record(waybill["qr_text"])
        record["evidence"].append(
            item(tablet, "photo", 65 * MINUTE, shows="orange_plates", sha256=sha256)
        )
        check_id = tablet.sent(record)["check_id"]
        put, path = f"{API}/tablet/photos/{sha256}", f"{API}/checks/{check_id}/photos?shows=seals"
        sent = {"picture": (BytesIO(content), "photo.jpg")}
        answer(bay.client.post(path, data=sent, headers=bay.headers(Role.LOADER)), 201)

        answers = [
            bay.client.put(put, data=content, headers=tablet.assertion()).status_code
            for _ in range(2)
        ]

        assert answers == [200, 200]
        assert database.scalars(select(CheckPhotoRow.shows)).all() == ["seals"]
        case = database.scalars(select(CaseRow)).one()
        assert (case.source.value, case.about_kind and case.about_kind.value) == (
            "tablet",
            "waybill",
        )
