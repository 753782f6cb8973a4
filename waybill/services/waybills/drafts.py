"""Drafts: written, changed and thrown away by their owner alone."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock, local_date
from waybill.errors import FieldProblem, InvalidFieldError, NotFoundError
from waybill.goods.catalogue import UnknownEntryError, catalogue
from waybill.qr_payload.claims import MAX_GOODS_LINES
from waybill.registry.access import Actor
from waybill.registry.kinds import OrganisationRole, RecordStatus
from waybill.rules.lifecycle import Act, WaybillStatus, check_transition
from waybill.services.waybills.draft import Draft, DraftGoods
from waybill.services.waybills.versions import refuse_other_version
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.registry import (
    FacilityRow,
    OrganisationRow,
    PersonRow,
    TankRow,
    VehicleRow,
)
from waybill.storage.waybills import WaybillRow

MAX_QUANTITY: Final = 10_000_000
"""Kilograms, litres or packages on one line: beyond any vehicle, and within the columns."""

QUANTITIES: Final = (
    "quantity_kg",
    "quantity_l",
    "packages",
    "density_kg_l",
    "density_50_kg_l",
    "viscosity_mm2_s",
    "gross_mass_kg",
    "package_gross_kg",
    "package_net_l",
    "package_net_kg",
    "inner_l",
    "inner_kg",
    "net_explosive_mass_kg",
)
"""Figures of a goods line that are more than nothing where they are given."""

OwnRow = type[VehicleRow] | type[TankRow] | type[PersonRow]

OWN_FIELDS: tuple[tuple[str, OwnRow], ...] = (
    ("vehicle_id", VehicleRow),
    ("trailer_id", VehicleRow),
    ("tank_id", TankRow),
    ("driver_id", PersonRow),
    ("escort_id", PersonRow),
)
"""Fields of a draft that name a record of the carrier's own register."""


def create_draft(session: Session, actor: Actor, draft: Draft, *, clock: Clock) -> UUID:
    """Start a waybill and return its id.

    Raises:
        InvalidFieldError: names every record or goods row that is not there to be used.
    """
    now = clock.now()
    row = WaybillRow(carrier_id=actor.organisation_id, created_at=now, draft={})
    _write(session, row, draft, now)
    session.add(row)
    session.flush()
    _record(session, actor, EventKind.WAYBILL_DRAFTED, row.id, now)
    return row.id


def change_draft(
    session: Session,
    actor: Actor,
    waybill_id: UUID,
    draft: Draft,
    *,
    expected_version: int,
    clock: Clock,
) -> int:
    """Replace what a draft says and return its new version."""
    row = own_draft(session, actor, waybill_id, Act.EDIT, expected_version)
    _write(session, row, draft, clock.now())
    session.flush()
    _record(session, actor, EventKind.WAYBILL_DRAFT_CHANGED, row.id, clock.now())
    return row.version


def discard_draft(
    session: Session, actor: Actor, waybill_id: UUID, *, expected_version: int, clock: Clock
) -> None:
    """Throw a draft away; that there was one stays in the log."""
    row = own_draft(session, actor, waybill_id, Act.DISCARD, expected_version)
    session.delete(row)
    session.flush()
    _record(session, actor, EventKind.WAYBILL_DRAFT_DISCARDED, waybill_id, clock.now())


def own_draft(
    session: Session, actor: Actor, waybill_id: UUID, act: Act, expected_version: int
) -> WaybillRow:
    """Lock a waybill of the actor's organisation for an act that only a draft allows.

    Raises:
        NotFoundError: there is none, or it is another carrier's.
        StateError: it is no draft any more.
        PreconditionFailedError: it was changed since it was seen.
    """
    row = session.scalar(
        select(WaybillRow)
        .where(WaybillRow.id == waybill_id, WaybillRow.carrier_id == actor.organisation_id)
        .with_for_update()
    )
    if row is None:
        raise NotFoundError("waybill", waybill_id)
    check_transition(row.status, act)
    refuse_other_version(row.version, expected_version)
    return row


def _write(session: Session, row: WaybillRow, draft: Draft, now: datetime) -> None:
    """Put a draft into its row: the JSON as written, the columns for search and facts."""
    problems = [*_foreign(session, row.carrier_id, draft), *draft_problems(session, draft, now)]
    if problems:
        raise InvalidFieldError(problems)
    fill_row(session, row, draft)


def draft_problems(session: Session, draft: Draft, now: datetime) -> Iterable[FieldProblem]:
    """Name parties, place and goods of a draft that are not there to be used."""
    facility = session.get(FacilityRow, draft.facility_id) if draft.facility_id else None
    yield from _parties(session, draft)
    yield from _places(session, draft, facility)
    yield from _goods(draft, now)


