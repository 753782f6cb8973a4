"""Passwords from outside: signing in and changing one's own, each step in its own transaction."""

from flask import request
from sqlalchemy.orm import Session

from api.auth import actor, caller
from api.runtime import runtime
from api.transactions import transaction
from waybill.services import identity


def sign_in(
    username: str, password: str, door: identity.Door, *, browser: str = ""
) -> identity.SignedIn | identity.HalfSignedIn:
    """Let somebody in, or half where a second step is to come.

    The attempt is committed before the password is looked at, and the outcome before it is
    answered, so that a refusal leaves its event.

    Raises:
        ThrottledError: too many failures.
        AuthenticationError: account or password is not right.
    """
    settings, clock = runtime().settings, runtime().clock
    # No account has a NUL in its name, and PostgreSQL takes none in a question either.
    name = username.replace("\x00", "\ufffd")
    with transaction() as session:
        begun = identity.begin_sign_in(
            session, name, _address(), browser=browser, settings=settings, clock=clock
        )
    proven = identity.prove(begun, password)
    with transaction() as session:
        outcome = identity.finish_sign_in(
            session, proven, door=door, settings=settings, clock=clock
        )
    return identity.admitted(outcome)


def refresh(refresh_token: str) -> identity.SignedIn:
    """Exchange a refresh token.

    Raises:
        AuthenticationError: it does not count, or not any more.
    """
    with transaction() as session:
        outcome = identity.refresh(
            session, refresh_token, settings=runtime().settings, clock=runtime().clock
        )
    return identity.admitted(outcome)


def sign_out() -> None:
    """End the session of this request; an API key has none and stays as it is."""
    found = caller()
    if found.family is None:
        return
    with transaction() as session:
        identity.sign_out(session, found.actor, found.family, clock=runtime().clock)
    runtime().account_states.forget(found.actor.user_id)


def sign_out_everywhere(*, ends_keys: bool = False) -> None:
    """End every session of the acting account, this one too, and its API keys if wished."""
    with transaction() as session:
        if ends_keys:
            identity.end_own_keys(session, actor(), clock=runtime().clock)
        identity.sign_out_everywhere(session, actor(), clock=runtime().clock)
    runtime().account_states.forget(actor().user_id)


def change_own_password(old: str, new: str, *, ends_keys: bool = False) -> None:
    """Give the acting account a new password and end all its sessions, and its keys if wished.

    Raises:
        InvalidFieldError: the new password is too weak.
        ThrottledError: too many failures.
        AuthenticationError: the old password is not right.
    """
    settings, clock = runtime().settings, runtime().clock
    with transaction() as session:
        begun = identity.begin_password_change(
            session, actor(), caller().family, new, _address(), settings=settings, clock=clock
        )
    proven = identity.prove(begun, old)
    new_hash = identity.hash_password(new) if proven.proven else None
    with transaction() as session:
        refused = identity.finish_password_change(
            session, actor(), proven, new_hash, ends_keys=ends_keys, clock=clock
        )
    if refused is not None:
        raise refused.error
    runtime().account_states.forget(actor().user_id)


def require_fresh(session: Session) -> None:
    """Refuse what changes how somebody comes in, unless the acting person came in a moment ago.

    An API key never did.

    Raises:
        SignInAgainError: the session was not opened within a quarter of an hour.
    """
    identity.require_fresh(session, caller().family, clock=runtime().clock)


def _address() -> str:
    return request.remote_addr or ""
