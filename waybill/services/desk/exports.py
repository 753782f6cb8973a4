"""Exports of a search: asked for here, made by the worker, fetched here. Each step is an event."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue, least_id_at, new_id
from waybill.errors import FieldProblem, InvalidFieldError, NotFoundError, StateError
from waybill.registry.access import Actor, Permission
from waybill.services.desk.searches import query_from_json, query_to_json
from waybill.services.event_search import EventQuery, wanted_of
from waybill.services.paging import Page, PageRequest, page_of
from waybill.services.registry.listing import FIRST_PAGE
from waybill.storage.desk import ExportJobRow, ExportStatus
from waybill.storage.events import Event, EventKind, record_event

MAX_OPEN: Final = 3
"""How many exports an account may have under way."""
OPEN: Final = (ExportStatus.REQUESTED, ExportStatus.RUNNING)


class ExportFormat(StrEnum):
    """As what rows are written; an export may have several."""

    CSV = "csv"
    NDJSON = "ndjson"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """An export and how far it is. `size` is in bytes, `sha256` hexadecimal, both of its file."""

    id: UUID
    requested_at: datetime
    query: EventQuery
    formats: tuple[ExportFormat, ...]
    status: ExportStatus
    rows_done: int
    rows_estimated: int | None
    ended_at: datetime | None
    size: int | None
    sha256: str | None
    fault: str

    @property
    def under_way(self) -> bool:
        """Whether it is still to be done, or being done."""
        return self.status in OPEN


def export_path(folder: Path, export_id: UUID) -> Path:
    """Return where the file of an export lies."""
    return folder / f"{export_id}.zip"


def request_export(
    session: Session,
    actor: Actor,
    query: EventQuery,
    formats: tuple[ExportFormat, ...],
    *,
    clock: Clock,
) -> Export:
    """Ask for all events that a search finds, as they stand at this moment.

    Raises:
        ForbiddenError: the account does not export, or may not look for a person.
        InvalidFieldError: no format is named.
        StateError: too many of the account's exports are under way.
    """
    actor.require(Permission.EXPORT_EVENTS)
    if not formats:
        raise InvalidFieldError([NO_FORMAT])
    under_way = session.scalars(
        select(ExportJobRow.id)
        .where(ExportJobRow.owner_id == actor.user_id, ExportJobRow.status.in_(OPEN))
        .limit(MAX_OPEN)
    ).all()
    if len(under_way) == MAX_OPEN:
        raise _too_many()
    now, export_id = clock.now(), new_id()
    wanted = wanted_of(session, actor, query)
    data: dict[str, JsonValue] = {
        "export": str(export_id),
        "filters": wanted.filters,
        "formats": [each.value for each in formats],
    }
    event_id = record_event(
        session,
        Event(
            kind=EventKind.EXPORT_REQUESTED,
            at=now,
            actor=actor,
            data=data,
            subjects=wanted.subjects,
        ),
    )
    row = ExportJobRow(
        id=export_id,
        owner_id=actor.user_id,
        requested_at=now,
        query=query_to_json(query),
        formats=[each.value for each in dict.fromkeys(formats)],
        event_id=event_id,
        upper_id=least_id_at(now, later=timedelta(milliseconds=1)),
    )
    session.add(row)
    session.flush()
    return _export(row)


def list_exports(session: Session, actor: Actor, *, page: PageRequest = FIRST_PAGE) -> Page[Export]:
    """Return the account's exports, newest first."""
    actor.require(Permission.EXPORT_EVENTS)
    mine = select(ExportJobRow).where(ExportJobRow.owner_id == actor.user_id)
    if page.after is not None:
        mine = mine.where(ExportJobRow.id < page.after)
    rows = session.scalars(mine.order_by(ExportJobRow.id.desc()).limit(page.limit + 1)).all()
    return page_of(rows, page, item=_export, key=lambda row: row.id)


def get_export(session: Session, actor: Actor, export_id: UUID) -> Export:
    """Return one of the account's exports.

    Raises:
        NotFoundError: there is none, or it is another account's.
    """
    return _export(_mine(session, actor, export_id))


def cancel_export(session: Session, actor: Actor, export_id: UUID, *, clock: Clock) -> Export:
    """End an export that is under way; the worker stops within a second or two.

    Raises:
        NotFoundError: there is none, or it is another account's.
        StateError: it has ended already.
    """
    row = _mine(session, actor, export_id)
    ended = session.scalar(
        update(ExportJobRow)
        .where(ExportJobRow.id == export_id, ExportJobRow.status.in_(OPEN))
        .values(status=ExportStatus.CANCELLED, ended_at=clock.now())
        .returning(ExportJobRow.id)
    )
    if ended is None:
        raise StateError(state=row.status.value, act="cancel")
    session.refresh(row)
    _tell(session, actor, row, EventKind.EXPORT_CANCELLED, clock=clock)
    return _export(row)


def fetch_export(
    session: Session, actor: Actor, export_id: UUID, folder: Path, *, clock: Clock
) -> Path:
    """Return the file of an export that is done, and record that it was fetched.

    Raises:
        NotFoundError: there is none, it is another account's, or its file is gone.
        ForbiddenError: it is about a person, and the account may no longer look for people.
        StateError: it is not done.
    """
    row = _mine(session, actor, export_id)
    if query_from_json(row.query).person_index is not None:
        actor.require(Permission.READ_PERSONAL)
    if row.status is not ExportStatus.DONE:
        raise StateError(state=row.status.value, act="download")
    path = export_path(folder, export_id)
    if not path.is_file():
        raise NotFoundError("export file", export_id)
    _tell(session, actor, row, EventKind.EXPORT_DOWNLOADED, clock=clock)
    return path


def _mine(session: Session, actor: Actor, export_id: UUID) -> ExportJobRow:
    actor.require(Permission.EXPORT_EVENTS)
    row = session.get(ExportJobRow, export_id)
    if row is None or row.owner_id != actor.user_id:
        raise NotFoundError("export", export_id)
    return row


def _tell(
    session: Session, actor: Actor, row: ExportJobRow, kind: EventKind, *, clock: Clock
) -> None:
    data: dict[str, JsonValue] = {
        "export": str(row.id),
        "rows": row.rows_done,
        "sha256": row.sha256,
    }
    record_event(session, Event(kind=kind, at=clock.now(), actor=actor, data=data))


def _export(row: ExportJobRow) -> Export:
    return Export(
        id=row.id,
        requested_at=row.requested_at,
        query=query_from_json(row.query),
        formats=tuple(map(ExportFormat, row.formats)),
        status=row.status,
        rows_done=row.rows_done,
        rows_estimated=row.rows_estimated,
        ended_at=row.ended_at,
        size=row.size,
        sha256=row.sha256,
        fault=row.fault,
    )


def _too_many() -> StateError:
    return StateError(
        f"已有 {MAX_OPEN} 个导出正在进行。",
        f"{MAX_OPEN} exports are under way already.",
        state="full",
        act="export",
        next_step_zh="请等其中一个完成，或取消一个。",
        next_step_en="Wait for one to end, or cancel one.",
    )


NO_FORMAT: Final = FieldProblem(
    pointer="/formats",
    code="required",
    message_zh="请至少选择一种格式。",
    message_en="Choose at least one format.",
)
