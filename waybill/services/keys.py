"""The keys an installation signs with and believes.

Public keys stand in the database, private ones are files of `key_dir`, named after their key id.
A running process parses them once and looks again after a few seconds, so that a revocation is
heeded at the next scan but one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session, sessionmaker

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.errors import NotFoundError, StateError
from waybill.registry.access import Actor
from waybill.sealing import (
    KeyTable,
    SigningKey,
    VerifyingKey,
    generate_key,
    load_key,
    parse_jwk,
    save_key,
)
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.keys import SigningKeyRow
from waybill.storage.session import read_session

REFRESH_AFTER: Final = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRing:
    """The key to sign with now, and every key whose signatures count.

    `signing` is `None` where no private key of a key in force lies in the folder: such a process
    can check but not sign.
    """

    signing: SigningKey | None
    table: KeyTable

    def signer(self) -> SigningKey:
        """Return the key to sign with.

        Raises:
            StateError: this installation has none; `waybill key add` makes one.
        """
        if self.signing is None:
            raise StateError(
                "本系统没有可用的签名密钥。",
                "This installation has no key to sign with.",
                state="no-signing-key",
                act="sign",
                next_step_zh="请系统管理员运行 waybill key add。",
                next_step_en="The administrator runs `waybill key add`.",
            )
        return self.signing


class KeyKeeper:
    """Hands out the key ring, at most a few seconds old."""

    def __init__(self, sessions: sessionmaker[Session], key_dir: Path, clock: Clock) -> None:
        self._sessions = sessions
        self._key_dir = key_dir
        self._clock = clock
        self._ring: KeyRing | None = None
        self._read_at: datetime | None = None

    def ring(self) -> KeyRing:
        """Return the keys as they stood at most `REFRESH_AFTER` ago."""
        now = self._clock.now()
        if self._ring is None or self._read_at is None or now - self._read_at > REFRESH_AFTER:
            with read_session(self._sessions) as session:
                self._ring = read_key_ring(session, self._key_dir, at=now)
            self._read_at = now
        return self._ring


def read_key_ring(session: Session, key_dir: Path, *, at: datetime) -> KeyRing:
    """Read every public key, and the newest private one that is in force at a moment."""
    rows = _key_rows(session)
    signing = None
    for row in rows:
        path = key_dir / f"{row.kid}.pem"
        if _signs(row, at) and path.exists():
            signing = load_key(path, kid=row.kid)
    return KeyRing(signing=signing, table=_table(rows))


def read_key_table(session: Session) -> KeyTable:
    """Read every public key, for a caller that believes signatures and makes none."""
    return _table(_key_rows(session))


def _key_rows(session: Session) -> Sequence[SigningKeyRow]:
    return session.scalars(select(SigningKeyRow).order_by(SigningKeyRow.not_before)).all()


def _table(rows: Sequence[SigningKeyRow]) -> KeyTable:
    return KeyTable(_verifying(row) for row in rows)


def add_signing_key(
    session: Session, actor: Actor | None, key_dir: Path, *, issuer: str, clock: Clock
) -> str:
    """Make a key pair, keep the private half in the folder, and return its key id."""
    now = clock.now()
    key = generate_key()
    key_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    save_key(key_dir / f"{key.kid}.pem", key)
    jwk = key.verifying_key().jwk
    data: dict[str, JsonValue] = {"kid": key.kid, "issuer": issuer, "jwk": jwk}
    event_id = record_event(
        session, Event(kind=EventKind.SIGNING_KEY_ADDED, at=now, actor=actor, data=data)
    )
    session.execute(
        insert(SigningKeyRow).values(
            kid=key.kid, issuer=issuer, jwk=jwk, not_before=now, event_id=event_id
        )
    )
    return key.kid


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownKey:
    """A key in the register; `held` says whether its private half lies in the folder."""

    kid: str
    issuer: str
    not_before: datetime
    not_after: datetime | None
    revoked_at: datetime | None
    held: bool


def list_signing_keys(session: Session, key_dir: Path) -> tuple[KnownKey, ...]:
    """Return every key, oldest first."""
    rows = session.scalars(
        select(SigningKeyRow).order_by(SigningKeyRow.not_before, SigningKeyRow.kid)
    )
    return tuple(
        KnownKey(
            kid=row.kid,
            issuer=row.issuer,
            not_before=row.not_before,
            not_after=row.not_after,
            revoked_at=row.revoked_at,
            held=(key_dir / f"{row.kid}.pem").exists(),
        )
        for row in rows
    )


def revoke_signing_key(
    session: Session, actor: Actor | None, kid: str, *, reason: str, clock: Clock
) -> None:
    """End all trust in a key, from now on and for everything it ever signed.

    Raises:
        NotFoundError: there is no such key.
    """
    now = clock.now()
    changed = session.execute(
        update(SigningKeyRow)
        .where(SigningKeyRow.kid == kid, SigningKeyRow.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(SigningKeyRow.kid)
    ).all()
    if not changed:
        raise NotFoundError("signing-key", kid)
    data: dict[str, JsonValue] = {"kid": kid, "reason": reason}
    record_event(session, Event(kind=EventKind.SIGNING_KEY_REVOKED, at=now, actor=actor, data=data))


def _verifying(row: SigningKeyRow) -> VerifyingKey:
    key = parse_jwk(row.jwk)
    return VerifyingKey(
        kid=row.kid,
        public_key=key.public_key,
        not_before=row.not_before,
        not_after=row.not_after,
        revoked_at=row.revoked_at,
    )


def _signs(row: SigningKeyRow, at: datetime) -> bool:
    ended = row.not_after is not None and row.not_after <= at
    return row.not_before <= at and not ended and row.revoked_at is None
