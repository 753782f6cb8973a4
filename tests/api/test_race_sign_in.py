"""Guesses, exchanges and repeats that arrive at once, in both databases, with real commits."""

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask

from api.runtime import EXTENSION, Runtime
from tests.harness.accounts import PASSWORD, Accounts, access_token, seed_accounts
from tests.harness.races import race
from waybill.clock import FixedClock
from waybill.services import identity
from waybill.services.identity import RefusedSignIn
from waybill.storage.session import write_session

TOKENS = "/api/v1/tokens"


@pytest.fixture
def runtime(served_app: Flask) -> Runtime:
    """What the served application's views share."""
    found: Runtime = served_app.extensions[EXTENSION]
    return found


@pytest.fixture
def accounts(runtime: Runtime, clock: FixedClock) -> Accounts:
    """The usual accounts, committed."""
    with write_session(runtime.sessions) as session:
        return seed_accounts(session, clock.now())


def guess(app: Flask, username: str, password: str) -> int:
    body = {"username": username, "password": password}
    return app.test_client().post(TOKENS, json=body).status_code


@pytest.mark.usefixtures("accounts")
def test_guesses_at_once_are_no_more_than_guesses_in_a_row(
    served_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("waybill.services.identity.throttle.MAX_PER_PLACE", 3)

    answers = race([partial(guess, served_app, "carrier", f"guess {n}") for n in range(8)])

    assert Counter(answers) == {401: 3, 429: 5}


@pytest.mark.usefixtures("accounts")
def test_guesses_at_many_accounts_from_one_address_are_counted_together(
    served_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("waybill.services.identity.throttle.MAX_PER_ADDRESS", 3)

    answers = race([partial(guess, served_app, f"name-{n}", "guess") for n in range(8)])

    assert Counter(answers) == {401: 3, 429: 5}


def entered(runtime: Runtime, clock: FixedClock) -> identity.SignedIn:
    """Sign the carrier in through the services."""
    settings = runtime.settings
    with write_session(runtime.sessions) as session:
        begun = identity.begin_sign_in(
            session, "carrier", "203.0.113.7", settings=settings, clock=clock
        )
    proven = identity.prove(begun, PASSWORD)
    with write_session(runtime.sessions) as session:
        outcome = identity.finish_sign_in(
            session, proven, door=identity.Door.API, settings=settings, clock=clock
        )
    signed_in = identity.admitted(outcome)
    assert isinstance(signed_in, identity.SignedIn)
    return signed_in


def exchange(runtime: Runtime, clock: FixedClock, token: str) -> object:
    with write_session(runtime.sessions) as session:
        return identity.refresh(session, token, settings=runtime.settings, clock=clock)


def test_one_refresh_token_is_exchanged_once(
    runtime: Runtime, accounts: Accounts, clock: FixedClock
) -> None:
    token = entered(runtime, clock).refresh_token

    outcomes = race([partial(exchange, runtime, clock, token) for _ in range(4)])

    assert accounts.users["carrier"].active
    assert sum(not isinstance(outcome, RefusedSignIn) for outcome in outcomes) == 1


def change_password(runtime: Runtime, accounts: Accounts, clock: FixedClock) -> object:
    with write_session(runtime.sessions) as session:
        return identity.change_user(
            session,
            None,
            accounts.users["carrier"].id,
            identity.UserChange(password="an entirely new one"),
            expected_version=1,
            clock=clock,
        )


@pytest.mark.parametrize("attempt", range(3))
def test_no_session_outlives_a_change_of_the_password_by_renewing_meanwhile(
    runtime: Runtime, accounts: Accounts, clock: FixedClock, attempt: int
) -> None:
    first = entered(runtime, clock)
    runners: list[Callable[[], object]] = [
        partial(exchange, runtime, clock, first.refresh_token),
        partial(change_password, runtime, accounts, clock),
    ]
    if attempt % 2:
        runners.reverse()

    results = race(runners)

    renewed = results[1] if attempt % 2 else results[0]

    token = first.refresh_token
    if isinstance(renewed, identity.SignedIn):
        token = renewed.refresh_token
    assert isinstance(exchange(runtime, clock, token), RefusedSignIn)


def test_one_key_for_two_requests_at_once_is_done_for_one(
    served_app: Flask, runtime: Runtime, accounts: Accounts, clock: FixedClock
) -> None:
    with write_session(runtime.sessions) as session:
        token = access_token(
            session, accounts.users["admin"], settings=runtime.settings, now=clock.now()
        )
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "one-key-for-both"}

    def make(username: str) -> int:
        body = {
            "username": username,
            "password": "long enough 1",
            "role": "carrier",
            "organisation_id": str(accounts.organisations["carrier"]),
        }
        answer = served_app.test_client().post("/api/v1/users", json=body, headers=headers)
        return answer.status_code

    answers = race([partial(make, "first-of-two"), partial(make, "second-of-two")])

    assert sorted(answers) == [201, 422]
