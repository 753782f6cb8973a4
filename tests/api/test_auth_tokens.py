"""Signing in, staying in and being put out, through the API."""

from datetime import timedelta

import jwt
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from api.runtime import Runtime
from tests.harness.accounts import PASSWORD, Accounts, SignIn
from waybill.clock import FixedClock
from waybill.codec import parse_json
from waybill.services.identity.secrets import Purpose, derive_key
from waybill.services.identity.throttle import MAX_PER_ADDRESS, MAX_PER_PLACE, WINDOW
from waybill.storage.log import EventRow

pytestmark = pytest.mark.usefixtures("accounts")

ME = "/api/v1/users/me"


def post_tokens(client: FlaskClient, username: str, password: str) -> TestResponse:
    return client.post("/api/v1/tokens", json={"username": username, "password": password})


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def kinds(database: Session) -> list[str]:
    return list(database.scalars(select(EventRow.kind).order_by(EventRow.id)))


class TestSignIn:
    def test_account_and_password_give_tokens_that_work(
        self, client: FlaskClient, database: Session, accounts: Accounts
    ) -> None:
        answer = post_tokens(client, "carrier", PASSWORD)

        body = answer.get_json()
        assert answer.status_code == 200
        assert {k: body[k] for k in ("token_type", "expires_in")} == {
            "token_type": "Bearer",
            "expires_in": 900,
        }
        me = client.get(ME, headers=bearer(body["access_token"])).get_json()
        assert me["user_id"] == str(accounts.users["carrier"].id)
        assert me["role"] == "carrier"
        assert "waybill:issue" in me["permissions"]
        assert kinds(database) == ["signed-in"]

    @pytest.mark.parametrize(
        ("username", "password"),
        [
            pytest.param("carrier", "wrong password", id="wrong password"),
            pytest.param("nobody", PASSWORD, id="unknown account"),
        ],
    )
    def test_every_failure_is_answered_alike_and_recorded(
        self, client: FlaskClient, database: Session, username: str, password: str
    ) -> None:
        answer = post_tokens(client, username, password)

        body = answer.get_json()
        assert answer.status_code == 401
        assert (body["code"], body["detail_zh"]) == (
            "authentication-failed",
            "账号或密码不正确。",
        )
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="waybill"'
        assert kinds(database) == ["sign-in-failed"]

    def test_the_event_of_a_failure_does_not_hold_what_was_typed(
        self, client: FlaskClient, database: Session
    ) -> None:
        post_tokens(client, "my-secret-typed-as-name", "x")

        body = database.scalars(select(EventRow.body)).one()

        assert b"my-secret-typed-as-name" not in body

    def test_an_inactive_account_does_not_come_in(
        self, client: FlaskClient, accounts: Accounts, database: Session
    ) -> None:
        database.merge(accounts.users["carrier"]).active = False
        database.commit()

        assert post_tokens(client, "carrier", PASSWORD).status_code == 401


