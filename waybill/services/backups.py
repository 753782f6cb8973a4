"""Backups that prove themselves: what was copied, and after a restore what of the log is lost.

A backup is a folder: the copy of the database, and `manifest.json` with its hash and the
checkpoint at which the log stood in that very copy. Keys and secrets are not in it: they lie apart.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from waybill.clock import Clock
from waybill.codec import JsonValue, canonical_json, parse_json
from waybill.services.log.checking import LogMismatchError
from waybill.services.log.keys import verifier_keys
from waybill.services.log.serving import find_identity
from waybill.services.log.whole import WholeLog, check_whole
from waybill.storage import migrate
from waybill.storage.backup import BackupError, copy_in, copy_out, file_name
from waybill.storage.log_tree import current_identity, find_head, tile_reader
from waybill.storage.session import read_session
from waybill.transparency.checkpoint import parse_checkpoint
from waybill.transparency.errors import TransparencyError
from waybill.transparency.notes import open_note, parse_note
from waybill.transparency.tiles import root_from_tiles

MANIFEST: Final = "manifest.json"
VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A log that was restored and holds. `lost` entries were published and are not in it.

    `None`: nothing of what outsiders saw last was at hand, so nobody here can know.
    """

    whole: WholeLog
    lost: int | None


def back_up(
    engine: Engine, folder: Path, *, clock: Clock, programs: Path | None = None
) -> Mapping[str, JsonValue]:
    """Copy the database into a new folder and return the manifest.

    Raises:
        BackupError: the folder is not empty, or the copy could not be made.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise BackupError(f"{folder} is not empty")
    made_at = clock.now()
    copy, told = copy_out(engine, folder, _state, programs)
    manifest: dict[str, JsonValue] = {
        "v": VERSION,
        "made_at": made_at.isoformat(timespec="seconds"),
        "file": copy.name,
        "sha256": _sha256(copy),
        **told,
    }
    (folder / MANIFEST).write_bytes(canonical_json(manifest))
    return manifest


def restore(
    engine: Engine,
    sessions: sessionmaker[Session],
    folder: Path,
    *,
    seen: bytes | None = None,
    programs: Path | None = None,
) -> Restored:
    """Fill an empty database from a backup, recompute its whole log, and tell what is lost.

    Args:
        engine: the empty database.
        sessions: its sessions.
        folder: the backup.
        seen: the newest checkpoint that an outsider has seen: a witness's, a verifier's.
        programs: folder of PostgreSQL's programs.

    Raises:
        BackupError: the backup is not what its manifest says, or is not of this kind of database.
        LogMismatchError: the restored log does not hold, or outsiders have seen another.
    """
    manifest = read_manifest(folder)
    copy = folder / str(manifest["file"])
    if copy.name != file_name(engine):
        raise BackupError(f"{copy.name} is not a copy of such a database")
    if not copy.is_file() or _sha256(copy) != manifest["sha256"]:
        raise BackupError(f"{copy} is not what the manifest says")
    copy_in(copy, engine, programs)
    if manifest["size"] is None:
        raise LogMismatchError("there was no log when the backup was made")
    whole = check_whole(sessions)
    if (whole.head.size, whole.head.root.hex()) != (manifest["size"], manifest["root"]):
        raise LogMismatchError("the restored log is not the one that the manifest names")
    return Restored(whole=whole, lost=None if seen is None else _lost(sessions, seen))


def read_manifest(folder: Path) -> Mapping[str, JsonValue]:
    """Read what a backup says of itself.

    Raises:
        BackupError: there is no manifest, or it is of another version.
    """
    try:
        found = parse_json((folder / MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        raise BackupError(f"{folder / MANIFEST} cannot be read") from error
    if not isinstance(found, Mapping) or found.get("v") != VERSION:
        raise BackupError(f"{folder / MANIFEST} is of another version")
    return found


def _state(session: Session) -> dict[str, JsonValue]:
    """Return at which revision a database is and how its log stands."""
    identity = current_identity(session)
    head = identity and find_head(session, identity.epoch)
    return {
        "revision": migrate.revision_of(session.connection()),
        "origin": identity.origin if identity else None,
        "size": head.size if head else None,
        "root": head.root.hex() if head else None,
        "checkpoint": head.note.decode() if head else None,
    }


def _lost(sessions: sessionmaker[Session], seen: bytes) -> int:
    """Return how many entries outsiders saw that are not there; what is there must be the same."""
    with read_session(sessions) as session:
        identity = find_identity(session)
        head = find_head(session, identity.epoch)
        try:
            note = parse_note(seen)
            signed = parse_checkpoint(note.text)
            open_note(note, verifier_keys(session, identity, signed.size))
        except TransparencyError as error:
            raise LogMismatchError(
                f"what was seen is no checkpoint of this log: {error}"
            ) from error
        size = head.size if head else 0
        if signed.size > size:
            return signed.size - size
        if root_from_tiles(signed.size, tile_reader(session, identity)) != signed.root:
            raise LogMismatchError(f"outsiders have seen another log of size {signed.size}")
        return 0


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
