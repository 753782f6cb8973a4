"""Coming in through a provider's log-in."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.runtime import Runtime
from tests.harness.accounts import Accounts, SignIn
from tests.harness.oidc_provider import OidcProvider
from tests.harness.second_factors import asking_for_factors
from tests.harness.sso import BACK, begin, link
from waybill.storage.factors import LinkedIdentityRow
from waybill.storage.log import EventRow

ME = "/api/v1/users/me"


def kinds(database: Session) -> list[str]:
    return list(database.scalars(select(EventRow.kind).order_by(EventRow.id)))


def role(client: FlaskClient) -> str | None:
    found: str | None = client.get(ME).get_json().get("role")
    return found


class TestComingIn:
    @pytest.mark.usefixtures("linked")
    def test_a_linked_account_comes_in_and_goes_where_it_wanted(
        self, client: FlaskClient, provider: OidcProvider
    ) -> None:
        address = begin(client, next="/waybills")

        back = client.get(f"{BACK}?{provider.log_in(address)}")

        assert (back.status_code, back.headers["Location"]) == (303, "/waybills")
        assert role(client) == "loader"
        assert address.startswith(f"{provider.issuer}/authorize?")
        assert "code_challenge_method=S256" in address

    def test_an_invited_account_is_linked_by_its_first_log_in(
        self,
        sso_plant: Accounts,
        app: Flask,
        sign_in: SignIn,
        provider: OidcProvider,
        database: Session,
    ) -> None:
        office, person = app.test_client(), app.test_client()
        code = link(office, sign_in, sso_plant, "loader").get_json()["code"]
        uninvited = person.get(f"{BACK}?{provider.log_in(begin(person))}").status_code

        address = begin(person, invitation=code.lower())
        first = person.get(f"{BACK}?{provider.log_in(address)}").status_code
        provider.subject = "person-2"
        stranger = app.test_client()
        address = begin(stranger, invitation=code)
        second = stranger.get(f"{BACK}?{provider.log_in(address)}").status_code

        assert (uninvited, first, second) == (401, 303, 401)
        assert role(person) == "loader"
        row = database.scalars(select(LinkedIdentityRow)).one()
        assert (row.code_hash, "person-1" in str(row.subject_index)) == (None, False)
        assert [kind for kind in kinds(database) if kind.startswith("identity-")] == [
            "identity-invited",
            "identity-refused",
            "identity-linked",
            "identity-refused",
        ]

    @pytest.mark.usefixtures("linked")
    def test_the_second_factor_is_asked_for_all_the_same(
        self, client: FlaskClient, provider: OidcProvider, runtime: Runtime
    ) -> None:
        with asking_for_factors(runtime, "loader"):
            back = client.get(f"{BACK}?{provider.log_in(begin(client))}")

        assert back.headers["Location"].startswith("/sign-in/second-step")
        assert client.get_cookie("waybill_session") is None

    def test_an_account_that_is_switched_off_stays_off(
        self, linked: Accounts, client: FlaskClient, provider: OidcProvider, database: Session
    ) -> None:
        database.merge(linked.users["loader"]).active = False
        database.commit()

        assert client.get(f"{BACK}?{provider.log_in(begin(client))}").status_code == 401

    def test_a_link_that_is_ended_leads_nobody_in(
        self, linked: Accounts, client: FlaskClient, sign_in: SignIn, provider: OidcProvider
    ) -> None:
        path = f"/api/v1/users/{linked.users['loader'].id}/identities"
        found = client.get(path, headers=sign_in("admin")).get_json()["items"]
        client.delete(f"{path}/{found[0]['id']}", headers=sign_in("admin"))

        assert client.get(f"{BACK}?{provider.log_in(begin(client))}").status_code == 401

    def test_an_account_of_another_organisation_is_not_linked(
        self, sso_plant: Accounts, client: FlaskClient, sign_in: SignIn
    ) -> None:
        assert link(client, sign_in, sso_plant, "carrier", subject="x").status_code == 404

    def test_two_accounts_are_not_one_person(
        self, linked: Accounts, client: FlaskClient, sign_in: SignIn
    ) -> None:
        again = link(client, sign_in, linked, "supervisor", subject="person-1")

        assert again.status_code == 409

    @pytest.mark.usefixtures("linked")
    def test_signing_out_shows_the_way_out_at_the_provider(
        self, client: FlaskClient, provider: OidcProvider
    ) -> None:
        client.get(f"{BACK}?{provider.log_in(begin(client))}")
        page = client.get("/account", headers={"Accept": "text/html"}).get_data(as_text=True)
        token = re.search(r'csrf_token" value="([0-9a-f]{64})"', page)
        assert token is not None

        out = client.post(
            "/sign-out", data={"csrf_token": token[1]}, follow_redirects=True
        ).get_data(as_text=True)

        assert f'href="{provider.issuer}/logout"' in out
