"""Trips for the rules about tanks and their filling; see `rule_scenarios`."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Final

from tests.harness.rule_facts import AT, certificate, goods, substance, tank, trailer, waybill
from tests.harness.rule_trips import loaded_trip, loading, packages_trip, trip
from waybill.registry.kinds import CertificateKind, TankKind, UnitBody
from waybill.rules.evidence import LoadedLine
from waybill.rules.facts import (
    Answer,
    CargoFacts,
    CarriageMode,
    CompartmentFacts,
    Facts,
    GoodsFacts,
    LastCargoFacts,
    PhysicalState,
    TankFacts,
)

Key = tuple[str, str]

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


def _petrol(**changes: object) -> Facts:
    return trip(goods=(goods(**changes),))


def _gas(line: Mapping[str, object], held: TankFacts, **changes: object) -> Facts:
    return trip(tank=held, goods=(goods(**{**line, **changes}),))


NO_TANK: Final = trip(tank=None, waybill=waybill(tank_number=None))
NO_TANK_GOODS: Final = _petrol(mode=CarriageMode.PACKAGES)
_ABSENT: Final[dict[str, Facts]] = {
    "not_registered": trip(tank=None),
    "no_tank": NO_TANK,
    "no_tank_needed": packages_trip(),
    "no_tank_goods": NO_TANK_GOODS,
}
_CONTENTS: Final[dict[str, Facts]] = {
    "compartment_unsettled": trip(tank=tank(compartments=TWO_COMPARTMENTS)),
    "shared_compartment": trip(
        goods=(goods(quantity_kg=Decimal(9000)), goods(position=2, quantity_kg=Decimal(9000)))
    ),
    "quantity_invalid": _petrol(quantity_kg=Decimal(0)),
    "density_unknown": _petrol(density_50_kg_l=None),
    "density_invalid": _petrol(density_50_kg_l=Decimal("0.75")),
    "temperature_unknown": _petrol(filling_temperature_c=None),
    "quantities_contradict": _petrol(quantity_l=Decimal(30000)),
}
_FILLING: Final[dict[str, Facts]] = {
    **_CONTENTS,
    "within_filling": trip(),
    "over_filling": _petrol(quantity_kg=Decimal(31000)),
    "within_filling_mass": _gas(PROPANE, vessel()),
    "over_filling_mass": _gas(PROPANE, vessel(), quantity_kg=Decimal(17000)),
    "over_max_filling": _gas(PROPANE, vessel(max_filling_kg=Decimal(15500))),
    "pressure_too_low": _gas(PROPANE, vessel(test_pressure_bar=Decimal(10))),
    "receptacles_only": _gas(
        PROPANE, vessel(), un_number="1001", classification_code="4F", tank_code="PxBN(M)"
    ),
    "gas_limit_unknown": _gas(PROPANE, vessel(test_pressure_bar=None)),
    "max_filling_unknown": _gas(
        PROPANE, vessel(), un_number="1002", division="2.2", classification_code="1A"
    ),
    "provision_asks": _petrol(tank_provisions=("TU33",)),
    "solid_goods": _petrol(physical_state=PhysicalState.SOLID, tank_code="SGAV"),
    "residue": _petrol(quantity_kg=Decimal(50), empty_uncleaned=True),
    "not_empty": _petrol(empty_uncleaned=True),
}
_SURGE: Final[dict[str, Facts]] = {
    **_CONTENTS,
    "outside_band": trip(),
    "would_surge": trip(
        tank=tank(
            compartments=(
                CompartmentFacts(
                    number=1, capacity_l=Decimal(42000), largest_section_l=Decimal(21000)
                ),
            )
        ),
        goods=(goods(quantity_kg=Decimal(15000)),),
    ),
    "sections_unknown": _petrol(quantity_kg=Decimal(15000)),
    "small_sections": trip(
        tank=tank(compartments=TWO_COMPARTMENTS),
        goods=(goods(compartment=2, quantity_kg=Decimal(8000)),),
    ),
    "exempt_goods": _petrol(viscosity_mm2_s=Decimal(2680)),
    "does_not_surge": _petrol(physical_state=PhysicalState.SOLID, tank_code="SGAV"),
    "residue": _petrol(quantity_kg=Decimal(50), empty_uncleaned=True),
}
_AFTER: Final[dict[str, Facts]] = {
    "no_record": trip(),
    "not_recorded": loaded_trip(loading(lines=())),
}


def _after(plans: Mapping[str, Facts]) -> dict[str, Facts]:
    return {reason: as_loaded(facts) for reason, facts in plans.items()}


def _toxic(answer: Answer, **changes: object) -> GoodsFacts:
    return goods(highly_toxic=answer, **changes)


def _packages(answer: Answer, **changes: object) -> Facts:
    """Return toxic packages on the trailer, whose rated load is 29 t."""
    unit = trailer(**{"body": UnitBody.VAN, **changes})
    return trip(trailer=unit, goods=(_toxic(answer, mode=CarriageMode.PACKAGES),))


_SMALL: Final = Decimal(20000)
_VOLUME: Final[Mapping[str, Facts]] = {
    "no_capped_goods": trip(),
    "tank_excepted": trip(tank=container(), goods=(_toxic(Answer.YES),)),
    "tank_within_cap": trip(tank=tank(capacity_l=_SMALL), goods=(goods(**SULPHURIC_ACID),)),
    "tank_too_large": trip(goods=(goods(**SULPHURIC_ACID),)),
    "highly_toxic_unknown": trip(goods=(_toxic(Answer.ASK),)),
    "not_registered": trip(tank=None, goods=(_toxic(Answer.YES),)),
    "container_carrier": _packages(Answer.YES, body=UnitBody.CONTAINER_CARRIER),
    "vehicle_within_cap": _packages(Answer.YES, rated_load_kg=Decimal(10000)),
    "vehicle_too_large": _packages(Answer.YES),
    "toxicity_unknown": _packages(Answer.ASK),
    "body_unknown": _packages(Answer.YES, body=None),
    "rated_load_unknown": _packages(Answer.YES, rated_load_kg=None),
    "unit_not_registered": trip(
        trailer=None, goods=(_toxic(Answer.YES, mode=CarriageMode.PACKAGES),)
    ),
}
_UNRECORDED: Final = tank(last_cargoes=())


def _declaring(*cargoes: LastCargoFacts, held: TankFacts = _UNRECORDED) -> Facts:
    return trip(tank=held, waybill=waybill(last_cargoes=cargoes))


_LAST_CARGO: Final[Mapping[str, Facts]] = {
    **_ABSENT,
    "same_goods": trip(),
    "same_number": _petrol(entry_key="1203-ii"),
    "cleaned": trip(tank=cleaning(), goods=(goods(entry_key="1230", un_number="1230"),)),
    "not_cleaned": trip(tank=tank(last_cargoes=(cargo("1202"),))),
    "declaration_contradicts": _declaring(declared("1202"), held=tank()),
    "declared_empty": _declaring(declared(nothing=True)),
    "cleaning_unsettled": _declaring(
        declared("1202"),
        held=tank(last_cargoes=(), certificates=(certificate(CertificateKind.TANK_CLEANING),)),
    ),
    "technical_name_unsettled": _petrol(special_provisions=("274",)),
    "last_cargo_unknown": trip(tank=_UNRECORDED),
    "compartment_unsettled": _CONTENTS["compartment_unsettled"],
}
_FITNESS: Final[Mapping[str, Facts]] = {
    "fits": trip(tank=container(tank_code="L4BN")),
    "named_in_approval": trip(
        tank=container(tank_code="L4BN"), goods=(goods(tank_code="L1.5BN(+)"),)
    ),
    "gas_in_atmospheric_tank": _gas(PROPANE, vessel(kind=TankKind.ATMOSPHERIC_TANK)),
    "does_not_fit": trip(tank=container(), goods=(goods(tank_code="L4BN"),)),
    "fit_unsettled": trip(
        tank=container(approved_substances=()), goods=(goods(tank_code="LGBF(+)"),)
    ),
    "pressure_too_low": _gas(
        PROPANE,
        portable(portable_tank_instruction="T50", test_pressure_bar=Decimal(10), insulated=True),
    ),
    "pressure_unsettled": _gas(PROPANE, portable(portable_tank_instruction="T50")),
    "provision_not_met": trip(
        tank=portable(), goods=(goods(portable_tank_provisions=("TP1", "TP30")),)
    ),
    "provision_asks": trip(
        tank=portable(approved_substances=()),
        goods=(goods(portable_tank_provisions=("TP1", "TP38")),),
    ),
}

TANK_SCENARIOS: Final[Mapping[Key, Facts]] = {
    **{("TNK-02.approved", reason): facts for reason, facts in _FITNESS.items()},
    **{("TNK-03.filling", reason): facts for reason, facts in (_ABSENT | _FILLING).items()},
    **{("TNK-03.surge", reason): facts for reason, facts in (_ABSENT | _SURGE).items()},
    **{("TNK-03.volume", reason): facts for reason, facts in _VOLUME.items()},
    **{("TNK-04.last_cargo", reason): facts for reason, facts in _LAST_CARGO.items()},
    **{
        ("AFTER-01.filling", reason): facts
        for reason, facts in (_ABSENT | _after(_FILLING) | _AFTER).items()
    },
    **{
        ("AFTER-01.surge", reason): facts
        for reason, facts in (_ABSENT | _after(_SURGE) | _AFTER).items()
    },
}
TANK_VERSIONS: Final[Mapping[tuple[str, int, str], Facts]] = {}
