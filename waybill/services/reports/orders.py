"""Asking for reports and reading them; ordering one and fetching one are events."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock, local_date
from waybill.errors import NotFoundError
from waybill.registry.access import Actor, Permission
from waybill.services.paging import Page, PageRequest, page_of
from waybill.services.registry.listing import FIRST_PAGE
from waybill.services.reports.definition import SECTIONS
from waybill.services.reports.making import sections_done
from waybill.services.reports.periods import Period, checked_period
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.reports import OrderStatus, ReportOrderRow, ReportRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOrder:
    """A report that was asked for: how many of its sections are counted, and its id once made."""

    id: UUID
    ordered_at: datetime
    from_on: date
    until_on: date
    status: OrderStatus
    sections_done: int
    sections: int
    report_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportEntry:
    """A report in a list. `digest` is the SHA-256 of its bytes, hexadecimal."""

    id: UUID
    made_at: datetime
    from_on: date
    until_on: date
    size: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(ReportEntry):
    """A report whole: the canonical bytes and the detached JWS over them."""

    content: bytes
    document_jws: str
    kid: str
    event_id: UUID


def order_report(
    session: Session, actor: Actor, from_on: date, until_on: date, *, clock: Clock
) -> ReportOrder:
    """Ask for the report of some days (Asia/Shanghai, both in); the worker makes it.

    Raises:
        ForbiddenError: the account makes no reports.
        InvalidFieldError: no report can be made of this period.
    """
    actor.require(Permission.WRITE_REPORTS)
    now = clock.now()
    period = checked_period(from_on, until_on, today=local_date(now))
    row = ReportOrderRow(
        ordered_at=now,
        ordered_by=actor.user_id,
        organisation_id=actor.organisation_id,
        from_on=period.from_on,
        until_on=period.until_on,
    )
    session.add(row)
    session.flush()
    _tell(session, EventKind.REPORT_ORDERED, actor, {"order": str(row.id)}, period, now=now)
    return _order(row, 0)


def get_order(session: Session, actor: Actor, order_id: UUID) -> ReportOrder:
    """Return an order with its progress.

    Raises:
        NotFoundError: there is none.
    """
    actor.require(Permission.READ_REPORTS)
    row = session.get(ReportOrderRow, order_id)
    if row is None:
        raise NotFoundError("report order", order_id)
    return _order(row, sections_done(row))


def list_open_orders(session: Session, actor: Actor) -> tuple[ReportOrder, ...]:
    """Return the orders that are not finished, and those that failed; the newest fifty."""
    actor.require(Permission.READ_REPORTS)
    rows = session.scalars(
        select(ReportOrderRow)
        .where(ReportOrderRow.status != OrderStatus.DONE)
        .order_by(ReportOrderRow.id.desc())
        .limit(50)
    )
    return tuple(_order(row, sections_done(row)) for row in rows)


def list_reports(
    session: Session, actor: Actor, *, page: PageRequest = FIRST_PAGE
) -> Page[ReportEntry]:
    """Return a page of the reports, newest first."""
    actor.require(Permission.READ_REPORTS)
    statement = select(ReportRow)
    if page.after is not None:
        statement = statement.where(ReportRow.id < page.after)
    rows = session.scalars(statement.order_by(ReportRow.id.desc()).limit(page.limit + 1)).all()
    return page_of(rows, page, item=_entry, key=lambda row: row.id)


def get_report(session: Session, actor: Actor, report_id: UUID) -> Report:
    """Return a report whole.

    Raises:
        NotFoundError: there is none.
    """
    actor.require(Permission.READ_REPORTS)
    return find_report(session, report_id)


def fetch_report(
    session: Session, actor: Actor, report_id: UUID, form: str, *, clock: Clock
) -> Report:
    """Return a report to be taken away in some form (`pdf`, `xlsx`, `json`, `jws`): an event.

    Raises:
        NotFoundError: there is none.
    """
    report = get_report(session, actor, report_id)
    period = Period(from_on=report.from_on, until_on=report.until_on)
    data = {"report": str(report.id), "form": form}
    _tell(session, EventKind.REPORT_FETCHED, actor, data, period, now=clock.now())
    return report


def find_report(session: Session, report_id: UUID) -> Report:
    """Return a report whole, to whoever may see it by other means.

    Raises:
        NotFoundError: there is none.
    """
    row = session.get(ReportRow, report_id)
    if row is None:
        raise NotFoundError("report", report_id)
    return Report(
        id=row.id,
        made_at=row.made_at,
        from_on=row.from_on,
        until_on=row.until_on,
        size=row.size,
        digest=row.digest,
        content=row.content,
        document_jws=row.document_jws,
        kid=row.kid,
        event_id=row.event_id,
    )


def _tell(
    session: Session,
    kind: EventKind,
    actor: Actor,
    data: dict[str, str],
    period: Period,
    *,
    now: datetime,
) -> None:
    told = {**data, "from": period.from_on.isoformat(), "until": period.until_on.isoformat()}
    record_event(session, Event(kind=kind, at=now, actor=actor, data=told))


def _entry(row: ReportRow) -> ReportEntry:
    return ReportEntry(
        id=row.id,
        made_at=row.made_at,
        from_on=row.from_on,
        until_on=row.until_on,
        size=row.size,
        digest=row.digest,
    )


def _order(row: ReportOrderRow, done: int) -> ReportOrder:
    return ReportOrder(
        id=row.id,
        ordered_at=row.ordered_at,
        from_on=row.from_on,
        until_on=row.until_on,
        status=row.status,
        sections_done=done,
        sections=len(SECTIONS),
        report_id=row.report_id,
    )
