"""Whether goods are drug precursors: what the list says, and what a declaration settles."""

import pytest

from tests.harness.rule_facts import AT, goods
from tests.harness.rule_trips import trip
from waybill.rules.control_lists import check_control_lists
from waybill.rules.facts import Answer, ControlFacts, GoodsFacts
from waybill.rules.permit_needs import needs_precursor_permit, needs_precursor_record

YES, NO, ASK = Answer.YES, Answer.NO, Answer.ASK


def line(answer: Answer, declared: Answer, *entries: str) -> GoodsFacts:
    control = ControlFacts(kind="drug_precursor", answer=answer, entries=entries)
    return goods(controls=(control,), drug_precursor_declared=declared)


@pytest.mark.parametrize(
    ("goods_line", "permit", "record"),
    [
        pytest.param(line(ASK, ASK, "2-4"), ASK, NO, id="the list asks about category 2"),
        pytest.param(line(ASK, NO, "2-4"), NO, NO, id="declared to be none"),
        pytest.param(line(ASK, YES, "2-4"), YES, NO, id="declared to be one"),
        pytest.param(line(ASK, YES, "3-1"), NO, YES, id="declared to be one of category 3"),
        pytest.param(line(ASK, NO, "3-1"), NO, NO, id="declared to be none of category 3"),
        pytest.param(line(ASK, ASK), NO, NO, id="no number in mind, nobody said"),
        pytest.param(line(ASK, YES), YES, NO, id="no number in mind, declared: the stricter duty"),
        pytest.param(line(ASK, NO), NO, NO, id="no number in mind, declared to be none"),
        pytest.param(line(YES, NO, "2-4"), YES, NO, id="a declaration takes nothing from the list"),
        pytest.param(line(NO, YES), NO, NO, id="nor adds to it where it is certain"),
    ],
)
def test_what_is_declared_settles_what_the_list_asks(
    goods_line: GoodsFacts, permit: Answer, record: Answer
) -> None:
    assert needs_precursor_permit(goods_line) is permit
    assert needs_precursor_record(goods_line) is record


@pytest.mark.parametrize(
    ("declared", "reason"),
    [(ASK, "not_settled"), (NO, "on_no_list"), (YES, "on_lists")],
)
def test_the_lists_are_settled_by_the_declaration_too(declared: Answer, reason: str) -> None:
    asked = ControlFacts(kind="drug_precursor", answer=ASK)
    clear = tuple(
        ControlFacts(kind=kind, answer=NO) for kind in ("explosive_precursor", "special_control")
    )
    line_asked = goods(controls=(asked, *clear), drug_precursor_declared=declared)

    assert check_control_lists(trip(goods=(line_asked,)), AT).reason == reason
