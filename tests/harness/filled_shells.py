"""What the tests of the degree of filling share."""

from decimal import Decimal

import pytest

from tests.harness.rule_facts import AT, goods, tank
from tests.harness.rule_trips import trip
from tests.harness.tank_loads import (
    portable,
)
from waybill.rules.facts import Facts, TankFacts
from waybill.rules.finding import Finding, Outcome, Severity
from waybill.rules.register import get_rule

CAPACITY_L = Decimal(10350)
STEP = Decimal("0.001")


def planned(facts: Facts) -> Finding:
    return get_rule("TNK-03.filling", 1).check(facts, AT)


def loaded(facts: Facts) -> Finding:
    return get_rule("AFTER-01.filling", 1).check(facts, AT)


def liquid(
    quantity_kg: Decimal | str, held: TankFacts | None = None, /, **changes: object
) -> Facts:
    line = {
        "density_kg_l": Decimal("0.828"),
        "density_50_kg_l": Decimal("0.8"),
        "quantity_kg": Decimal(quantity_kg),
        "tank_provisions": (),
        **changes,
    }
    shell = held or tank(capacity_l=CAPACITY_L)
    return trip(tank=shell, goods=(goods(**line),))


def small(**changes: object) -> TankFacts:
    return tank(**{"capacity_l": CAPACITY_L, **changes})


def small_portable(**changes: object) -> TankFacts:
    return portable(**{"capacity_l": CAPACITY_L, **changes})


def finding(outcome: Outcome, reason: str, **facts: object) -> Finding:
    return Finding(
        code="TNK-03.filling",
        version=1,
        severity=Severity.STOP,
        outcome=outcome,
        reason=reason,
        facts={"position": 1, "un_number": "1203", "compartment": 0, **facts},  # type: ignore[dict-item]
    )


FLAMMABLE = {"division": "3", "classification_code": "F1"}
TOXIC = {"division": "6.1", "classification_code": "T1"}
SLIGHT = {**TOXIC, "packing_group": "III"}
CORROSIVE = {"division": "8", "classification_code": "C1"}
SUBSIDIARY = {**FLAMMABLE, "subsidiary_hazards": ("6.1",)}
BY_CODE = {**FLAMMABLE, "classification_code": "FC"}
BY_CODE_TOXIC = {**FLAMMABLE, "classification_code": "FT1"}
OXIDIZING = {"division": "5.1", "classification_code": "O1"}
OXIDIZING_CORROSIVE = {
    "division": "5.1",
    "classification_code": "OC1",
    "subsidiary_hazards": ("8",),
}
ENVIRONMENTAL = {"division": "9", "classification_code": "M6", "packing_group": "III"}
NINE = {"division": "9", "classification_code": "M9", "packing_group": "III"}
OTHER_SUBSIDIARY = {**FLAMMABLE, "subsidiary_hazards": ("4.1",)}
SELF_HEATING = {"division": "4.2", "classification_code": "SC", "packing_group": "II"}
CASES = [
    pytest.param("LGBF", FLAMMABLE, "8280", "10000", "a", id="a: flammable, open"),
    pytest.param("LGBV", FLAMMABLE, "8280", "10000", "a", id="a: breather without arrester"),
    pytest.param("L4BN", FLAMMABLE, "8280", "10000", "a", id="a: safety valve"),
    pytest.param("LGBF", ENVIRONMENTAL, "8280", "10000", "a", id="a: environment"),
    pytest.param("L4BN", TOXIC, "8114.4", "9800", "b", id="b: toxic, open"),
    pytest.param("L4BN", CORROSIVE, "8114.4", "9800", "b", id="b: corrosive, open"),
    pytest.param("L4BN", SLIGHT, "8114.4", "9800", "b", id="b: slightly toxic, open"),
    pytest.param("L4BN", SUBSIDIARY, "8114.4", "9800", "b", id="b: toxic besides"),
    pytest.param("L4BN", BY_CODE, "8114.4", "9800", "b", id="b: corrosive by its code"),
    pytest.param("L4BN", BY_CODE_TOXIC, "8114.4", "9800", "b", id="b: toxic by its code"),
    pytest.param("L4BN", OXIDIZING_CORROSIVE, "8114.4", "9800", "b", id="b: oxidizing, corrosive"),
    pytest.param("L4BN", OXIDIZING, "8114.4", "9800", "b_assumed", id="b: hazard not named"),
    pytest.param("L4BN", SELF_HEATING, "8114.4", "9800", "b_assumed", id="b: code of no class 3"),
    pytest.param("L4BN", NINE, "8114.4", "9800", "b_assumed", id="b: class 9 not named"),
    pytest.param("L4BN", OTHER_SUBSIDIARY, "8114.4", "9800", "b_assumed", id="b: further hazard"),
    pytest.param("L4BH", FLAMMABLE, "8031.6", "9700", "c", id="c: flammable, hermetic"),
    pytest.param("L4BH", SLIGHT, "8031.6", "9700", "c", id="c: slightly toxic, hermetic"),
    pytest.param("L4BH", TOXIC, "7866", "9500", "d", id="d: toxic, hermetic"),
    pytest.param("L4BH", OXIDIZING, "7866", "9500", "d_assumed", id="d: hazard not named"),
    pytest.param(None, FLAMMABLE, "8031.6", "9700", "c_assumed", id="c: no code on record"),
    pytest.param("?", TOXIC, "7866", "9500", "d_assumed", id="d: code cannot be read"),
]
