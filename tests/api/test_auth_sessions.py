"""Page sessions: a cookie, and on unsafe methods the token that only our pages know."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api import auth
from api.csrf import csrf_token
from api.sign_in import sign_in as enter
from tests.harness.accounts import PASSWORD, SignIn
from waybill.services.identity import Door, SignedIn

pytestmark = pytest.mark.usefixtures("accounts")

ME = "/api/v1/users/me"
SIGN_OUT = "/api/v1/tokens/current"


@pytest.fixture
def page_client(app: Flask, client: FlaskClient) -> FlaskClient:
    """A browser that has signed in through the pages."""
    with app.test_request_context("/sign-in", method="POST"):
        signed_in = enter("carrier", PASSWORD, Door.PAGES)
        assert isinstance(signed_in, SignedIn)
        response = app.make_response("")
        auth.set_session_cookie(response, signed_in)
    client.set_cookie("waybill_session", signed_in.refresh_token)
    assert "HttpOnly" in response.headers["Set-Cookie"]
    assert "SameSite=Lax" in response.headers["Set-Cookie"]
    return client


def token_of(app: Flask, client: FlaskClient) -> str:
    """Return the token that a page of this session would hold."""
    cookie = client.get_cookie("waybill_session")
    assert cookie is not None
    with app.test_request_context(ME, headers={"Cookie": f"waybill_session={cookie.value}"}):
        auth.caller()
        return csrf_token()


def leave(client: FlaskClient, **headers: str) -> TestResponse:
    return client.delete(
        SIGN_OUT, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


def test_a_page_session_reads_without_more(page_client: FlaskClient) -> None:
    assert page_client.get(ME).get_json()["role"] == "carrier"


def test_a_page_session_writes_with_its_token(app: Flask, page_client: FlaskClient) -> None:
    token = token_of(app, page_client)

    left = leave(page_client, X_CSRF_Token=token, Origin="http://localhost")

    assert left.status_code == 204
    assert page_client.get(ME).status_code == 401


def test_a_page_session_does_not_write_without_its_token(page_client: FlaskClient) -> None:
    assert leave(page_client).status_code == 403
    assert leave(page_client, X_CSRF_Token="0" * 64).status_code == 403
    assert page_client.get(ME).status_code == 200


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost.evil.example"]
)
def test_a_page_session_does_not_write_for_another_origin(
    app: Flask, page_client: FlaskClient, origin: str
) -> None:
    token = token_of(app, page_client)

    assert leave(page_client, X_CSRF_Token=token, Origin=origin).status_code == 403


def test_a_refresh_token_is_no_page_session(client: FlaskClient) -> None:
    tokens = client.post(
        "/api/v1/tokens", json={"username": "carrier", "password": PASSWORD}
    ).get_json()

    client.set_cookie("waybill_session", tokens["refresh_token"])

    assert client.get(ME).status_code == 401


def test_a_wrong_bearer_is_not_passed_over_for_a_good_cookie(page_client: FlaskClient) -> None:
    assert page_client.get(ME, headers={"Authorization": "Bearer x"}).status_code == 401


def test_a_good_bearer_needs_no_token_of_a_page(client: FlaskClient, sign_in: SignIn) -> None:
    assert client.delete(SIGN_OUT, headers=sign_in("carrier")).status_code == 204
