"""The administrator's page of accounts: second factors reset, log-ins of providers linked."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.runtime import Runtime
from tests.harness.accounts import PASSWORD, Accounts
from tests.harness.oidc_provider import OidcProvider
from tests.harness.page_user import PageUser
from tests.harness.second_factors import Enrolling, asking_for_factors
from tests.harness.sso import BACK, begin
from waybill.clock import FixedClock
from waybill.storage.factors import LinkedIdentityRow

CODE = re.compile("<strong>([A-Z2-9-]{19})</strong>")


@pytest.fixture
def admin(app: Flask, accounts: Accounts) -> PageUser:
    """An administrator who has just come in."""
    assert accounts.users
    return PageUser(client=app.test_client()).sign_in("admin", PASSWORD)


def page_of(accounts: Accounts, name: str) -> str:
    return f"/accounts/{accounts.users[name].id}"


def test_the_list_leads_to_each_account(admin: PageUser, accounts: Accounts) -> None:
    admin.open("/accounts")

    assert "淮安盐化有限公司" in admin.text
    assert f'href="{page_of(accounts, "loader")}"' in admin.html


def test_a_second_factor_is_reset_with_a_reason(
    enrolled: Enrolling, runtime: Runtime, app: Flask, accounts: Accounts
) -> None:
    with asking_for_factors(runtime, "auditor"):
        admin = PageUser(client=app.test_client()).sign_in("admin", PASSWORD)
    path = page_of(accounts, "auditor")
    admin.open(path)

    admin.send(f"{path}/second-factor/reset", {"reason": " "})
    assert (admin.status, 'id="problems"' in admin.html) == (422, True)
    admin.send(f"{path}/second-factor/reset", {"reason": "手机丢失"})

    assert (admin.status, admin.address) == (200, path)
    assert enrolled.password().get_json()["methods"] == []


def test_an_invited_account_comes_in_once_it_gives_the_code(
    sso_plant: Accounts, admin: PageUser, app: Flask, provider: OidcProvider, database: Session
) -> None:
    path = page_of(sso_plant, "loader")
    admin.open(path).send(f"{path}/links", {"provider": "plant", "subject": ""})
    told = CODE.search(admin.html)
    assert told is not None
    loader = app.test_client()

    loader.get(f"{BACK}?{provider.log_in(begin(loader, invitation=told[1]))}")
    before = loader.get("/api/v1/users/me").get_json().get("role")
    row = database.scalars(select(LinkedIdentityRow)).one()
    admin.open(path)
    assert told[1] not in admin.html
    admin.send(f"{path}/links/{row.id}/removal", {})

    assert (before, loader.get("/api/v1/users/me").status_code) == ("loader", 401)


def test_a_page_left_open_says_to_sign_in_again(
    sso_plant: Accounts, admin: PageUser, clock: FixedClock
) -> None:
    path = page_of(sso_plant, "loader")
    admin.open(path)
    clock.advance(timedelta(minutes=16))

    admin.send(f"{path}/links", {"provider": "plant", "subject": "person-1"})

    assert (admin.status, "重新登录" in admin.text) == (403, True)
    assert f'action="{path}/links"' not in admin.html


@pytest.mark.usefixtures("accounts")
def test_an_account_that_there_is_not_is_not_found(admin: PageUser, client: FlaskClient) -> None:
    assert client.get("/accounts").status_code == 401
    assert admin.open("/accounts/00000000-0000-7000-8000-000000000000").status == 404
