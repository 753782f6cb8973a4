"""What an aborted loading may have left in the tank does not leave unseen with the next load."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from api.runtime import Runtime
from tests.harness.bay import Bay, answer, standing
from tests.harness.offline_tablet import Tablet
from tests.harness.two_bays import cleared_of_two_lines, line, part, record
from tests.harness.yard_rows import TANK_NUMBER
from waybill.clock import FixedClock
from waybill.codec import new_id
from waybill.registry.access import Role
from waybill.storage.facts_history import ended_early

ABORT = {"reason": "雷暴天气，停止作业"}


def next_load(bay: Bay, *, gross_mass_kg: str | None) -> tuple[int, dict[str, Any]]:
    """Clear another waybill of the same vehicle and try to release it."""
    _, check_id = bay.cleared()
    bay.answer_everything(check_id)
    body = bay.loading() | {"gross_mass_kg": gross_mass_kg}
    response = bay.post(f"/checks/{check_id}/release", body)
    return response.status_code, response.get_json()


def abort(bay: Bay, **more: object) -> None:
    _, check_id = bay.cleared()
    answer(bay.post(f"/checks/{check_id}/abort", {**ABORT, **more}), 201)


def cancelled(bay: Bay) -> str:
    """Clear a waybill, let its carrier cancel it, and return the check's id."""
    _, check_id = bay.cleared()
    waybill_id = bay.check(check_id)["summary"]["waybill_id"]
    path, reason = f"/waybills/{waybill_id}/cancel", {"reason": "客户退单"}
    response = bay.post(path, reason, Role.CARRIER, If_Match='"3"')
    assert response.status_code in (200, 204), response.get_data(as_text=True)
    return check_id


@pytest.mark.parametrize("said", [{}, {"aboard": "goods"}], ids=["unsaid", "goods"])
def test_unweighed_it_is_not_released(bay: Bay, said: dict[str, object]) -> None:
    abort(bay, **said)

    status, told = next_load(bay, gross_mass_kg=None)

    assert (status, told["state"]) == (409, "left-aboard")
    assert told["next_step_en"].startswith("Weigh")


def test_weighed_and_right_it_is_released_and_that_settles_it(bay: Bay, clock: FixedClock) -> None:
    abort(bay)
    clock.advance(timedelta(seconds=1))

    status, told = next_load(bay, gross_mass_kg="47900")

    assert (status, told["released"]) == (201, True)
    assert next_load(bay, gross_mass_kg=None)[1]["released"]


def test_what_was_left_is_found_on_the_weighbridge(bay: Bay) -> None:
    abort(bay, aboard="goods")

    _, told = next_load(bay, gross_mass_kg="49500")

    assert not told["released"]
    assert "AFTER-01.weighbridge" in {code for code, _ in standing(told["verdict"])}


def test_what_a_check_left_open_at_another_bay_is_told_after_the_release_counts_too(
    bay: Bay, clock: FixedClock
) -> None:
    issued = bay.issued()
    left_open = bay.opened(issued["qr_text"])
    check_id = bay.opened(issued["qr_text"])
    bay.show_everything(check_id)
    assert bay.decide(check_id)["cleared"]
    assert bay.release(check_id)["released"]
    clock.advance(timedelta(seconds=1))

    answer(bay.post(f"/checks/{left_open}/abort", {**ABORT, "aboard": "goods"}), 201)

    assert next_load(bay, gross_mass_kg=None)[0] == 409


@pytest.mark.parametrize("aboard", ["nothing", "unloaded"])
def test_what_was_said_to_be_empty_is_loaded_as_ever(bay: Bay, aboard: str) -> None:
    abort(bay, aboard=aboard)

    assert next_load(bay, gross_mass_kg=None)[1]["released"]


def test_a_check_that_was_aborted_before_the_clearance_leaves_nothing(bay: Bay) -> None:
    check_id = bay.opened(bay.issued()["qr_text"])
    answer(bay.post(f"/checks/{check_id}/abort", ABORT), 201)

    assert next_load(bay, gross_mass_kg=None)[1]["released"]


def test_parts_that_were_recorded_are_not_nothing(bay: Bay, database: Session) -> None:
    check_id = cleared_of_two_lines(bay, database)
    record(bay, check_id, part(bay.line.yard.bay_id, line(1)))

    told = answer(bay.post(f"/checks/{check_id}/abort", {**ABORT, "aboard": "nothing"}), 201)

    assert told["aboard"] == "unsaid"


