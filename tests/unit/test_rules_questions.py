"""Which questions apply to which goods, at their edges."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.harness.rule_facts import AT, goods
from tests.harness.rule_scenarios_handover import (
    unanswered,
)
from tests.harness.rule_trips import packages_trip, trip
from waybill.rules.facts import Answer, CarriageMode, Facts, GoodsFacts
from waybill.rules.finding import Finding, Outcome
from waybill.rules.questions import (
    Condition,
    all_photos,
    all_questions,
    photos_of,
    questions_of,
)
from waybill.rules.register import REGISTER, get_rule

SECOND = timedelta(seconds=1)
DIESEL = {"un_number": "1202", "hazard_identification_number": "30", "packing_group": "III"}


def judge(code: str, facts: Facts) -> Finding:
    return get_rule(code, 1).check(facts, AT)


def tank_trip(*lines: GoodsFacts) -> Facts:
    return trip(goods=tuple(replace(line, position=n) for n, line in enumerate(lines, 1)))


def box(**changes: object) -> GoodsFacts:
    return goods(**{"mode": CarriageMode.PACKAGES, **changes})


def boxes(*lines: GoodsFacts) -> Facts:
    return packages_trip(goods=lines)


class TestQuestions:
    """Which questions apply."""

    def test_ids_are_unique_and_rules_exist(self) -> None:
        rules = {(rule.code, phase) for rule in REGISTER for phase in rule.phases}

        assert len({each.id for each in all_questions()}) == len(all_questions())
        assert all((each.rule, each.phase) in rules for each in all_questions())
        assert all((each.zh, each.en, each.source_zh, each.source_en) for each in all_questions())

    def test_every_condition_is_used(self) -> None:
        asked = {condition for each in all_questions() for condition in each.when}
        shown = {condition for each in all_photos() for condition in each.when}

        assert asked | shown == set(Condition)

    @pytest.mark.parametrize(
        ("line", "asked"),
        [
            pytest.param(goods(), True, id="class 3 in a tank"),
            pytest.param(goods(division="2.1", labels=("2.1",)), True, id="2.1"),
            pytest.param(goods(division="8", labels=("8",)), False, id="class 8"),
            pytest.param(
                goods(division="8", labels=("8",), subsidiary_hazards=("3",)), True, id="8 with 3"
            ),
            pytest.param(goods(division="8", labels=("8", "3")), True, id="8 with the label 3"),
            pytest.param(
                goods(division="4.2", labels=("4.2",), un_number="1361"), True, id="carbon II"
            ),
            pytest.param(
                goods(division="4.2", labels=("4.2",), un_number="1361", packing_group="III"),
                False,
                id="carbon III",
            ),
            pytest.param(
                goods(division="4.2", labels=("4.2",), un_number="1362"), False, id="UN 1362"
            ),
            pytest.param(goods(division="", labels=()), True, id="class not known"),
            pytest.param(box(), False, id="packages"),
        ],
    )
    def test_a_tank_with_what_a_spark_could_light_is_earthed(
        self,
        line: GoodsFacts,
        asked: bool,  # noqa: FBT001  a truth to compare with
    ) -> None:
        found = {each.id for each in questions_of("HAND-02.before", trip(goods=(line,)))}

        assert ("earthing" in found) is asked

    @pytest.mark.parametrize(
        ("line", "asked"),
        [
            pytest.param(goods(), False, id="petrol"),
            pytest.param(goods(division="6.1"), True, id="6.1"),
            pytest.param(goods(subsidiary_hazards=("6.1",)), True, id="3 with 6.1"),
            pytest.param(goods(division="2.3"), True, id="2.3"),
            pytest.param(goods(highly_toxic=Answer.ASK), True, id="perhaps highly toxic"),
            pytest.param(goods(division=""), True, id="class not known"),
        ],
    )
    def test_toxic_goods_ask_for_escape_masks(
        self,
        line: GoodsFacts,
        asked: bool,  # noqa: FBT001  a truth to compare with
    ) -> None:
        found = {each.id for each in questions_of("HAND-02.before", trip(goods=(line,)))}

        assert ("escape_mask" in found) is asked

    @pytest.mark.parametrize(
        ("line", "asked"),
        [
            pytest.param(goods(), False, id="petrol"),
            pytest.param(goods(highly_toxic=Answer.YES), True, id="highly toxic"),
            pytest.param(goods(highly_toxic=Answer.ASK), True, id="perhaps highly toxic"),
            pytest.param(
                goods(highly_toxic=Answer.ASK, highly_toxic_declared=Answer.NO),
                False,
                id="declared not highly toxic",
            ),
            pytest.param(goods(division="1.4S"), True, id="explosive"),
            pytest.param(goods(division=""), True, id="class not known"),
            pytest.param(goods(division="2.3"), False, id="a toxic gas that is not 剧毒"),
        ],
    )
    def test_explosives_and_highly_toxic_goods_need_the_safety_board(
        self,
        line: GoodsFacts,
        asked: bool,  # noqa: FBT001  a truth to compare with
    ) -> None:
        outcome = judge("HAND-01.safety_board", unanswered(trip(goods=(line,)))).outcome

        assert outcome is (Outcome.UNKNOWN if asked else Outcome.NOT_APPLICABLE)

    @pytest.mark.parametrize(
        ("line", "asked"),
        [
            pytest.param(goods(), False, id="petrol"),
            pytest.param(goods(division="6.1", packing_group="I"), True, id="6.1 I"),
            pytest.param(goods(division="6.1", packing_group="II"), False, id="6.1 II"),
            pytest.param(goods(division="8", packing_group="I"), False, id="8 I"),
            pytest.param(goods(division="2.3"), True, id="2.3"),
            pytest.param(goods(division="1.4G"), True, id="1.4"),
            pytest.param(goods(division=""), True, id="class not known"),
            pytest.param(goods(highly_toxic=Answer.YES), True, id="highly toxic"),
        ],
    )
    def test_risk_asks_for_photos(
        self,
        line: GoodsFacts,
        asked: bool,  # noqa: FBT001  a truth to compare with
    ) -> None:
        found = [each.shows for each in photos_of(trip(goods=(line,)))]

        assert found == (["orange_plates", "seals", "closures"] if asked else [])

    @pytest.mark.parametrize(
        ("name_en", "asked"),
        [
            ("ORGANIC PEROXIDE TYPE B, LIQUID, TEMPERATURE CONTROLLED", True),
            ("ORGANIC PEROXIDE TYPE B, LIQUID", False),
        ],
    )
    def test_goods_that_are_kept_cold_ask_for_the_temperature(
        self,
        name_en: str,
        asked: bool,  # noqa: FBT001  a truth to compare with
    ) -> None:
        found = {each.id for each in questions_of("HAND-02.before", boxes(box(name_en=name_en)))}

        assert ("temperature_control" in found) is asked

    def test_of_goods_that_are_not_known_everything_is_asked(self) -> None:
        found = [each.id for each in questions_of("HAND-02.before", trip(goods=()))]

        assert found == [
            "engine_off",
            "wheel_chocks",
            "extinguishers",
            "emergency_equipment",
            "ppe",
            "escape_mask",
            "earthing",
            "tank_empty_or_known",
            "load_space_clean",
            "temperature_control",
            "no_damage",
            "no_leak",
        ]
