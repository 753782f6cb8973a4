"""What somebody who is signed in does with their own second factors.

All of it needs a session that was opened a moment ago, with the second step where there is one.
Each change ends the account's other sessions: they were opened with less.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.errors import NotFoundError, StateError
from waybill.registry.access import Actor, Permission
from waybill.registry.factors import Factor, Factors, NewTotp
from waybill.services.identity.factors import (
    factors_of,
    make_recovery_codes,
    remove_totp,
)
from waybill.services.identity.security_keys import add_security_key, registration_options
from waybill.services.identity.sessions import lock_account, require_fresh, revoke_sessions
from waybill.services.identity.totp import begin_totp, confirm_totp, pending_totp, typed_code
from waybill.settings import Settings
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.factors import RecoveryCodeRow, SecurityKeyRow
from waybill.storage.identity import UserRow
from waybill.storage.personal import PersonalVault


def own_factors(session: Session, actor: Actor, *, settings: Settings) -> Factors:
    """Return what the acting account has."""
    return factors_of(session, session.get_one(UserRow, actor.user_id), settings)


def begin_own_totp(
    session: Session,
    actor: Actor,
    family: UUID | None,
    *,
    vault: PersonalVault,
    settings: Settings,
    clock: Clock,
) -> NewTotp:
    """Give the acting account a new secret; an authenticator it has goes on until that counts.

    Raises:
        SignInAgainError: the session was not opened a moment ago.
    """
    row = _owner(session, actor, family, clock)
    return begin_totp(session, row, vault=vault, settings=settings, now=clock.now())


def own_pending_totp(
    session: Session, actor: Actor, *, vault: PersonalVault, settings: Settings
) -> NewTotp:
    """Return the secret that waits to be confirmed, to be shown again.

    Raises:
        StateError: there is none.
    """
    row = session.get_one(UserRow, actor.user_id)
    return pending_totp(session, row, vault=vault, settings=settings)


def confirm_own_totp(
    session: Session,
    actor: Actor,
    family: UUID | None,
    code: str,
    *,
    vault: PersonalVault,
    settings: Settings,
    clock: Clock,
) -> tuple[str, ...]:
    """Let the new secret count. Returns recovery codes, where the account had no factor before.

    Raises:
        SignInAgainError: the session was not opened a moment ago.
        StateError: no secret is pending.
        InvalidFieldError: the code is not right.
    """
    row, now = _owner(session, actor, family, clock), clock.now()
    before = factors_of(session, row, settings)
    confirm_totp(session, row.id, typed_code(code), vault=vault, now=now)
    return _added(
        session, actor, family, before, {"factor": Factor.TOTP.value}, settings=settings, now=now
    )


def remove_own_totp(
    session: Session, actor: Actor, family: UUID | None, *, settings: Settings, clock: Clock
) -> None:
    """Take the acting account's authenticator away.

    Raises:
        SignInAgainError: the session was not opened a moment ago.
        NotFoundError: it has none.
        StateError: it must have a factor, and this is the last.
    """
    row, now = _owner(session, actor, family, clock), clock.now()
    factors = factors_of(session, row, settings)
    if factors.totp_since is None:
        raise NotFoundError("second-factor", Factor.TOTP.value)
    _check_spare(factors, 1)
    remove_totp(session, row.id, now)
    _removed(session, actor, family, {"factor": Factor.TOTP.value}, settings=settings, now=now)


def own_key_options(
    session: Session, actor: Actor, family: UUID | None, *, settings: Settings, clock: Clock
) -> str:
    """Return what the browser asks for to make a security key, as JSON.

    Raises:
        SignInAgainError: the session was not opened a moment ago.
    """
    row = _owner(session, actor, family, clock)
    return registration_options(session, row, _binding(family), settings=settings)


def add_own_key(
    session: Session,
    actor: Actor,
    family: UUID | None,
    name: str,
    credential: str,
    *,
    settings: Settings,
    clock: Clock,
) -> tuple[str, ...]:
    """Keep a security key. Returns recovery codes, where the account had no factor before.

    Raises:
        SignInAgainError: the session was not opened a moment ago.
        InvalidFieldError: the name cannot be read, or the credential does not hold.
        DuplicateError: the key is known already.
    """
    row, now = _owner(session, actor, family, clock), clock.now()
    before = factors_of(session, row, settings)
    key_id = add_security_key(
        session, row.id, _binding(family), name, credential, settings=settings, now=now
    )
    data = {"factor": Factor.SECURITY_KEY.value, "key": str(key_id)}
    return _added(session, actor, family, before, data, settings=settings, now=now)


def remove_own_key(
    session: Session,
    actor: Actor,
    family: UUID | None,
    key_id: UUID,
    *,
    settings: Settings,
    clock: Clock,
) -> None:
    """Take one of the acting account's security keys away.

    Raises:
        SignInAgainError: the session was not opened a moment ago.
        NotFoundError: it has no such key.
        StateError: it must have a factor, and this is the last.
    """
    row, now = _owner(session, actor, family, clock), clock.now()
    factors = factors_of(session, row, settings)
    if key_id not in {key.id for key in factors.keys}:
        raise NotFoundError("security-key", key_id)
    _check_spare(factors, 1)
    session.execute(delete(SecurityKeyRow).where(SecurityKeyRow.id == key_id))
    data = {"factor": Factor.SECURITY_KEY.value, "key": str(key_id)}
    _removed(session, actor, family, data, settings=settings, now=now)


def renew_recovery_codes(
    session: Session, actor: Actor, family: UUID | None, *, settings: Settings, clock: Clock
) -> tuple[str, ...]:
    """Give the acting account ten new recovery codes; those before end.

    Raises:
        SignInAgainError: the session was not opened a moment ago.
        StateError: it has no second factor that they could stand in for.
    """
    row, now = _owner(session, actor, family, clock), clock.now()
    if not factors_of(session, row, settings).any:
        raise StateError(
            "尚未设置第二验证方式。",
            "There is no second factor yet.",
            state="none",
            act="recovery-codes",
            next_step_zh="请先设置验证器或安全密钥。",
            next_step_en="Set up an authenticator or a security key first.",
        )
    codes = make_recovery_codes(session, row.id, settings=settings, now=now)
    _tell(session, EventKind.RECOVERY_CODES_MADE, actor, {}, now)
    return codes


def _owner(session: Session, actor: Actor, family: UUID | None, clock: Clock) -> UserRow:
    """Return the acting account, locked, where its session is fresh."""
    actor.require(Permission.WRITE_OWN_ACCOUNT)
    row = lock_account(session, actor.user_id)
    if row is None:
        raise NotFoundError("user", actor.user_id)
    require_fresh(session, family, clock=clock)
    return row


def _check_spare(factors: Factors, taken: int) -> None:
    left = len(factors.keys) + (factors.totp_since is not None) - taken
    if factors.required and left <= 0:
        raise StateError(
            "该账号的角色必须有第二验证方式，不能移除最后一种。",
            "This account's role must have a second factor; the last one cannot be removed.",
            state="last",
            act="remove",
            next_step_zh="请先添加另一种，再移除这一种。",
            next_step_en="Add another one first, then remove this.",
        )


def _added(
    session: Session,
    actor: Actor,
    family: UUID | None,
    before: Factors,
    data: Mapping[str, JsonValue],
    *,
    settings: Settings,
    now: datetime,
) -> tuple[str, ...]:
    revoke_sessions(session, actor.user_id, now, but=family)
    _tell(session, EventKind.SECOND_FACTOR_ADDED, actor, data, now)
    if before.any:
        return ()
    return make_recovery_codes(session, actor.user_id, settings=settings, now=now)


def _removed(
    session: Session,
    actor: Actor,
    family: UUID | None,
    data: Mapping[str, JsonValue],
    *,
    settings: Settings,
    now: datetime,
) -> None:
    session.flush()
    if not factors_of(session, session.get_one(UserRow, actor.user_id), settings).any:
        # Without a factor nobody asks for them; the next factor brings its own.
        session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.user_id == actor.user_id))
    revoke_sessions(session, actor.user_id, now, but=family)
    _tell(session, EventKind.SECOND_FACTOR_REMOVED, actor, data, now)


def _binding(family: UUID | None) -> bytes:
    return b"" if family is None else family.bytes


def _tell(
    session: Session,
    kind: EventKind,
    actor: Actor,
    data: Mapping[str, JsonValue],
    now: datetime,
) -> None:
    body: Mapping[str, JsonValue] = {"user": str(actor.user_id), **data}
    record_event(session, Event(kind=kind, at=now, actor=actor, data=body))
