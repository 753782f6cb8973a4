"""Writing the demonstration's waybills: each case issued for today, some already further on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Literal
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from api.demo import fleet
from api.demo.case import Case, Twist
from api.demo.cases import CASES
from api.demo.products import PRODUCTS
from api.demo.register import Register
from waybill.clock import SHANGHAI, Clock, local_date
from waybill.document import LastCargo, Permit, Unit, WaybillContent, parse_waybill
from waybill.registry.access import Actor
from waybill.registry.kinds import PermitKind
from waybill.rules.asking import asked_questions
from waybill.rules.evidence import (
    AnswerItem,
    LoadedLine,
    LoadingItem,
    PlateItem,
    PresenceItem,
    Presentation,
    ScanItem,
    ScanKind,
)
from waybill.rules.facts import Answer, CarriageMode
from waybill.rules.finding import Phase
from waybill.services.checks.deciding import decide_check
from waybill.services.checks.evidence import add_evidence
from waybill.services.checks.opening import open_check
from waybill.services.checks.queries import get_check
from waybill.services.checks.releasing import release_load
from waybill.services.keys import KeyRing
from waybill.services.waybills.cancelling import cancel_waybill
from waybill.services.waybills.draft import Destination, Draft, DraftGoods
from waybill.services.waybills.drafts import create_draft
from waybill.services.waybills.issuing import IssuedWaybill, IssueTerms, issue_waybill
from waybill.storage.waybills import WaybillRevisionRow

CHLORINE: Final = "1017"
SOON: Final = timedelta(hours=1)
EMERGENCY_PHONE: Final = "0517-80000119"
DESTINATION: Final = Destination(area_code="321300", address="邻州市工业大道 66 号 卸车场")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What the trips are played on: the register, the keys, the clock."""

    register: Register
    terms: IssueTerms

    @property
    def clock(self) -> Clock:
        """The clock of the installation."""
        return self.terms.clock

    @property
    def keys(self) -> KeyRing:
        """The keys of the installation."""
        return self.terms.keys

    def carrier(self, case: Case) -> Actor:
        """Return the account that dispatches a case."""
        users = self.register.users
        return users["carrier" if case.owner == "anda" else f"carrier-{case.owner}"]


def planned_for(now: datetime) -> datetime:
    """Return a loading time soon, but still today in Shanghai."""
    local = now.astimezone(SHANGHAI)
    end_of_day = local.replace(hour=23, minute=59, second=0, microsecond=0)
    return min(local + SOON, max(end_of_day, local)).replace(second=0, microsecond=0)


def remark_of(case: Case) -> str:
    """Return the remark by which a case's waybill is found again."""
    return f"演示：{case.title_zh}"


def draft_of(case: Case, register: Register, planned: datetime) -> Draft:
    """Return a case as its carrier writes it."""
    return Draft(
        consignor_id=register.organisations["consignor"],
        consignee_id=register.organisations["consignee"],
        facility_id=register.facility,
        vehicle_id=register.vehicles[case.tractor],
        trailer_id=register.vehicles[case.trailer] if case.trailer else None,
        tank_id=register.tanks[case.tank] if case.tank else None,
        driver_id=register.people[case.driver],
        escort_id=register.people[case.escort],
        planned_loading_at=planned,
        destination=DESTINATION,
        goods=(_line_of(case),),
        emergency_phone=EMERGENCY_PHONE,
        remarks=remark_of(case),
        foodstuffs=Answer.YES if case.food else Answer.NO,
        permits=_permits(case, planned),
        last_cargoes=_last_cargo(case),
    )


def _line_of(case: Case) -> DraftGoods:
    product, packed = PRODUCTS[case.entry], case.packed
    line = DraftGoods(
        entry_key=case.entry,
        quantity_kg=Decimal(case.quantity_kg),
        mode=CarriageMode.TANK,
        compartment=1,
        physical_state=product.state,
        density_kg_l=product.density_kg_l,
        density_50_kg_l=product.density_50_kg_l,
        filling_temperature_c=product.filling_temperature_c,
    )
    if packed is None:
        return line
    return msgspec.structs.replace(
        line,
        mode=CarriageMode.PACKAGES,
        compartment=None,
        quantity_l=_litres(line),
        packaging=packed.packaging,
        packages=packed.packages,
        regime=packed.regime,
        inner_l=packed.inner_l,
        package_gross_kg=packed.package_gross_kg,
        gross_mass_kg=packed.gross_mass_kg,
    )


def _litres(line: DraftGoods) -> Decimal | None:
    """Return a quantity in whole litres, as the labels of its packages add up."""
    if line.density_kg_l is None:
        return None
    return (line.quantity_kg / line.density_kg_l).quantize(Decimal(1))


def _permits(case: Case, planned: datetime) -> tuple[Permit, ...]:
    """Return the pass for highly toxic chemicals where the goods are (chlorine)."""
    if case.entry != CHLORINE or case.without_pass:
        return ()
    return (
        Permit(
            kind=PermitKind.HIGHLY_TOXIC_PASS,
            number="320000123",
            un_numbers=(CHLORINE,),
            quantity_kg=Decimal(case.quantity_kg),
            plates=(case.tractor, case.trailer),
            valid_from=local_date(planned),
            valid_until=local_date(planned),
            from_area_code=fleet.FACILITY[1],
            to_area_code=DESTINATION.area_code,
            route="示例市园区一路—示例市北环路—邻州市工业大道",
        ),
    )


