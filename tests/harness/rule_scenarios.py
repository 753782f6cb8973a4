"""One trip for every answer that every rule can give: `SCENARIOS[code, reason]`.

Where versions of a rule need different trips for one reason, `VERSIONS[code, version, reason]`
has the trip of that version. Each subject has a module of its own for newer rules.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from tests.harness.rule_facts import (
    AT,
    TODAY,
    certificate,
    driver,
    escort,
    goods,
    listing,
    supervisor,
    tank,
    tractor,
    trailer,
    unit,
    waybill,
)
from tests.harness.rule_scenarios_handover import HANDOVER_SCENARIOS, HANDOVER_VERSIONS
from tests.harness.rule_scenarios_load import LOAD_SCENARIOS
from tests.harness.rule_scenarios_mixing import MIXING_SCENARIOS, MIXING_VERSIONS
from tests.harness.rule_scenarios_tanks import TANK_SCENARIOS, TANK_VERSIONS
from tests.harness.rule_scenarios_units import UNIT_SCENARIOS, UNIT_VERSIONS
from tests.harness.rule_trips import (
    ESCORT_PRESENT,
    SUPERVISOR_PRESENT,
    TANK_SCAN,
    TRACTOR_PLATE,
    TRAILER_PLATE,
    TRAILER_SCAN,
    packages_trip,
    trip,
    without,
)
from waybill.registry.kinds import (
    CertificateKind,
    CertificateStatus,
    PlateColour,
    RecordStatus,
    TankKind,
    UnitBody,
    UnitKind,
)
from waybill.rules.evidence import (
    PlateItem,
    PresenceItem,
)
from waybill.rules.facts import (
    Answer,
    CarriageMode,
    Facts,
    TankFacts,
)

Key = tuple[str, str]

YESTERDAY: Final = TODAY - timedelta(days=1)
TOMORROW: Final = TODAY + timedelta(days=1)

HOLDERS: Final = {
    "VEH-01.tractor": ("tractor", CertificateKind.VEHICLE_LICENCE),
    "VEH-01.trailer": ("trailer", CertificateKind.VEHICLE_LICENCE),
    "VEH-02.tractor": ("tractor", CertificateKind.ROAD_TRANSPORT_CERTIFICATE),
    "VEH-02.trailer": ("trailer", CertificateKind.ROAD_TRANSPORT_CERTIFICATE),
    "VEH-03.tractor_inspection": ("tractor", CertificateKind.TECHNICAL_INSPECTION),
    "VEH-03.trailer_inspection": ("trailer", CertificateKind.TECHNICAL_INSPECTION),
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
    ("GDS-01.mode", "bulk"): packages_trip(
        goods=(goods(mode=CarriageMode.BULK, bulk_provisions=("VC1",)),)
    ),
    ("GDS-01.mode", "tank"): trip(),
    ("GDS-01.mode", "bulk_not_allowed"): packages_trip(goods=(goods(mode=CarriageMode.BULK),)),
    ("GDS-01.mode", "beside_tank"): _goods_trip(mode=CarriageMode.PACKAGES),
    ("GDS-01.mode", "tank_not_allowed"): _goods_trip(tank_code="", portable_tank_instruction=""),
    ("GDS-01.mode", "tank_kind_not_allowed"): _goods_trip(tank_code=""),
    ("GDS-01.mode", "tank_unknown"): trip(tank=None),
    ("GDS-01.mode", "no_goods"): NO_GOODS,
    ("GDS-01.mode", "on_tank_vehicle"): packages_trip(
        tractor=unit(UnitKind.RIGID, body=UnitBody.TANK)
    ),
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
    found["VEH-01.tractor", "trailer_not_named"] = packages_trip(
        tractor=tractor(rated_load_kg=Decimal(29000))
    )
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
    ("SUP-01.named", "is_of_crew"): trip(supervisor=supervisor(identity="identity-escort")),
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

SCENARIOS: Final[Mapping[Key, Facts]] = {
    **_holders(),
    **_GOODS,
    **_scopes(),
    **_vehicles(),
    **_PEOPLE,
    **LOAD_SCENARIOS,
    **TANK_SCENARIOS,
    **MIXING_SCENARIOS,
    **UNIT_SCENARIOS,
    **HANDOVER_SCENARIOS,
}
VERSIONS: Final[Mapping[tuple[str, int, str], Facts]] = {
    **TANK_VERSIONS,
    **MIXING_VERSIONS,
    **UNIT_VERSIONS,
    **HANDOVER_VERSIONS,
}


def scenario(code: str, version: int, reason: str) -> Facts:
    """Return the trip on which a version of a rule gives a reason."""
    return VERSIONS.get((code, version, reason)) or SCENARIOS[code, reason]
