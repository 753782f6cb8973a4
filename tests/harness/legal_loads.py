"""Rows of the real list as goods, in tanks and packages, for loads that are legal as a whole."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Final, TypeVar

from tests.harness.rule_facts import (
    AT,
    substance,
    tank,
    unit,
)
from tests.harness.rule_trips import (
    ANSWERS,
    packages_trip,
    scan,
)
from waybill.goods.catalogue import load
from waybill.registry.kinds import (
    CertificateKind,
    PermitKind,
    Provenance,
    TankKind,
    UnitBody,
    UnitKind,
    VehicleApproval,
)
from waybill.rules.evidence import Evidence, PhotoItem, ScanItem, ScanKind
from waybill.rules.facts import (
    CargoFacts,
    CarriageMode,
    CertificateFacts,
    Facts,
    GoodsFacts,
    PartyFacts,
    PermitFacts,
    PersonFacts,
    PhysicalState,
    TankFacts,
    UnitFacts,
)
from waybill.rules.questions import all_photos
from waybill.services.goods_facts import goods_line
from waybill.services.waybills.draft import DraftGoods

LIST: Final = load("2025")
LIQUID, SOLID, GAS = PhysicalState.LIQUID, PhysicalState.SOLID, PhysicalState.GAS
LORRY_PAPERS: Final = {
    CertificateKind.VEHICLE_LICENCE,
    CertificateKind.TECHNICAL_INSPECTION,
    CertificateKind.DRIVING_LICENCE,
}
"""Papers that any lorry and its driver have."""
PHOTOS: Final = tuple(
    PhotoItem(shows=photo.shows, sha256="0" * 64, at=AT) for photo in all_photos()
)
RecordT = TypeVar("RecordT", PartyFacts, UnitFacts, PersonFacts)


def d(text: str) -> Decimal:
    return Decimal(text)


def line(key: str, position: int = 1, /, **declared: object) -> GoodsFacts:
    """Return a goods line of a row of the list, in a tank where nothing else is said."""
    fields = {"entry_key": key, "mode": CarriageMode.TANK, **declared}
    return goods_line(position, DraftGoods(**fields), LIST)  # type: ignore[arg-type]


def box(key: str, position: int = 1, /, **declared: object) -> GoodsFacts:
    """Return a goods line in packages."""
    return line(key, position, **{"mode": CarriageMode.PACKAGES, "packages": 100, **declared})


def of_scope(facts: Facts, scope: str, *endorsements: str) -> Facts:
    """Return a trip whose carrier, units and crew may carry what a scope names, and no more."""

    def widen(record: RecordT) -> RecordT:
        papers = tuple(_widen(paper, scope, endorsements) for paper in record.certificates)
        return replace(record, certificates=papers)

    return replace(
        facts,
        carrier=facts.carrier and widen(facts.carrier),
        tractor=facts.tractor and widen(facts.tractor),
        trailer=facts.trailer and widen(facts.trailer),
        driver=facts.driver and widen(facts.driver),
        escort=facts.escort and widen(facts.escort),
        evidence=Evidence(items=(*ANSWERS, *facts.evidence.items, code(facts))),
    )


def _widen(paper: CertificateFacts, scope: str, endorsements: tuple[str, ...]) -> CertificateFacts:
    if paper.scope:
        return replace(paper, scope=scope)
    qualified = {CertificateKind.DRIVER_QUALIFICATION, CertificateKind.ESCORT_QUALIFICATION}
    return replace(paper, categories=endorsements) if paper.kind in qualified else paper


def code(facts: Facts) -> ScanItem:
    """Return the waybill's code with the goods of the trip."""
    goods = tuple(
        (each.un_number, each.packing_group, int(each.quantity_kg), "kg") for each in facts.goods
    )
    return scan(ScanKind.WAYBILL, facts.waybill.id, revision=facts.waybill.revision, goods=goods)


def last(key: str, technical_name: str = "") -> tuple[CargoFacts, ...]:
    return (
        CargoFacts(
            compartment=0,
            entry_key=key,
            un_number=key[:4],
            technical_name=technical_name,
            loaded_at=AT - timedelta(days=2),
        ),
    )


def held(key: str, technical_name: str = "", /, **changes: object) -> TankFacts:
    """Return a tank that is approved for one row alone, and held it last."""
    named = substance(key[:4], technical_name=technical_name)
    fields = {
        "approved_substances": (named,),
        "last_cargoes": last(key, technical_name),
        **changes,
    }
    return tank(**fields)


def container(key: str, **changes: object) -> TankFacts:
    """Return a tank-container, which is load on its trailer."""
    return replace(
        held(key, approved_substances=(), mounted_on_id=None, tare_kg=d("6000"), **changes),
        kind=TankKind.TANK_CONTAINER,
    )


def permit(kind: PermitKind, number: str, **changes: object) -> PermitFacts:
    """Return a permit for today from Huai'an to Suqian."""
    plain = PermitFacts(
        kind=kind,
        number=number,
        provenance=Provenance.TYPED,
        plates=("苏H12345",),
        valid_from=AT.date(),
        valid_until=AT.date(),
        from_area_code="320800",
        to_area_code="321300",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def lorry(*lines: GoodsFacts, **changes: object) -> Facts:
    """Return a box lorry with packages, approved for nothing."""
    rigid = unit(
        UnitKind.RIGID,
        rated_load_kg=d("9900"),
        body=UnitBody.VAN,
        **{"approval": VehicleApproval.NONE, **changes},
    )
    return packages_trip(goods=lines, tractor=rigid)
