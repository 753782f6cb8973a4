"""Records of checks without network: judged again, once each, and never silently believed."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.runtime import Runtime
from tests.harness.bay import Bay, answer
from tests.harness.offline_tablet import Tablet
from tests.harness.trips import change_row
from waybill.clock import FixedClock
from waybill.codec import new_id
from waybill.registry.access import Role
from waybill.registry.kinds import RecordStatus
from waybill.storage.base import Base
from waybill.storage.cases import CaseRow
from waybill.storage.log import EventRow
from waybill.storage.registry import VehicleRow
from waybill.storage.waybills import CheckEvidenceRow, ClearanceRow, LoadingCheckRow, WaybillRow

HOUR = timedelta(hours=1)


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


class TestConfirmed:
    """A record that the server confirms clears the waybill, once."""

    def test_a_clean_check_clears_the_waybill(
        self, tablet: Tablet, waybill: dict[str, Any], database: Session
    ) -> None:
        told = tablet.sent(tablet.record(waybill["qr_text"]))

        assert (told["state"], told["problems"], told["case_id"]) == ("accepted", [], None)
        assert told["server_verdict"] == {"cleared": True, "standing": ["VEH-06.positioning"]}
        assert status(database, waybill) == "cleared"
        clearance = database.scalars(select(ClearanceRow)).one()
        assert clearance.cleared_at == tablet.now - HOUR

    def test_sent_again_it_is_answered_again_and_not_done_again(
        self, tablet: Tablet, waybill: dict[str, Any], database: Session
    ) -> None:
        record = tablet.record(waybill["qr_text"])
        first = tablet.sent(record)
        before = count(database, CheckEvidenceRow)

        again = tablet.sent(record, 200)

        assert again == first
        assert count(database, CheckEvidenceRow) == before
        assert (count(database, LoadingCheckRow), count(database, ClearanceRow)) == (1, 1)

    def test_another_record_under_the_same_number_is_refused(
        self, tablet: Tablet, waybill: dict[str, Any]
    ) -> None:
        record = tablet.record(waybill["qr_text"])
        tablet.sent(record)

        told = tablet.sent(record | {"reasons": ["other"]}, 409)

        assert told["code"] == "wrong-state"

    def test_what_was_sent_online_under_its_id_is_not_doubled(
        self,
        bay: Bay,
        tablet: Tablet,
        waybill: dict[str, Any],
        clock: FixedClock,
        database: Session,
    ) -> None:
        clock.advance(-timedelta(minutes=70))
        check_id = bay.opened(waybill["qr_text"])
        clock.advance(timedelta(minutes=70))
        record = tablet.record(waybill["qr_text"], check_id=check_id)
        sent = next(item for item in record["evidence"] if item["type"] == "plate")
        body = {name: sent[name] for name in ("unit", "plate", "plate_colour")}
        key = {"Idempotency_Key": sent["id"]}
        answer(bay.post(f"/checks/{check_id}/plates", body, Role.SUPERVISOR, **key), 201)

        told = tablet.sent(record)

        plates = database.scalars(
            select(CheckEvidenceRow).where(
                CheckEvidenceRow.item["type"].as_string() == "plate",
                CheckEvidenceRow.item["unit"].as_string() == sent["unit"],
            )
        ).all()
        assert (told["state"], told["check_id"], len(plates)) == ("accepted", check_id, 1)

    def test_a_decision_whose_answer_was_lost_stands(
        self, bay: Bay, tablet: Tablet, waybill: dict[str, Any], database: Session
    ) -> None:
        check_id = bay.opened(waybill["qr_text"])
        bay.show_everything(check_id)
        bay.decide(check_id)

        told = tablet.sent(tablet.record(waybill["qr_text"], check_id=check_id))

        assert (told["state"], told["server_verdict"]["cleared"]) == ("accepted", True)
        assert count(database, ClearanceRow) == 1

    def test_one_that_was_refused_since_is_for_people_to_look_at(
        self, bay: Bay, tablet: Tablet, waybill: dict[str, Any]
    ) -> None:
        check_id = bay.opened(waybill["qr_text"])
        bay.show_everything(check_id)
        bay.decide(check_id)
        changes = {"decision": "refused", "reasons": ["answer-no:leak"]}

        told = tablet.sent(tablet.record(waybill["qr_text"], check_id=check_id, **changes))

        assert (told["state"], told["problems"]) == ("contradicted", ["verdict-differs"])
        assert (told["server_verdict"]["cleared"], told["case_id"] is None) == (True, False)

    def test_a_check_of_another_waybill_is_not_gone_on_with(
        self, bay: Bay, tablet: Tablet, waybill: dict[str, Any], database: Session
    ) -> None:
        check_id = bay.opened(waybill["qr_text"])
        record = tablet.record(waybill["qr_text"], check_id=check_id)
        named = {"text": waybill["qr_text"], "typed": False, "id": str(new_id()), "revision": 1}

        told = tablet.sent(record | {"waybill": named})

        assert told["state"] == "contradicted"
        assert "other-check" in told["problems"]
        assert count(database, ClearanceRow) == 0

    def test_what_was_not_proven_clears_nothing(
        self, tablet: Tablet, waybill: dict[str, Any], database: Session
    ) -> None:
        told = tablet.sent(tablet.record(waybill["qr_text"], decision="not_proven"))

        assert (told["state"], told["server_verdict"]["cleared"]) == ("accepted", False)
        assert status(database, waybill) == "issued"

    def test_the_events_say_that_it_was_done_without_network(
        self, tablet: Tablet, waybill: dict[str, Any], database: Session
    ) -> None:
        record = tablet.record(waybill["qr_text"])
        tablet.sent(record)

        kinds = ("check-opened", "evidence-added", "code-scanned", "check-decided")
        rows = database.scalars(select(EventRow).where(EventRow.kind.in_(kinds))).all()
        told = [json.loads(row.body)["data"] for row in rows]

        assert {row.kind for row in rows} == set(kinds)
        assert {(each["offline"], each["offline_record"]) for each in told} == {
            (True, record["number"])
        }


class TestContradicted:
    """The server judges otherwise: nothing is cleared, and a case shows both sides."""

    def contradicted(
        self, told: dict[str, Any], waybill: dict[str, Any], database: Session
    ) -> CaseRow:
        assert told["state"] == "contradicted"
        assert not told["server_verdict"]["cleared"]
        assert status(database, waybill) == "issued"
        case = database.scalars(select(CaseRow)).one()
        assert (str(case.id), case.source.value, case.about_kind and case.about_kind.value) == (
            told["case_id"],
            "tablet",
            "waybill",
        )
        return case

    def test_a_vehicle_that_was_suspended(
        self, bay: Bay, tablet: Tablet, waybill: dict[str, Any], database: Session
    ) -> None:
        yard = bay.line.yard
        change_row(database, VehicleRow, yard.vehicle_id, status=RecordStatus.SUSPENDED)
        database.commit()

        told = tablet.sent(tablet.record(waybill["qr_text"]))

        self.contradicted(told, waybill, database)
        assert told["problems"] == ["verdict-differs"]
        assert "VEH-01.tractor" in told["server_verdict"]["standing"]

    def test_something_was_not_shown(
        self, tablet: Tablet, waybill: dict[str, Any], database: Session
    ) -> None:
        record = tablet.record(waybill["qr_text"])
        record["evidence"] = [each for each in record["evidence"] if each["type"] != "plate"]

        told = tablet.sent(record)

        self.contradicted(told, waybill, database)
        assert "VEH-05.tractor" in told["server_verdict"]["standing"]

    def test_the_second_of_two_tablets(
        self, bay: Bay, tablet: Tablet, waybill: dict[str, Any], database: Session
    ) -> None:
        other = Tablet(
            bay=bay, sessions=tablet.sessions, settings=tablet.settings, prefix="Q9ZZ"
        ).enrol()
        tablet.sent(tablet.record(waybill["qr_text"]))

        told = other.sent(other.record(waybill["qr_text"]))

        assert (told["state"], told["problems"]) == ("contradicted", ["cleared-elsewhere"])
        assert told["case_id"] is not None
        assert count(database, ClearanceRow) == 1

    @pytest.mark.parametrize(
        ("changes", "problem"),
        [
            pytest.param({"session": None}, "session-unknown", id="no session"),
            pytest.param({"session": str(new_id())}, "session-unknown", id="another session"),
            pytest.param({"bundle": None}, "bundle-unknown", id="no bundle"),
            pytest.param(
                {"bundle": "1795320300000.AAAAAAAAAAAAAAAAAAAAAA"}, "bundle-unknown",
                id="a bundle of its own making",
            ),
        ],
    )  # fmt: skip
    def test_what_casts_a_doubt_on_it(
        self,
        tablet: Tablet,
        waybill: dict[str, Any],
        database: Session,
        changes: dict[str, Any],
        problem: str,
    ) -> None:
        told = tablet.sent(tablet.record(waybill["qr_text"], **changes))

        self.contradicted(told, waybill, database)
        assert told["problems"] == [problem]

    def test_a_bundle_that_was_too_old(
        self, tablet: Tablet, waybill: dict[str, Any], database: Session
    ) -> None:
        old = tablet.bundle(before=14 * HOUR)

        told = tablet.sent(tablet.record(waybill["qr_text"], bundle=old))

        self.contradicted(told, waybill, database)
        assert told["problems"] == ["bundle-stale"]


class TestClock:
    """The tablet's clock is bounded by what the server knows."""

    @pytest.mark.parametrize("wrong_by", [7 * HOUR, timedelta(days=-20_000)], ids=str)
    def test_wrong_by_hours_or_since_1970_and_known_to_be(
        self, tablet: Tablet, waybill: dict[str, Any], database: Session, wrong_by: timedelta
    ) -> None:
        tablet.wrong_by = wrong_by

        told = tablet.sent(tablet.record(waybill["qr_text"]))

        assert told["state"] == "accepted"
        assert database.scalars(select(ClearanceRow)).one().cleared_at == tablet.now - HOUR

    @pytest.mark.parametrize("wrong_by", [7 * HOUR, -7 * HOUR])
    def test_wrong_by_hours_and_not_known(
        self,
        tablet: Tablet,
        waybill: dict[str, Any],
        database: Session,
        wrong_by: timedelta,
    ) -> None:
        tablet.wrong_by, tablet.offset_known = wrong_by, False

        told = tablet.sent(tablet.record(waybill["qr_text"]))

        assert (told["state"], "clock-contradicted" in told["problems"]) == ("contradicted", True)
        assert status(database, waybill) == "issued"

    def test_times_out_of_order(
        self, tablet: Tablet, waybill: dict[str, Any], database: Session
    ) -> None:
        early = tablet.told(timedelta(minutes=100))

        told = tablet.sent(tablet.record(waybill["qr_text"], decided_at=early))

        assert "times-out-of-order" in told["problems"]
        assert status(database, waybill) == "issued"
