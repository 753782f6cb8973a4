"""Sessions: what somebody who came in is given, and how it ends."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import new_id
from waybill.errors import AuthenticationError, SignInAgainError
from waybill.registry.access import Actor
from waybill.registry.factors import Door
from waybill.services.identity.access import (
    AccessClaims,
    actor_of,
    credentials_version,
    issue_access_token,
)
from waybill.services.identity.secrets import Purpose, new_token, token_hash
from waybill.settings import Settings
from waybill.storage.devices import BaySessionRow
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.factors import HalfSignInRow
from waybill.storage.identity import RefreshTokenRow, UserRow

FRESH_FOR: Final = timedelta(minutes=15)
"""How long after signing in one may change what one signs in with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Somebody is in. Of the two tokens each door gives its own: pages get no access token."""

    actor: Actor
    family: UUID
    expires_in_s: int
    username: str = ""
    access_token: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedSignIn:
    """Nobody is in; the event that says so waits to be committed."""

    error: AuthenticationError


def open_session(
    session: Session,
    row: UserRow,
    door: Door,
    *,
    settings: Settings,
    now: datetime,
    after: RefreshTokenRow | None = None,
) -> SignedIn:
    """Open a session of an account, always under a new token; `after` is the one it renews.

    The caller holds the account's lock.
    """
    purpose = Purpose.REFRESH_TOKEN if door is Door.API else Purpose.PAGE_SESSION
    token = new_token()
    family = new_id() if after is None else after.family
    expires_at = now + settings.refresh_token_lifetime if after is None else after.expires_at
    session.add(
        RefreshTokenRow(
            family=family,
            user_id=row.id,
            token_hash=token_hash(purpose, token),
            created_at=now,
            expires_at=expires_at,
        )
    )
    session.flush()
    if door is Door.PAGES:
        lifetime_s = int((expires_at - now).total_seconds())
        return SignedIn(
            actor=actor_of(row),
            family=family,
            expires_in_s=lifetime_s,
            username=row.username,
            refresh_token=token,
        )
    claims = AccessClaims(
        user_id=row.id, family=family, credentials_version=credentials_version(row)
    )
    return SignedIn(
        actor=actor_of(row),
        family=family,
        expires_in_s=int(settings.access_token_lifetime.total_seconds()),
        username=row.username,
        access_token=issue_access_token(claims, settings=settings, now=now),
        refresh_token=token,
    )


def sign_out(session: Session, actor: Actor, family: UUID, *, clock: Clock) -> None:
    """End a session: none of its tokens counts any more."""
    now = clock.now()
    lock_account(session, actor.user_id)
    revoke_family(session, family, now)
    _tell(session, actor, now, {"session": str(family)})


def sign_out_everywhere(session: Session, actor: Actor, *, clock: Clock) -> None:
    """End every session of the acting account, this one too, and those at tablets."""
    now = clock.now()
    lock_account(session, actor.user_id)
    revoke_sessions(session, actor.user_id, now)
    _tell(session, actor, now, {"everywhere": True})


def find_page_session(session: Session, token: str) -> tuple[UUID, UUID] | None:
    """Return account and family of a page session's cookie; whether it still counts is not said."""
    row = session.execute(
        select(RefreshTokenRow.user_id, RefreshTokenRow.family).where(
            RefreshTokenRow.token_hash == token_hash(Purpose.PAGE_SESSION, token)
        )
    ).one_or_none()
    return None if row is None else (row.user_id, row.family)


def require_fresh(session: Session, family: UUID | None, *, clock: Clock) -> None:
    """Refuse a session that was not opened a moment ago: somebody may have found it open.

    Raises:
        SignInAgainError: more than a quarter of an hour has passed, it ended, or it is none.
    """
    opened_at = session.scalar(
        select(func.min(RefreshTokenRow.created_at)).where(
            RefreshTokenRow.family == family, RefreshTokenRow.revoked_at.is_(None)
        )
    )
    if opened_at is None or clock.now() - opened_at > FRESH_FOR:
        raise SignInAgainError


def revoke_family(session: Session, family: UUID, now: datetime) -> None:
    """Take every token of one sign-in out of use; the caller holds the account's lock."""
    session.execute(
        update(RefreshTokenRow)
        .where(RefreshTokenRow.family == family, RefreshTokenRow.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def revoke_sessions(
    session: Session, user_id: UUID, now: datetime, *, but: UUID | None = None
) -> None:
    """End every session of an account: after a change of password, role, standing or factor.

    Half sign-ins end too. The caller holds the account's lock, so that no session is renewed
    meanwhile. `but` is a session that goes on. Of sessions at tablets it is kept when they ended:
    records of work without network are held against it long after their tokens are forgotten.
    """
    session.execute(delete(HalfSignInRow).where(HalfSignInRow.user_id == user_id))
    ended = [RefreshTokenRow.user_id == user_id, RefreshTokenRow.revoked_at.is_(None)]
    at_tablets = [BaySessionRow.user_id == user_id, BaySessionRow.ended_at.is_(None)]
    if but is not None:
        ended.append(RefreshTokenRow.family != but)
        at_tablets.append(BaySessionRow.family != but)
    session.execute(update(RefreshTokenRow).where(*ended).values(revoked_at=now))
    session.execute(update(BaySessionRow).where(*at_tablets).values(ended_at=now))


def forget_ended_sessions(session: Session, user_id: UUID, now: datetime) -> None:
    """Remove what is left of an account's sessions that ran out."""
    session.execute(
        delete(RefreshTokenRow).where(
            RefreshTokenRow.user_id == user_id, RefreshTokenRow.expires_at <= now
        )
    )


def lock_account(session: Session, user_id: UUID) -> UserRow | None:
    """Return an account that may come in, locked until the transaction ends."""
    return session.scalar(
        select(UserRow).where(UserRow.id == user_id, UserRow.active).with_for_update()
    )


def _tell(session: Session, actor: Actor, now: datetime, data: dict[str, str | bool]) -> None:
    record_event(session, Event(kind=EventKind.SIGNED_OUT, at=now, actor=actor, data={**data}))
