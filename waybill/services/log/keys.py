"""The keys that sign checkpoints.

Every key in force signs every checkpoint, so that the log changes its key without a break: add the
next one, let verifiers take it up, retire the old one. Keys are known by their public half; the
name they sign under is the origin, so a succession changes every key's name and none of the keys.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.errors import NotFoundError, StateError
from waybill.registry.access import Actor
from waybill.services.log.key_files import key_path, kid_of, load_log_key, make_key
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.log import LogKeyRow
from waybill.storage.log_tree import Identity, current_identity, find_head
from waybill.storage.session import lock_names
from waybill.transparency.notes import Algorithm, NoteSigner, VerifierKey

LOG_LOCK: Final = "log"
"""Whoever adds to the log or changes its keys holds this lock to the end of the transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogKey:
    """A key of the log under one origin.

    It signs checkpoints larger than `from_size` and, once retired, none larger than `until_size`.
    """

    kid: str
    verifier: VerifierKey
    added_at: datetime
    from_size: int
    retired_at: datetime | None
    until_size: int | None


def add_log_key(session: Session, actor: Actor | None, key_dir: Path, *, clock: Clock) -> str:
    """Make a key that signs every checkpoint from the next one on, and return its short name."""
    lock_names(session, [LOG_LOCK])
    now = clock.now()
    epoch, size = _position(session)
    public_key = make_key(key_dir)
    kid = kid_of(public_key)
    data: dict[str, JsonValue] = {"kid": kid, "public_key": public_key.hex(), "from_size": size}
    event_id = record_event(
        session, Event(kind=EventKind.LOG_KEY_ADDED, at=now, actor=actor, data=data)
    )
    session.execute(
        insert(LogKeyRow).values(
            kid=kid,
            public_key=public_key,
            added_at=now,
            from_epoch=epoch,
            from_size=size,
            event_id=event_id,
        )
    )
    return kid


def retire_log_key(
    session: Session, actor: Actor | None, kid: str, *, reason: str, clock: Clock
) -> None:
    """End signing with a key; what it signed still holds.

    Raises:
        NotFoundError: there is no such key in force.
        StateError: it is the only one.
    """
    lock_names(session, [LOG_LOCK])
    now = clock.now()
    epoch, size = _position(session)
    in_force = [row.kid for row in _rows(session) if row.retired_at is None]
    if kid not in in_force:
        raise NotFoundError("log-key", kid)
    if len(in_force) == 1:
        raise StateError(
            "这是日志唯一的签名密钥，不能停用。",
            "This is the only key of the log and cannot be retired.",
            state="only-key",
            act="retire",
            next_step_zh="先运行 waybill log key add 增加新密钥。",
            next_step_en="Add the next one first: `waybill log key add`.",
        )
    session.execute(
        update(LogKeyRow)
        .where(LogKeyRow.kid == kid)
        .values(retired_at=now, until_epoch=epoch, until_size=size)
    )
    data: dict[str, JsonValue] = {"kid": kid, "reason": reason, "until_size": size}
    record_event(session, Event(kind=EventKind.LOG_KEY_RETIRED, at=now, actor=actor, data=data))


def log_keys(session: Session, identity: Identity) -> tuple[LogKey, ...]:
    """Return every key of an origin: those in force first, the newest before older ones."""
    found = [
        _key_of(row, identity)
        for row in _rows(session)
        if row.from_epoch <= identity.epoch
        and (row.until_epoch is None or row.until_epoch >= identity.epoch)
    ]
    return tuple(
        sorted(found, key=lambda key: (key.until_size is None, key.added_at), reverse=True)
    )


def verifier_keys(session: Session, identity: Identity, size: int) -> tuple[VerifierKey, ...]:
    """Return the keys of which one must have signed the checkpoint of a size."""
    return tuple(
        key.verifier
        for key in log_keys(session, identity)
        if key.until_size is None or size <= key.until_size
    )


def log_signers(session: Session, key_dir: Path, origin: str) -> tuple[NoteSigner, ...]:
    """Return every key in force, ready to sign, the newest first.

    Raises:
        StateError: there is none, or a private half does not lie in the folder.
    """
    rows = [row for row in _rows(session) if row.retired_at is None]
    missing = [row.kid for row in rows if not key_path(key_dir, row.kid).exists()]
    if missing or not rows:
        names = "、".join(missing)
        raise StateError(
            f"本机没有日志签名私钥 {names}。",
            f"The private keys of the log are not here: {', '.join(missing) or 'none was made'}.",
            state="no-log-key",
            act="sign",
            next_step_zh="在存有 WAYBILL_KEY_DIR 的机器上运行，或停用该密钥。",
            next_step_en="Run where WAYBILL_KEY_DIR holds them, or retire the key.",
        )
    return tuple(
        NoteSigner(name=origin, private_key=load_log_key(key_path(key_dir, row.kid)))
        for row in reversed(rows)
    )


def _rows(session: Session) -> Sequence[LogKeyRow]:
    return session.scalars(select(LogKeyRow).order_by(LogKeyRow.added_at, LogKeyRow.kid)).all()


def _position(session: Session) -> tuple[int, int]:
    identity = current_identity(session)
    if identity is None:
        return 0, 0
    head = find_head(session, identity.epoch)
    return identity.epoch, 0 if head is None else head.size


def _key_of(row: LogKeyRow, identity: Identity) -> LogKey:
    verifier = VerifierKey(
        name=identity.origin, algorithm=Algorithm.ED25519, public_key=row.public_key
    )
    ended_here = row.until_epoch == identity.epoch
    return LogKey(
        kid=row.kid,
        verifier=verifier,
        added_at=row.added_at,
        from_size=row.from_size if row.from_epoch == identity.epoch else 0,
        retired_at=row.retired_at if ended_here else None,
        until_size=row.until_size if ended_here else None,
    )
