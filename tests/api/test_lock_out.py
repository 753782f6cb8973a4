"""Nobody keeps somebody else out by failing in their name."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.harness.accounts import PASSWORD
from waybill.services.identity import throttle
from waybill.services.identity.throttle import MAX_PER_PLACE

pytestmark = pytest.mark.usefixtures("accounts")


def enter(client: FlaskClient, password: str, address: str) -> int:
    form = {"username": "carrier", "password": password}
    answer = client.post("/sign-in", data=form, environ_base={"REMOTE_ADDR": address})
    return answer.status_code


def attack(app: Flask, address: str, *, times: int = MAX_PER_PLACE) -> list[int]:
    return [enter(app.test_client(), f"guess {n}", address) for n in range(times)]


def test_guesses_from_elsewhere_lock_only_where_they_come_from(app: Flask) -> None:
    attack(app, "203.0.113.7")

    assert enter(app.test_client(), PASSWORD, "203.0.113.7") == 429
    assert enter(app.test_client(), PASSWORD, "198.51.100.9") == 303


def test_guesses_from_everywhere_do_not_lock_a_browser_that_is_known(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "MAX_PER_ACCOUNT", 4)
    known = app.test_client()
    assert enter(known, PASSWORD, "198.51.100.9") == 303
    for number in range(4):
        attack(app, f"203.0.113.{number}", times=1)

    assert enter(app.test_client(), PASSWORD, "192.0.2.1") == 429
    assert enter(known, PASSWORD, "192.0.2.1") == 303


def test_an_address_that_failed_too_often_does_not_lock_a_known_browser_behind_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "MAX_PER_ADDRESS", 3)
    known = app.test_client()
    assert enter(known, PASSWORD, "198.51.100.9") == 303
    attack(app, "198.51.100.9", times=3)

    assert enter(app.test_client(), PASSWORD, "198.51.100.9") == 429
    assert enter(known, PASSWORD, "198.51.100.9") == 303


def test_a_known_browser_guesses_no_more_than_others(app: Flask) -> None:
    known = app.test_client()
    enter(known, PASSWORD, "198.51.100.9")
    guesses = [enter(known, f"guess {n}", f"203.0.113.{n}") for n in range(MAX_PER_PLACE)]

    assert guesses == [401] * MAX_PER_PLACE
    assert enter(known, PASSWORD, "203.0.113.99") == 429


def test_a_mark_of_one_account_or_of_ones_own_making_is_none_of_another(app: Flask) -> None:
    client = app.test_client()
    client.post("/sign-in", data={"username": "loader", "password": PASSWORD})
    attack(app, "127.0.0.1")
    by_another = enter(client, PASSWORD, "127.0.0.1")
    client.set_cookie("waybill_browser", f"{'0' * 32}.{'0' * 64}")

    assert (by_another, enter(client, PASSWORD, "127.0.0.1")) == (429, 429)