def _last_cargo(case: Case) -> tuple[LastCargo, ...]:
    if not case.tank:
        return ()
    row = case.last_cargo or case.entry
    return (LastCargo(compartment=0, entry_key=row, un_number=row[:4]),)


def write_trips(session: Session, stage: Stage) -> Mapping[str, UUID]:
    """Write every case's waybill for today and return their ids by case."""
    return {case.key: _write_trip(session, stage, case) for case in CASES}


def _write_trip(session: Session, stage: Stage, case: Case) -> UUID:
    carrier = stage.carrier(case)
    draft = draft_of(case, stage.register, planned_for(stage.clock.now()))
    waybill_id = create_draft(session, carrier, draft, clock=stage.clock)
    if case.twist is Twist.NOT_ISSUED:
        return waybill_id
    issued = issue_waybill(
        session, carrier, waybill_id, expected_version=1, accept_findings=True, terms=stage.terms
    )
    if case.twist is Twist.CANCELLED:
        cancel_waybill(
            session,
            carrier,
            waybill_id,
            reason="客户取消订单（演示）",
            expected_version=issued.version,
            clock=stage.clock,
        )
    if case.twist is Twist.USED_TWICE:
        run_trip(session, stage, issued)
    return waybill_id


def run_trip(session: Session, stage: Stage, issued: IssuedWaybill) -> None:
    """Play a clean trip through the bay: checked, cleared, loaded, released."""
    loader = stage.register.users["loader"]
    keys, clock = stage.keys, stage.clock
    revision = session.get_one(WaybillRevisionRow, (issued.id, issued.revision))
    content = parse_waybill(revision.document)
    opened = open_check(
        session, loader, stage.register.bays[0], waybill_scan(content, clock.now()), clock=clock
    )
    if opened.check_id is None:
        raise RuntimeError(f"the demonstration's waybill was refused: {opened.problem}")
    for item in seen_at_bay(content, stage, clock.now()):
        add_evidence(session, loader, opened.check_id, item, keys=keys, clock=clock)
    answer_everything(session, stage, opened.check_id, Phase.BEFORE_LOADING)
    decided = decide_check(session, loader, opened.check_id, keys=keys, clock=clock)
    if not decided.cleared:
        standing = [finding.code for finding in decided.verdict.assessment.standing]
        raise RuntimeError(f"the demonstration's clean trip was refused: {standing}")
    answer_everything(session, stage, opened.check_id, Phase.AFTER_LOADING)
    release_load(
        session,
        loader,
        opened.check_id,
        loading_of(content, clock.now()),
        keys=keys,
        clock=clock,
    )


def answer_everything(session: Session, stage: Stage, check_id: UUID, phase: Phase) -> None:
    """Say yes to all that is asked at a stage, as at a clean trip."""
    loader, now = stage.register.users["loader"], stage.clock.now()
    check = get_check(session, loader, check_id, keys=stage.keys, clock=stage.clock)
    for asked in asked_questions(check.facts, phase, local_date(now)):
        item = AnswerItem(question=asked.id, answer="yes", at=now)
        add_evidence(session, loader, check_id, item, keys=stage.keys, clock=stage.clock)


def waybill_scan(content: WaybillContent, at: datetime) -> ScanItem:
    """Return what the waybill's genuine code reads as."""
    return ScanItem(
        kind=ScanKind.WAYBILL,
        presentation=Presentation.SIGNED_QR,
        subject=content.id,
        at=at,
        revision=content.revision,
        goods=tuple(
            (item.un_number, item.packing_group, int(item.quantity_kg), "kg")
            for item in content.goods
        ),
    )


def seen_at_bay(
    content: WaybillContent, stage: Stage, at: datetime
) -> tuple[ScanItem | PlateItem | PresenceItem, ...]:
    """Return everything a careful loader scans and sees at a clean trip."""
    supervisor = stage.register.references["plant-supervisor"]
    cards = [
        (ScanKind.VEHICLE, content.vehicle.plate),
        (ScanKind.DRIVER, content.driver.reference),
        (ScanKind.ESCORT, content.escort.reference),
    ]
    plates = [_plate("tractor", content.vehicle, at)]
    if content.trailer is not None:
        cards.append((ScanKind.TRAILER, content.trailer.plate))
        plates.append(_plate("trailer", content.trailer, at))
    if content.tank is not None:
        cards.append((ScanKind.TANK, content.tank.number))
    return (
        *(_card(kind, subject, at) for kind, subject in cards),
        *plates,
        PresenceItem(role="driver", reference=content.driver.reference, present=True, at=at),
        PresenceItem(role="escort", reference=content.escort.reference, present=True, at=at),
        PresenceItem(role="supervisor", reference=f"s_{supervisor}", present=True, at=at),
    )


def _card(kind: ScanKind, subject: str, at: datetime) -> ScanItem:
    return ScanItem(
        kind=kind,
        presentation=Presentation.SIGNED_QR,
        subject=subject,
        at=at,
        card_version=1,
    )


def _plate(unit: Literal["tractor", "trailer"], seen: Unit, at: datetime) -> PlateItem:
    return PlateItem(
        unit=unit, plate=seen.plate, plate_colour=seen.plate_colour, how="typed", at=at
    )


def loading_of(content: WaybillContent, at: datetime) -> LoadingItem:
    """Return a loading record of what was planned, begun and ended at a moment."""
    return LoadingItem(
        lines=tuple(
            LoadedLine(position=item.position, quantity_kg=item.quantity_kg)
            for item in content.goods
        ),
        started_at=at,
        finished_at=at,
        at=at,
        seals=("DEMO-000123",),
    )
