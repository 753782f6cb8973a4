"""What a witness remembers: one SQLite file, written through to the disk before it answers.

Each log has one row, its newest cosigned checkpoint. A trigger refuses to let it shrink or change
its root, whatever the program asks for.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from waybill.codec import sha256
from waybill.transparency.checkpoint import Checkpoint
from waybill.transparency.merkle import EMPTY_ROOT

BUSY_TIMEOUT_S: Final = 10.0
OWNER_ONLY: Final = 0o600
MAX_EVIDENCE: Final = 256
"""Of one log and one kind; what proves a fork first matters most, and strangers may send much."""

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS log (
    origin TEXT PRIMARY KEY,
    size INTEGER NOT NULL CHECK (size >= 0),
    root BLOB NOT NULL CHECK (length(root) = 32),
    note BLOB NOT NULL,
    followed_at INTEGER NOT NULL,
    cosigned_at INTEGER,
    grown_at INTEGER,
    looked_at INTEGER,
    trouble TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS alarm (
    origin TEXT NOT NULL REFERENCES log (origin),
    kind TEXT NOT NULL,
    raised_at INTEGER NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (origin, kind)
);
CREATE TABLE IF NOT EXISTS evidence (
    origin TEXT NOT NULL REFERENCES log (origin),
    digest TEXT NOT NULL,
    kind TEXT NOT NULL,
    kept_at INTEGER NOT NULL,
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    ours BLOB NOT NULL,
    shown BLOB NOT NULL,
    proof BLOB NOT NULL,
    PRIMARY KEY (origin, digest)
);
CREATE TRIGGER IF NOT EXISTS log_only_grows BEFORE UPDATE ON log
WHEN NEW.size < OLD.size OR (NEW.size = OLD.size AND NEW.root != OLD.root)
BEGIN SELECT RAISE(ABORT, 'a log only grows'); END;
CREATE TRIGGER IF NOT EXISTS log_stays BEFORE DELETE ON log
BEGIN SELECT RAISE(ABORT, 'a log is never forgotten'); END;
"""


class Alarm(StrEnum):
    """What can be wrong with a log."""

    FORKED = "forked"
    SHRUNK = "shrunk"
    UNPROVEN = "unproven"
    UNSIGNED = "unsigned"
    BROKEN = "broken"
    STANDS_STILL = "stands-still"


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """The newest cosigned checkpoint of a log; size 0 and no note before the first.

    `followed_at` is when the witness first heard of the log, `looked_at` when it last read a
    checkpoint at its address, `trouble` why the last look came to nothing.
    """

    origin: str
    size: int
    root: bytes
    note: bytes
    followed_at: datetime
    cosigned_at: datetime | None
    grown_at: datetime | None
    looked_at: datetime | None
    trouble: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Two signed notes that do not go together, or may not: what we held, and what was shown.

    `proof` are hashes that lead from another root of our size to the root shown, where they were
    had; for two notes of one size nothing more is needed.
    """

    kind: Alarm
    size: int
    root: bytes
    ours: bytes
    shown: bytes
    proof: tuple[bytes, ...] = ()
    kept_at: datetime | None = None

    @property
    def digest(self) -> str:
        """What is kept only once: the note shown, by its bytes."""
        return sha256(self.shown).hex()


class Store:
    """The file. Every use opens a connection of its own, so that threads share nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch(mode=OWNER_ONLY)
        with closing(self._connect()) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_SCHEMA)

    @contextmanager
    def writing(self) -> Iterator["Ledger"]:
        """Give the ledger to one writer at a time; at the end it is on the disk, or nothing is."""
        with closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield Ledger(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator["Ledger"]:
        """Give the ledger as it stands at one moment."""
        with closing(self._connect()) as connection:
            connection.execute("BEGIN")
            yield Ledger(connection)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=BUSY_TIMEOUT_S, isolation_level=None)
        connection.row_factory = sqlite3.Row
        # FULL in WAL mode syncs the file at each commit; a power cut takes back nothing answered.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        return connection


