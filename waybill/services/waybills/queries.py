"""Reading waybills: who may see which, one whole, and lists by key."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from waybill.clock import SHANGHAI
from waybill.document import WaybillContent, parse_waybill
from waybill.errors import NotFoundError
from waybill.registry.access import Actor
from waybill.rules.assess import findings_from_bytes
from waybill.rules.finding import Finding, Phase
from waybill.rules.lifecycle import WaybillStatus
from waybill.services.paging import Page, PageRequest, page_of
from waybill.services.waybills.draft import Draft
from waybill.storage.registry import OrganisationRow, VehicleRow
from waybill.storage.waybill_lists import WaybillList, newest
from waybill.storage.waybills import (
    ClearanceRow,
    ReleaseRow,
    VerdictRow,
    WaybillGoodsRow,
    WaybillRevisionRow,
    WaybillRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaybillSummary:
    """A line of a list. `plate` and `goods` follow the newest revision, or the draft.

    `attention_since` is when a later pre-clearance first said what did not stand at issue.
    """

    id: UUID
    number: str | None
    status: WaybillStatus
    revision: int
    version: int
    carrier_id: UUID
    carrier_name: str
    facility_id: UUID | None
    plate: str
    plate_colour: str
    goods: tuple[str, ...]
    planned_loading_at: datetime | None
    created_at: datetime
    issued_at: datetime | None
    attention_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A signed revision: the bytes, what signs them, and the code."""

    revision: int
    signed_at: datetime
    document: bytes
    digest: str
    document_jws: str
    qr_text: str
    kid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVerdict:
    """A verdict as it was kept."""

    id: UUID
    judged_at: datetime
    phase: Phase
    edition: str
    clears: bool
    digest: str
    check_id: UUID | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waybill:
    """A waybill whole. `draft` is given to its owner, `content` once it is issued."""

    summary: WaybillSummary
    draft: Draft | None
    content: WaybillContent | None
    revisions: tuple[Revision, ...]
    verdicts: tuple[StoredVerdict, ...]
    cleared_at: datetime | None
    released_at: datetime | None
    loading_record: bytes | None
    loading_record_jws: str
    cancelled_at: datetime | None
    cancel_reason: str

    @property
    def version(self) -> int:
        """How often it was changed, and once more."""
        return self.summary.version

    def revision(self, number: int | None = None) -> Revision:
        """Return a signed revision, the newest where no number is given.

        Raises:
            NotFoundError: there is none with this number, or none at all.
        """
        wanted = len(self.revisions) if number is None else number
        for revision in self.revisions:
            if revision.revision == wanted:
                return revision
        raise NotFoundError("revision", wanted)

    def released_record(self) -> tuple[bytes, str]:
        """Return the bytes of the loading record and their signature.

        Raises:
            NotFoundError: it was not released.
        """
        if self.loading_record is None:
            raise NotFoundError("loading-record", self.summary.id)
        return self.loading_record, self.loading_record_jws


