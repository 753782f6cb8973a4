"""Who is signed on at a tablet: staying on, signing off, and what ends all of it at once.

Whether its tokens count is said by the session's family in `refresh_token`, so that deactivation
and a new password end it as they end every other. Its access tokens live for minutes; the tablet
renews them in its own name for up to twelve hours.
"""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, select, update
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import b64url_encode
from waybill.errors import BadgeLockedError, BaySessionOverError
from waybill.registry.access import Actor, Role
from waybill.registry.devices import Device
from waybill.services.identity import (
    AccessClaims,
    actor_of,
    credentials_version,
    issue_access_token,
    load_account_state,
    revoke_family,
)
from waybill.settings import Settings
from waybill.storage.devices import BadgeRow, BaySessionRow
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.identity import RefreshTokenRow, UserRow

SIGNED_ON_FOR: Final = timedelta(hours=12)
SALT_BYTES: Final = 16
VERIFIER_ITERATIONS: Final = 600_000
"""PBKDF2-HMAC-SHA-256. Source: OWASP Password Storage Cheat Sheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who signed on. `label` is the account's name, which is no personal value."""

    user_id: UUID
    label: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlock:
    """With what a tablet makes its own verifier of the PIN, to unlock its screen without network.

    The server sends nothing that is derived from the PIN.
    """

    salt: str
    iterations: int
    good_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BaySession:
    """Somebody is signed on at a tablet."""

    session_id: UUID
    access_token: str = field(repr=False)
    expires_in_s: int
    server_time: datetime
    person: Person
    unlock: Unlock


def renew_bay_session(
    session: Session, device: Device, session_id: UUID, *, settings: Settings, clock: Clock
) -> BaySession:
    """Give a new access token to a session of this tablet, up to twelve hours after the sign-on.

    Raises:
        BaySessionOverError: it is not this tablet's, or has ended for whatever reason.
        BadgeLockedError: somebody guesses at the person's PIN.
    """
    now = clock.now()
    row, user = _own_session(session, device, session_id)
    badge = session.get(BadgeRow, user.id)
    state = load_account_state(session, user.id, row.family, now=now)
    if state is None or badge is None:
        raise _over()
    refuse_locked(badge, now)
    return bay_session(row, user, settings=settings, now=now)


def end_bay_session(session: Session, device: Device, session_id: UUID, *, clock: Clock) -> None:
    """Sign off at this tablet; repeating it changes nothing.

    Raises:
        BaySessionOverError: this tablet never had such a session.
    """
    now = clock.now()
    row, user = _own_session(session, device, session_id, lock=True)
    if row.ended_at is not None:
        return
    row.ended_at = now
    revoke_family(session, row.family, now)
    tell_session(
        session, EventKind.BAY_SESSION_ENDED, actor_of(user, device_id=device.id), row.id, now
    )


def end_sessions(session: Session, which: ColumnElement[bool], now: datetime) -> None:
    """End the sessions at tablets for which a condition on `BaySessionRow` holds."""
    families = select(BaySessionRow.family).where(which, BaySessionRow.ended_at.is_(None))
    session.execute(
        update(RefreshTokenRow)
        .where(RefreshTokenRow.family.in_(families), RefreshTokenRow.revoked_at.is_(None))
        .values(revoked_at=now),
        execution_options={"synchronize_session": False},
    )
    session.execute(
        update(BaySessionRow).where(which, BaySessionRow.ended_at.is_(None)).values(ended_at=now)
    )


def bay_session(
    row: BaySessionRow, user: UserRow, *, settings: Settings, now: datetime
) -> BaySession:
    """Return a session as the tablet gets it, with a new access token."""
    claims = AccessClaims(
        user_id=user.id, family=row.family, credentials_version=credentials_version(user)
    )
    good_until = row.started_at + SIGNED_ON_FOR
    lifetime = min(settings.access_token_lifetime, good_until - now)
    return BaySession(
        session_id=row.id,
        access_token=issue_access_token(claims, settings=settings, now=now),
        expires_in_s=int(lifetime.total_seconds()),
        server_time=now,
        person=Person(user_id=user.id, label=user.username, role=user.role),
        unlock=Unlock(
            salt=b64url_encode(secrets.token_bytes(SALT_BYTES)),
            iterations=VERIFIER_ITERATIONS,
            good_until=good_until,
        ),
    )


def refuse_locked(badge: BadgeRow, now: datetime) -> None:
    """Refuse whatever a badge is shown for while it rests.

    Raises:
        BadgeLockedError: says for how long.
    """
    if badge.locked_until is not None and badge.locked_until > now:
        raise BadgeLockedError(ceil((badge.locked_until - now).total_seconds()))


def tell_session(
    session: Session, kind: EventKind, actor: Actor, session_id: UUID, now: datetime
) -> None:
    """Record that a session began or ended; the actor names the tablet."""
    data = {"session": str(session_id)}
    record_event(session, Event(kind=kind, at=now, actor=actor, data=data))


def _own_session(
    session: Session, device: Device, session_id: UUID, *, lock: bool = False
) -> Row[BaySessionRow, UserRow]:
    wanted = (
        select(BaySessionRow, UserRow)
        .join(UserRow, UserRow.id == BaySessionRow.user_id)
        .where(BaySessionRow.id == session_id, BaySessionRow.device_id == device.id)
    )
    found = session.execute(wanted.with_for_update() if lock else wanted).one_or_none()
    if found is None:
        raise _over()
    return found


def _over() -> BaySessionOverError:
    return BaySessionOverError(
        next_step_zh="请扫工牌并输入 PIN 重新登录。",
        next_step_en="Sign on again with badge and PIN.",
    )
