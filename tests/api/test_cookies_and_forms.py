"""Cookies, and forms that somebody else's page sends in a browser's name."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api import create_app
from api.auth import PUBLIC
from api.runtime import EXTENSION
from tests.api.test_permissions_matrix import address, protected
from tests.harness.accounts import PASSWORD, SignIn
from waybill.settings import Settings

PAGE = {"Accept": "text/html"}


class TestCookies:
    @pytest.mark.usefixtures("accounts")
    def test_over_tls_the_session_is_bound_to_the_host(
        self, settings: Settings, app: Flask
    ) -> None:
        made = create_app(replace(settings, public_url="https://waybill.example"))
        made.extensions[EXTENSION].sessions = app.extensions[EXTENSION].sessions
        made.extensions[EXTENSION].clock = app.extensions[EXTENSION].clock

        entered = made.test_client().post(
            "/sign-in", data={"username": "carrier", "password": PASSWORD}
        )

        name, _, rest = entered.headers["Set-Cookie"].partition("=")
        flags = {part.strip().partition("=")[0] for part in rest.split(";")[1:]}
        assert name == "__Host-waybill_session"
        assert flags == {"Secure", "HttpOnly", "Path", "Max-Age", "Expires", "SameSite"}
        assert entered.headers["Strict-Transport-Security"] == "max-age=31536000"

    def test_over_tls_a_form_from_a_page_without_tls_is_refused(self, settings: Settings) -> None:
        made = create_app(replace(settings, public_url="https://waybill.example"))

        refused = made.test_client().post(
            "/sign-in",
            data={"username": "x", "password": "y"},
            headers={"Origin": "http://waybill.example", "Host": "waybill.example"},
        )

        assert refused.status_code == 403

    def test_signing_in_never_keeps_a_session_that_was_there_before(
        self, client: FlaskClient, sign_in: SignIn
    ) -> None:
        assert sign_in("carrier")
        client.set_cookie("waybill_session", "planted-by-somebody-else")

        client.post("/sign-in", data={"username": "carrier", "password": PASSWORD})

        cookie = client.get_cookie("waybill_session")
        assert cookie is not None
        assert cookie.value != "planted-by-somebody-else"
        assert client.get("/api/v1/users/me").status_code == 200

    @pytest.mark.parametrize(
        "wanted",
        ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "/\t/evil"],
    )
    @pytest.mark.usefixtures("accounts")
    def test_signing_in_leads_to_no_other_site(self, client: FlaskClient, wanted: str) -> None:
        entered = client.post(
            "/sign-in", data={"username": "carrier", "password": PASSWORD, "next": wanted}
        )

        assert (entered.status_code, entered.headers["Location"]) == (303, "/")


class TestForms:
    @pytest.fixture
    def browser(self, client: FlaskClient, sign_in: SignIn) -> FlaskClient:
        """A browser that has signed in as the carrier."""
        assert sign_in("carrier")
        client.post("/sign-in", data={"username": "carrier", "password": PASSWORD})
        return client

    def test_no_route_does_anything_for_a_session_without_its_token(
        self, application: Flask, browser: FlaskClient
    ) -> None:
        done = [
            (method, rule.rule, answered)
            for method, rule, _ in protected(application)
            if method not in {"GET", "HEAD", "OPTIONS"}
            and (answered := browser.open(address(rule), method=method).status_code) != 403
        ]

        assert done == []

    def test_no_form_that_is_open_to_all_is_taken_from_another_site(
        self, application: Flask, client: FlaskClient
    ) -> None:
        taken = [
            rule.rule
            for rule in application.url_map.iter_rules()
            if "POST" in (rule.methods or ())
            and hasattr(application.view_functions[rule.endpoint], PUBLIC)
            and client.post(address(rule), headers={"Origin": "https://evil.example"}).status_code
            != 403
        ]

        assert taken == []

    def test_a_refused_form_is_answered_with_a_page(self, browser: FlaskClient) -> None:
        refused = browser.post("/sign-out", headers=PAGE)

        assert (refused.status_code, refused.mimetype) == (403, "text/html")

    def test_a_public_page_that_asks_who_is_there_does_not_fail_on_a_form_without_token(
        self, browser: FlaskClient
    ) -> None:
        again = browser.post("/sign-in", data={"username": "carrier", "password": "wrong"})

        assert again.status_code == 401
