"""Codes that are not what they seem: another's, changed, used before, cancelled."""

import pytest

from api.demo.cases import OTHER_TRAILER_PLATE
from tests.harness.bay_steps import look_at_everything
from tests.harness.expected_verdicts import clean_but
from tests.harness.stories import Ended, Judged, Town
from waybill.qr_payload import QrError


def changed_digit(text: str, place: int) -> str:
    """Return a code's text with one of its digits, counted from the end, raised by one."""
    digit = str((int(text[-place]) + 1) % 10)
    return f"{text[:-place]}{digit}{text[len(text) - place + 1 :]}"


def test_another_trailer_than_the_waybills_is_refused(town: Town) -> None:
    trip = town.issue("other-trailer")

    verdict = look_at_everything(
        trip,
        trailer_card=("scan", trip.vehicle_card(OTHER_TRAILER_PLATE)),
        trailer_plate=("trailer", OTHER_TRAILER_PLATE),
    ).decide()

    other = {"DOC-02.trailer": ("failed", "differs"), "VEH-05.trailer": ("failed", "plate_differs")}
    assert verdict == Judged(clears=False, findings=clean_but(other))
    assert trip.ended() == Ended(status="issued", decisions=[(False, sorted(other))])


@pytest.mark.parametrize(
    ("place", "problems"),
    [
        pytest.param(2, {"bad-signature"}, id="in the signature"),
        # What is left of packed claims depends on the digit: unpacked wrongly or not at all.
        pytest.param(300, set(QrError.TEXTS), id="in what is signed"),
    ],
)
def test_a_code_with_one_changed_digit_opens_no_check_and_is_recorded(
    town: Town, place: int, problems: set[str]
) -> None:
    trip = town.issue("changed-digit")

    answer = town.try_to_open(changed_digit(trip.qr_text, place))

    assert answer["opened"] is False
    assert answer["problem"] in problems
    scanned = town.account("auditor").get(
        "/events", facility=str(town.register.facility), kind="code-scanned"
    )
    assert [event["body"]["data"]["problem"] for event in scanned["items"]] == [answer["problem"]]
    assert trip.ended() == Ended(status="issued", decisions=[])


def test_a_changed_code_that_is_scanned_into_an_open_check_refuses_it(town: Town) -> None:
    trip = town.issue("changed-digit")
    check = look_at_everything(trip)

    check.scan(changed_digit(trip.qr_text, 2))

    changed = {
        "DOC-01.signature": ("failed", "code_refused"),
        "DOC-02.goods": ("unknown", "goods_not_read"),
    }
    assert check.decide() == Judged(clears=False, findings=clean_but(changed))
    assert trip.ended() == Ended(status="issued", decisions=[(False, sorted(changed))])


def test_a_waybill_that_was_used_is_refused_the_second_time(town: Town) -> None:
    trip = town.issue("used-twice")
    first = look_at_everything(trip)
    assert first.decide() == Judged(clears=True, findings=clean_but())
    first.release("27000")

    second = look_at_everything(trip)

    used = {"DOC-01.state": ("failed", "used")}
    assert second.decide() == Judged(clears=False, findings=clean_but(used))
    assert trip.ended() == Ended(
        status="released", decisions=[(True, []), (False, ["DOC-01.state"])], releases=1
    )


def test_a_cancelled_waybill_is_refused(town: Town) -> None:
    trip = town.issue("cancelled")
    trip.cancel("客户取消订单")

    check = look_at_everything(trip)

    cancelled = {"DOC-01.state": ("failed", "not_issued")}
    assert check.decide() == Judged(clears=False, findings=clean_but(cancelled))
    assert trip.ended() == Ended(status="cancelled", decisions=[(False, ["DOC-01.state"])])