def test_what_its_carrier_cancelled_while_it_was_loaded_is_weighed_too(bay: Bay) -> None:
    cancelled(bay)

    assert next_load(bay, gross_mass_kg=None)[0] == 409


class TestLetIn:
    """What a tablet without network let in, and the server does not confirm."""

    @pytest.fixture
    def tablet(self, bay: Bay, runtime: Runtime) -> Tablet:
        """A tablet of the plant with a supervisor signed on."""
        return Tablet(bay=bay, sessions=runtime.sessions, settings=runtime.settings).enrol()

    @pytest.fixture
    def qr_text(self, bay: Bay, clock: FixedClock) -> str:
        """The code of a waybill that was signed two hours before now."""
        clock.advance(-timedelta(hours=2))
        text: str = bay.issued()["qr_text"]
        clock.advance(timedelta(hours=2))
        bay.tokens.clear()
        return text

    def test_it_is_weighed_until_somebody_says_that_it_is_empty(
        self, bay: Bay, tablet: Tablet, qr_text: str, database: Session
    ) -> None:
        let_in = tablet.sent(tablet.record(qr_text, bundle=None))

        assert len(database.execute(ended_early(TANK_NUMBER)).all()) == 1
        assert next_load(bay, gross_mass_kg=None)[0] == 409

        path, said = f"/checks/{let_in['check_id']}/abort", {**ABORT, "aboard": "unloaded"}
        assert answer(bay.post(path, said), 201)["aboard"] == "unloaded"
        assert next_load(bay, gross_mass_kg=None)[1]["released"]

    def test_who_aborted_the_check_before_that_was_told_did_not_know(
        self, bay: Bay, tablet: Tablet, qr_text: str, clock: FixedClock, database: Session
    ) -> None:
        check_id = bay.opened(qr_text)
        assert answer(bay.post(f"/checks/{check_id}/abort", ABORT), 201)["aboard"] == "nothing"
        clock.advance(timedelta(seconds=1))

        tablet.sent(tablet.record(qr_text, check_id=check_id))

        assert len(database.execute(ended_early(TANK_NUMBER)).all()) == 1
        assert next_load(bay, gross_mass_kg=None)[0] == 409

    @pytest.mark.parametrize(
        "changes",
        [{"person": str(new_id())}, {"bay_id": str(new_id())}],
        ids=["person unknown", "other bay"],
    )
    def test_nor_does_it_matter_who_let_it_in(
        self,
        bay: Bay,
        tablet: Tablet,
        qr_text: str,
        database: Session,
        changes: dict[str, str],
    ) -> None:
        told = tablet.sent(tablet.record(qr_text, **changes))

        assert (told["state"], told["check_id"]) == ("refused", None)
        assert len(database.execute(ended_early(TANK_NUMBER)).all()) == 1
        assert next_load(bay, gross_mass_kg=None)[0] == 409

    def test_what_was_released_under_its_own_waybill_is_not_left(
        self, bay: Bay, runtime: Runtime, tablet: Tablet, qr_text: str
    ) -> None:
        other = Tablet(
            bay=bay, sessions=runtime.sessions, settings=runtime.settings, prefix="Q9ZZ"
        ).enrol()
        check_id = tablet.sent(tablet.record(qr_text))["check_id"]
        assert bay.release(check_id)["released"]

        assert other.sent(other.record(qr_text))["state"] == "contradicted"

        assert next_load(bay, gross_mass_kg=None)[1]["released"]

    def test_a_release_that_was_before_it_was_told_settles_nothing(
        self, bay: Bay, tablet: Tablet, qr_text: str, clock: FixedClock
    ) -> None:
        record = tablet.record(qr_text, bundle=None)
        assert next_load(bay, gross_mass_kg=None)[1]["released"]
        clock.advance(timedelta(seconds=1))

        tablet.sent(record)

        assert next_load(bay, gross_mass_kg=None)[0] == 409


def test_cancelled_and_then_said_to_be_empty_it_is_loaded_as_ever(bay: Bay) -> None:
    check_id = cancelled(bay)
    answer(bay.post(f"/checks/{check_id}/abort", {**ABORT, "aboard": "unloaded"}), 201)

    assert next_load(bay, gross_mass_kg=None)[1]["released"]
