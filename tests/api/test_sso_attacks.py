"""Every way in which a provider's log-in must not lead in."""

from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.runtime import Runtime
from api.sso import SsoDoors
from tests.harness import oidc_provider as lies
from tests.harness.accounts import Accounts
from tests.harness.oidc_provider import OidcProvider
from tests.harness.sso import BACK, BEGIN, begin, listed
from waybill.clock import FixedClock
from waybill.outbound.oidc_providers import ProviderListError, read_providers


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

    def test_a_provider_that_does_not_answer_is_not_asked_again_at_once(
        self, client: FlaskClient, provider: OidcProvider, sso_plant: Accounts, clock: FixedClock
    ) -> None:
        assert sso_plant.users
        provider.metadata, whole = {"issuer": "x" * 300_000}, provider.metadata
        begun = [client.post(BEGIN).status_code for _ in range(3)]
        asked = provider.asked.count("/.well-known/openid-configuration")
        provider.metadata = whole
        clock.advance(timedelta(seconds=15))

        assert (begun, asked) == ([401] * 3, 1)
        assert client.post(BEGIN).status_code == 200

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
            pytest.param("https://login.example", "hosts = 1", "no list", id="no list of hosts"),
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
