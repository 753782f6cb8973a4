"""Trips for the rules about tanks and their filling; see `rule_scenarios`."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from tests.harness.rule_facts import certificate, goods, tank, trailer, waybill
from tests.harness.rule_trips import loaded_trip, loading, packages_trip, trip
from tests.harness.tank_loads import (
    PROPANE,
    SULPHURIC_ACID,
    TWO_COMPARTMENTS,
    as_loaded,
    cargo,
    cleaning,
    container,
    declared,
    portable,
    vessel,
)
from waybill.registry.kinds import CertificateKind, TankKind, UnitBody
from waybill.rules.facts import (
    Answer,
    CarriageMode,
    CompartmentFacts,
    Facts,
    GoodsFacts,
    LastCargoFacts,
    PhysicalState,
    TankFacts,
)

Key = tuple[str, str]


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
