"""Taking the second step of signing in: a code, or a security key."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.errors import AuthenticationError
from waybill.registry.factors import Door, Factor, Factors
from waybill.services.identity.factors import use_recovery_code
from waybill.services.identity.half_sign_in import Held, finish_half, hold_half, tell_of
from waybill.services.identity.secrets import Purpose, derive_key
from waybill.services.identity.security_keys import assertion_options, use_security_key
from waybill.services.identity.sessions import RefusedSignIn, SignedIn
from waybill.services.identity.throttle import (
    count_second_step,
    forgive_second_steps,
    known_browser,
)
from waybill.services.identity.totp import DIGITS, typed_code, use_totp
from waybill.settings import Settings
from waybill.storage.events import EventKind
from waybill.storage.personal import PersonalVault


def second_step_of(
    session: Session, token: str, door: Door, *, settings: Settings, clock: Clock
) -> Factors:
    """Return what the account of a half sign-in has.

    Raises:
        AuthenticationError: it does not count, or not any more.
    """
    return hold_half(session, token, door, settings=settings, now=clock.now()).factors


def take_code(
    session: Session,
    token: str,
    door: Door,
    code: str,
    *,
    browser: str = "",
    vault: PersonalVault,
    settings: Settings,
    clock: Clock,
) -> SignedIn | RefusedSignIn:
    """Take a code of the authenticator, or a recovery code, as the second step.

    `browser` is the mark that the browser kept of whoever came in before, empty for none.

    Raises:
        AuthenticationError: the half sign-in does not count, or not any more.
        ThrottledError: too many wrong codes for this account.
    """
    now = clock.now()
    held = hold_half(session, token, door, settings=settings, now=now)
    key = derive_key(settings.secret_key, Purpose.THROTTLE)
    known = known_browser(browser, held.user.username, key=key)
    counted = count_second_step(session, held.user.id, browser=known, key=key, now=now)
    given = typed_code(code)
    factor = Factor.TOTP if len(given) == DIGITS and given.isdigit() else Factor.RECOVERY_CODE
    if factor is Factor.TOTP:
        right = use_totp(session, held.user.id, given, vault=vault, now=now)
    else:
        right = held.factors.any and use_recovery_code(
            session, held.user.id, given, settings=settings, now=now
        )
    if not right:
        return _refuse(session, held, factor, now)
    forgive_second_steps(session, counted)
    return finish_half(session, held, factor, settings=settings, now=now)


def key_challenge(
    session: Session, token: str, door: Door, *, settings: Settings, clock: Clock
) -> str:
    """Return what the browser asks a security key of the account, as JSON.

    Raises:
        AuthenticationError: the half sign-in does not count, or not any more.
    """
    held = hold_half(session, token, door, settings=settings, now=clock.now())
    return assertion_options(session, held.user.id, held.row.token_hash, settings=settings)


def take_key(
    session: Session,
    token: str,
    door: Door,
    credential: str,
    *,
    settings: Settings,
    clock: Clock,
) -> SignedIn | RefusedSignIn:
    """Take what a security key signed as the second step.

    Raises:
        AuthenticationError: the half sign-in does not count, or not any more.
    """
    now = clock.now()
    held = hold_half(session, token, door, settings=settings, now=now)
    used = use_security_key(
        session, held.user.id, held.row.token_hash, credential, settings=settings, now=now
    )
    if used is None:
        return _refuse(session, held, Factor.SECURITY_KEY, now)
    return finish_half(session, held, Factor.SECURITY_KEY, settings=settings, now=now)


def _refuse(session: Session, held: Held, factor: Factor, now: datetime) -> RefusedSignIn:
    held.row.failures += 1
    session.flush()
    data: Mapping[str, JsonValue] = {"door": held.row.door.value, "second": factor.value}
    tell_of(session, EventKind.SECOND_STEP_FAILED, held.user.id, data, now)
    return RefusedSignIn(
        error=AuthenticationError(
            "第二步验证未通过。",
            "The second step is not right.",
            next_step_zh="请用验证器显示的下一个验证码重试；手机丢失请用恢复码，或联系管理员重置。",
            next_step_en=(
                "Try the authenticator's next code. Without the phone use a recovery code, or ask"
                " an administrator for a reset."
            ),
        )
    )
