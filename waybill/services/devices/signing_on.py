"""Signing on at a tablet with badge and PIN.

As with passwords there are three steps, because hashing must not hold the write lock:
`begin_sign_on` counts the attempt, `prove_pin` compares without a database, `finish_sign_on`
records the outcome. A refusal is returned, not raised, so that the caller commits its event before
it answers; `admitted` then raises.

After five wrong PINs a badge rests for a quarter of an hour, after each five more twice as long, at
most a day; the right PIN, or a new one from the supervisor, ends the counting. So a million PINs
are out of reach, and nobody is locked out for ever.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue, new_id
from waybill.errors import DeviceRevokedError, SignOnRefusedError
from waybill.registry.access import ROLE_PERMISSIONS, Permission, Role
from waybill.registry.devices import Device, DeviceStatus
from waybill.services.devices.bay_sessions import (
    SIGNED_ON_FOR,
    BaySession,
    bay_session,
    refuse_locked,
    tell_session,
)
from waybill.services.devices.telling import device_subjects
from waybill.services.identity import (
    Purpose,
    actor_of,
    count_badge,
    derive_key,
    forgive_one,
    new_token,
    token_hash,
    verify_password,
)
from waybill.settings import Settings
from waybill.storage.devices import BadgeRow, BaySessionRow, DeviceRow
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.identity import RefreshTokenRow, UserRow

TRIES: Final = 5
FIRST_REST: Final = timedelta(minutes=15)
LONGEST_REST: Final = timedelta(days=1)
BAY_ROLES: Final = tuple(
    role for role in Role if Permission.CHECK_LOADING in ROLE_PERMISSIONS[role]
)
"""Who has something to do at a bay, and so may have a badge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOn:
    """A sign-on on its way: counted, not yet decided. `proven` is false until `prove_pin`."""

    counted: UUID
    user_id: UUID | None
    badge_hash: bytes = field(repr=False)
    pin_hash: str | None = field(repr=False)
    proven: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedSignOn:
    """Nobody is signed on; the event that says so waits to be committed."""

    error: SignOnRefusedError


def begin_sign_on(
    session: Session, device: Device, badge: str, *, settings: Settings, clock: Clock
) -> SignOn:
    """Count the attempt and look the badge up; a badge of another organisation is unknown.

    Raises:
        ThrottledError: too many wrong badges at this tablet.
        BadgeLockedError: too many wrong PINs for this badge; nothing more is counted.
    """
    now = clock.now()
    key = derive_key(settings.secret_key, Purpose.THROTTLE)
    counted = count_badge(session, device.id, key=key, now=now)
    badge_hash = token_hash(Purpose.BADGE, badge)
    row = session.scalar(
        select(BadgeRow)
        .join(UserRow, UserRow.id == BadgeRow.user_id)
        .where(
            BadgeRow.badge_hash == badge_hash,
            UserRow.active,
            UserRow.organisation_id == device.organisation_id,
            UserRow.role.in_(BAY_ROLES),
        )
        .with_for_update(of=BadgeRow)
    )
    if row is None:
        return SignOn(counted=counted, user_id=None, badge_hash=badge_hash, pin_hash=None)
    refuse_locked(row, now)
    row.failures += 1
    if row.failures % TRIES == 0:
        row.locked_until = now + _rest(row.failures)
    session.flush()
    return SignOn(
        counted=counted, user_id=row.user_id, badge_hash=badge_hash, pin_hash=row.pin_hash
    )


def prove_pin(sign_on: SignOn, pin: str) -> SignOn:
    """Compare the PIN, outside any transaction and in the same time for every badge."""
    return replace(sign_on, proven=verify_password(sign_on.pin_hash, pin))


def finish_sign_on(
    session: Session, device: Device, sign_on: SignOn, *, settings: Settings, clock: Clock
) -> BaySession | RefusedSignOn:
    """Record whether somebody signed on, and open the session if so.

    Raises:
        DeviceRevokedError: the tablet was revoked meanwhile.
    """
    now = clock.now()
    found = _still_right(session, sign_on) if sign_on.proven else None
    if found is None:
        return _refused(session, device, sign_on, now)
    badge, user = found
    _share_device(session, device)
    badge.failures, badge.locked_until = 0, None
    forgive_one(session, sign_on.counted)
    family, expires_at = new_id(), now + SIGNED_ON_FOR
    session.add(
        RefreshTokenRow(
            family=family,
            user_id=user.id,
            token_hash=token_hash(Purpose.BAY_SESSION, new_token()),
            created_at=now,
            expires_at=expires_at,
        )
    )
    row = BaySessionRow(device_id=device.id, user_id=user.id, family=family, started_at=now)
    session.add(row)
    session.flush()
    tell_session(session, EventKind.BAY_SIGNED_ON, actor_of(user, device_id=device.id), row.id, now)
    return bay_session(row, user, settings=settings, now=now)


def admitted(outcome: BaySession | RefusedSignOn) -> BaySession:
    """Return the session, after the outcome was committed.

    Raises:
        SignOnRefusedError: badge or PIN is not right.
    """
    if isinstance(outcome, RefusedSignOn):
        raise outcome.error
    return outcome


def _still_right(session: Session, sign_on: SignOn) -> Row[BadgeRow, UserRow] | None:
    """Return badge and account, locked, unless either changed since the PIN was compared."""
    return session.execute(
        select(BadgeRow, UserRow)
        .join(UserRow, UserRow.id == BadgeRow.user_id)
        .where(
            UserRow.id == sign_on.user_id,
            UserRow.active,
            BadgeRow.badge_hash == sign_on.badge_hash,
            BadgeRow.pin_hash == sign_on.pin_hash,
        )
        .with_for_update()
    ).one_or_none()


def _share_device(session: Session, device: Device) -> None:
    """Keep the tablet from being revoked until the session is committed, or see that it was."""
    status = session.scalar(
        select(DeviceRow.status).where(DeviceRow.id == device.id).with_for_update(read=True)
    )
    if status is not DeviceStatus.ACTIVE:
        raise DeviceRevokedError


def _rest(failures: int) -> timedelta:
    doublings = min(failures // TRIES - 1, 10)
    return min(FIRST_REST * (1 << doublings), LONGEST_REST)


def _refused(session: Session, device: Device, sign_on: SignOn, now: datetime) -> RefusedSignOn:
    subjects = device_subjects(device.id)
    if sign_on.user_id is not None:
        subjects += (Subject(SubjectKey.USER, str(sign_on.user_id)),)
    data: Mapping[str, JsonValue] = {
        "device": str(device.id),
        "wrong": "badge" if sign_on.user_id is None else "pin",
    }
    record_event(
        session,
        Event(kind=EventKind.BAY_SIGN_ON_REFUSED, at=now, actor=None, data=data, subjects=subjects),
    )
    return RefusedSignOn(
        error=SignOnRefusedError(
            next_step_zh="请核对后重试；忘记 PIN 请找安全管理员。",
            next_step_en="Check both and try again; the supervisor can set a new PIN.",
        )
    )
