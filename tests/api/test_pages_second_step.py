"""The second step on pages: a half sign-in opens nothing, and the session is a new one."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from api.runtime import Runtime
from tests.harness.accounts import PASSWORD, Accounts
from tests.harness.page_user import PageUser
from tests.harness.second_factors import Phone, asking_for_factors
from waybill.clock import FixedClock

LED_TO = "/sign-in/second-step"
CODE = "/sign-in/first-factor/totp/code"


def cookie(user: PageUser, name: str) -> str:
    found = user.client.get_cookie(name)
    return "" if found is None else found.value


def secret_of(user: PageUser) -> str:
    return user.html.split('id="secret">')[1].split("<")[0].replace(" ", "")


@pytest.fixture
def phone(clock: FixedClock) -> Phone:
    """An authenticator's app."""
    return Phone(clock=clock)


@pytest.fixture
def user(app: Flask, runtime: Runtime, accounts: Accounts) -> Iterator[PageUser]:
    """Somebody's browser before an installation that asks auditors for a second factor."""
    assert accounts.users
    with asking_for_factors(runtime, "auditor"):
        yield PageUser(client=app.test_client())


@pytest.fixture
def enrolled(user: PageUser, phone: Phone, clock: FixedClock) -> PageUser:
    """An auditor who has set up an authenticator, and is out again."""
    user.sign_in("auditor", PASSWORD)
    user.send("/sign-in/first-factor/totp", {})
    phone.secret = secret_of(user)
    user.send(CODE, {"code": phone.code(), "next": "/events"})
    user.open("/account")
    user.send("/sign-out", {})
    clock.advance(timedelta(minutes=1))
    return user


def test_who_must_have_a_factor_makes_one_before_anything_else(
    user: PageUser, phone: Phone
) -> None:
    user.sign_in("auditor", PASSWORD)
    assert (user.address, cookie(user, "waybill_session")) == (LED_TO, "")
    user.open("/events")
    assert user.address == "/sign-in"

    user.open(LED_TO)
    user.send("/sign-in/first-factor/totp", {})
    phone.secret = secret_of(user)
    user.send(CODE, {"code": "000000"})
    assert (user.status, secret_of(user)) == (422, phone.secret)
    user.send(CODE, {"code": phone.code(), "next": "/events"})

    assert "恢复码" in user.text
    assert user.html.count("<li>") == 10
    assert user.open("/events").address == "/events"


def test_the_second_step_gives_a_session_of_its_own(enrolled: PageUser, phone: Phone) -> None:
    enrolled.client.set_cookie("waybill_session", "planted-by-somebody-else")
    enrolled.sign_in("auditor", PASSWORD)
    half = cookie(enrolled, "waybill_half")

    enrolled.send(LED_TO, {"code": phone.code(), "next": "/events"})

    assert enrolled.address == "/events"
    assert cookie(enrolled, "waybill_half") == ""
    assert cookie(enrolled, "waybill_session") not in {"", half, "planted-by-somebody-else"}


def test_a_wrong_code_is_said_and_the_right_one_goes_on(enrolled: PageUser, phone: Phone) -> None:
    enrolled.sign_in("auditor", PASSWORD)

    enrolled.send(LED_TO, {"code": "000000"})
    assert (enrolled.status, "第二步验证未通过" in enrolled.text) == (401, True)

    assert enrolled.send(LED_TO, {"code": phone.code()}).status == 200


def test_a_form_of_the_second_step_without_its_token_is_refused(
    enrolled: PageUser, phone: Phone
) -> None:
    enrolled.sign_in("auditor", PASSWORD)
    enrolled.token = "0" * 64

    for path in (LED_TO, f"{LED_TO}/key", "/sign-in/first-factor/totp", CODE):
        assert enrolled.send(path, {"code": phone.code()}).status == 403


def test_half_a_sign_in_that_ran_out_asks_for_the_password(
    enrolled: PageUser, clock: FixedClock, phone: Phone
) -> None:
    enrolled.sign_in("auditor", PASSWORD)
    clock.advance(timedelta(minutes=5))

    enrolled.send(LED_TO, {"code": phone.code()})

    assert (enrolled.status, cookie(enrolled, "waybill_half")) == (401, "")
    assert "重新输入账号和密码" in enrolled.text


def test_the_account_page_changes_only_a_fresh_sign_in(user: PageUser, clock: FixedClock) -> None:
    user.sign_in("carrier", PASSWORD)
    user.open("/account")
    assert "设置验证器" in user.text
    clock.advance(timedelta(minutes=16))

    user.send("/account/totp", {})

    assert (user.status, "请重新登录后" in user.text or "超过 15 分钟" in user.text) == (403, True)


def test_a_password_is_changed_on_the_page_and_every_session_ends(user: PageUser) -> None:
    other = PageUser(client=user.client.application.test_client()).sign_in("carrier", PASSWORD)
    user.sign_in("carrier", PASSWORD)
    user.open("/account")

    user.send("/account/password", {"old": "wrong one here", "new": "an entirely new one"})
    assert user.status == 401
    user.send("/account/password", {"old": PASSWORD, "new": "an entirely new one"})

    assert user.address == "/sign-in"
    assert other.open("/account").address == "/sign-in"
    assert user.sign_in("carrier", "an entirely new one").address == "/"


def test_signing_out_everywhere_ends_the_other_browser(user: PageUser) -> None:
    other = PageUser(client=user.client.application.test_client()).sign_in("carrier", PASSWORD)
    user.sign_in("carrier", PASSWORD)
    user.open("/account")

    user.send("/account/sign-out-everywhere", {})

    assert (user.address, other.open("/account").address) == ("/sign-in", "/sign-in")
