"""The placards and marks that must be seen, at their edges."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.harness.rule_facts import AT, goods
from tests.harness.rule_scenarios_handover import (
    CHLORINE,
    HOT,
    SAMPLE,
)
from tests.harness.rule_trips import packages_trip, trip
from waybill.rules.facts import CarriageMode, Facts, GoodsFacts, PhysicalState
from waybill.rules.finding import Finding
from waybill.rules.register import get_rule
from waybill.rules.signs import (
    Mark,
    Sign,
    labels_of,
    marks_for,
    placards_for,
)

SECOND = timedelta(seconds=1)
DIESEL = {"un_number": "1202", "hazard_identification_number": "30", "packing_group": "III"}
SOLID = {"physical_state": PhysicalState.SOLID, "tank_code": "SGAV"}


def judge(code: str, facts: Facts) -> Finding:
    return get_rule(code, 1).check(facts, AT)


def tank_trip(*lines: GoodsFacts) -> Facts:
    return trip(goods=tuple(replace(line, position=n) for n, line in enumerate(lines, 1)))


def box(**changes: object) -> GoodsFacts:
    return goods(**{"mode": CarriageMode.PACKAGES, **changes})


def boxes(*lines: GoodsFacts) -> Facts:
    return packages_trip(goods=lines)


class TestPlacards:
    """ADR 5.3.1."""

    @pytest.mark.parametrize(
        ("facts", "placards"),
        [
            pytest.param(tank_trip(goods()), (Sign(label="3"),), id="petrol"),
            pytest.param(
                tank_trip(goods(**CHLORINE)),
                (Sign(label="2.3"), Sign(label="5.1"), Sign(label="8")),
                id="chlorine in a tank with its subsidiary hazards",
            ),
            pytest.param(
                boxes(box(**{**CHLORINE, "mode": CarriageMode.PACKAGES})),
                (Sign(label="2.3"),),
                id="chlorine in packages by its class",
            ),
            pytest.param(
                tank_trip(goods(), goods(**DIESEL)), (Sign(label="3"),), id="each label once"
            ),
            pytest.param(
                boxes(box(labels=("7X",), division="7")), (Sign(label="7"),), id="radioactive"
            ),
            pytest.param(
                boxes(box(labels=("7X", "8"), division="7", subsidiary_hazards=("8",))),
                (Sign(label="7"), Sign(label="8")),
                id="radioactive packages with a subsidiary hazard",
            ),
            pytest.param(
                boxes(box(labels=("9A",), division="9")), (Sign(label="9"),), id="batteries"
            ),
            pytest.param(
                tank_trip(goods(labels=("see", "5.2.2.1.12"), subsidiary_hazards=("6.1",))),
                (Sign(label="3"), Sign(label="6.1")),
                id="labels that point elsewhere",
            ),
            pytest.param(
                tank_trip(goods(labels=(), division="")), (), id="a class that is not known"
            ),
            pytest.param(
                boxes(goods(**SAMPLE)), (Sign(label="1", division="1.1D"),), id="explosives"
            ),
            pytest.param(
                boxes(goods(**SAMPLE), goods(**{**SAMPLE, "division": "1.3C"})),
                (Sign(label="1", division="1.1"),),
                id="two divisions: the most dangerous, without its group",
            ),
            pytest.param(
                boxes(
                    goods(**{**SAMPLE, "division": "1.5D", "labels": ("1.5",)}),
                    goods(**{**SAMPLE, "division": "1.2G"}),
                ),
                (Sign(label="1", division="1.1"),),
                id="1.5 beside 1.2 is shown as 1.1",
            ),
            pytest.param(
                boxes(
                    goods(**{**SAMPLE, "division": "1.5D", "labels": ("1.5",)}),
                    goods(**{**SAMPLE, "division": "1.3G"}),
                ),
                (Sign(label="1.5", division="1.5"),),
                id="1.5 beside 1.3",
            ),
            pytest.param(
                boxes(goods(**{**SAMPLE, "division": "1.4G", "labels": ("1.4",)})),
                (Sign(label="1.4", division="1.4G"),),
                id="1.4G",
            ),
            pytest.param(
                boxes(goods(**{**SAMPLE, "division": "1.4S", "labels": ("1.4",)})),
                (),
                id="1.4S alone",
            ),
            pytest.param(
                boxes(
                    goods(**{**SAMPLE, "division": "1.4S", "labels": ("1.4",)}),
                    goods(**{**SAMPLE, "division": "1.4G", "labels": ("1.4",)}),
                ),
                (Sign(label="1.4", division="1.4G"),),
                id="1.4S beside 1.4G",
            ),
            pytest.param(
                boxes(goods(**{**SAMPLE, "un_number": "0190", "division": "", "labels": ()})),
                (Sign(label="1"),),
                id="a sample of explosives",
            ),
            pytest.param(
                tank_trip(goods(division="5.2", labels=("5.2", "1"))),
                (Sign(label="5.2"), Sign(label="1")),
                id="a peroxide that explodes",
            ),
            pytest.param(trip(goods=()), (), id="nothing known"),
        ],
    )
    def test_placards_are_those_of_the_goods(
        self, facts: Facts, placards: tuple[Sign, ...]
    ) -> None:
        assert placards_for(facts) == placards

    def test_a_sign_is_named_by_its_division(self) -> None:
        assert [Sign(label="1", division="1.1D").text, Sign(label="3").text] == ["1.1D", "3"]

    @pytest.mark.parametrize(
        ("division", "label"),
        [("1.1", "1"), ("1.2D", "1"), ("1.3C", "1"), ("1.4S", "1.4"), ("1.5D", "1.5")],
    )
    def test_explosives_of_the_first_divisions_share_a_label(
        self, division: str, label: str
    ) -> None:
        assert labels_of(box(labels=(), division=division, subsidiary_hazards=())) == (label,)

    def test_a_label_may_have_another_placard(self) -> None:
        batteries = box(labels=("9A", "3"), division="9", subsidiary_hazards=())

        assert labels_of(batteries) == ("9", "3")

    def test_hazards_stand_in_for_labels_that_are_missing(self) -> None:
        line = box(labels=(), division="1.3G", subsidiary_hazards=("8", "8", "none"))

        assert labels_of(line) == ("1", "8")


class TestMarks:
    """ADR 5.3.3 and 5.3.6."""

    @pytest.mark.parametrize(
        ("changes", "marks"),
        [
            pytest.param({"filling_temperature_c": Decimal("99.9")}, (), id="just below 100 °C"),
            pytest.param(
                {"filling_temperature_c": Decimal(100)},
                (Mark.ELEVATED_TEMPERATURE,),
                id="exactly 100 °C",
            ),
            pytest.param(
                {**SOLID, "filling_temperature_c": Decimal("239.9")},
                (),
                id="a solid just below 240 °C",
            ),
            pytest.param(
                {**SOLID, "filling_temperature_c": Decimal(240)},
                (Mark.ELEVATED_TEMPERATURE,),
                id="a solid of exactly 240 °C",
            ),
            pytest.param(
                {**SOLID, "tank_code": "LGBV", "filling_temperature_c": Decimal(140)},
                (Mark.ELEVATED_TEMPERATURE,),
                id="molten goods said to be solid",
            ),
            pytest.param(
                {"physical_state": PhysicalState.ASK, "filling_temperature_c": Decimal(100)},
                (Mark.ELEVATED_TEMPERATURE,),
                id="a state that is not known",
            ),
            pytest.param(
                {"physical_state": PhysicalState.GAS, "filling_temperature_c": Decimal(300)},
                (),
                id="a gas",
            ),
            pytest.param({"filling_temperature_c": None}, (), id="a temperature not known"),
            pytest.param(
                {**HOT, "filling_temperature_c": None},
                (Mark.ELEVATED_TEMPERATURE,),
                id="UN 3257 is always hot",
            ),
            pytest.param({"un_number": "3082"}, (Mark.ENVIRONMENTALLY_HAZARDOUS,), id="UN 3082"),
            pytest.param(
                {"un_number": "3077", "mode": CarriageMode.BULK},
                (Mark.ENVIRONMENTALLY_HAZARDOUS,),
                id="UN 3077 in bulk",
            ),
            pytest.param(
                {"un_number": "3082", "mode": CarriageMode.PACKAGES}, (), id="in packages"
            ),
        ],
    )
    def test_marks_are_those_of_the_goods(
        self, changes: dict[str, object], marks: tuple[Mark, ...]
    ) -> None:
        assert marks_for(tank_trip(goods(**changes))) == marks
