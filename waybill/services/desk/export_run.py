"""Making exports: the worker's part. Rows are read page by page, so no transaction lasts long.

An export belongs to whoever began it last: `started_at` is the token. A worker that finds it
changed, or the export cancelled, stops and leaves no file.
"""

import logging
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session, sessionmaker

from waybill.clock import Clock
from waybill.codec import JsonValue, time_of_id
from waybill.services.desk.export_files import WRITERS, ExportedEvent, Writer
from waybill.services.desk.export_package import Packed, Told, newest_tree, pack
from waybill.services.desk.export_proofs import FILE_NAME, Places, write_proofs
from waybill.services.desk.exports import OPEN, ExportFormat, export_path
from waybill.services.desk.searches import query_from_json
from waybill.services.event_search import Wanted, subjects_of, wanted_by
from waybill.services.keys import read_key_ring
from waybill.storage.desk import ExportJobRow, ExportStatus
from waybill.storage.event_lists import FoundIds, find_ids
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.log import EventRow, LogEntryRow
from waybill.storage.log_tree import current_identity
from waybill.storage.replica import Replica
from waybill.storage.session import read_session, write_session

PAGE_ROWS: Final = 1000
PROGRESS_PAGES: Final = 5
"""After how many pages progress is told, and looked whether the export was cancelled."""
LOGGER: Final = logging.getLogger("waybill.exports")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportPlace:
    """Where exports are made. Their files lie in `folder` for `kept_for`.

    Pages are read from `replica` where it holds all that was there when the export was begun.
    """

    sessions: sessionmaker[Session]
    replica: Replica | None = None
    clock: Clock
    folder: Path
    key_dir: Path
    issuer: str
    kept_for: timedelta


class CancelledError(Exception):
    """The export is no longer this worker's to make."""


def run_exports(place: ExportPlace) -> int:
    """Make every export that is asked for, one after the other, and return how many were done."""
    done = 0
    while (job := _claim(place)) is not None:
        try:
            done += _make(place, job)
        except Exception:
            # One that cannot be made must not keep the others from it.
            LOGGER.exception("export %s failed", job.id)
            _end(place, job, ExportStatus.FAILED, EventKind.EXPORT_FAILED)
    return done


def expire_exports(place: ExportPlace) -> int:
    """Remove the files of exports whose time is over, and return how many there were."""
    now = place.clock.now()
    with write_session(place.sessions) as session:
        rows = session.scalars(
            update(ExportJobRow)
            .where(
                ExportJobRow.status == ExportStatus.DONE,
                ExportJobRow.ended_at < now - place.kept_for,
            )
            .values(status=ExportStatus.EXPIRED)
            .returning(ExportJobRow)
        ).all()
        for row in rows:
            record_event(session, _event(EventKind.EXPORT_EXPIRED, row, now))
            export_path(place.folder, row.id).unlink(missing_ok=True)
    return len(rows)


def _claim(place: ExportPlace) -> ExportJobRow | None:
    """Take the oldest open export. One that runs already is its worker's no more: that has died."""
    now = place.clock.now()
    with write_session(place.sessions) as session:
        job = session.scalar(
            select(ExportJobRow)
            .where(ExportJobRow.status.in_(OPEN))
            .order_by(ExportJobRow.id)
            .limit(1)
            .with_for_update()
        )
        if job is not None:
            job.status, job.started_at, job.rows_done = ExportStatus.RUNNING, now, 0
    return job


def _make(place: ExportPlace, job: ExportJobRow) -> bool:
    place.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = Path(tempfile.mkdtemp(prefix="making-", dir=place.folder))
    try:
        packed, rows = _write(place, job, folder)
        ended = _end(
            place, job, ExportStatus.DONE, EventKind.EXPORT_FINISHED, rows=rows, packed=packed
        )
    except CancelledError:
        ended = False
    finally:
        shutil.rmtree(folder)
    if not ended:
        export_path(place.folder, job.id).unlink(missing_ok=True)
    return ended


def _write(place: ExportPlace, job: ExportJobRow, folder: Path) -> tuple[Packed, int]:
    with read_session(place.sessions) as session:
        wanted = wanted_by(session, query_from_json(job.query))
        oldest = _begin_of(session, job, wanted)
    files = [folder / f"events.{name}" for name in job.formats]
    places = folder / "places"
    walk = _Walk(place, job, wanted, oldest)
    with ExitStack() as open_files:
        writers: list[Writer] = [Places(places)]
        open_files.callback(writers[0].close)
        for name, file in zip(job.formats, files, strict=True):
            writer = WRITERS[ExportFormat(name)](file)
            open_files.callback(writer.close)
            writers.append(writer)
        while walk.write_page(writers):
            pass
    walk.tell()
    with read_session(place.sessions) as session:
        tree = newest_tree(session)
        key = read_key_ring(session, place.key_dir, at=place.clock.now()).signer()
    if tree is not None:
        files.append(folder / FILE_NAME)
        write_proofs(place.sessions, places, files[-1], tree)
    told = Told(
        export_id=job.id,
        issuer=place.issuer,
        owner_id=job.owner_id,
        requested_at=job.requested_at,
        made_at=place.clock.now(),
        filters=wanted.filters,
        rows=walk.rows,
        newest=walk.newest,
        oldest=walk.oldest,
    )
    return pack(
        files, export_path(place.folder, job.id), told, tree[1] if tree else None, key
    ), walk.rows


