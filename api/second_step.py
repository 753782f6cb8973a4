"""The second step of signing in, and one's own second factors, each in its own transaction."""

import json
from typing import Any
from uuid import UUID

from api.auth import actor, caller
from api.runtime import runtime
from api.sign_in import require_fresh
from api.transactions import transaction
from waybill.registry.factors import Factors, NewTotp
from waybill.services import identity
from waybill.services.identity import Door, Enrolled, SignedIn


def second_step_of(token: str, door: Door) -> Factors:
    """Return what the account of a half sign-in has.

    Raises:
        AuthenticationError: the half sign-in does not count, or not any more.
    """
    with transaction() as session:
        return identity.second_step_of(
            session, token, door, settings=runtime().settings, clock=runtime().clock
        )


def take_code(token: str, door: Door, code: str, *, browser: str = "") -> SignedIn:
    """Let somebody in by a code; `browser` is the mark of who came in there before.

    Raises:
        ThrottledError: too many wrong codes.
        AuthenticationError: the code is not right, or the half sign-in does not count.
    """
    with transaction() as session:
        outcome = identity.take_code(
            session,
            token,
            door,
            code,
            browser=browser,
            vault=runtime().vault,
            settings=runtime().settings,
            clock=runtime().clock,
        )
    return identity.admitted(outcome)


def key_challenge(token: str, door: Door) -> dict[str, Any]:
    """Return what a browser asks a security key.

    Raises:
        AuthenticationError: the half sign-in does not count, or not any more.
    """
    with transaction() as session:
        return _options(
            identity.key_challenge(
                session, token, door, settings=runtime().settings, clock=runtime().clock
            )
        )


def take_key(token: str, door: Door, credential: str) -> SignedIn:
    """Let somebody in by a security key.

    Raises:
        AuthenticationError: the key did not sign, or the half sign-in does not count.
    """
    with transaction() as session:
        outcome = identity.take_key(
            session,
            token,
            door,
            credential,
            settings=runtime().settings,
            clock=runtime().clock,
        )
    return identity.admitted(outcome)


def begin_first_totp(token: str, door: Door) -> NewTotp:
    """Give a secret to an account that must have a factor and has none."""
    with transaction() as session:
        return identity.begin_first_totp(
            session,
            token,
            door,
            vault=runtime().vault,
            settings=runtime().settings,
            clock=runtime().clock,
        )


def first_totp(token: str, door: Door) -> NewTotp:
    """Return the secret that waits to be confirmed."""
    with transaction() as session:
        return identity.first_totp(
            session,
            token,
            door,
            vault=runtime().vault,
            settings=runtime().settings,
            clock=runtime().clock,
        )


def confirm_first_totp(token: str, door: Door, code: str) -> Enrolled:
    """Let the first factor count and its owner in."""
    with transaction() as session:
        return identity.confirm_first_totp(
            session,
            token,
            door,
            code,
            vault=runtime().vault,
            settings=runtime().settings,
            clock=runtime().clock,
        )


def first_key_options(token: str, door: Door) -> dict[str, Any]:
    """Return what a browser asks for to make the first security key."""
    with transaction() as session:
        return _options(
            identity.first_key_options(
                session, token, door, settings=runtime().settings, clock=runtime().clock
            )
        )


def add_first_key(token: str, door: Door, name: str, credential: str) -> Enrolled:
    """Let the first security key count and its owner in."""
    with transaction() as session:
        return identity.add_first_key(
            session,
            token,
            door,
            name,
            credential,
            settings=runtime().settings,
            clock=runtime().clock,
        )


def own_factors() -> Factors:
    """Return what the acting account has."""
    with transaction() as session:
        return identity.own_factors(session, actor(), settings=runtime().settings)


def begin_own_totp() -> NewTotp:
    """Give the acting account a new secret."""
    with transaction() as session:
        return identity.begin_own_totp(
            session,
            actor(),
            caller().family,
            vault=runtime().vault,
            settings=runtime().settings,
            clock=runtime().clock,
        )


def own_pending_totp() -> NewTotp:
    """Return the acting account's secret that waits to be confirmed."""
    with transaction() as session:
        return identity.own_pending_totp(
            session, actor(), vault=runtime().vault, settings=runtime().settings
        )


def confirm_own_totp(code: str) -> tuple[str, ...]:
    """Let the new secret count; returns recovery codes where there was no factor before."""
    with transaction() as session:
        codes = identity.confirm_own_totp(
            session,
            actor(),
            caller().family,
            code,
            vault=runtime().vault,
            settings=runtime().settings,
            clock=runtime().clock,
        )
    _forget_state()
    return codes


def remove_own_totp() -> None:
    """Take the acting account's authenticator away."""
    with transaction() as session:
        identity.remove_own_totp(
            session,
            actor(),
            caller().family,
            settings=runtime().settings,
            clock=runtime().clock,
        )
    _forget_state()


def own_key_options() -> dict[str, Any]:
    """Return what a browser asks for to make a security key."""
    with transaction() as session:
        return _options(
            identity.own_key_options(
                session,
                actor(),
                caller().family,
                settings=runtime().settings,
                clock=runtime().clock,
            )
        )


def add_own_key(name: str, credential: str) -> tuple[str, ...]:
    """Keep a security key; returns recovery codes where there was no factor before."""
    with transaction() as session:
        codes = identity.add_own_key(
            session,
            actor(),
            caller().family,
            name,
            credential,
            settings=runtime().settings,
            clock=runtime().clock,
        )
    _forget_state()
    return codes


def remove_own_key(key_id: UUID) -> None:
    """Take one of the acting account's security keys away."""
    with transaction() as session:
        identity.remove_own_key(
            session,
            actor(),
            caller().family,
            key_id,
            settings=runtime().settings,
            clock=runtime().clock,
        )
    _forget_state()


def renew_recovery_codes() -> tuple[str, ...]:
    """Give the acting account new recovery codes."""
    with transaction() as session:
        return identity.renew_recovery_codes(
            session,
            actor(),
            caller().family,
            settings=runtime().settings,
            clock=runtime().clock,
        )


def reset(user_id: UUID, reason: str) -> None:
    """Take every second factor from another's account.

    Raises:
        SignInAgainError: the administrator's session was not opened a moment ago.
        ForbiddenError: it is the acting account's own.
        NotFoundError: there is no such account.
        InvalidFieldError: no readable reason.
    """
    with transaction() as session:
        require_fresh(session)
        identity.reset_second_factor(session, actor(), user_id, reason, clock=runtime().clock)
    runtime().account_states.forget(user_id)


def _forget_state() -> None:
    runtime().account_states.forget(actor().user_id)


def _options(text: str) -> dict[str, Any]:
    options: dict[str, Any] = json.loads(text)
    return options
