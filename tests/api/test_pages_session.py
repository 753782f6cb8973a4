"""Coming in, going out, and the frame around every page."""

import pytest
from flask import Flask

from tests.harness.accounts import PASSWORD, Accounts
from tests.harness.page_user import HTML, PageUser


@pytest.fixture
def user(app: Flask, accounts: Accounts) -> PageUser:
    """Somebody who has not signed in; the accounts are there."""
    assert accounts.users
    return PageUser(client=app.test_client())


def test_a_stranger_is_led_to_the_sign_in_page_and_on_from_there(user: PageUser) -> None:
    user.open("/registry/vehicles")
    assert user.address == "/sign-in"

    user.send(
        "/sign-in",
        {"username": "carrier", "password": PASSWORD, "next": "/registry/vehicles"},
    )

    assert (user.status, user.address) == (200, "/registry/vehicles")


def test_a_wrong_password_is_answered_on_the_page_and_the_account_stays_typed(
    user: PageUser,
) -> None:
    user.sign_in("carrier", "wrong horse battery")

    assert user.status == 401
    assert 'value="carrier"' in user.html
    assert "账号或密码不正确" in user.text


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"]
)
def test_nobody_is_led_elsewhere_after_signing_in(user: PageUser, elsewhere: str) -> None:
    form = {"username": "carrier", "password": PASSWORD, "next": elsewhere}

    answer = user.client.post("/sign-in", data=form, headers=HTML)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_signing_out_ends_the_session(user: PageUser) -> None:
    user.sign_in("carrier", PASSWORD)

    user.send("/sign-out", {})
    assert "已退出" in user.text
    user.open("/waybills")

    assert user.address == "/sign-in"


def test_a_form_without_its_token_is_refused(user: PageUser) -> None:
    user.sign_in("carrier", PASSWORD)

    user.token = "0" * 64
    user.send("/sign-out", {})

    assert user.status == 403
    assert "刷新页面" in user.text


def test_the_language_is_chosen_and_kept(user: PageUser) -> None:
    user.sign_in("carrier", PASSWORD)
    assert "最近的运单" in user.text

    user.send("/language", {"language": "en", "next": "/"})

    assert "Newest waybills" in user.text
    assert '<html lang="en">' in user.html


@pytest.mark.parametrize(
    ("account", "address"),
    [
        ("carrier", "/"),
        ("loader", "/bay/choose"),
        ("supervisor", "/bay/choose"),
        ("consignor", "/"),
        ("auditor", "/events"),
        ("admin", "/"),
        ("inspector", "/"),
    ],
)
def test_each_role_begins_where_its_work_is(user: PageUser, account: str, address: str) -> None:
    user.sign_in(account, PASSWORD)

    assert (user.status, user.address) == (200, address)


@pytest.mark.parametrize(
    ("account", "address", "status", "next_step"),
    [
        ("carrier", "/events", 403, "请联系本单位管理员"),
        ("carrier", "/nowhere", 404, "下一步"),
        ("loader", "/registry/vehicles", 403, "请联系本单位管理员"),
        ("carrier", "/registry/vehicles/01a203cb-fe01-755c-af32-ecf23ad2b237", 404, "下一步"),
        ("auditor", "/registry/vehicles/new", 403, "请联系本单位管理员"),
        ("carrier", "/registry/vehicles?status=odd", 422, "改正后重新提交"),
    ],
)
def test_a_refusal_is_a_page_that_says_what_to_do(
    user: PageUser, account: str, address: str, status: int, next_step: str
) -> None:
    user.sign_in(account, PASSWORD)

    user.open(address)

    assert user.status == status
    assert next_step in user.text


def test_no_page_brings_script_or_style_of_its_own(user: PageUser) -> None:
    user.sign_in("carrier", PASSWORD)

    for address in ("/", "/waybills/new", "/registry/tanks/new"):
        user.open(address)
        assert " style=" not in user.html
        assert "<style" not in user.html
        assert "<script>" not in user.html
        assert " onclick=" not in user.html
