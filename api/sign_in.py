"""Signing in through either door: the steps of it, each in the transaction it needs."""

from flask import request

from api.auth import caller
from api.runtime import runtime
from api.transactions import transaction
from waybill.services import identity


def sign_in(username: str, password: str, door: identity.Door) -> identity.SignedIn:
    """Let somebody in.

    The attempt is committed before the password is looked at, and the outcome before it is
    answered, so that a refusal leaves its event.

    Raises:
        ThrottledError: too many failures.
        AuthenticationError: account or password is not right.
    """
    settings, clock = runtime().settings, runtime().clock
    with transaction() as session:
        begun = identity.begin_sign_in(
            session, username, request.remote_addr or "", settings=settings, clock=clock
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
