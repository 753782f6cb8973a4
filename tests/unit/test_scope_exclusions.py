"""An exclusion written in a name of the trade, or in a name nobody knows, is never passed over."""

import pytest

from waybill.goods.catalogue import load
from waybill.goods.entry import DangerousGoodsEntry
from waybill.registry.scope import Answer, GoodsFacts, parse_scope


def _entry(un_number: str) -> DangerousGoodsEntry:
    return load("2025").find(un_number)[0]


def _answer(scope: str, un_number: str) -> Answer:
    entry = _entry(un_number)
    goods = GoodsFacts(
        un_number=un_number,
        hazard_class=entry.hazard_class,
        division=entry.division,
        names_zh=(entry.name_zh, *entry.aliases_zh),
        highly_toxic="no",
    )
    return parse_scope(scope).covers(goods).answer


@pytest.mark.parametrize(
    ("scope", "un_number", "answer"),
    [
        pytest.param("危险货物运输(4类3项)(电石除外)", "1402", Answer.NO, id="name of the trade"),
        pytest.param("危险货物运输(4类3项)(碳化钙除外)", "1402", Answer.NO, id="name of the list"),
        pytest.param("危险货物运输(3类)(甲醇除外)", "1203", Answer.YES, id="other known goods"),
        pytest.param("危险货物运输(3类)(甲醇除外)", "1230", Answer.NO, id="the goods themselves"),
        pytest.param("危险货物运输(3类)(天那水甲除外)", "1203", Answer.UNKNOWN, id="unknown name"),
    ],
)
def test_an_exclusion_counts_whatever_name_it_uses(
    scope: str, un_number: str, answer: Answer
) -> None:
    assert _answer(scope, un_number) is answer
