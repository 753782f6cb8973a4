"""Trips for the rules about vehicles, their papers, crew and the road; see `rule_scenarios`."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Final

from tests.harness.rule_facts import (
    AT,
    TODAY,
    certificate,
    driver,
    escort,
    goods,
    tank,
    tractor,
    trailer,
    waybill,
)
from tests.harness.rule_scenarios_permits import PERMIT_SCENARIOS
from tests.harness.rule_trips import packages_trip, road_trip, trip
from waybill.registry.kinds import (
    CertificateKind,
    CertificateStatus,
    TankKind,
    VehicleApproval,
)
from waybill.rules.facts import (
    Answer,
    CarriageMode,
    CertificateFacts,
    Facts,
    GoodsFacts,
    PositionFacts,
)
from waybill.rules.lifecycle import WaybillStatus

Key = tuple[str, str]

POLICY: Final = CertificateKind.LIABILITY_INSURANCE
NO_GOODS: Final = trip(goods=())


def insured_trip(*policies: CertificateFacts) -> Facts:
    """Return a trip on which the vehicle holds just these policies, the carrier none."""
    return trip(tractor=tractor(certificates=policies))


def positioned_trip(**changes: object) -> Facts:
    """Return a trip whose vehicle was seen three minutes ago, but for some changes."""
    plain = tractor().position
    assert plain is not None
    moved = replace(plain, **changes)  # type: ignore[arg-type]
    return trip(tractor=tractor(position=moved))


def explosive(**changes: object) -> GoodsFacts:
    """Return a line of detonators in packages."""
    plain: dict[str, object] = {
        "un_number": "0029",
        "division": "1.1B",
        "name_zh": "非电引爆雷管",
        "name_en": "DETONATORS, NON-ELECTRIC",
        "packing_group": "",
        "mode": CarriageMode.PACKAGES,
        "quantity_kg": Decimal(100),
        "package_provisions": ("V2",),
    }
    return goods(**{**plain, **changes})


def approved_as(approval: VehicleApproval) -> Facts:
    """Return a rigid vehicle with explosives in packages."""
    rigid = replace(packages_trip().tractor, approval=approval)  # type: ignore[type-var]
    return packages_trip(tractor=rigid, goods=(explosive(),))


_PAPERS: Final[Mapping[Key, Facts]] = {
    ("VEH-03.trailer_inspection", "no_trailer"): packages_trip(),
    ("VEH-03.insurance", "valid"): trip(),
    ("VEH-03.insurance", "certificate_missing"): insured_trip(),
    ("VEH-03.insurance", "certificate_suspended"): insured_trip(
        certificate(POLICY, status=CertificateStatus.SUSPENDED)
    ),
    ("VEH-03.insurance", "certificate_revoked"): insured_trip(
        certificate(POLICY, status=CertificateStatus.REVOKED)
    ),
    ("VEH-03.insurance", "not_yet_valid"): insured_trip(
        certificate(POLICY, valid_from=TODAY + timedelta(days=1))
    ),
    ("VEH-03.insurance", "expired"): insured_trip(
        certificate(POLICY, valid_until=TODAY - timedelta(days=1))
    ),
    ("VEH-03.insurance", "end_date_unknown"): insured_trip(certificate(POLICY, valid_until=None)),
    ("VEH-03.insurance", "not_registered"): trip(tractor=None),
}
_KINDS: Final[Mapping[Key, Facts]] = {
    ("VEH-04.tank_carriage", "approved"): trip(),
    ("VEH-04.tank_carriage", "not_approved"): trip(trailer=trailer(approval=VehicleApproval.AT)),
    ("VEH-04.tank_carriage", "not_registered"): trip(trailer=None),
    ("VEH-04.tank_carriage", "no_goods"): NO_GOODS,
    ("VEH-04.tank_carriage", "no_tank_goods"): packages_trip(),
    ("VEH-04.tank_carriage", "small_tank"): trip(
        tank=tank(kind=TankKind.TANK_CONTAINER, capacity_l=Decimal(3000))
    ),
    ("VEH-04.tank_carriage", "kind_unknown"): trip(goods=(goods(vehicle_for_tank_carriage="OX"),)),
    ("VEH-04.packages", "approved"): approved_as(VehicleApproval.EX_II),
    ("VEH-04.packages", "not_approved"): approved_as(VehicleApproval.FL),
    ("VEH-04.packages", "not_registered"): packages_trip(tractor=None, goods=(explosive(),)),
    ("VEH-04.packages", "no_goods"): NO_GOODS,
    ("VEH-04.packages", "none_asked"): trip(),
    ("VEH-04.packages", "provision_unknown"): packages_trip(
        goods=(explosive(package_provisions=()),)
    ),
}
_POSITIONS: Final[Mapping[Key, Facts]] = {
    ("VEH-06.positioning", "seen"): trip(),
    ("VEH-06.positioning", "offline"): positioned_trip(online=False),
    ("VEH-06.positioning", "from_future"): positioned_trip(reported_at=AT + timedelta(seconds=1)),
    ("VEH-06.positioning", "stale"): positioned_trip(reported_at=AT - timedelta(minutes=31)),
    ("VEH-06.positioning", "implausible"): positioned_trip(
        latitude=Decimal(0), longitude=Decimal(0)
    ),
    ("VEH-06.positioning", "no_position"): trip(tractor=tractor(position=None)),
    ("VEH-06.positioning", "place_unknown"): trip(
        tractor=tractor(position=PositionFacts(reported_at=AT, online=True))
    ),
    ("VEH-06.positioning", "not_registered"): trip(tractor=None),
}


def licensed_trip(*classes: str) -> Facts:
    """Return a trip whose driver's licence names just these classes."""
    held = certificate(CertificateKind.DRIVING_LICENCE, categories=classes)
    return trip(driver=driver(certificates=(held,)))


