"""Badges and PINs: made by a supervisor for who works at the bay of the own plant.

A badge's QR code says `WBB1.` and 128 random bits; a PIN is six digits. Both are told once, when
they are made: of the badge its SHA-256 is kept, of the PIN an Argon2 hash. The PIN is hashed by
`new_pin`, before the transaction that stores it, because hashing must not hold the write lock.
"""

import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import b64url_encode
from waybill.errors import FieldProblem, InvalidFieldError, NotFoundError
from waybill.registry.access import Actor, Permission, Role
from waybill.registry.devices import Badge
from waybill.services.devices.bay_sessions import end_sessions
from waybill.services.devices.signing_on import BAY_ROLES
from waybill.services.identity import Purpose, hash_password, token_hash
from waybill.storage.devices import BadgeRow, BaySessionRow
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.identity import UserRow

BADGE_MARK: Final = "WBB1."
BADGE_BYTES: Final = 16
PIN_DIGITS: Final = 6
LEAST_DISTINCT: Final = 3
WITHDRAWN: Final = "nothing"
_PIN: Final = re.compile("[0-9]{6}")
_RUNS: Final = "01234567890123456789"
_WELL_KNOWN: Final = frozenset({"147258", "258369", "159357", "520131", "131452", "168888"})
"""Columns of the key pad and numbers that many people choose; not all of what is weak."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPin:
    """A PIN and its hash, on the way to a badge."""

    pin: str = field(repr=False)
    pin_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeHolder:
    """Somebody who may have a badge; `made_at` is `None` without one."""

    user_id: UUID
    label: str
    role: Role
    made_at: datetime | None
    locked_until: datetime | None


def new_pin(pin: str | None = None) -> NewPin:
    """Return a PIN ready to be stored; a random one where none is wished for.

    Raises:
        InvalidFieldError: it has not six digits, or is one that everybody tries first.
    """
    if pin is None:
        pin = _random_pin()
    elif is_weak(pin):
        raise InvalidFieldError(
            [
                FieldProblem(
                    pointer="/pin",
                    code="weak-pin",
                    message_zh="PIN 须为 6 位数字，不能是连号、重复或常见的数字。",
                    message_en="A PIN has six digits, not in a row, repeated or well known.",
                )
            ]
        )
    return NewPin(pin=pin, pin_hash=hash_password(pin))


def is_weak(pin: str) -> bool:
    """Return whether a PIN is none, or one of those that a thief tries first."""
    if not _PIN.fullmatch(pin) or pin in _WELL_KNOWN or pin[::-1] in _WELL_KNOWN:
        return True
    return (
        len(set(pin)) < LEAST_DISTINCT
        or pin in _RUNS
        or pin[::-1] in _RUNS
        or pin[:3] in (pin[3:], pin[:2:-1])
        or pin[::2] == pin[1::2]
    )


def make_badge(
    session: Session, actor: Actor, user_id: UUID, pin: NewPin, *, clock: Clock
) -> Badge:
    """Make a badge with its PIN; one that the account had before ends, and its sessions with it.

    Raises:
        ForbiddenError: the account may not keep badges.
        NotFoundError: the caller's organisation has no such account for the bay.
    """
    user = _colleague(session, actor, user_id)
    text = BADGE_MARK + b64url_encode(secrets.token_bytes(BADGE_BYTES))
    row = session.get(BadgeRow, user_id)
    now, badge_hash = clock.now(), token_hash(Purpose.BADGE, text)
    if row is None:
        row = BadgeRow(
            user_id=user_id,
            badge_hash=badge_hash,
            pin_hash=pin.pin_hash,
            made_at=now,
            made_by=actor.user_id,
        )
        session.add(row)
    else:
        row.badge_hash, row.made_at, row.made_by = badge_hash, now, actor.user_id
        _renew_pin(row, pin)
    _finish(session, actor, user, "badge", now)
    return Badge(user_id=user_id, label=user.username, made_at=now, text=text, pin=pin.pin)


def set_pin(session: Session, actor: Actor, user_id: UUID, pin: NewPin, *, clock: Clock) -> Badge:
    """Give a badge another PIN: the badge stays, its rest and its sessions end.

    Raises:
        ForbiddenError: the account may not keep badges.
        NotFoundError: the caller's organisation has no such account with a badge.
    """
    user = _colleague(session, actor, user_id)
    row = session.get(BadgeRow, user_id)
    if row is None:
        raise NotFoundError("badge", user_id)
    _renew_pin(row, pin)
    _finish(session, actor, user, "pin", clock.now())
    return Badge(user_id=user_id, label=user.username, made_at=row.made_at, pin=pin.pin)


def withdraw_badge(session: Session, actor: Actor, user_id: UUID, *, clock: Clock) -> None:
    """Take a badge out of use with every session that was opened with it.

    Raises:
        ForbiddenError: the account may not keep badges.
        NotFoundError: the caller's organisation has no such account with a badge.
    """
    user, now = _colleague(session, actor, user_id), clock.now()
    if session.get(BadgeRow, user_id) is None:
        raise NotFoundError("badge", user_id)
    session.execute(delete(BadgeRow).where(BadgeRow.user_id == user_id))
    _finish(session, actor, user, WITHDRAWN, now)


def list_badge_holders(session: Session, actor: Actor) -> tuple[BadgeHolder, ...]:
    """Return the accounts of one's own plant that may have a badge, by name."""
    actor.require(Permission.WRITE_DEVICES)
    found = session.execute(
        select(UserRow.id, UserRow.username, UserRow.role, BadgeRow.made_at, BadgeRow.locked_until)
        .select_from(UserRow)
        .outerjoin(BadgeRow, BadgeRow.user_id == UserRow.id)
        .where(
            UserRow.organisation_id == actor.organisation_id,
            UserRow.active,
            UserRow.role.in_(BAY_ROLES),
        )
        .order_by(UserRow.username)
    )
    return tuple(
        BadgeHolder(user_id=row[0], label=row[1], role=row[2], made_at=row[3], locked_until=row[4])
        for row in found
    )