class TestThrottle:
    def test_an_account_that_failed_too_often_waits(
        self, client: FlaskClient, clock: FixedClock
    ) -> None:
        for _ in range(MAX_PER_PLACE):
            post_tokens(client, "carrier", "wrong")

        refused = post_tokens(client, "carrier", PASSWORD)
        clock.advance(WINDOW)
        later = post_tokens(client, "carrier", PASSWORD)

        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "900")
        assert refused.get_json()["code"] == "throttled"
        assert later.status_code == 200

    def test_success_forgives_the_failures_before(self, client: FlaskClient) -> None:
        for _ in range(3):
            for _ in range(MAX_PER_PLACE - 1):
                post_tokens(client, "carrier", "wrong")
            assert post_tokens(client, "carrier", PASSWORD).status_code == 200

    def test_an_address_that_failed_too_often_waits_for_any_account(
        self, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("waybill.services.identity.throttle.MAX_PER_ADDRESS", 5)
        for number in range(5):
            post_tokens(client, f"guess-{number}", "wrong")

        assert MAX_PER_ADDRESS > MAX_PER_PLACE
        assert post_tokens(client, "carrier", PASSWORD).status_code == 429


class TestAccessToken:
    def test_an_expired_token_is_refused(
        self, client: FlaskClient, sign_in: SignIn, clock: FixedClock
    ) -> None:
        headers = sign_in("carrier")
        clock.advance(timedelta(minutes=14, seconds=59))
        before = client.get(ME, headers=headers).status_code
        clock.advance(timedelta(seconds=1))

        assert (before, client.get(ME, headers=headers).status_code) == (200, 401)

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param({"aud": "other"}, id="another audience"),
            pytest.param({"aud": ["waybill-api", "other"]}, id="several audiences"),
            pytest.param({"iss": "other"}, id="another issuer"),
            pytest.param({"exp": "4102444800"}, id="an end as text"),
            pytest.param({"exp": 4102444800.5}, id="an end with a fraction"),
            pytest.param({"sub": "carrier"}, id="an account that is no id"),
            pytest.param({"ver": True}, id="a version that is a truth value"),
            pytest.param({"sid": None}, id="no session"),
            pytest.param({"iat": 4102444800}, id="from the future"),
        ],
    )
    def test_a_token_with_a_wrong_claim_is_refused(
        self, client: FlaskClient, sign_in: SignIn, runtime: Runtime, change: dict[str, object]
    ) -> None:
        key = derive_key(runtime.settings.secret_key, Purpose.ACCESS_TOKEN)
        token = sign_in("carrier")["Authorization"].split()[1]
        payload = jwt.decode(token, options={"verify_signature": False})
        payload = {k: v for k, v in {**payload, **change}.items() if v is not None}
        forged = jwt.encode(payload, key, algorithm="HS256", headers={"typ": "at+jwt"})

        assert client.get(ME, headers=bearer(forged)).status_code == 401

    @pytest.mark.parametrize(
        ("algorithm", "typ"),
        [
            pytest.param("none", "at+jwt", id="unsigned"),
            pytest.param("HS512", "at+jwt", id="another algorithm"),
            pytest.param("HS256", "JWT", id="another kind of token"),
        ],
    )
    def test_a_token_of_another_make_is_refused(
        self, client: FlaskClient, sign_in: SignIn, runtime: Runtime, algorithm: str, typ: str
    ) -> None:
        key = derive_key(runtime.settings.secret_key, Purpose.ACCESS_TOKEN) * 2
        token = sign_in("carrier")["Authorization"].split()[1]
        payload = jwt.decode(token, options={"verify_signature": False})
        keys: dict[str, str | bytes] = {"none": "", "HS256": key[:32], "HS512": key}
        forged = jwt.encode(payload, keys[algorithm], algorithm=algorithm, headers={"typ": typ})

        assert client.get(ME, headers=bearer(forged)).status_code == 401

    @pytest.mark.parametrize(
        "header",
        ["Bearer", "Bearer ", "Basic Y2FycmllcjpwYXNz", "Bearer a.b.c", "Bearer " + "x" * 5000],
    )
    def test_a_header_that_is_no_token_is_refused(self, client: FlaskClient, header: str) -> None:
        assert client.get(ME, headers={"Authorization": header}).status_code == 401

    def test_a_deactivated_account_cannot_write_at_once_and_not_read_soon_after(
        self,
        client: FlaskClient,
        sign_in: SignIn,
        accounts: Accounts,
        database: Session,
        clock: FixedClock,
    ) -> None:
        headers = sign_in("carrier")
        client.get(ME, headers=headers)
        database.merge(accounts.users["carrier"]).active = False
        database.commit()

        clock.advance(timedelta(seconds=1))
        read_at_once = client.get(ME, headers=headers).status_code
        clock.advance(timedelta(seconds=10))
        read_later = client.get(ME, headers=headers).status_code
        write = client.delete("/api/v1/tokens/current", headers=headers).status_code

        assert (read_at_once, read_later, write) == (200, 401, 401)


class TestRefresh:
    def test_a_refresh_token_gives_a_new_pair(self, client: FlaskClient) -> None:
        first = post_tokens(client, "carrier", PASSWORD).get_json()

        second = client.post(
            "/api/v1/tokens/refresh", json={"refresh_token": first["refresh_token"]}
        ).get_json()

        assert second["refresh_token"] != first["refresh_token"]
        assert client.get(ME, headers=bearer(second["access_token"])).status_code == 200

    def test_a_refresh_token_used_twice_ends_the_whole_session(
        self, client: FlaskClient, database: Session, clock: FixedClock
    ) -> None:
        first = post_tokens(client, "carrier", PASSWORD).get_json()
        again = {"refresh_token": first["refresh_token"]}
        second = client.post("/api/v1/tokens/refresh", json=again).get_json()

        reused = client.post("/api/v1/tokens/refresh", json=again)
        clock.advance(timedelta(seconds=10))

        follow_up = client.post(
            "/api/v1/tokens/refresh", json={"refresh_token": second["refresh_token"]}
        )
        assert (reused.status_code, follow_up.status_code) == (401, 401)
        assert client.get(ME, headers=bearer(second["access_token"])).status_code == 401
        assert kinds(database) == ["signed-in", "token-refreshed", "token-reused"]

    def test_refreshing_does_not_move_the_end_of_the_session(
        self, client: FlaskClient, clock: FixedClock
    ) -> None:
        tokens = post_tokens(client, "carrier", PASSWORD).get_json()
        clock.advance(timedelta(hours=11, minutes=59))
        tokens = client.post(
            "/api/v1/tokens/refresh", json={"refresh_token": tokens["refresh_token"]}
        ).get_json()
        clock.advance(timedelta(minutes=1))

        late = client.post(
            "/api/v1/tokens/refresh", json={"refresh_token": tokens["refresh_token"]}
        )

        assert late.status_code == 401

    def test_signing_out_ends_access_and_refresh(
        self, client: FlaskClient, database: Session
    ) -> None:
        tokens = post_tokens(client, "carrier", PASSWORD).get_json()
        headers = bearer(tokens["access_token"])
        client.get(ME, headers=headers)

        left = client.delete("/api/v1/tokens/current", headers=headers)

        refreshed = client.post(
            "/api/v1/tokens/refresh", json={"refresh_token": tokens["refresh_token"]}
        )
        assert (left.status_code, refreshed.status_code) == (204, 401)
        assert client.get(ME, headers=headers).status_code == 401
        last = database.scalars(select(EventRow).order_by(EventRow.id.desc())).first()
        assert last is not None
        body = parse_json(last.body)
        assert isinstance(body, dict)
        assert body["kind"] == "signed-out"
