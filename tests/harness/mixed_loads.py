"""Loads of packages for the rules about mixed loading and small quantities."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from tests.harness.rule_facts import AT, goods, unit, waybill
from tests.harness.rule_trips import packages_trip
from waybill.codec import JsonValue
from waybill.registry.kinds import UnitKind, VehicleApproval
from waybill.rules.facts import CarriageMode, Facts, GoodsFacts, PhysicalState, Regime, UnitFacts
from waybill.rules.finding import Finding, Outcome, Severity
from waybill.rules.register import get_rule


def packages(position: int = 1, /, **changes: object) -> GoodsFacts:
    """Return 1 000 kg of petrol in packages."""
    plain = goods(
        position=position,
        mode=CarriageMode.PACKAGES,
        quantity_kg=Decimal(1000),
        quantity_l=Decimal(1350),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def explosive(
    position: int = 1, code: str = "1.1D", un_number: str = "0081", /, **changes: object
) -> GoodsFacts:
    """Return explosives with 100 kg net explosive mass: blasting explosives where nothing else."""
    label = code[:3] if code[:3] in {"1.4", "1.5", "1.6"} else "1"
    plain = packages(
        position,
        entry_key=un_number,
        un_number=un_number,
        name_zh="爆炸品",
        name_en="EXPLOSIVES",
        division=code,
        classification_code=code,
        packing_group="",
        labels=(label,),
        limited_quantity="0",
        excepted_quantity="E0",
        transport_category="1",
        tunnel_restriction_code="B1000C",
        loading_provisions=("CV1", "CV2", "CV3"),
        net_explosive_mass_kg=Decimal(100),
        physical_state=PhysicalState.SOLID,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def nitrate(position: int = 2, /, un_number: str = "1942", **changes: object) -> GoodsFacts:
    """Return 1 000 kg of ammonium nitrate."""
    plain = packages(
        position,
        entry_key=un_number,
        un_number=un_number,
        name_zh="硝酸铵",
        name_en="AMMONIUM NITRATE",
        division="5.1",
        classification_code="O2",
        packing_group="III",
        labels=("5.1",),
        transport_category="3",
        tunnel_restriction_code="E",
        physical_state=PhysicalState.SOLID,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def toxic(position: int = 1, /, **changes: object) -> GoodsFacts:
    """Return 1 000 kg of goods that are kept from food."""
    plain = packages(
        position,
        entry_key="1888",
        un_number="1888",
        name_zh="三氯甲烷",
        name_en="CHLOROFORM",
        division="6.1",
        classification_code="T1",
        packing_group="III",
        labels=("6.1",),
        loading_provisions=("CV13", "CV28"),
        limited_quantity="5 L",
        excepted_quantity="E1",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def limited(position: int = 1, /, **changes: object) -> GoodsFacts:
    """Return petrol in limited quantities: 40 packages of 25 kg, bottles of 1 L."""
    plain = packages(
        position,
        regime=Regime.LIMITED,
        quantity_kg=Decimal(800),
        packages=40,
        gross_mass_kg=Decimal(1000),
        package_gross_kg=Decimal(25),
        inner_l=Decimal(1),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def excepted(position: int = 1, /, **changes: object) -> GoodsFacts:
    """Return petrol in excepted quantities: 100 packages of 500 ml, bottles of 30 ml."""
    plain = packages(
        position,
        regime=Regime.EXCEPTED,
        quantity_kg=Decimal(36),
        quantity_l=Decimal(50),
        packages=100,
        package_net_l=Decimal("0.5"),
        inner_l=Decimal("0.03"),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def rigid(**changes: object) -> UnitFacts:
    """Return a rigid vehicle, approved as EX/III, that bears 29 000 kg."""
    plain = unit(UnitKind.RIGID, rated_load_kg=Decimal(29000), approval=VehicleApproval.EX_III)
    return replace(plain, **changes)  # type: ignore[arg-type]


def load_of(*lines: GoodsFacts, **changes: object) -> Facts:
    """Return the trip of a rigid vehicle with these goods."""
    return packages_trip(**{"goods": lines, "tractor": rigid(), **changes})


def with_food(answer: object, *lines: GoodsFacts) -> Facts:
    """Return a trip on which it is declared whether food is aboard."""
    plain = load_of(*lines)
    return replace(plain, waybill=replace(plain.waybill, foodstuffs=answer))  # type: ignore[arg-type]


def drawn(*lines: GoodsFacts, **changes: object) -> Facts:
    """Return the trip with a drawbar trailer behind the rigid vehicle."""
    named = waybill(tank_number=None)
    return load_of(*lines, **{"waybill": named, **changes})


def judge(code: str, facts: Facts) -> Finding:
    """Return what the first version of a rule says."""
    return get_rule(code, 1).check(facts, AT)


def found(
    code: str,
    outcome: Outcome,
    reason: str,
    facts: Mapping[str, JsonValue] | None = None,
    /,
    **more: JsonValue,
) -> Finding:
    """Return a finding as the first version of a rule makes it; those of MIX-02 inform."""
    return Finding(
        code=code,
        version=1,
        severity=Severity.INFO if code.startswith("MIX-02") else Severity.STOP,
        outcome=outcome,
        reason=reason,
        facts={**(facts or {}), **more},
    )