@dataclass(frozen=True, slots=True)
class Ledger:
    """The store's tables within one transaction."""

    connection: sqlite3.Connection

    def follow(self, origin: str, at: datetime) -> None:
        """Begin to follow a log, unless it is followed already."""
        self.connection.execute(
            "INSERT INTO log (origin, size, root, note, followed_at) VALUES (?, 0, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            (origin, EMPTY_ROOT, b"", _seconds(at)),
        )

    def newest(self, origin: str) -> Newest:
        """Return what is known of a log that is followed."""
        row = self.connection.execute("SELECT * FROM log WHERE origin = ?", (origin,)).fetchone()
        return Newest(
            origin=origin,
            size=row["size"],
            root=row["root"],
            note=row["note"],
            followed_at=_moment(row["followed_at"]),
            cosigned_at=_moment_or_none(row["cosigned_at"]),
            grown_at=_moment_or_none(row["grown_at"]),
            looked_at=_moment_or_none(row["looked_at"]),
            trouble=row["trouble"],
        )

    def advance(self, checkpoint: Checkpoint, note: bytes, at: datetime) -> None:
        """Remember a checkpoint that is about to be cosigned."""
        self.connection.execute(
            "UPDATE log SET grown_at = CASE WHEN size < :size OR cosigned_at IS NULL"
            " THEN :at ELSE grown_at END, size = :size, root = :root, note = :note,"
            " cosigned_at = :at WHERE origin = :origin",
            {
                "origin": checkpoint.origin,
                "size": checkpoint.size,
                "root": checkpoint.root,
                "note": note,
                "at": _seconds(at),
            },
        )

    def looked(self, origin: str, at: datetime, trouble: str = "") -> None:
        """Remember that a log was looked at; with trouble, that the look came to nothing."""
        self.connection.execute(
            "UPDATE log SET trouble = ?, looked_at = CASE WHEN ? = '' THEN ? ELSE looked_at END"
            " WHERE origin = ?",
            (trouble, trouble, _seconds(at), origin),
        )

    def raise_alarm(self, origin: str, kind: Alarm, detail: str, at: datetime) -> bool:
        """Raise an alarm and return whether it is new."""
        done = self.connection.execute(
            "INSERT INTO alarm VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (origin, kind, _seconds(at), detail),
        )
        return done.rowcount == 1

    def clear_alarm(self, origin: str, kind: Alarm) -> bool:
        """End an alarm and return whether it stood."""
        done = self.connection.execute(
            "DELETE FROM alarm WHERE origin = ? AND kind = ?", (origin, kind)
        )
        return done.rowcount == 1

    def alarms(self, origin: str) -> dict[Alarm, tuple[datetime, str]]:
        """Return the alarms that stand, since when and why."""
        rows = self.connection.execute(
            "SELECT * FROM alarm WHERE origin = ? ORDER BY raised_at, kind", (origin,)
        )
        return {Alarm(row["kind"]): (_moment(row["raised_at"]), row["detail"]) for row in rows}

    def keep(self, origin: str, evidence: Evidence, at: datetime) -> None:
        """Keep evidence; a fork replaces what was only suspected of the same note."""
        if evidence.kind is Alarm.FORKED:
            self.drop(origin, evidence)
        (held,) = self.connection.execute(
            "SELECT count(*) FROM evidence WHERE origin = ? AND kind = ?", (origin, evidence.kind)
        ).fetchone()
        if held >= MAX_EVIDENCE:
            return
        self.connection.execute(
            "INSERT INTO evidence VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (
                *(origin, evidence.digest, evidence.kind, _seconds(at), evidence.size),
                *(evidence.root, evidence.ours, evidence.shown, b"".join(evidence.proof)),
            ),
        )

    def drop(self, origin: str, evidence: Evidence) -> None:
        """Drop what was suspected and has proved to be in order."""
        self.connection.execute(
            "DELETE FROM evidence WHERE origin = ? AND digest = ? AND kind = ?",
            (origin, evidence.digest, Alarm.UNPROVEN),
        )

    def dismiss(self, origin: str) -> int:
        """Drop everything that was only suspected of a log; a fork stays for ever."""
        done = self.connection.execute(
            "DELETE FROM evidence WHERE origin = ? AND kind = ?", (origin, Alarm.UNPROVEN)
        )
        return done.rowcount

    def evidence(self, origin: str, kind: Alarm | None = None) -> list[Evidence]:
        """Return what was kept of a log, oldest first."""
        rows = self.connection.execute(
            "SELECT * FROM evidence WHERE origin = ? AND (? IS NULL OR kind = ?)"
            " ORDER BY kept_at, digest",
            (origin, kind, kind),
        )
        return [_evidence(row) for row in rows]


def _evidence(row: sqlite3.Row) -> Evidence:
    proof: bytes = row["proof"]
    return Evidence(
        kind=Alarm(row["kind"]),
        size=row["size"],
        root=row["root"],
        ours=row["ours"],
        shown=row["shown"],
        proof=tuple(proof[at : at + 32] for at in range(0, len(proof), 32)),
        kept_at=_moment(row["kept_at"]),
    )


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _moment_or_none(seconds: int | None) -> datetime | None:
    return None if seconds is None else _moment(seconds)
