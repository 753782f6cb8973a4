"""The first second factor of an account that must have one, made on the way in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.errors import ForbiddenError
from waybill.registry.factors import Door, Factor, NewTotp
from waybill.services.identity.access import actor_of
from waybill.services.identity.factors import make_recovery_codes
from waybill.services.identity.half_sign_in import Held, finish_half, hold_half
from waybill.services.identity.security_keys import add_security_key, registration_options
from waybill.services.identity.sessions import SignedIn
from waybill.services.identity.totp import begin_totp, confirm_totp, pending_totp, typed_code
from waybill.settings import Settings
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.personal import PersonalVault


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """Somebody who made their first factor and is in, with recovery codes that are shown once."""

    signed_in: SignedIn
    recovery_codes: tuple[str, ...] = field(repr=False)


def begin_first_totp(
    session: Session,
    token: str,
    door: Door,
    *,
    vault: PersonalVault,
    settings: Settings,
    clock: Clock,
) -> NewTotp:
    """Give a secret to an account that must have a factor and has none.

    Raises:
        AuthenticationError: the half sign-in does not count, or not any more.
        ForbiddenError: the account has a factor: that must be given first.
    """
    now = clock.now()
    held = _without_factor(session, token, door, settings=settings, now=now)
    return begin_totp(session, held.user, vault=vault, settings=settings, now=now)


def first_totp(
    session: Session,
    token: str,
    door: Door,
    *,
    vault: PersonalVault,
    settings: Settings,
    clock: Clock,
) -> NewTotp:
    """Return the secret that waits to be confirmed, to be shown again; raises as above."""
    held = _without_factor(session, token, door, settings=settings, now=clock.now())
    return pending_totp(session, held.user, vault=vault, settings=settings)


def confirm_first_totp(
    session: Session,
    token: str,
    door: Door,
    code: str,
    *,
    vault: PersonalVault,
    settings: Settings,
    clock: Clock,
) -> Enrolled:
    """Let the first factor count and its owner in.

    Raises:
        AuthenticationError, ForbiddenError: as above.
        StateError: no secret is pending.
        InvalidFieldError: the code is not right.
    """
    now = clock.now()
    held = _without_factor(session, token, door, settings=settings, now=now)
    confirm_totp(session, held.user.id, typed_code(code), vault=vault, now=now)
    return _enrolled(session, held, Factor.TOTP, settings=settings, now=now)


def first_key_options(
    session: Session, token: str, door: Door, *, settings: Settings, clock: Clock
) -> str:
    """Return what the browser asks for to make the first security key; raises as above."""
    held = _without_factor(session, token, door, settings=settings, now=clock.now())
    return registration_options(session, held.user, held.row.token_hash, settings=settings)


def add_first_key(
    session: Session,
    token: str,
    door: Door,
    name: str,
    credential: str,
    *,
    settings: Settings,
    clock: Clock,
) -> Enrolled:
    """Let the first security key count and its owner in; raises as above and as adding does."""
    now = clock.now()
    held = _without_factor(session, token, door, settings=settings, now=now)
    binding = held.row.token_hash
    add_security_key(session, held.user.id, binding, name, credential, settings=settings, now=now)
    return _enrolled(session, held, Factor.SECURITY_KEY, settings=settings, now=now)


def _without_factor(
    session: Session, token: str, door: Door, *, settings: Settings, now: datetime
) -> Held:
    held = hold_half(session, token, door, settings=settings, now=now)
    if held.factors.any:
        # Else whoever knows the password could put a factor of their own beside the owner's.
        raise ForbiddenError(
            "该账号已设置第二验证方式，请先用它登录。",
            "This account has a second factor: sign in with it first.",
        )
    return held


def _enrolled(
    session: Session, held: Held, factor: Factor, *, settings: Settings, now: datetime
) -> Enrolled:
    codes = make_recovery_codes(session, held.user.id, settings=settings, now=now)
    actor = actor_of(held.user)
    data: Mapping[str, JsonValue] = {"user": str(held.user.id), "factor": factor.value}
    record_event(session, Event(kind=EventKind.SECOND_FACTOR_ADDED, at=now, actor=actor, data=data))
    signed_in = finish_half(session, held, factor, settings=settings, now=now)
    return Enrolled(signed_in=signed_in, recovery_codes=codes)
