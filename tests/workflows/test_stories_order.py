"""The order of the scans says nothing; what was not scanned proves nothing."""

import random

import pytest

from tests.harness.bay_steps import look_at_everything, steps_at_the_bay, take
from tests.harness.expected_verdicts import Table, clean_but
from tests.harness.stories import Ended, Judged, Town

NOT_LOOKED_AT: dict[str, Table] = {
    "vehicle card": {"DOC-02.tractor": ("unknown", "not_scanned")},
    "trailer card": {"DOC-02.trailer": ("unknown", "not_scanned")},
    "tank card": {"DOC-02.tank": ("unknown", "not_scanned")},
    "driver card": {"DOC-02.driver": ("unknown", "not_scanned")},
    "escort card": {"DOC-02.escort": ("unknown", "not_scanned")},
    "tractor plate": {"VEH-05.tractor": ("unknown", "not_seen")},
    "trailer plate": {"VEH-05.trailer": ("unknown", "not_seen")},
    "escort": {"ESC-01.present": ("unknown", "not_confirmed")},
    "supervisor": {
        "SUP-01.named": ("unknown", "not_named"),
        "SUP-01.employer": ("unknown", "not_named"),
    },
}
"""What is unknown when one step is left out. The driver is proven by the card alone."""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_scans_in_any_order_give_the_same_verdict(town: Town, seed: int) -> None:
    trip = town.issue("petrol")
    steps = list(steps_at_the_bay(trip).values())
    random.Random(seed).shuffle(steps)  # noqa: S311  an order, not a secret
    check = town.open_check(trip.qr_text)

    take(check, steps)
    check.answer_everything()

    assert check.decide() == Judged(clears=True, findings=clean_but())


@pytest.mark.parametrize("omitted", NOT_LOOKED_AT)
def test_a_step_that_is_left_out_is_unknown_and_does_not_clear(town: Town, omitted: str) -> None:
    trip = town.issue("petrol")
    steps = steps_at_the_bay(trip)
    del steps[omitted]
    check = town.open_check(trip.qr_text)
    take(check, steps.values())
    check.answer_everything()

    verdict = check.decide()

    unknown = NOT_LOOKED_AT[omitted]
    assert verdict == Judged(clears=False, findings=clean_but(unknown))
    assert trip.ended() == Ended(status="issued", decisions=[(False, sorted(unknown))])


def test_a_question_that_nobody_answers_does_not_clear(town: Town) -> None:
    trip = town.issue("petrol")
    check = town.open_check(trip.qr_text)
    take(check, steps_at_the_bay(trip).values())
    asked = [question["id"] for question in check.read()["questions"]]
    for question in asked[1:]:
        check.answer(question)

    unanswered = {"HAND-01.orange_plates": ("unknown", "not_answered")}
    assert check.decide() == Judged(clears=False, findings=clean_but(unanswered))


def test_a_waybill_whose_number_is_typed_is_unproven_and_does_not_clear(town: Town) -> None:
    trip = town.issue("petrol")
    number = trip.read()["summary"]["number"]
    check = town.open_check(number, typed=True)
    take(check, steps_at_the_bay(trip).values())
    check.answer_everything()

    unproven = {
        "DOC-01.signature": ("unknown", "code_not_signed"),
        "DOC-02.goods": ("unknown", "goods_not_read"),
    }
    assert check.decide() == Judged(clears=False, findings=clean_but(unproven))


def test_everything_scanned_twice_gives_the_same_verdict(town: Town) -> None:
    trip = town.issue("petrol")
    check = look_at_everything(trip)

    take(check, steps_at_the_bay(trip).values())

    assert check.decide() == Judged(clears=True, findings=clean_but())
