"""The log as a folder of files that any web server can serve and anybody can verify.

Files are what the log serves under the same addresses. Each is written whole or not at all and
never changed, but for the checkpoint and what names keys and origins, which come last: so an
export that was broken off goes on, a later one adds what is new, and whoever reads meanwhile finds
everything that the checkpoint speaks of.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, sessionmaker

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.errors import StateError
from waybill.services.log import serving
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.log import EventRow, LogCheckpointRow, LogEntryRow
from waybill.storage.log_tree import Identity, read_tile
from waybill.storage.session import read_session, write_session
from waybill.transparency.checkpoint import parse_checkpoint
from waybill.transparency.errors import TileError, TransparencyError
from waybill.transparency.notes import parse_note
from waybill.transparency.tiles import WIDTH, Tile, bundles_of, tiles_of
from waybill.verifier.bodies import bodies_path, body_line

AT_ONCE: Final = 32
"""So many files are read in one transaction."""
PRIVATE_MODE: Final = 0o700
"""Bodies are not for everybody: another user's web server does not get at them."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export holds, and how many files were new in it."""

    origin: str
    size: int
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """A file of the folder, and the tile whose content or bodies it holds."""

    path: Path
    tile: Tile
    bodies: bool


def export_log(
    sessions: sessionmaker[Session],
    folder: Path,
    *,
    with_bodies: bool,
    clock: Clock,
    progress: Progress,
) -> Exported:
    """Write what the log has published into a folder, or add to it what is new.

    With bodies the export is itself an event, written before the first body is read.

    Raises:
        NotFoundError: there is no log yet.
        StateError: the folder holds another log, or another past of this one.
        TileError: the database lacks what it has signed.
    """
    with read_session(sessions) as session:
        published = serving.published(session)
        identity, size = published.identity, published.head.size
        _refuse_other_past(session, identity, folder)
    if with_bodies:
        _record(sessions, identity, size, clock)
        (folder / "bodies").mkdir(parents=True, exist_ok=True, mode=PRIVATE_MODE)
    written = done = 0
    total = sum(1 for _ in _wanted(folder, size, with_bodies=with_bodies))
    for batch in _batches(_wanted(folder, size, with_bodies=with_bodies)):
        written += _write_batch(sessions, identity, batch)
        done += len(batch)
        progress(done, total)
    with read_session(sessions) as session:
        small = _small_files(session, identity)
    for name, content in [*small.items(), ("checkpoint", published.note)]:
        _write(folder / name, content)
    return Exported(origin=identity.origin, size=size, files=written)


def _refuse_other_past(session: Session, identity: Identity, folder: Path) -> None:
    """Refuse to add to a folder that is not this log's beginning: it may be evidence."""
    path = folder / "checkpoint"
    if not path.exists():
        return
    try:
        held = parse_checkpoint(parse_note(path.read_bytes()).text)
    except TransparencyError as error:
        raise _other_past(folder) from error
    root = session.scalar(
        select(LogCheckpointRow.root).where(
            LogCheckpointRow.epoch == identity.epoch, LogCheckpointRow.size == held.size
        )
    )
    if (held.origin, held.root) != (identity.origin, root):
        raise _other_past(folder)


def _other_past(folder: Path) -> StateError:
    return StateError(
        f"{folder} 中是另一个日志，或同一日志的另一段历史。",
        f"{folder} holds another log, or another past of this one.",
        state="other-past",
        act="export",
        next_step_zh="导出到空目录；原目录可能是证据，请勿删除。",
        next_step_en="Export into an empty folder; keep that one, it may be evidence.",
    )


def _record(sessions: sessionmaker[Session], identity: Identity, size: int, clock: Clock) -> None:
    data: dict[str, JsonValue] = {"origin": identity.origin, "size": size}
    with write_session(sessions) as session:
        record_event(
            session, Event(kind=EventKind.LOG_EXPORTED, at=clock.now(), actor=None, data=data)
        )


def _wanted(folder: Path, size: int, *, with_bodies: bool) -> Iterator[_Wanted]:
    for tile in bundles_of(size):
        yield _Wanted(path=folder / "tile" / tile.path, tile=tile, bodies=False)
        if with_bodies:
            yield _Wanted(path=folder / bodies_path(tile), tile=tile, bodies=True)
    for tile in tiles_of(size):
        yield _Wanted(path=folder / "tile" / tile.path, tile=tile, bodies=False)


def _batches(wanted: Iterator[_Wanted]) -> Iterator[list[_Wanted]]:
    batch: list[_Wanted] = []
    for file in wanted:
        batch.append(file)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _write_batch(
    sessions: sessionmaker[Session], identity: Identity, batch: Sequence[_Wanted]
) -> int:
    """Write the files that are not there yet, and return how many they were."""
    missing = [file for file in batch if not file.path.exists()]
    if missing:
        with read_session(sessions) as session:
            for file in missing:
                read = _read_bodies if file.bodies else read_tile
                _write(file.path, read(session, identity, file.tile))
    return len(missing)


def _read_bodies(session: Session, identity: Identity, bundle: Tile) -> bytes:
    first = bundle.index * WIDTH
    ranges = identity.entry_ranges(first, first + bundle.width)
    rows = session.execute(
        select(LogEntryRow.index, EventRow.id, EventRow.body, EventRow.salt)
        .join(EventRow, EventRow.id == LogEntryRow.event_id)
        .where(or_(*(LogEntryRow.index.between(r.start, r.stop - 1) for r in ranges)))
    )
    lines = {
        identity.leaf_of(index): body_line(identity.leaf_of(index), event_id, body, salt)
        for index, event_id, body, salt in rows
    }
    if sorted(lines) != list(range(first, first + bundle.width)):
        raise TileError(f"events of bundle {bundle.path} are missing")
    return b"".join(lines[index] + b"\n" for index in sorted(lines))


def _small_files(session: Session, identity: Identity) -> dict[str, bytes]:
    """Return what names keys, origins and successions."""
    found: dict[str, bytes] = {
        "key": serving.key_lines(session).encode(),
        "keys.json": _json({"keys": serving.key_history(session)}),
        "origins.json": _json({"origins": serving.origin_list(session)}),
    }
    for epoch in range(1, identity.epoch + 1):
        found[f"{epoch}/succession"] = _json(serving.succession(session, epoch))
    return found


def _json(value: JsonValue) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def _write(path: Path, content: bytes) -> None:
    """Write a file in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(content)
    fresh.replace(path)
