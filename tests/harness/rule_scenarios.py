"""One trip for every answer that every rule can give: `SCENARIOS[code, reason]`."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from tests.harness.rule_facts import (
    AT,
    ESCORT_PRESENT,
    SUPERVISOR_PRESENT,
    TANK_SCAN,
    TODAY,
    TRACTOR_PLATE,
    TRAILER_PLATE,
    TRAILER_SCAN,
    WAYBILL_SCAN,
    certificate,
    driver,
    escort,
    goods,
    listing,
    loaded_trip,
    loading,
    packages_trip,
    scan,
    substance,
    supervisor,
    tank,
    tractor,
    trailer,
    trip,
    waybill,
    without,
)
from waybill.registry.kinds import (
    CertificateKind,
    CertificateStatus,
    PlateColour,
    RecordStatus,
    TankKind,
    UnitKind,
)
from waybill.rules.evidence import (
    EvidenceItem,
    LoadedLine,
    PlateItem,
    PresenceItem,
    Presentation,
    ScanItem,
    ScanKind,
)
from waybill.rules.facts import (
    Answer,
    CarriageMode,
    CompartmentFacts,
    Facts,
    SubstanceFacts,
    TankFacts,
    WaybillFacts,
)
from waybill.rules.lifecycle import WaybillStatus

Key = tuple[str, str]

YESTERDAY: Final = TODAY - timedelta(days=1)
TOMORROW: Final = TODAY + timedelta(days=1)

HOLDERS: Final = {
    "VEH-01.tractor": ("tractor", CertificateKind.VEHICLE_LICENCE),
    "VEH-01.trailer": ("trailer", CertificateKind.VEHICLE_LICENCE),
    "VEH-02.tractor": ("tractor", CertificateKind.ROAD_TRANSPORT_CERTIFICATE),
    "VEH-02.trailer": ("trailer", CertificateKind.ROAD_TRANSPORT_CERTIFICATE),
    "CAR-01.licence": ("carrier", CertificateKind.CARRIER_LICENCE),
    "CAR-01.scope": ("carrier", CertificateKind.CARRIER_LICENCE),
    "DRV-01.licence": ("driver", CertificateKind.DRIVING_LICENCE),
    "DRV-01.qualification": ("driver", CertificateKind.DRIVER_QUALIFICATION),
    "ESC-01.qualification": ("escort", CertificateKind.ESCORT_QUALIFICATION),
    "SUP-01.named": ("supervisor", CertificateKind.SUPERVISOR_QUALIFICATION),
    "TNK-01.inspection": ("tank", CertificateKind.TANK_INSPECTION),
    "TNK-02.approved": ("tank", CertificateKind.USE_REGISTRATION),
}
"""Rules that ask for a record in use and a certificate, with the field of the facts it is in."""


def _with_certificates(code: str, held: tuple[object, ...]) -> Facts:
    name, _ = HOLDERS[code]
    facts = _vessel_trip() if code == "TNK-02.approved" else trip()
    record = replace(getattr(facts, name), certificates=held)
    return replace(facts, **{name: record})


def _with_status(code: str, status: RecordStatus) -> Facts:
    name, _ = HOLDERS[code]
    facts = _vessel_trip() if code == "TNK-02.approved" else trip()
    return replace(facts, **{name: replace(getattr(facts, name), status=status)})


def _vessel_trip(**changes: object) -> Facts:
    return trip(tank=_tank(kind=TankKind.MOBILE_PRESSURE_VESSEL, **changes))


def _tank(**changes: object) -> TankFacts:
    return tank(
        certificates=(
            certificate(CertificateKind.TANK_INSPECTION),
            certificate(CertificateKind.USE_REGISTRATION, valid_until=None),
        ),
        **changes,
    )


def _holders() -> dict[Key, Facts]:
    found: dict[Key, Facts] = {}
    for code, (name, kind) in HOLDERS.items():
        held = {
            "certificate_missing": (),
            "certificate_suspended": (certificate(kind, status=CertificateStatus.SUSPENDED),),
            "certificate_revoked": (certificate(kind, status=CertificateStatus.REVOKED),),
            "not_yet_valid": (certificate(kind, valid_from=TOMORROW),),
            "expired": (certificate(kind, valid_until=YESTERDAY),),
            "end_date_unknown": (certificate(kind, valid_until=None),),
        }
        if kind is CertificateKind.USE_REGISTRATION:
            del held["end_date_unknown"]
        found |= {(code, reason): _with_certificates(code, each) for reason, each in held.items()}
        found[code, "record_suspended"] = _with_status(code, RecordStatus.SUSPENDED)
        found[code, "record_retired"] = _with_status(code, RecordStatus.RETIRED)
        if code != "SUP-01.named":
            found[code, "not_registered"] = trip(**{name: None})
        if not code.endswith(("scope", "approved")) and not code.startswith("VEH-02"):
            found[code, "valid"] = trip()
    return found


def _goods_trip(**changes: object) -> Facts:
    return trip(goods=(goods(**changes),))


NO_GOODS: Final = trip(goods=())
_CHLORINE: Final = {
    "un_number": "1017",
    "name_zh": "氯",
    "division": "2.3",
    "packing_group": "",
    "highly_toxic": Answer.YES,
    "tank_code": "P22DH(M)",
    "portable_tank_instruction": "T50",
}

_GOODS: Final[Mapping[Key, Facts]] = {
    ("GDS-01.carriage", "allowed"): trip(),
    ("GDS-01.carriage", "declared_not_subject"): _goods_trip(
        list_status="not_subject", not_subject_declared=Answer.YES
    ),
    ("GDS-01.carriage", "prohibited"): _goods_trip(list_status="prohibited"),
    ("GDS-01.carriage", "wrong_row"): _goods_trip(
        list_status="not_subject", not_subject_declared=Answer.NO
    ),
    ("GDS-01.carriage", "not_subject_undeclared"): _goods_trip(list_status="not_subject"),
    ("GDS-01.carriage", "status_unknown"): _goods_trip(list_status="perhaps"),
    ("GDS-01.carriage", "no_goods"): NO_GOODS,
    ("GDS-01.mode", "packages"): packages_trip(),
    ("GDS-01.mode", "bulk"): _goods_trip(mode=CarriageMode.BULK, bulk_provisions=("VC1",)),
    ("GDS-01.mode", "tank"): trip(),
    ("GDS-01.mode", "bulk_not_allowed"): _goods_trip(mode=CarriageMode.BULK),
    ("GDS-01.mode", "tank_not_allowed"): _goods_trip(tank_code="", portable_tank_instruction=""),
    ("GDS-01.mode", "tank_kind_not_allowed"): _goods_trip(tank_code=""),
    ("GDS-01.mode", "tank_unknown"): trip(tank=None),
    ("GDS-01.mode", "no_goods"): NO_GOODS,
}


def _scopes() -> dict[Key, Facts]:
    found: dict[Key, Facts] = {}
    for code in ("VEH-02.tractor", "VEH-02.trailer", "CAR-01.scope"):
        _, kind = HOLDERS[code]
        found[code, "covered"] = trip()
        found[code, "not_covered"] = _with_certificates(
            code, (certificate(kind, scope="危险货物运输(8类)"),)
        )
        found[code, "scope_unclear"] = _with_certificates(
            code, (certificate(kind, scope="见附页"),)
        )
        found[code, "no_goods"] = NO_GOODS
    return found


def _plate(item: PlateItem, **changes: object) -> PlateItem:
    fields = {name: getattr(item, name) for name in item.__struct_fields__}
    return PlateItem(**{**fields, **changes})


def _vehicles() -> dict[Key, Facts]:
    found: dict[Key, Facts] = {}
    for name, build, item in (
        ("tractor", tractor, TRACTOR_PLATE),
        ("trailer", trailer, TRAILER_PLATE),
    ):
        licence, plate = f"VEH-01.{name}", f"VEH-05.{name}"
        other = UnitKind.TRAILER if name == "tractor" else UnitKind.RIGID
        found[licence, "wrong_kind"] = trip(**{name: replace(build(), kind=other)})
        found[licence, "too_old"] = trip(**{name: build(first_registered_on=date(2016, 11, 22))})
        found[licence, "registered_in_future"] = trip(**{name: build(first_registered_on=TOMORROW)})
        found[plate, "equal"] = trip()
        found[plate, "plate_differs"] = trip(_plate(item, plate="苏H99999"))
        found[plate, "colour_differs"] = trip(_plate(item, plate_colour=PlateColour.BLUE))
        found[plate, "not_seen"] = trip(evidence=without(item))
    found["VEH-05.trailer", "colour_unknown"] = trip(waybill=waybill(trailer_plate_colour=None))
    for code in ("VEH-01.trailer", "VEH-02.trailer", "VEH-05.trailer"):
        found[code, "no_trailer"] = packages_trip()
    found["VEH-05.trailer", "unexpected"] = packages_trip(evidence=without(TRAILER_SCAN, TANK_SCAN))
    return found


_PEOPLE: Final[Mapping[Key, Facts]] = {
    ("CAR-01.black_list", "not_barred"): trip(),
    ("CAR-01.black_list", "barred"): trip(
        driver=driver(black_listings=(listing(),)), tank=tank(black_listings=(listing(),))
    ),
    ("CAR-01.black_list", "not_looked_up"): trip(escort=None),
    ("DRV-01.licence", "wrong_role"): trip(driver=driver(roles=())),
    ("DRV-01.qualification", "wrong_role"): trip(driver=driver(roles=())),
    ("DRV-01.endorsement", "endorsed"): trip(
        goods=(goods(**_CHLORINE),),
        driver=driver(
            certificates=(
                certificate(CertificateKind.DRIVER_QUALIFICATION, categories=("highly_toxic",)),
            )
        ),
    ),
    ("DRV-01.endorsement", "no_endorsement_needed"): trip(),
    ("DRV-01.endorsement", "endorsement_missing"): _goods_trip(**_CHLORINE),
    ("DRV-01.endorsement", "highly_toxic_undeclared"): _goods_trip(highly_toxic=Answer.ASK),
    ("DRV-01.endorsement", "class_unknown"): _goods_trip(division=""),
    ("DRV-01.endorsement", "not_registered"): trip(driver=None),
    ("DRV-01.endorsement", "no_goods"): NO_GOODS,
    ("ESC-01.qualification", "wrong_role"): trip(escort=escort(roles=())),
    ("ESC-01.not_driver", "two_people"): trip(),
    ("ESC-01.not_driver", "same_person"): trip(escort=escort(identity="identity-driver")),
    ("ESC-01.not_driver", "person_not_registered"): trip(escort=None),
    ("ESC-01.not_driver", "identity_unknown"): trip(escort=escort(identity="")),
    ("ESC-01.present", "present"): trip(),
    ("ESC-01.present", "not_confirmed"): trip(evidence=without(ESCORT_PRESENT)),
    ("ESC-01.present", "absent"): trip(
        PresenceItem(role="escort", reference="e0e0e0e0e0", present=False, at=AT)
    ),
    ("ESC-01.present", "other_person"): trip(
        PresenceItem(role="escort", reference="f0f0f0f0f0", present=True, at=AT)
    ),
    ("SUP-01.named", "wrong_role"): trip(supervisor=supervisor(roles=())),
    ("SUP-01.named", "not_named"): trip(supervisor=None),
    ("SUP-01.named", "not_confirmed"): trip(evidence=without(SUPERVISOR_PRESENT)),
    ("SUP-01.named", "absent"): trip(
        PresenceItem(role="supervisor", reference="a0a0a0a0a0", present=False, at=AT)
    ),
    ("SUP-01.named", "other_person"): trip(
        PresenceItem(role="supervisor", reference="f0f0f0f0f0", present=True, at=AT)
    ),
    ("SUP-01.employer", "own_supervisor"): trip(),
    ("SUP-01.employer", "other_employer"): trip(supervisor=supervisor(organisation_id="other")),
    ("SUP-01.employer", "bay_unknown"): trip(bay=None),
    ("SUP-01.employer", "not_named"): trip(supervisor=None),
}

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
    ("TNK-01.mounting", "demountable"): trip(tank=tank(mounted_on_id=None)),
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
        (code, "tank_tare_unknown"): build(tank=tank(mounted_on_id=None)),
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
    for name in ("trailer", "tank"):
        found[f"DOC-02.{name}", "none_named"] = packages_trip()
    found["DOC-02.trailer", "unexpected"] = packages_trip(evidence=trip().evidence)
    found["DOC-02.tank", "unexpected"] = packages_trip(evidence=trip().evidence)
    return found


def _renamed(field: str) -> WaybillFacts:
    return waybill(**{field: "renamed"})


def _record(**changes: object) -> Facts:
    return loaded_trip(loading(**changes))


def _lines(*lines: tuple[int, int]) -> tuple[LoadedLine, ...]:
    return tuple(LoadedLine(position=p, quantity_kg=Decimal(kg)) for p, kg in lines)


_AFTER: Final[Mapping[Key, Facts]] = {
    **{
        (f"AFTER-01.{subject}", "no_record"): trip()
        for subject in ("quantity", "mass", "weighbridge", "seals", "times")
    },
    ("AFTER-01.state", "cleared"): loaded_trip(),
    ("AFTER-01.state", "not_cleared"): trip(),
    ("AFTER-01.quantity", "within_plan"): loaded_trip(),
    ("AFTER-01.quantity", "over_planned"): _record(lines=_lines((1, 28400))),
    ("AFTER-01.quantity", "not_planned"): _record(lines=_lines((1, 28000), (2, 5))),
    ("AFTER-01.quantity", "not_recorded"): _record(lines=()),
    ("AFTER-01.quantity", "recorded_twice"): _record(lines=_lines((1, 14000), (1, 14000))),
    ("AFTER-01.quantity", "no_goods"): loaded_trip(goods=()),
    ("AFTER-01.weighbridge", "within_gross_mass"): loaded_trip(),
    ("AFTER-01.weighbridge", "over_gross_mass"): _record(gross_mass_kg=Decimal(44801)),
    ("AFTER-01.weighbridge", "no_weighbridge"): _record(gross_mass_kg=None),
    ("AFTER-01.weighbridge", "tares_unknown"): loaded_trip(tractor=tractor(tare_kg=None)),
    ("AFTER-01.seals", "sealed"): loaded_trip(),
    ("AFTER-01.seals", "reason_given"): loaded_trip(
        loading(seals=(), no_seal_reason="包件，厢门上锁"),
        goods=(goods(mode=CarriageMode.PACKAGES),),
    ),
    ("AFTER-01.seals", "tank_unsealed"): _record(seals=(" ",), no_seal_reason="无"),
    ("AFTER-01.seals", "no_seals"): loaded_trip(
        loading(seals=()), goods=(goods(mode=CarriageMode.PACKAGES),)
    ),
    ("AFTER-01.times", "in_order"): loaded_trip(),
    ("AFTER-01.times", "ends_before_start"): _record(started_at=AT),
    ("AFTER-01.times", "in_future"): _record(finished_at=AT + timedelta(seconds=1)),
}

SCENARIOS: Final[Mapping[Key, Facts]] = {
    **_holders(),
    **_GOODS,
    **_scopes(),
    **_vehicles(),
    **_PEOPLE,
    **_TANKS,
    **_masses("TNK-03.mass"),
    **_masses("AFTER-01.mass"),
    **_DOCUMENTS,
    **_scans(),
    **_AFTER,
}
