"""What limited quantities and toxic goods may not stand beside."""

import pytest

from tests.harness.mixed_loads import (
    excepted,
    explosive,
    found,
    judge,
    limited,
    load_of,
    packages,
    toxic,
    with_food,
)
from waybill.codec import JsonValue
from waybill.rules.facts import Answer, CarriageMode, GoodsFacts
from waybill.rules.finding import Outcome

PASSED, FAILED = Outcome.PASSED, Outcome.FAILED
UNKNOWN, NOT_APPLICABLE = Outcome.UNKNOWN, Outcome.NOT_APPLICABLE
TANK, BULK = CarriageMode.TANK, CarriageMode.BULK
NOT_SUBJECT = {"list_status": "not_subject", "not_subject_declared": Answer.YES}


class TestLimitedBesideExplosives:
    """Order 29/2019, article 20."""

    @pytest.mark.parametrize(
        ("lines", "outcome", "reason", "facts"),
        [
            pytest.param((explosive(),), NOT_APPLICABLE, "no_limited", {}, id="none declared"),
            pytest.param(
                (excepted(), explosive(2)), NOT_APPLICABLE, "no_limited", {}, id="excepted"
            ),
            pytest.param(
                (limited(),), PASSED, "no_explosives", {"un_numbers": ["1203"]}, id="by itself"
            ),
            pytest.param(
                (limited(), limited(2), toxic(3)),
                PASSED,
                "no_explosives",
                {"un_numbers": ["1203"]},
                id="beside other goods",
            ),
            pytest.param(
                (explosive(), explosive(2), limited(3)),
                FAILED,
                "with_explosives",
                {"un_numbers": ["1203"], "beside_un_numbers": ["0081"]},
                id="beside explosives",
            ),
            pytest.param(
                (limited(), explosive(2, "1.4S", "0323")),
                FAILED,
                "with_explosives",
                {"un_numbers": ["1203"], "beside_un_numbers": ["0323"]},
                id="1.4S are explosives",
            ),
            pytest.param(
                (limited(inner_l=None), explosive(2)),
                FAILED,
                "with_explosives",
                {"un_numbers": ["1203"], "beside_un_numbers": ["0081"]},
                id="also where the relief is lost",
            ),
            pytest.param(
                (limited(), explosive(2, "1.4S", "0012", regime=limited().regime)),
                FAILED,
                "with_explosives",
                {"un_numbers": ["1203", "0012"], "beside_un_numbers": ["0012"]},
                id="explosives that are limited themselves beside others",
            ),
            pytest.param(
                (
                    explosive(1, "1.4S", "0012", regime=limited().regime),
                    explosive(2, "1.4S", "0014", regime=limited().regime),
                ),
                PASSED,
                "no_explosives",
                {"un_numbers": ["0012", "0014"]},
                id="cartridges beside cartridges",
            ),
            pytest.param(
                (
                    explosive(1, "1.4S", "0012", regime=limited().regime),
                    explosive(2, "1.4S", "0014"),
                ),
                FAILED,
                "with_explosives",
                {"un_numbers": ["0012"], "beside_un_numbers": ["0014"]},
                id="cartridges beside ordinary ones",
            ),
            pytest.param(
                (limited(), packages(2, division="", un_number="9999")),
                UNKNOWN,
                "class_unknown",
                {"un_numbers": ["1203"], "beside_un_numbers": ["9999"]},
                id="a class that nobody knows",
            ),
            pytest.param(
                (limited(), packages(2, division="", un_number="0190")),
                FAILED,
                "with_explosives",
                {"un_numbers": ["1203"], "beside_un_numbers": ["0190"]},
                id="an explosive by its number",
            ),
            pytest.param(
                (limited(division=""), packages(2)),
                PASSED,
                "no_explosives",
                {"un_numbers": ["1203"]},
                id="the class of the limited goods themselves is not asked",
            ),
        ],
    )
    def test_what_stands_beside(
        self,
        lines: tuple[GoodsFacts, ...],
        outcome: Outcome,
        reason: str,
        facts: dict[str, JsonValue],
    ) -> None:
        finding = judge("MIX-01.limited_with_explosives", load_of(*lines))

        assert finding == found("MIX-01.limited_with_explosives", outcome, reason, facts)


class TestFoodstuffs:
    """ADR 7.5.4."""

    @pytest.mark.parametrize(
        ("answer", "outcome", "reason"),
        [
            pytest.param(Answer.YES, FAILED, "food_aboard", id="food"),
            pytest.param(Answer.ASK, UNKNOWN, "not_declared", id="not declared"),
            pytest.param(Answer.NO, PASSED, "no_food", id="no food"),
        ],
    )
    @pytest.mark.parametrize(
        "changes",
        [{}, {"mode": BULK}, {"empty_uncleaned": True}],
        ids=["packages", "bulk", "empty"],
    )
    def test_goods_that_are_kept_from_food(
        self, changes: dict[str, JsonValue], answer: Answer, outcome: Outcome, reason: str
    ) -> None:
        facts = with_food(answer, packages(), toxic(2, **changes), toxic(3))

        assert judge("MIX-01.foodstuffs", facts) == found(
            "MIX-01.foodstuffs", outcome, reason, un_numbers=["1888"]
        )

    @pytest.mark.parametrize(
        "line",
        [
            pytest.param(packages(), id="other goods"),
            pytest.param(toxic(mode=TANK), id="in a tank"),
            pytest.param(toxic(loading_provisions=("CV13",)), id="not asked for by the list"),
            pytest.param(toxic(**NOT_SUBJECT), id="not subject"),
        ],
    )
    def test_goods_that_may_travel_with_food(self, line: GoodsFacts) -> None:
        facts = with_food(Answer.YES, line)

        assert judge("MIX-01.foodstuffs", facts) == found(
            "MIX-01.foodstuffs", NOT_APPLICABLE, "none_to_keep_apart"
        )


def test_without_goods_nothing_is_judged() -> None:
    reasons = {
        code: judge(code, load_of()).reason
        for code in ("MIX-01.labels", "MIX-01.explosive_mass", "MIX-01.foodstuffs")
    }

    assert reasons == {
        "MIX-01.labels": "no_goods",
        "MIX-01.explosive_mass": "no_explosives",
        "MIX-01.foodstuffs": "none_to_keep_apart",
    }
