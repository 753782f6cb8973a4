"""Changing one's own password: the old one is a guess like any other."""

import pytest
from flask import g, has_request_context
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.harness.accounts import PASSWORD, SignIn
from waybill.codec import parse_json
from waybill.services import identity
from waybill.services.identity.throttle import MAX_PER_PLACE
from waybill.storage.log import EventRow

PATH = "/api/v1/users/me/password"
TOKENS = "/api/v1/tokens"


def change(
    client: FlaskClient, headers: dict[str, str], old: str, new: str = "a quite new one"
) -> TestResponse:
    return client.post(PATH, json={"old_password": old, "new_password": new}, headers=headers)


def test_a_wrong_old_password_leaves_its_event(
    client: FlaskClient, sign_in: SignIn, database: Session
) -> None:
    answer = change(client, sign_in("carrier"), "guessed it?")

    row = database.scalars(select(EventRow)).one()
    body = parse_json(row.body)
    assert answer.status_code == 401
    assert isinstance(body, dict)
    assert isinstance(body["data"], dict)
    assert (row.kind, body["data"]["door"]) == ("sign-in-failed", "own-password")


def test_guesses_at_the_old_password_are_throttled(client: FlaskClient, sign_in: SignIn) -> None:
    headers = sign_in("carrier")
    guesses = [change(client, headers, f"guess {n}").status_code for n in range(MAX_PER_PLACE)]

    right = change(client, headers, PASSWORD)

    assert guesses == [401] * MAX_PER_PLACE
    assert right.status_code == 429


def test_a_new_password_that_is_too_weak_is_no_guess(client: FlaskClient, sign_in: SignIn) -> None:
    headers = sign_in("carrier")
    weak = [
        change(client, headers, PASSWORD, "short").status_code for _ in range(MAX_PER_PLACE + 1)
    ]

    assert weak == [422] * (MAX_PER_PLACE + 1)
    assert change(client, headers, PASSWORD).status_code == 204


def test_success_forgives_the_guesses_before(client: FlaskClient, sign_in: SignIn) -> None:
    for _ in range(MAX_PER_PLACE - 1):
        change(client, sign_in("carrier"), "wrong one")

    assert change(client, sign_in("carrier"), PASSWORD).status_code == 204
    entering = client.post(TOKENS, json={"username": "carrier", "password": "a quite new one"})
    assert entering.status_code == 200


def test_no_transaction_is_open_while_passwords_are_hashed(
    client: FlaskClient, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = sign_in("carrier")
    open_while_hashing: list[bool] = []
    prove, hash_password = identity.prove, identity.hash_password

    def watched_prove(sign_in: identity.SignIn, password: str) -> identity.SignIn:
        open_while_hashing.append(has_request_context() and "open_transaction" in g)
        return prove(sign_in, password)

    def watched_hash(password: str) -> str:
        open_while_hashing.append(has_request_context() and "open_transaction" in g)
        return hash_password(password)

    monkeypatch.setattr(identity, "prove", watched_prove)
    monkeypatch.setattr(identity, "hash_password", watched_hash)

    changed = change(client, headers, PASSWORD)

    assert (changed.status_code, open_while_hashing) == (204, [False, False])