def endorsed_escort(*categories: str) -> dict[str, object]:
    """Return the escort with just these endorsements, as a change of a trip."""
    held = certificate(CertificateKind.ESCORT_QUALIFICATION, categories=categories)
    return {"escort": escort(certificates=(held,))}


_CREW: Final[Mapping[Key, Facts]] = {
    ("DRV-01.licence_class", "class_fits"): trip(),
    ("DRV-01.licence_class", "class_does_not_fit"): licensed_trip("B2", "C1"),
    ("DRV-01.licence_class", "class_not_recorded"): licensed_trip(),
    ("DRV-01.licence_class", "not_registered"): trip(driver=None),
    ("ESC-01.endorsement", "endorsed"): trip(goods=(explosive(),), **endorsed_escort("explosive")),
    ("ESC-01.endorsement", "no_endorsement_needed"): trip(),
    ("ESC-01.endorsement", "endorsement_missing"): trip(goods=(explosive(),)),
    ("ESC-01.endorsement", "highly_toxic_undeclared"): trip(
        goods=(goods(highly_toxic=Answer.ASK),)
    ),
    ("ESC-01.endorsement", "class_unknown"): trip(goods=(goods(division=""),)),
    ("ESC-01.endorsement", "not_registered"): trip(escort=None),
    ("ESC-01.endorsement", "no_goods"): NO_GOODS,
}


def on_road(**changes: object) -> Facts:
    """Return a trip on the road with changes of its waybill."""
    released: dict[str, object] = {"status": WaybillStatus.RELEASED, "redeemed": True}
    return road_trip(waybill=waybill(**{**released, **changes}))


_ROAD: Final[Mapping[Key, Facts]] = {
    ("DOC-01.on_road", "on_its_way"): on_road(),
    ("DOC-01.on_road", "cancelled"): on_road(status=WaybillStatus.CANCELLED),
    ("DOC-01.on_road", "not_released"): on_road(status=WaybillStatus.CLEARED),
    ("DOC-01.on_road", "too_early"): on_road(valid_from=AT + timedelta(seconds=1)),
    ("DOC-01.on_road", "too_late"): on_road(valid_until=AT),
    ("DOC-01.on_road", "validity_unknown"): on_road(valid_until=None),
}

UNIT_SCENARIOS: Final[Mapping[Key, Facts]] = {
    **_PAPERS,
    **_KINDS,
    **_POSITIONS,
    **_CREW,
    **_ROAD,
    **PERMIT_SCENARIOS,
}
UNIT_VERSIONS: Final[Mapping[tuple[str, int, str], Facts]] = {}