def find_badge(session: Session, actor: Actor, text: str) -> Badge | None:
    """Return whose badge of one's own plant a text is, `None` where it is none that counts."""
    actor.require(Permission.WRITE_DEVICES)
    found = session.execute(
        select(BadgeRow, UserRow)
        .join(UserRow, UserRow.id == BadgeRow.user_id)
        .where(
            BadgeRow.badge_hash == token_hash(Purpose.BADGE, text),
            UserRow.organisation_id == actor.organisation_id,
        )
    ).one_or_none()
    if found is None:
        return None
    badge, user = found
    return Badge(user_id=user.id, label=user.username, made_at=badge.made_at, text=text)


def _colleague(session: Session, actor: Actor, user_id: UUID) -> UserRow:
    """Return an account of the own plant that works at the bay, locked."""
    actor.require(Permission.WRITE_DEVICES)
    row = session.scalar(
        select(UserRow)
        .where(
            UserRow.id == user_id,
            UserRow.organisation_id == actor.organisation_id,
            UserRow.active,
            UserRow.role.in_(BAY_ROLES),
        )
        .with_for_update()
    )
    if row is None:
        raise NotFoundError("user", user_id)
    return row


def _renew_pin(row: BadgeRow, pin: NewPin) -> None:
    row.pin_hash, row.failures, row.locked_until = pin.pin_hash, 0, None


def _finish(session: Session, actor: Actor, user: UserRow, made: str, now: datetime) -> None:
    """End what was opened with the badge as it was, and tell what became of it."""
    session.flush()
    end_sessions(session, BaySessionRow.user_id == user.id, now)
    subjects = (
        Subject(SubjectKey.USER, str(user.id)),
        Subject(SubjectKey.ORGANISATION, str(user.organisation_id)),
    )
    kind = EventKind.BADGE_WITHDRAWN if made == WITHDRAWN else EventKind.BADGE_MADE
    data = {"user": str(user.id), "made": made}
    record_event(session, Event(kind=kind, at=now, actor=actor, data=data, subjects=subjects))


def _random_pin() -> str:
    while is_weak(pin := f"{secrets.randbelow(10**PIN_DIGITS):0{PIN_DIGITS}d}"):
        pass
    return pin
