"""Coming in through a provider's log-in, and every way in which that must not lead in."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from api.runtime import Runtime
from api.sso import SsoDoors
from tests.harness import oidc_provider as lies
from tests.harness.accounts import ORGANISATIONS, Accounts, SignIn
from tests.harness.oidc_provider import OidcProvider, oidc_provider
from tests.harness.second_factors import asking_for_factors
from waybill.clock import FixedClock
from waybill.outbound.oidc import ProviderListError, read_providers
from waybill.storage.factors import LinkedIdentityRow
from waybill.storage.log import EventRow

BEGIN = "/sign-in/sso/plant"
BACK = f"{BEGIN}/callback"
ME = "/api/v1/users/me"
LIST = """
[[provider]]
id = "{id}"
name_zh = "淮安盐化"
name_en = "Huai'an Salt"
issuer = "{issuer}"
client_id = "waybill"
client_secret_env = "SECRET"
organisations = ["{uscc}"]
logout_url = "{issuer}/logout"
"""


@pytest.fixture(scope="module")
def running() -> Iterator[OidcProvider]:
    """A provider for all tests of this file; each gives it a clock and takes its lies back."""
    with oidc_provider(FixedClock.__new__(FixedClock)) as made:
        yield made


@pytest.fixture
def provider(running: OidcProvider, clock: FixedClock) -> OidcProvider:
    """The provider, honest."""
    running.clock, running.sign, running.subject = clock, lies.signed, "person-1"
    running.claims, running.metadata, running.begun, running.asked = {}, {}, {}, []
    return running


def listed(folder: Path, *providers: tuple[str, str], more: str = "") -> Path:
    path = folder / "sso.toml"
    uscc = ORGANISATIONS["plant"][0]
    written = [LIST.format(id=name, issuer=issuer, uscc=uscc) for name, issuer in providers]
    path.write_text("".join(written) + more, encoding="utf-8")
    return path


@pytest.fixture
def plant(runtime: Runtime, accounts: Accounts, provider: OidcProvider, tmp_path: Path) -> Accounts:
    """An installation whose plant has a log-in of its own."""
    path = listed(tmp_path, ("plant", provider.issuer))
    runtime.add_part(SsoDoors(read_providers(path, {"SECRET": provider.client_secret})))
    return accounts


@pytest.fixture
def linked(plant: Accounts, client: FlaskClient, sign_in: SignIn) -> Accounts:
    """The same, with its loader's account linked to the provider's person."""
    assert link(client, sign_in, plant, "loader", subject="person-1").status_code == 201
    return plant


def link(
    client: FlaskClient, sign_in: SignIn, accounts: Accounts, name: str, **given: str
) -> TestResponse:
    return client.post(
        f"/api/v1/users/{accounts.users[name].id}/identities",
        json={"provider": "plant", **given},
        headers=sign_in("admin"),
    )


def begin(client: FlaskClient, **form: str) -> str:
    """Begin to log in, and return where the browser is led."""
    page = client.post(BEGIN, data=form)
    assert page.status_code == 200
    found = re.search(r'url=([^"]+)"', page.get_data(as_text=True))
    assert found is not None
    return unescape(found[1])


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
        plant: Accounts,
        app: Flask,
        sign_in: SignIn,
        provider: OidcProvider,
        database: Session,
    ) -> None:
        office, person = app.test_client(), app.test_client()
        code = link(office, sign_in, plant, "loader").get_json()["code"]
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
        self, plant: Accounts, client: FlaskClient, sign_in: SignIn
    ) -> None:
        assert link(client, sign_in, plant, "carrier", subject="x").status_code == 404

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


class TestAttacks:
    @pytest.mark.parametrize(
        "claims",
        [
            pytest.param({"nonce": "of another log-in"}, id="another nonce"),
            pytest.param({"nonce": None}, id="no nonce"),
            pytest.param({"aud": "another-client"}, id="another audience"),
            pytest.param({"aud": ["waybill", "other"]}, id="several audiences"),
            pytest.param({"iss": "https://evil.example"}, id="another issuer"),
            pytest.param({"exp": 1_700_000_000}, id="expired"),
            pytest.param({"exp": "never"}, id="an end that is no number"),
            pytest.param({"iat": 1_700_000_000}, id="made long ago"),
            pytest.param({"iat": 4_102_444_800}, id="made in the future"),
            pytest.param({"sub": ""}, id="nobody"),
            pytest.param({"sub": "x" * 256}, id="a subject without end"),
        ],
    )
    @pytest.mark.usefixtures("linked")
    def test_a_wrong_claim_leads_nobody_in(
        self, client: FlaskClient, provider: OidcProvider, claims: dict[str, object]
    ) -> None:
        provider.claims = claims

        assert client.get(f"{BACK}?{provider.log_in(begin(client))}").status_code == 401
        assert client.get_cookie("waybill_session") is None

    @pytest.mark.parametrize(
        "sign",
        [
            lies.unsigned,
            lies.signed_with_the_public_key,
            lies.signed_by_another,
            lies.key_brought_along,
            lambda *_: "no token",
        ],
        ids=["alg none", "HS256 with the public key", "another key", "key in the header", "text"],
    )
    @pytest.mark.usefixtures("linked")
    def test_a_token_of_another_make_leads_nobody_in(
        self, client: FlaskClient, provider: OidcProvider, sign: lies.Sign
    ) -> None:
        provider.sign = sign

        assert client.get(f"{BACK}?{provider.log_in(begin(client))}").status_code == 401

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param({"state": None}, id="no state"),
            pytest.param({"state": "x"}, id="another state"),
            pytest.param({"code": None}, id="no code"),
            pytest.param({"code": "guessed"}, id="another code"),
            pytest.param({"iss": None}, id="no issuer where it is promised"),
            pytest.param({"iss": "https://evil.example"}, id="an answer of another issuer"),
            pytest.param({"error": "access_denied"}, id="refused there"),
        ],
    )
    @pytest.mark.usefixtures("linked")
    def test_a_wrong_answer_leads_nobody_in(
        self, client: FlaskClient, provider: OidcProvider, change: dict[str, str | None]
    ) -> None:
        address = begin(client)

        assert client.get(f"{BACK}?{provider.log_in(address, **change)}").status_code == 401

    @pytest.mark.usefixtures("linked")
    def test_an_answer_is_good_once_and_in_one_browser(
        self, app: Flask, provider: OidcProvider
    ) -> None:
        victim, thief = app.test_client(), app.test_client()
        address = begin(victim)
        begin(thief)
        answer = provider.log_in(address)
        cookie = victim.get_cookie("waybill_sso")
        assert cookie is not None
        stolen = thief.get(f"{BACK}?{answer}").status_code
        first = victim.get(f"{BACK}?{answer}").status_code

        victim.set_cookie("waybill_sso", cookie.value)

        assert (stolen, first) == (401, 303)
        assert victim.get(f"{BACK}?{answer}").status_code == 401

    @pytest.mark.usefixtures("linked")
    def test_a_log_in_begun_at_one_provider_does_not_end_at_another(
        self, client: FlaskClient, provider: OidcProvider, runtime: Runtime, tmp_path: Path
    ) -> None:
        both = listed(tmp_path, ("plant", provider.issuer), ("other", "https://evil.example"))
        runtime.add_part(SsoDoors(read_providers(both, {"SECRET": "s"})))
        answer = provider.log_in(begin(client))

        assert client.get(f"/sign-in/sso/other/callback?{answer}").status_code == 401

    @pytest.mark.parametrize(
        "metadata",
        [
            pytest.param({"token_endpoint": "http://127.0.0.1:1/token"}, id="another host"),
            pytest.param({"jwks_uri": "http://10.0.0.1/keys"}, id="a private host"),
            pytest.param({"jwks_uri": "file:///etc/passwd"}, id="a file"),
            pytest.param({"jwks_uri": None}, id="nowhere"),
            pytest.param({"issuer": "https://evil.example"}, id="it calls itself otherwise"),
        ],
    )
    @pytest.mark.usefixtures("linked")
    def test_what_a_provider_publishes_leads_the_server_nowhere_else(
        self, client: FlaskClient, provider: OidcProvider, metadata: dict[str, str | None]
    ) -> None:
        provider.metadata = metadata
        page = client.post(BEGIN)
        if page.status_code == 200:
            address = unescape(page.get_data(as_text=True).split("url=")[1].split('"')[0])
            page = client.get(f"{BACK}?{provider.log_in(address)}")

        assert page.status_code == 401

    @pytest.mark.usefixtures("linked")
    def test_keys_are_not_fetched_for_each_token_that_names_an_unknown_one(
        self, client: FlaskClient, provider: OidcProvider
    ) -> None:
        provider.sign = lies.key_brought_along
        for _ in range(3):
            client.get(f"{BACK}?{provider.log_in(begin(client))}")

        assert provider.asked.count("/keys") == 1
        assert provider.asked.count("/.well-known/openid-configuration") == 1

    def test_a_provider_that_there_is_not_is_not_found(
        self, client: FlaskClient, accounts: Accounts
    ) -> None:
        assert accounts.users
        assert client.post("/sign-in/sso/nobody").status_code == 404


class TestList:
    @pytest.mark.parametrize(
        ("issuer", "more", "said"),
        [
            pytest.param("http://login.example", "", "https", id="no TLS"),
            pytest.param("https://a@login.example", "", "https", id="a name in the address"),
            pytest.param("https://login.example", "odd = 1", "mean nothing", id="an odd entry"),
            pytest.param("https://login.example", "hosts = 1", "iterable", id="no list of hosts"),
        ],
    )
    def test_a_list_that_cannot_be_used_says_why(
        self, tmp_path: Path, issuer: str, more: str, said: str
    ) -> None:
        path = listed(tmp_path, ("plant", issuer), more=more)

        with pytest.raises(ProviderListError, match=said):
            read_providers(path, {"SECRET": "s"})

    def test_a_secret_that_is_not_there_and_a_provider_named_twice_are_refused(
        self, tmp_path: Path
    ) -> None:
        path = listed(tmp_path, ("plant", "https://a.example"), ("plant", "https://b.example"))

        with pytest.raises(ProviderListError, match="SECRET is empty"):
            read_providers(path, {})
        with pytest.raises(ProviderListError, match="two providers have one id"):
            read_providers(path, {"SECRET": "s"})