@dataclass(frozen=True, slots=True, kw_only=True)
class WaybillFilter:
    """What a list is narrowed by; empty fields narrow nothing.

    `planned_on` is the calendar date, in Asia/Shanghai, for which the loading is planned.
    `attention` keeps those whose pre-clearance has changed for the worse since issue.
    """

    status: WaybillStatus | None = None
    number: str = ""
    plate: str = ""
    facility_id: UUID | None = None
    planned_on: date | None = None
    attention: bool = False


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition under which an account may see a waybill.

    A draft is its owner's alone. Issued ones are seen by the parties named and by oversight.
    """
    own = WaybillRow.carrier_id == actor.organisation_id
    issued = WaybillRow.status != WaybillStatus.DRAFT
    if actor.oversees:
        return or_(own, issued)
    named = (WaybillRow.consignor_id, WaybillRow.consignee_id, WaybillRow.loader_id)
    return or_(own, *(and_(issued, party == actor.organisation_id) for party in named))


def get_waybill(session: Session, actor: Actor, waybill_id: UUID) -> Waybill:
    """Return a waybill that the account may see.

    Raises:
        NotFoundError: there is none that it may see.
    """
    row = session.scalar(select(WaybillRow).where(WaybillRow.id == waybill_id, visible_to(actor)))
    if row is None:
        raise NotFoundError("waybill", waybill_id)
    revisions = session.scalars(
        select(WaybillRevisionRow)
        .where(WaybillRevisionRow.waybill_id == row.id)
        .order_by(WaybillRevisionRow.revision)
    ).all()
    verdicts = session.scalars(
        select(VerdictRow).where(VerdictRow.waybill_id == row.id).order_by(VerdictRow.id)
    ).all()
    clearance = session.get(ClearanceRow, row.id)
    release = session.get(ReleaseRow, row.id)
    owner = row.carrier_id == actor.organisation_id
    return Waybill(
        summary=summarise(session, [row])[0],
        draft=Draft.from_json(row.draft) if owner else None,
        content=parse_waybill(revisions[-1].document) if revisions else None,
        revisions=tuple(_revision(revision) for revision in revisions),
        verdicts=tuple(stored_verdict(verdict) for verdict in verdicts),
        cleared_at=clearance.cleared_at if clearance else None,
        released_at=release.released_at if release else None,
        loading_record=release.loading_record if release else None,
        loading_record_jws=release.document_jws if release else "",
        cancelled_at=row.cancelled_at,
        cancel_reason=row.cancel_reason,
    )


def list_waybills(
    session: Session, actor: Actor, wanted: WaybillFilter, page: PageRequest
) -> Page[WaybillSummary]:
    """Return waybills that the account may see, newest first."""
    many = page.limit + 1
    listed = WaybillList(
        organisation_id=actor.organisation_id,
        oversees=actor.oversees,
        status=WaybillStatus.ISSUED if wanted.attention else wanted.status,
        facility_id=wanted.facility_id,
        sought=tuple(_sought(wanted)),
        others=tuple(_others(wanted)),
    )
    ids = newest(listed, after=page.after, many=many)
    statement = select(WaybillRow).where(WaybillRow.id.in_(ids))
    rows = session.scalars(statement.order_by(WaybillRow.id.desc()).limit(many)).all()
    cut = page_of(rows, page, item=lambda row: row, key=lambda row: row.id)
    return Page(items=tuple(summarise(session, list(cut.items))), next_after=cut.next_after)


def _sought(wanted: WaybillFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.number:
        yield WaybillRow.number == wanted.number
    if wanted.plate:
        units = select(VehicleRow.id).where(VehicleRow.plate == wanted.plate)
        yield or_(WaybillRow.vehicle_id.in_(units), WaybillRow.trailer_id.in_(units))


def _others(wanted: WaybillFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.attention:
        yield WaybillRow.attention_since.is_not(None)
        if wanted.status is not None:
            yield WaybillRow.status == wanted.status
    if wanted.planned_on is not None:
        begins_at = datetime.combine(wanted.planned_on, time.min, SHANGHAI)
        yield WaybillRow.planned_loading_at >= begins_at
        yield WaybillRow.planned_loading_at < begins_at + timedelta(days=1)


def summarise(session: Session, rows: list[WaybillRow]) -> list[WaybillSummary]:
    """Return lines of a list, with the names and plates they show, for rows already read."""
    carriers = {
        row.id: row.name
        for row in session.execute(
            select(OrganisationRow.id, OrganisationRow.name).where(
                OrganisationRow.id.in_({row.carrier_id for row in rows})
            )
        )
    }
    units = {
        row.id: (row.plate, row.plate_colour.value)
        for row in session.execute(
            select(VehicleRow.id, VehicleRow.plate, VehicleRow.plate_colour).where(
                VehicleRow.id.in_({row.vehicle_id for row in rows if row.vehicle_id})
            )
        )
    }
    goods: dict[UUID, list[str]] = {row.id: [] for row in rows}
    lines = session.execute(
        select(WaybillGoodsRow.waybill_id, WaybillGoodsRow.un_number)
        .where(WaybillGoodsRow.waybill_id.in_(goods))
        .order_by(WaybillGoodsRow.position)
    )
    for waybill_id, un_number in lines:
        goods[waybill_id].append(un_number)
    return [_summary(row, carriers, units, goods[row.id]) for row in rows]


def _summary(
    row: WaybillRow,
    carriers: dict[UUID, str],
    units: dict[UUID, tuple[str, str]],
    goods: list[str],
) -> WaybillSummary:
    plate, colour = units.get(row.vehicle_id, ("", "")) if row.vehicle_id else ("", "")
    return WaybillSummary(
        id=row.id,
        number=row.number,
        status=row.status,
        revision=row.revision,
        version=row.version,
        carrier_id=row.carrier_id,
        carrier_name=carriers.get(row.carrier_id, ""),
        facility_id=row.facility_id,
        plate=plate,
        plate_colour=colour,
        goods=tuple(goods),
        planned_loading_at=row.planned_loading_at,
        created_at=row.created_at,
        issued_at=row.issued_at,
        attention_since=row.attention_since if row.status is WaybillStatus.ISSUED else None,
    )


def _revision(row: WaybillRevisionRow) -> Revision:
    return Revision(
        revision=row.revision,
        signed_at=row.signed_at,
        document=row.document,
        digest=row.digest,
        document_jws=row.document_jws,
        qr_text=row.qr_text,
        kid=row.kid,
    )


def stored_verdict(row: VerdictRow) -> StoredVerdict:
    """Return a kept verdict with its findings read back."""
    return StoredVerdict(
        id=row.id,
        judged_at=row.judged_at,
        phase=row.phase,
        edition=row.edition,
        clears=row.clears,
        digest=row.digest,
        check_id=row.check_id,
        findings=findings_from_bytes(row.findings),
    )