def fill_row(session: Session, row: WaybillRow, draft: Draft) -> None:
    """Write a draft into the columns of a row, which may be in no session."""
    facility = session.get(FacilityRow, draft.facility_id) if draft.facility_id else None
    row.draft = draft.to_json()
    row.consignor_id, row.consignee_id = draft.consignor_id, draft.consignee_id
    row.facility_id = draft.facility_id
    row.loader_id = facility.organisation_id if facility else None
    row.vehicle_id, row.trailer_id = draft.vehicle_id, draft.trailer_id
    row.tank_id, row.driver_id, row.escort_id = draft.tank_id, draft.driver_id, draft.escort_id
    row.planned_loading_at = draft.planned_loading_at


def _foreign(session: Session, carrier_id: UUID, draft: Draft) -> Iterable[FieldProblem]:
    """Name records that are not the carrier's: whether they exist elsewhere is not said."""
    for field, row in OWN_FIELDS:
        wanted: UUID | None = getattr(draft, field)
        if wanted is None:
            continue
        found = session.scalar(
            select(row.id).where(
                row.id == wanted,
                row.organisation_id == carrier_id,
                row.status != RecordStatus.RETIRED,
            )
        )
        if found is None:
            yield _unknown(f"/{field}", "本单位没有这条登记。", "Your register has no such record.")


def _parties(session: Session, draft: Draft) -> Iterable[FieldProblem]:
    for field, role in (
        ("consignor_id", OrganisationRole.CONSIGNOR),
        ("consignee_id", OrganisationRole.CONSIGNEE),
    ):
        wanted: UUID | None = getattr(draft, field)
        found = session.get(OrganisationRow, wanted) if wanted else None
        if wanted and (found is None or role.value not in found.roles):
            yield _unknown(
                f"/{field}",
                "没有登记为该角色的单位。",
                f"No organisation with this id is registered as {role.value}.",
            )


def _places(session: Session, draft: Draft, facility: FacilityRow | None) -> Iterable[FieldProblem]:
    if draft.facility_id is None:
        return
    loader = session.get(OrganisationRow, facility.organisation_id) if facility else None
    if loader is None or OrganisationRole.LOADER.value not in loader.roles:
        yield _unknown("/facility_id", "没有这个装货地点。", "There is no such loading place.")


def _goods(draft: Draft, now: datetime) -> Iterable[FieldProblem]:
    if len(draft.goods) > MAX_GOODS_LINES:
        yield FieldProblem(
            pointer="/goods",
            code="too-many-lines",
            message_zh=f"一份运单最多 {MAX_GOODS_LINES} 行货物：请分开填写。",
            message_en=f"A waybill has at most {MAX_GOODS_LINES} goods lines: split it.",
        )
    goods_list = catalogue(local_date(max(now, draft.planned_loading_at or now)))
    for number, line in enumerate(draft.goods):
        yield from _quantities(f"/goods/{number}", line)
        try:
            goods_list.get(line.entry_key)
        except UnknownEntryError:
            yield _unknown(
                f"/goods/{number}/entry_key",
                "危险货物一览表中没有这一行：请重新选择货物。",
                "The dangerous goods list has no such row: pick the goods again.",
            )


def _quantities(pointer: str, line: DraftGoods) -> Iterable[FieldProblem]:
    """Name quantities that no load can have, whichever door they came through."""
    for field in QUANTITIES:
        quantity: Decimal | int | None = getattr(line, field)
        if quantity is not None and not 0 < quantity < MAX_QUANTITY:
            yield FieldProblem(
                pointer=f"{pointer}/{field}",
                code="quantity-out-of-range",
                message_zh="数量应大于零，且在合理范围内。",
                message_en="A quantity is more than nothing, and within reason.",
            )


def _unknown(pointer: str, zh: str, en: str) -> FieldProblem:
    return FieldProblem(pointer=pointer, code="unknown-reference", message_zh=zh, message_en=en)


def _record(
    session: Session, actor: Actor, kind: EventKind, waybill_id: UUID, at: datetime
) -> None:
    subjects = (
        Subject(SubjectKey.WAYBILL, str(waybill_id)),
        Subject(SubjectKey.ORGANISATION, str(actor.organisation_id)),
    )
    data = {"waybill": str(waybill_id), "status": WaybillStatus.DRAFT.value}
    record_event(session, Event(kind=kind, at=at, actor=actor, data=data, subjects=subjects))
