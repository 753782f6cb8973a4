"""Signing in and staying signed in.

Signing in takes three steps, because hashing a password takes tens of milliseconds and must not
hold the write lock: `begin_sign_in` counts the attempt, `prove` compares the password without a
database, `finish_sign_in` records the outcome. A refusal is returned, not raised, so that the
caller commits its event before it answers; `admitted` then raises.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import overload
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.errors import AuthenticationError
from waybill.registry.access import Actor
from waybill.registry.factors import Door
from waybill.services.identity.access import actor_of
from waybill.services.identity.half_sign_in import HalfSignedIn, enter
from waybill.services.identity.passwords import hash_password, needs_rehash, verify_password
from waybill.services.identity.secrets import Purpose, derive_key, token_hash
from waybill.services.identity.sessions import (
    RefusedSignIn,
    SignedIn,
    open_session,
    revoke_family,
)
from waybill.services.identity.throttle import (
    Attempt,
    count_attempt,
    forgive,
    known_browser,
)
from waybill.settings import Settings
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.identity import RefreshTokenRow, UserRow


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """A sign-in on its way: counted, not yet decided. `proven` is false until `prove` says so."""

    attempt: Attempt
    user_id: UUID | None
    password_hash: str | None = field(repr=False)
    proven: bool = False
    new_hash: str | None = field(default=None, repr=False)


def begin_sign_in(
    session: Session,
    username: str,
    address: str,
    *,
    browser: str = "",
    settings: Settings,
    clock: Clock,
) -> SignIn:
    """Count the attempt and look the account up.

    Args:
        session: the caller's transaction, which is committed before the password is compared.
        username: the account's name as typed.
        address: where the attempt comes from.
        browser: the mark that the browser kept of whoever came in before, empty for none.
        settings: the installation's settings.
        clock: the present moment.

    Raises:
        ThrottledError: too many failures for this account or from this address.
    """
    key = derive_key(settings.secret_key, Purpose.THROTTLE)
    known = known_browser(browser, username, key=key)
    attempt = count_attempt(session, username, address, browser=known, key=key, now=clock.now())
    row = session.scalar(select(UserRow).where(UserRow.username == username, UserRow.active))
    return SignIn(
        attempt=attempt,
        user_id=None if row is None else row.id,
        password_hash=None if row is None else row.password_hash,
    )


def prove(sign_in: SignIn, password: str) -> SignIn:
    """Compare the password, outside any transaction and in the same time for every account."""
    proven = verify_password(sign_in.password_hash, password)
    renew = proven and sign_in.password_hash is not None and needs_rehash(sign_in.password_hash)
    return replace(sign_in, proven=proven, new_hash=hash_password(password) if renew else None)


def finish_sign_in(
    session: Session, sign_in: SignIn, *, door: Door, settings: Settings, clock: Clock
) -> SignedIn | HalfSignedIn | RefusedSignIn:
    """Record whether the password was right; open the session, or ask for the second step."""
    now = clock.now()
    row = None
    if sign_in.proven:
        # The password may have been changed since it was compared.
        row = session.scalar(
            select(UserRow)
            .where(
                UserRow.id == sign_in.user_id,
                UserRow.active,
                UserRow.password_hash == sign_in.password_hash,
            )
            .with_for_update()
        )
    if row is None:
        record_failure(session, sign_in, door, now)
        return RefusedSignIn(error=_wrong_credentials())
    forgive(session, sign_in.attempt)
    if sign_in.new_hash is not None:
        row.password_hash = sign_in.new_hash
    return enter(session, row, door, settings=settings, now=now)


@overload
def admitted(outcome: SignedIn | RefusedSignIn) -> SignedIn: ...


@overload
def admitted(outcome: SignedIn | HalfSignedIn | RefusedSignIn) -> SignedIn | HalfSignedIn: ...


def admitted(outcome: SignedIn | HalfSignedIn | RefusedSignIn) -> SignedIn | HalfSignedIn:
    """Return who came in, or half.

    Raises:
        AuthenticationError: nobody did. Call it after the commit.
    """
    if isinstance(outcome, RefusedSignIn):
        raise outcome.error
    return outcome


def refresh(
    session: Session, refresh_token: str, *, settings: Settings, clock: Clock
) -> SignedIn | RefusedSignIn:
    """Exchange a refresh token for a new pair; the old one is spent.

    A token that comes a second time was copied, and nobody can say by whom, so its whole family
    ends. The family's end never moves: after the settings' hours one signs in again.
    """
    now = clock.now()
    known = RefreshTokenRow.token_hash == token_hash(Purpose.REFRESH_TOKEN, refresh_token)
    owner = select(RefreshTokenRow.user_id).where(known).scalar_subquery()
    # Whoever ends the account's sessions locks it first, and would not see a token being made.
    row = session.scalar(select(UserRow).where(UserRow.id == owner).with_for_update())
    token = session.scalar(select(RefreshTokenRow).where(known))
    if row is None or token is None or token.revoked_at is not None or token.expires_at <= now:
        return RefusedSignIn(error=_wrong_refresh_token())
    if token.used_at is not None:
        revoke_family(session, token.family, now)
        _record(session, EventKind.TOKEN_REUSED, actor_of(row), now, {"session": str(token.family)})
        return RefusedSignIn(error=_wrong_refresh_token())
    if not row.active:
        return RefusedSignIn(error=_wrong_refresh_token())
    token.used_at = now
    signed_in = open_session(session, row, Door.API, settings=settings, now=now, after=token)
    _record(session, EventKind.TOKEN_REFRESHED, signed_in.actor, now, {})
    return signed_in


def record_failure(session: Session, sign_in: SignIn, door: Door, now: datetime) -> None:
    """Record that a password was wrong."""
    # What was typed as a name is kept as a keyed hash: people type passwords there.
    subjects: tuple[Subject, ...] = ()
    if sign_in.user_id is not None:
        subjects = (Subject(SubjectKey.USER, str(sign_in.user_id)),)
    data: Mapping[str, JsonValue] = {"door": door.value, "account": sign_in.attempt.account}
    record_event(
        session,
        Event(kind=EventKind.SIGN_IN_FAILED, at=now, actor=None, data=data, subjects=subjects),
    )


def _record(
    session: Session, kind: EventKind, actor: Actor, now: datetime, data: Mapping[str, JsonValue]
) -> None:
    record_event(session, Event(kind=kind, at=now, actor=actor, data=data))


def _wrong_credentials() -> AuthenticationError:
    return AuthenticationError(
        "账号或密码不正确。",
        "Account or password is not right.",
        next_step_zh="请核对后重试；忘记密码请联系管理员。",
        next_step_en="Check both and try again; an administrator can set a new password.",
    )


def _wrong_refresh_token() -> AuthenticationError:
    return AuthenticationError(
        "登录已失效。",
        "The session has ended.",
        next_step_zh="请重新登录。",
        next_step_en="Sign in again.",
    )
