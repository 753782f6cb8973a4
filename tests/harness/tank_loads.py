"""Gases, acids, vessels and containers, for the tests of the rules about tanks."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Final

from tests.harness.rule_facts import AT, certificate, substance, tank
from tests.harness.rule_trips import loaded_trip, loading
from waybill.registry.kinds import CertificateKind, TankKind
from waybill.rules.evidence import LoadedLine
from waybill.rules.facts import (
    Answer,
    CargoFacts,
    CompartmentFacts,
    Facts,
    LastCargoFacts,
    PhysicalState,
    TankFacts,
)

PROPANE: Final[Mapping[str, object]] = {
    "entry_key": "1978",
    "un_number": "1978",
    "name_zh": "丙烷",
    "division": "2.1",
    "classification_code": "2F",
    "packing_group": "",
    "tank_code": "PxBN(M)",
    "tank_provisions": ("TA4", "TT9"),
    "portable_tank_instruction": "T50",
    "portable_tank_provisions": (),
    "physical_state": PhysicalState.GAS,
    "quantity_kg": Decimal(16000),
}
CHLORINE: Final[Mapping[str, object]] = {
    **PROPANE,
    "entry_key": "1017",
    "un_number": "1017",
    "name_zh": "氯",
    "division": "2.3",
    "classification_code": "2TOC",
    "tank_code": "P22DH(M)",
    "highly_toxic": Answer.YES,
}
OXYGEN: Final[Mapping[str, object]] = {
    **PROPANE,
    "entry_key": "1073",
    "un_number": "1073",
    "name_zh": "氧，冷冻液体",
    "division": "2.2",
    "classification_code": "3O",
    "tank_code": "RxBN",
    "tank_provisions": ("TU7", "TU19"),
    "portable_tank_instruction": "T75",
    "portable_tank_provisions": ("TP5", "TP22"),
    "density_kg_l": Decimal("1.14"),
    "density_50_kg_l": None,
    "filling_temperature_c": None,
    "quantity_kg": Decimal(22800),
}
SULPHURIC_ACID: Final[Mapping[str, object]] = {
    "entry_key": "1831",
    "un_number": "1831",
    "name_zh": "硫酸，发烟",
    "division": "8",
    "classification_code": "CT1",
    "subsidiary_hazards": ("6.1",),
    "packing_group": "I",
    "tank_code": "L10BH",
}
TWO_COMPARTMENTS: Final = (
    CompartmentFacts(number=1, capacity_l=Decimal(20000), largest_section_l=Decimal(7000)),
    CompartmentFacts(number=2, capacity_l=Decimal(22000), largest_section_l=Decimal(7500)),
)


def vessel(**changes: object) -> TankFacts:
    """Return a mobile pressure vessel for propane, tested at 23 bar."""
    return tank(
        **{
            "kind": TankKind.MOBILE_PRESSURE_VESSEL,
            "capacity_l": Decimal(40000),
            "tank_code": "P23BN",
            "test_pressure_bar": Decimal(23),
            "approved_substances": (substance("1978"),),
            "certificates": (
                certificate(CertificateKind.TANK_INSPECTION),
                certificate(CertificateKind.USE_REGISTRATION, valid_until=None),
            ),
            **changes,
        }
    )


def container(**changes: object) -> TankFacts:
    """Return a tank-container of 24 000 L."""
    return tank(
        **{
            "kind": TankKind.TANK_CONTAINER,
            "capacity_l": Decimal(24000),
            "mounted_on_id": None,
            "tare_kg": Decimal(3500),
            **changes,
        }
    )


def portable(**changes: object) -> TankFacts:
    """Return a portable tank T4 of 24 000 L."""
    return container(
        **{"kind": TankKind.PORTABLE_TANK, "portable_tank_instruction": "T4", **changes}
    )


def cleaning(**changes: object) -> TankFacts:
    """Return the tank with a cleaning certificate of yesterday."""
    issued = {"valid_from": (AT - timedelta(days=1)).date(), **changes}
    return tank(
        certificates=(
            certificate(CertificateKind.TANK_INSPECTION),
            certificate(CertificateKind.TANK_CLEANING, **issued),
        )
    )


def cargo(un_number: str, **changes: object) -> CargoFacts:
    """Return what the tank held two days ago."""
    fields: dict[str, object] = {
        "compartment": 0,
        "entry_key": un_number,
        "un_number": un_number,
        "loaded_at": AT - timedelta(days=2),
        **changes,
    }
    return CargoFacts(**fields)  # type: ignore[arg-type]


def declared(un_number: str = "", **changes: object) -> LastCargoFacts:
    """Return what the carrier declares the undivided tank held before."""
    fields: dict[str, object] = {
        "compartment": 0,
        "entry_key": un_number,
        "un_number": un_number,
        **changes,
    }
    return LastCargoFacts(**fields)  # type: ignore[arg-type]


def as_loaded(facts: Facts) -> Facts:
    """Return a plan as if exactly it had been loaded."""
    lines = tuple(
        LoadedLine(position=line.position, quantity_kg=line.quantity_kg, quantity_l=line.quantity_l)
        for line in facts.goods
    )
    return loaded_trip(loading(lines=lines), goods=facts.goods, tank=facts.tank)
