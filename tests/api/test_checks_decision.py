"""Deciding and releasing over HTTP: what the register says now, refusals that are cured."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from tests.harness.bay import Bay, answer, problem, standing
from tests.harness.trips import (
    certificate_id,
    change_row,
)
from waybill.clock import FixedClock
from waybill.registry.access import Role
from waybill.registry.kinds import CertificateKind, CertificateStatus, RecordStatus
from waybill.storage.registry import CertificateRow, PersonRow, TankRow, VehicleRow


def opened(bay: Bay) -> str:
    """Open a check of a clean trip."""
    return bay.opened(bay.issued()["qr_text"])


def states(answered: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    """Return how each step stands."""
    return {step["kind"]: step["state"] for step in answered["steps"]}


class TestRegister:
    """A card names; what the register says of its holder decides."""

    @pytest.mark.parametrize(
        ("row", "named", "step"),
        [
            (VehicleRow, "vehicle_id", "vehicle"),
            (VehicleRow, "trailer_id", "trailer"),
            (TankRow, "tank_id", "tank"),
            (PersonRow, "driver_id", "driver"),
            (PersonRow, "escort_id", "escort"),
        ],
    )
    def test_a_record_that_was_suspended_since_issue_fails_its_step(
        self,
        bay: Bay,
        database: Session,
        row: type[VehicleRow | TankRow | PersonRow],
        named: str,
        step: str,
    ) -> None:
        check_id = opened(bay)
        change_row(database, row, getattr(bay.line.yard, named), status=RecordStatus.SUSPENDED)
        database.commit()

        last = bay.show_everything(check_id)
        decision = bay.decide(check_id)

        assert states(last)[step] == "failed"
        assert not decision["cleared"]
        assert "record_suspended" in {reason for _, reason in standing(decision["verdict"])}

    def test_a_certificate_that_was_revoked_since_issue_fails(
        self, bay: Bay, database: Session
    ) -> None:
        check_id = opened(bay)
        kind = CertificateKind.DRIVER_QUALIFICATION
        found = certificate_id(database, bay.line.yard.driver_id, kind)
        change_row(database, CertificateRow, found, status=CertificateStatus.REVOKED)
        database.commit()

        bay.show_everything(check_id)
        decision = bay.decide(check_id)

        assert ("DRV-01.qualification", "certificate_revoked") in standing(decision["verdict"])


class TestDecision:
    """A refusal is a result; it is cured and decided again."""

    def test_a_refused_check_is_cured_and_cleared(self, bay: Bay) -> None:
        check_id = opened(bay)

        refused = bay.decide(check_id)
        bay.show_everything(check_id)
        cleared = bay.decide(check_id)

        assert (refused["cleared"], cleared["cleared"]) == (False, True)
        check = answer(bay.get(f"/checks/{check_id}"), 200)
        assert check["summary"]["status"] == "cleared"
        assert [verdict["clears"] for verdict in check["verdicts"]] == [False, True]

    def test_a_load_is_not_released_before_it_is_cleared(self, bay: Bay) -> None:
        check_id = opened(bay)

        refused = bay.post(f"/checks/{check_id}/release", bay.loading())

        assert problem(refused) == (409, "wrong-state", [])

    def test_too_much_is_not_released_until_it_is_put_right(self, bay: Bay) -> None:
        _, check_id = bay.cleared()

        refused = bay.release(check_id, "28600")
        released = bay.release(check_id, "28000")

        assert (refused["released"], refused["record_digest"]) == (False, "")
        assert ("AFTER-01.mass", "over_rated_load") in standing(refused["verdict"])
        assert released["released"]

    def test_other_lines_than_the_waybills_are_refused(self, bay: Bay) -> None:
        _, check_id = bay.cleared()
        body = bay.loading() | {"lines": [{"position": 2, "quantity_kg": "1"}]}

        refused = bay.post(f"/checks/{check_id}/release", body)

        assert problem(refused) == (422, "invalid-field", [("/lines", "other-lines")])

    def test_a_waybill_is_used_once(self, bay: Bay, clock: FixedClock) -> None:
        issued, _ = bay.cleared()
        clock.advance(timedelta(minutes=1))

        check_id = bay.opened(issued["qr_text"])
        bay.show_everything(check_id)
        decision = bay.decide(check_id)

        assert (decision["cleared"], standing(decision["verdict"])) == (
            False,
            [("DOC-01.state", "used")],
        )

    def test_checks_are_listed_for_their_facility(self, bay: Bay) -> None:
        issued = bay.issued()
        made = [bay.opened(issued["qr_text"]) for _ in range(2)]

        listed = answer(bay.get(f"/checks?waybill={issued['id']}"), 200)["items"]

        assert [item["id"] for item in listed] == made[::-1]
        assert answer(bay.get("/checks", Role.CARRIER), 200)["items"] == []
        assert len(answer(bay.get("/checks", Role.AUDITOR), 200)["items"]) == len(made)