class _Walk:
    """Goes through what a search finds, from the newest event to the oldest."""

    def __init__(
        self, place: ExportPlace, job: ExportJobRow, wanted: Wanted, begin: datetime
    ) -> None:
        self._place, self._job, self._wanted, self._begin = place, job, wanted, begin
        self._after: UUID | None = job.upper_id
        self._pages = 0
        self.rows = 0
        self.newest: UUID | None = None
        self.oldest: UUID | None = None

    def write_page(self, writers: Iterable[Writer]) -> bool:
        """Write the next page and return whether another follows.

        Raises:
            CancelledError: the export was cancelled, or another worker has begun it.
        """
        found, events = self._page()
        for event in events:
            for writer in writers:
                writer.write(event)
        if found.ids:
            self.newest, self.oldest = self.newest or found.ids[0], found.ids[-1]
        self.rows += len(events)
        self._after = found.next_after
        self._pages += 1
        if self._after is not None and self._pages % PROGRESS_PAGES == 0:
            self.tell()
        return self._after is not None

    def _page(self) -> tuple[FoundIds, list[ExportedEvent]]:
        replica = self._place.replica
        page = replica.answer(self._read, holds=self._knows_of_this) if replica else None
        if page is None:
            with read_session(self._place.sessions) as session:
                page = self._read(session)
        return page

    def _read(self, session: Session) -> tuple[FoundIds, list[ExportedEvent]]:
        wanted = self._wanted
        found = find_ids(session, wanted.lists, wanted.span, self._after, PAGE_ROWS)
        return found, _read(session, found.ids)

    def _knows_of_this(self, there: Session) -> bool:
        """Whether a replica holds that this was begun, and so all that came before."""
        return bool(there.scalar(select(ExportJobRow.id).where(*_is_ours(self._job))))

    def tell(self) -> None:
        """Write down how far it is; the whole is reckoned from the share of time walked.

        Raises:
            CancelledError: the export was cancelled, or another worker has begun it.
        """
        job = self._job
        estimated = self._estimated()
        with write_session(self._place.sessions) as session:
            kept = session.scalar(
                update(ExportJobRow)
                .where(*_is_ours(job))
                .values(rows_done=self.rows, rows_estimated=estimated)
                .returning(ExportJobRow.id)
            )
        if kept is None:
            raise CancelledError

    def _estimated(self) -> int:
        if self._after is None:
            return self.rows
        newest = time_of_id(self._job.upper_id)
        walked, whole = newest - time_of_id(self._after), newest - self._begin
        return round(self.rows * max(whole / walked, 1.0)) if walked else self.rows


def _begin_of(session: Session, job: ExportJobRow, wanted: Wanted) -> datetime:
    """Return when the walk will end at the latest."""
    first = session.scalar(select(EventRow.id).order_by(EventRow.id).limit(1))
    begin = time_of_id(first or job.upper_id)
    return max(begin, wanted.span.from_at) if wanted.span.from_at else begin


def _read(session: Session, ids: tuple[UUID, ...]) -> list[ExportedEvent]:
    columns = (EventRow.id, EventRow.recorded_at, EventRow.kind, EventRow.body, EventRow.salt)
    rows = {row.id: row for row in session.execute(select(*columns).where(EventRow.id.in_(ids)))}
    subjects = subjects_of(session, ids)
    entries = session.execute(
        select(LogEntryRow.event_id, LogEntryRow.index).where(LogEntryRow.event_id.in_(ids))
    )
    identity = current_identity(session)
    leaf_of = identity.leaf_of if identity else int
    places = {entry.event_id: leaf_of(entry[1]) for entry in entries}
    return [
        ExportedEvent(
            id=each,
            recorded_at=rows[each].recorded_at,
            kind=rows[each].kind,
            body=rows[each].body,
            salt=rows[each].salt,
            subjects=subjects.get(each, ()),
            index=places.get(each),
        )
        for each in ids
    ]


def _end(
    place: ExportPlace,
    job: ExportJobRow,
    status: ExportStatus,
    kind: EventKind,
    *,
    rows: int | None = None,
    packed: Packed | None = None,
) -> bool:
    """Write down how it ended, if it is still this worker's, and return whether it was."""
    now = place.clock.now()
    with write_session(place.sessions) as session:
        row = session.scalar(
            update(ExportJobRow)
            .where(*_is_ours(job))
            .values(
                status=status,
                ended_at=now,
                size=packed.size if packed else None,
                sha256=packed.sha256 if packed else None,
                fault="" if packed else "internal",
                rows_done=ExportJobRow.rows_done if rows is None else rows,
            )
            .returning(ExportJobRow)
        )
        if row is not None:
            record_event(session, _event(kind, row, now))
    return row is not None


def _is_ours(job: ExportJobRow) -> tuple[ColumnElement[bool], ...]:
    return (
        ExportJobRow.id == job.id,
        ExportJobRow.status == ExportStatus.RUNNING,
        ExportJobRow.started_at == job.started_at,
    )


def _event(kind: EventKind, row: ExportJobRow, at: datetime) -> Event:
    data: dict[str, JsonValue] = {
        "export": str(row.id),
        "requested_by": str(row.owner_id),
        "rows": row.rows_done,
        "sha256": row.sha256,
    }
    return Event(kind=kind, at=at, actor=None, data=data)
