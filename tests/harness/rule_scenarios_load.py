"""Trips for the rules about tank, mass, waybill and what was loaded; see `rule_scenarios`."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Final

from tests.harness.rule_facts import (
    AT,
    goods,
    substance,
    tank,
    tractor,
    trailer,
    waybill,
)
from tests.harness.rule_scenarios_after import AFTER_SCENARIOS
from tests.harness.rule_trips import (
    WAYBILL_SCAN,
    loaded_trip,
    loading,
    packages_trip,
    scan,
    trip,
    without,
)
from waybill.registry.kinds import (
    PlateColour,
    TankKind,
)
from waybill.rules.evidence import (
    EvidenceItem,
    LoadedLine,
    PresenceItem,
    Presentation,
    ScanItem,
    ScanKind,
)
from waybill.rules.facts import (
    BayFacts,
    CarriageMode,
    CompartmentFacts,
    Facts,
    MountedTankFacts,
    SubstanceFacts,
    WaybillFacts,
)
from waybill.rules.lifecycle import WaybillStatus

Key = tuple[str, str]
NO_GOODS: Final = trip(goods=())


_NO_TANK: Final = trip(tank=None, waybill=waybill(tank_number=None))
_TWO_COMPARTMENTS: Final = (
    CompartmentFacts(number=1, capacity_l=Decimal(20000)),
    CompartmentFacts(number=2, capacity_l=Decimal(22000)),
)


def _listed(*substances: SubstanceFacts, **changes: object) -> Facts:
    return trip(tank=tank(approved_substances=substances), goods=(goods(**changes),))


def _container(tank_code: str | None, needed: str) -> Facts:
    return trip(
        tank=tank(kind=TankKind.TANK_CONTAINER, tank_code=tank_code),
        goods=(goods(tank_code=needed),),
    )


def _compartments(*numbers: int | None, several: bool = True) -> Facts:
    lines = tuple(
        goods(position=position, compartment=number, quantity_kg=Decimal(9000))
        for position, number in enumerate(numbers, start=1)
    )
    return trip(tank=tank(compartments=_TWO_COMPARTMENTS if several else ()), goods=lines)


_TANKS: Final[Mapping[Key, Facts]] = {
    **{
        (code, reason): facts
        for code in (
            "TNK-01.inspection",
            "TNK-01.mounting",
            "TNK-02.approved",
            "TNK-02.compartments",
        )
        for reason, facts in (
            ("not_registered", trip(tank=None)),
            ("no_tank", _NO_TANK),
            ("no_tank_needed", packages_trip()),
        )
    },
    ("TNK-01.mounting", "mounted"): trip(),
    ("TNK-01.mounting", "demountable"): trip(
        tank=tank(kind=TankKind.TANK_CONTAINER, mounted_on_id=None)
    ),
    ("TNK-01.mounting", "mounting_unknown"): trip(tank=tank(mounted_on_id=None)),
    ("TNK-01.mounting", "other_tank_mounted"): packages_trip(
        mounted_tanks=(MountedTankFacts(id="tank-9", number="HA-0009", unit_id="tractor-1"),)
    ),
    ("TNK-01.mounting", "mounted_elsewhere"): trip(tank=tank(mounted_on_id="trailer-2")),
    ("TNK-01.mounting", "unit_not_registered"): trip(trailer=None),
    ("TNK-02.approved", "no_tank_goods"): trip(goods=(goods(mode=CarriageMode.PACKAGES),)),
    ("TNK-02.approved", "approved"): trip(),
    ("TNK-02.approved", "list_empty"): _listed(),
    ("TNK-02.approved", "not_on_list"): _listed(substance("1202"), substance("1170")),
    ("TNK-02.approved", "narrowed_out"): _listed(
        substance(packing_groups=("III",), compartment=2, max_concentration="65%"), compartment=2
    ),
    ("TNK-02.approved", "technical_name_unsettled"): _listed(substance(technical_name="石脑油")),
    ("TNK-02.approved", "concentration_unsettled"): _listed(substance(max_concentration="≤65%")),
    ("TNK-02.approved", "compartment_unsettled"): _listed(substance(compartment=1)),
    ("TNK-02.approved", "code_permits"): _container("L4BN", "LGBF"),
    ("TNK-02.approved", "code_forbids"): _container("LGBF", "L4BN"),
    ("TNK-02.approved", "code_unsettled"): _container("L4BN", "?"),
    ("TNK-02.approved", "code_missing"): _container(None, "LGBF"),
    ("TNK-02.approved", "no_code_in_list"): _container("LGBF", ""),
    ("TNK-02.compartments", "no_tank_goods"): trip(goods=(goods(mode=CarriageMode.PACKAGES),)),
    ("TNK-02.compartments", "one_each"): _compartments(1, 2),
    ("TNK-02.compartments", "no_such_compartment"): _compartments(1, 3),
    ("TNK-02.compartments", "shared_compartment"): _compartments(None, 1, several=False),
    ("TNK-02.compartments", "compartment_not_named"): _compartments(1, None),
}


def _masses(code: str) -> dict[Key, Facts]:
    """Return the trips for a rule of mass; after loading they carry a loading record."""
    build = trip if code == "TNK-03.mass" else loaded_trip

    def over(quantity_kg: int, **changes: object) -> Facts:
        kg = Decimal(quantity_kg)
        if code == "TNK-03.mass":
            return trip(goods=(goods(quantity_kg=kg),), **changes)
        record = loading(lines=(LoadedLine(position=1, quantity_kg=kg),))
        return loaded_trip(record, **changes)

    return {
        (code, "within_limits"): build(),
        (code, "over_rated_load"): over(29400),
        (code, "over_tank_load"): over(28001, tank=tank(rated_load_kg=Decimal(28000))),
        (code, "over_trailer_mass"): over(
            28001, tractor=tractor(max_trailer_mass_kg=Decimal(35000))
        ),
        (code, "unit_not_registered"): build(trailer=None),
        (code, "tank_not_registered"): build(tank=None),
        (code, "rated_load_unknown"): build(trailer=trailer(rated_load_kg=None)),
        (code, "tank_tare_unknown"): build(tank=tank(kind=TankKind.PORTABLE_TANK)),
        (code, "trailer_mass_unknown"): build(tractor=tractor(max_trailer_mass_kg=None)),
        (code, "trailer_tare_unknown"): build(trailer=trailer(tare_kg=None)),
        (code, "quantity_invalid"): over(0),
        (code, "no_goods"): NO_GOODS if code == "TNK-03.mass" else loaded_trip(loading(lines=())),
    }


def _waybill_scan(**changes: object) -> ScanItem:
    fields = {name: getattr(WAYBILL_SCAN, name) for name in WAYBILL_SCAN.__struct_fields__}
    return ScanItem(**{**fields, **changes})


def _waybill_trip(*items: EvidenceItem, **changes: object) -> Facts:
    return trip(*items, waybill=waybill(**changes))


_DOCUMENTS: Final[Mapping[Key, Facts]] = {
    ("DOC-01.signature", "genuine"): trip(),
    ("DOC-01.signature", "stored_signature_broken"): _waybill_trip(signature_verified=False),
    ("DOC-01.signature", "code_refused"): trip(_waybill_scan(problem="bad-signature")),
    ("DOC-01.signature", "other_waybill"): trip(_waybill_scan(subject="waybill-2")),
    ("DOC-01.signature", "other_revision"): trip(_waybill_scan(revision=2)),
    ("DOC-01.signature", "code_not_read"): trip(evidence=without(WAYBILL_SCAN)),
    ("DOC-01.signature", "code_not_signed"): trip(_waybill_scan(presentation=Presentation.TYPED)),
    ("DOC-01.state", "issued"): trip(),
    ("DOC-01.state", "used"): _waybill_trip(redeemed=True, status=WaybillStatus.CLEARED),
    ("DOC-01.state", "not_issued"): _waybill_trip(status=WaybillStatus.CANCELLED),
    ("DOC-01.dates", "today"): trip(),
    ("DOC-01.dates", "too_early"): _waybill_trip(valid_from=AT + timedelta(seconds=1)),
    ("DOC-01.dates", "too_late"): _waybill_trip(valid_until=AT - timedelta(seconds=1)),
    ("DOC-01.dates", "other_day"): _waybill_trip(planned_loading_at=AT + timedelta(days=1)),
    ("DOC-01.dates", "validity_unknown"): _waybill_trip(valid_until=None),
    ("DOC-01.dates", "no_planned_day"): _waybill_trip(planned_loading_at=None),
    ("DOC-01.loader", "here"): trip(),
    ("DOC-01.loader", "other_loader"): _waybill_trip(loader_uscc="91320800999999999X"),
    ("DOC-01.loader", "other_facility"): _waybill_trip(facility_id="facility-2"),
    ("DOC-01.loader", "place_closed"): trip(
        bay=BayFacts(
            facility_id="facility-1", loader_uscc="91320800608606000X", closed=("facility", "bay")
        )
    ),
    ("DOC-01.loader", "bay_unknown"): trip(bay=None),
    ("DOC-02.goods", "equal"): trip(),
    ("DOC-02.goods", "goods_differ"): trip(_waybill_scan(goods=(("1202", "III", 28000, "kg"),))),
    ("DOC-02.goods", "quantity_differs"): trip(_waybill_scan(goods=(("1203", "II", 27000, "kg"),))),
    ("DOC-02.goods", "goods_not_read"): trip(_waybill_scan(goods=())),
    ("DOC-02.goods", "volume_unknown"): trip(_waybill_scan(goods=(("1203", "II", 38000, "L"),))),
    ("DOC-02.goods", "no_goods"): NO_GOODS,
    ("DOC-02.ownership", "one_carrier"): trip(),
    ("DOC-02.ownership", "other_carrier"): trip(tractor=tractor(carrier_id="carrier-2")),
    ("DOC-02.ownership", "not_looked_up"): trip(escort=None),
}


def _scans() -> dict[Key, Facts]:
    found: dict[Key, Facts] = {}
    kinds = {
        "tractor": (ScanKind.VEHICLE, "vehicle_plate"),
        "trailer": (ScanKind.TRAILER, "trailer_plate"),
        "tank": (ScanKind.TANK, "tank_number"),
        "driver": (ScanKind.DRIVER, "driver_reference"),
        "escort": (ScanKind.ESCORT, "escort_reference"),
    }
    for name, (kind, field) in kinds.items():
        code, expected = f"DOC-02.{name}", getattr(waybill(), field)
        missing = tuple(
            item
            for item in trip().evidence.items
            if isinstance(item, ScanItem) and item.kind is kind
        )
        found[code, "equal"] = trip()
        found[code, "differs"] = trip(scan(kind, "苏H99999"))
        found[code, "code_refused"] = trip(scan(kind, expected, problem="expired"))
        found[code, "card_superseded"] = trip(scan(kind, expected, card_version=99))
        found[code, "register_differs"] = trip(
            scan(kind, "renamed", card_version=1), waybill=_renamed(field)
        )
        found[code, "not_scanned"] = trip(evidence=without(*missing))
        found[code, "not_registered"] = trip(**{name: None})
    for name, colour in (("tractor", "vehicle_plate_colour"), ("trailer", "trailer_plate_colour")):
        found[f"DOC-02.{name}", "register_colour_differs"] = trip(
            waybill=waybill(**{colour: PlateColour.BLUE})
        )
    for reason, reference, present in (
        ("absent", "d0d0d0d0d0", False),
        ("other_person", "f0f0f0f0f0", True),
    ):
        found["DOC-02.driver", reason] = trip(
            PresenceItem(role="driver", reference=reference, present=present, at=AT)
        )
    for name in ("trailer", "tank"):
        found[f"DOC-02.{name}", "none_named"] = packages_trip()
    found["DOC-02.trailer", "unexpected"] = packages_trip(evidence=trip().evidence)
    found["DOC-02.tank", "unexpected"] = packages_trip(evidence=trip().evidence)
    return found


def _renamed(field: str) -> WaybillFacts:
    return waybill(**{field: "renamed"})


LOAD_SCENARIOS: Final[Mapping[Key, Facts]] = {
    **_TANKS,
    **_masses("TNK-03.mass"),
    **_masses("AFTER-01.mass"),
    **_DOCUMENTS,
    **_scans(),
    **AFTER_SCENARIOS,
}
