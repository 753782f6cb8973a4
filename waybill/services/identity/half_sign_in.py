"""The second step of signing in.

Whose password was right and who has a second factor, or must have one, holds a half sign-in: a
token that is good for five minutes and for nothing but the second step. It is no session: no
route knows it but those of the step itself. Who must have a factor and has none is led to make
one, and can do nothing else. A session is opened only then, under a token of its own.

Wrong codes are counted per account, five in a quarter of an hour. Only who knows the password can
use them up; a security key works all the same, and so does a browser in which the account came in
before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from waybill.codec import JsonValue
from waybill.errors import AuthenticationError
from waybill.registry.factors import Door, Factor, Factors
from waybill.services.identity.factors import factors_of
from waybill.services.identity.secrets import Purpose, new_token, token_hash
from waybill.services.identity.sessions import (
    SignedIn,
    forget_ended_sessions,
    lock_account,
    open_session,
)
from waybill.settings import Settings
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.factors import HalfSignInRow
from waybill.storage.identity import UserRow

HALF_LIFETIME: Final = timedelta(minutes=5)
MAX_FAILURES: Final = 10
"""Wrong steps after which the password is asked for again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfSignedIn:
    """The password was right. `methods` are what can come next; none: a factor must be made."""

    token: str = field(repr=False)
    expires_in_s: int
    methods: tuple[Factor, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A half sign-in that counts, with its account's lock."""

    row: HalfSignInRow
    user: UserRow
    factors: Factors


def enter(
    session: Session,
    user: UserRow,
    door: Door,
    *,
    provider: str = "",
    settings: Settings,
    now: datetime,
) -> SignedIn | HalfSignedIn:
    """Let somebody in whose password or provider spoke for them, or ask for the second step.

    The caller holds the account's lock. `provider` is whose log-in it was, empty for a password.
    """
    forget_ended_sessions(session, user.id, now)
    session.execute(
        delete(HalfSignInRow).where(
            HalfSignInRow.user_id == user.id, HalfSignInRow.expires_at <= now
        )
    )
    factors = factors_of(session, user, settings)
    if not factors.any and not factors.required:
        return let_in(session, user, door, provider, None, settings=settings, now=now)
    token = new_token()
    session.add(
        HalfSignInRow(
            user_id=user.id,
            token_hash=token_hash(Purpose.HALF_SIGN_IN, token),
            door=door,
            provider=provider,
            created_at=now,
            expires_at=now + HALF_LIFETIME,
        )
    )
    session.flush()
    tell_of(session, EventKind.SECOND_STEP_ASKED, user.id, {"door": door.value}, now)
    return HalfSignedIn(
        token=token,
        expires_in_s=int(HALF_LIFETIME.total_seconds()),
        methods=factors.methods,
    )


def hold_half(
    session: Session, token: str, door: Door, *, settings: Settings, now: datetime
) -> Held:
    """Return a half sign-in and lock its account.

    Raises:
        AuthenticationError: it does not count, or not any more.
    """
    known = HalfSignInRow.token_hash == token_hash(Purpose.HALF_SIGN_IN, token)
    user_id = session.scalar(select(HalfSignInRow.user_id).where(known))
    user = None if user_id is None else lock_account(session, user_id)
    if user is None:
        raise _over()
    # Another request may have used it up while this one waited for the lock.
    row = session.scalar(
        select(HalfSignInRow).where(
            known,
            HalfSignInRow.door == door,
            HalfSignInRow.expires_at > now,
            HalfSignInRow.failures < MAX_FAILURES,
        )
    )
    changed_at = user.credentials_changed_at
    if row is None or (changed_at is not None and changed_at > row.created_at):
        raise _over()
    return Held(row=row, user=user, factors=factors_of(session, user, settings))


def finish_half(
    session: Session, held: Held, factor: Factor, *, settings: Settings, now: datetime
) -> SignedIn:
    """Open the session that a half sign-in led to; it is over with that."""
    door, provider = held.row.door, held.row.provider
    session.delete(held.row)
    return let_in(session, held.user, door, provider, factor, settings=settings, now=now)


def let_in(
    session: Session,
    user: UserRow,
    door: Door,
    provider: str,
    factor: Factor | None,
    *,
    settings: Settings,
    now: datetime,
) -> SignedIn:
    """Open a session and record it; `factor` is the second step, `None` where none was asked."""
    signed_in = open_session(session, user, door, settings=settings, now=now)
    data: dict[str, JsonValue] = {"door": door.value}
    if factor is not None:
        data["second"] = factor.value
    if provider:
        data["provider"] = provider
    record_event(
        session,
        Event(kind=EventKind.SIGNED_IN, at=now, actor=signed_in.actor, data=data),
    )
    return signed_in


def tell_of(
    session: Session,
    kind: EventKind,
    user_id: UUID,
    data: Mapping[str, JsonValue],
    now: datetime,
) -> None:
    """Record something of somebody who is not in yet, and so is no actor."""
    subjects = (Subject(SubjectKey.USER, str(user_id)),)
    record_event(session, Event(kind=kind, at=now, actor=None, data=data, subjects=subjects))


def _over() -> AuthenticationError:
    return AuthenticationError(
        "登录已超时或已失效。",
        "This sign-in has run out.",
        next_step_zh="请重新输入账号和密码。",
        next_step_en="Sign in with account and password again.",
    )
