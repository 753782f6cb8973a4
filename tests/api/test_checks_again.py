"""After a refusal only what changed is shown again; what was seen too long ago does not count."""

from datetime import timedelta

import pytest

from tests.harness.bay import Bay, answer, standing
from tests.harness.yard_rows import TRACTOR_PLATE, TRAILER_PLATE
from waybill.clock import FixedClock
from waybill.registry.access import Role

SEEN = {
    "driver",
    "escort",
    "supervisor",
    "plate",
    "trailer_plate",
    "signs",
    "closing_list",
    "papers",
}


def refused(bay: Bay) -> str:
    """Refuse a trip for the one plate that is not its own."""
    check_id = bay.opened(bay.issued()["qr_text"])
    bay.show_everything(check_id)
    bay.see_plate(check_id, "tractor", "苏H99999")
    assert not bay.decide(check_id)["cleared"]
    return check_id


def again(told: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {each["step"]: each["why"] for each in told["to_show_again"]}


def test_the_refusal_says_what_stands_and_what_is_to_be_shown_again(bay: Bay) -> None:
    check_id = bay.opened(bay.issued()["qr_text"])
    bay.show_everything(check_id)
    bay.see_plate(check_id, "tractor", "苏H99999")

    told = bay.decide(check_id)

    assert again(told) == {"plate": "failed"}
    assert {"waybill", "vehicle", "trailer", "tank", "driver"} <= set(told["still_standing"])
    shown = bay.check(check_id)
    assert (again(shown), shown["still_standing"]) == (again(told), told["still_standing"])


def test_only_what_changed_is_shown_again(bay: Bay) -> None:
    check_id = refused(bay)

    bay.see_plate(check_id, "tractor", TRACTOR_PLATE)

    assert again(bay.check(check_id)) == {}
    assert bay.decide(check_id)["cleared"]


def test_after_an_hour_what_was_seen_is_seen_again_and_codes_still_stand(
    bay: Bay, clock: FixedClock
) -> None:
    check_id = refused(bay)
    clock.advance(timedelta(hours=1, seconds=1))
    bay.tokens.clear()
    bay.see_plate(check_id, "tractor", TRACTOR_PLATE)

    told = bay.decide(check_id)

    late = again(told)
    assert not told["cleared"]
    assert {step for step, why in late.items() if why == "outdated"} >= {
        "trailer_plate",
        "escort",
        "supervisor",
        "closing_list",
    }
    assert {"waybill", "vehicle", "trailer", "tank"} <= set(told["still_standing"])
    assert ("HAND-02.before", "not_answered") in standing(told["verdict"])


def test_seen_again_it_is_cleared(bay: Bay, clock: FixedClock) -> None:
    check_id = refused(bay)
    clock.advance(timedelta(hours=1, seconds=1))
    bay.tokens.clear()

    bay.see_plate(check_id, "tractor", TRACTOR_PLATE)
    bay.see_plate(check_id, "trailer", TRAILER_PLATE)
    bay.find_present(check_id, "escort")
    bay.answer_everything(check_id)
    bay.find_present(check_id, "supervisor", by=Role.SUPERVISOR)

    assert again(bay.check(check_id)) == {}
    assert bay.decide(check_id)["cleared"]


def test_to_the_hour_it_stands(bay: Bay, clock: FixedClock) -> None:
    check_id = refused(bay)
    clock.advance(timedelta(minutes=59))
    bay.tokens.clear()
    bay.see_plate(check_id, "tractor", TRACTOR_PLATE)

    assert bay.decide(check_id)["cleared"]


def test_a_no_does_not_fade_into_a_yes(bay: Bay, clock: FixedClock) -> None:
    check_id = bay.opened(bay.issued()["qr_text"])
    bay.show_everything(check_id)
    bay.say(check_id, "no_leak", "no")
    bay.decide(check_id)
    clock.advance(timedelta(hours=2))
    bay.tokens.clear()

    assert not bay.decide(check_id)["cleared"]


def test_an_absence_is_no_presence_by_age(bay: Bay, clock: FixedClock) -> None:
    check_id = bay.opened(bay.issued()["qr_text"])
    bay.show_everything(check_id)
    answer(bay.post(f"/checks/{check_id}/presences", {"role": "driver", "present": False}), 201)
    bay.decide(check_id)
    clock.advance(timedelta(hours=2))
    bay.tokens.clear()
    bay.see_plate(check_id, "tractor", TRACTOR_PLATE)
    bay.see_plate(check_id, "trailer", TRAILER_PLATE)
    bay.find_present(check_id, "escort")
    bay.answer_everything(check_id)
    bay.find_present(check_id, "supervisor", by=Role.SUPERVISOR)

    assert not bay.decide(check_id)["cleared"]
    bay.find_present(check_id, "driver")
    assert bay.decide(check_id)["cleared"]


def test_a_check_that_is_opened_anew_starts_with_nothing_and_names_the_refused_one(
    bay: Bay,
) -> None:
    issued = bay.issued()
    first = bay.opened(issued["qr_text"])
    bay.show_everything(first)
    bay.see_plate(first, "tractor", "苏H99999")
    bay.decide(first)

    anew = answer(bay.opening(issued["qr_text"]), 201)["check"]

    assert anew["earlier_id"] == first
    assert again(anew).keys() >= SEEN - {"signs"}
    assert not bay.decide(anew["summary"]["id"])["cleared"]


@pytest.mark.parametrize("kind", ["cleared", "open"])
def test_another_check_is_not_gone_on_with(bay: Bay, kind: str) -> None:
    issued = bay.issued()
    first = bay.opened(issued["qr_text"])
    if kind == "cleared":
        bay.show_everything(first)
        bay.decide(first)

    anew = answer(bay.opening(issued["qr_text"]), 201)["check"]

    assert anew["earlier_id"] is None
