"""The orange plates that must be seen for what is carried."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.harness.rule_facts import AT, goods
from tests.harness.rule_scenarios_handover import (
    unanswered,
)
from tests.harness.rule_trips import packages_trip, trip
from waybill.rules.explain import explain
from waybill.rules.facts import CarriageMode, Facts, GoodsFacts
from waybill.rules.finding import Finding, Outcome, Severity
from waybill.rules.register import get_rule
from waybill.rules.signs import (
    Plate,
    orange_plates_for,
)

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


class TestOrangePlates:
    """ADR 5.3.2.1."""

    @pytest.mark.parametrize(
        ("facts", "plates"),
        [
            pytest.param(
                tank_trip(goods()),
                (Plate(hazard_identification_number="33", un_number="1203"),),
                id="one substance in the tank",
            ),
            pytest.param(
                tank_trip(goods(compartment=1), goods(compartment=2)),
                (Plate(hazard_identification_number="33", un_number="1203"),),
                id="one substance in two compartments",
            ),
            pytest.param(
                tank_trip(
                    goods(compartment=3),
                    goods(compartment=1, **DIESEL),
                    goods(compartment=2),
                    goods(compartment=2),
                ),
                (
                    Plate(),
                    Plate(
                        hazard_identification_number="33",
                        un_number="1203",
                        compartments=(2, 3),
                    ),
                    Plate(
                        hazard_identification_number="30",
                        un_number="1202",
                        compartments=(1,),
                    ),
                ),
                id="two substances: plain in front, numbers at their compartments",
            ),
            pytest.param(boxes(box()), (Plate(),), id="packages"),
            pytest.param(
                tank_trip(goods(), box()),
                (Plate(), Plate(hazard_identification_number="33", un_number="1203")),
                id="packages beside a tank",
            ),
            pytest.param(
                tank_trip(box(), goods(position=2)),
                (Plate(), Plate(hazard_identification_number="33", un_number="1203")),
                id="packages that are listed first hide no tank",
            ),
            pytest.param(
                boxes(goods(mode=CarriageMode.BULK, hazard_identification_number="40")),
                (Plate(hazard_identification_number="40", un_number="1203"),),
                id="bulk with a number",
            ),
            pytest.param(
                boxes(goods(mode=CarriageMode.BULK, hazard_identification_number="")),
                (Plate(),),
                id="bulk without a number",
            ),
            pytest.param(trip(goods=()), (Plate(),), id="nothing known"),
        ],
    )
    def test_plates_are_those_of_the_goods(self, facts: Facts, plates: tuple[Plate, ...]) -> None:
        assert orange_plates_for(facts) == plates

    @pytest.mark.parametrize(
        ("plate", "text"),
        [
            (Plate(), "blank"),
            (Plate(hazard_identification_number="33", un_number="1203"), "33/1203"),
            (
                Plate(hazard_identification_number="X423", un_number="1428", compartments=(1, 2)),
                "1, 2: X423/1428",
            ),
        ],
    )
    def test_a_plate_reads_as_it_is_seen(self, plate: Plate, text: str) -> None:
        assert plate.text == text

    def test_a_finding_says_what_must_be_seen(self) -> None:
        facts = tank_trip(goods(compartment=1), goods(compartment=2, **DIESEL))

        assert judge("HAND-01.orange_plates", unanswered(facts)) == Finding(
            code="HAND-01.orange_plates",
            version=1,
            severity=Severity.STOP,
            outcome=Outcome.UNKNOWN,
            reason="not_answered",
            facts={
                "questions": ["orange_plates"],
                "plates": ["blank", "1: 33/1203", "2: 30/1202"],
            },
        )

    def test_it_reads_in_chinese(self) -> None:
        facts = boxes(box())

        words = explain(judge("HAND-01.orange_plates", facts), "zh")

        assert words.seen == "矩形标志牌已核对：无编号矩形标志牌。"

    def test_a_yes_does_not_help_where_the_number_is_not_known(self) -> None:
        facts = tank_trip(goods(), goods(hazard_identification_number=""))

        assert judge("HAND-01.orange_plates", facts) == Finding(
            code="HAND-01.orange_plates",
            version=1,
            severity=Severity.STOP,
            outcome=Outcome.UNKNOWN,
            reason="number_unknown",
            facts={},
        )
