"""What somebody tries who knows a password, found a session open, or only a name."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api.runtime import Runtime
from tests.harness.accounts import PASSWORD, Accounts, SignIn
from tests.harness.line import Line
from tests.harness.oidc_provider import OidcProvider
from tests.harness.page_user import PageUser
from tests.harness.second_factors import Enrolling
from tests.harness.sso import BACK, begin
from waybill.clock import FixedClock
from waybill.services.identity import Door, throttle
from waybill.services.identity.sessions import open_session
from waybill.services.identity.throttle import MAX_SECOND_STEPS
from waybill.storage.session import write_session

ME = "/api/v1/users/me"
KEYS = "/api/v1/api-keys"
USERS = "/api/v1/users"
WANTED: dict[str, object] = {
    "label": "mine",
    "scopes": ["account:read"],
    "expires_at": "2026-12-22T00:00:00Z",
}
STEP = "/sign-in/second-step"


def bearer(tokens: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


class TestLockOut:
    def test_who_knows_the_password_keeps_the_owners_browser_not_out(
        self, app: Flask, enrolled: Enrolling, clock: FixedClock
    ) -> None:
        owner = PageUser(client=app.test_client()).sign_in(enrolled.username, PASSWORD)
        owner.send(STEP, {"code": enrolled.recovery_codes[0]})
        owner.open("/account").send("/sign-out", {})
        guesses = [enrolled.code("000000").status_code for _ in range(MAX_SECOND_STEPS)]
        clock.advance(timedelta(minutes=1))
        code = enrolled.phone.code()

        stranger = enrolled.code(code).status_code
        owner.sign_in(enrolled.username, PASSWORD).send(STEP, {"code": code})

        assert (guesses, stranger) == ([401] * MAX_SECOND_STEPS, 429)
        assert (owner.status, owner.address) == (200, "/events")

    def test_a_known_browser_tries_no_more_codes_than_others(
        self, app: Flask, enrolled: Enrolling
    ) -> None:
        owner = PageUser(client=app.test_client()).sign_in(enrolled.username, PASSWORD)
        owner.send(STEP, {"code": enrolled.recovery_codes[0]})
        owner.open("/account").send("/sign-out", {})
        owner.sign_in(enrolled.username, PASSWORD)

        answered = [
            owner.send(STEP, {"code": "000000"}).status for _ in range(MAX_SECOND_STEPS + 1)
        ]

        assert answered == [401] * MAX_SECOND_STEPS + [429]

    def test_strangers_who_guess_keep_nobody_from_changing_the_password(
        self, client: FlaskClient, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(throttle, "MAX_PER_ACCOUNT", 4)
        headers = sign_in("carrier")
        for number in range(4):
            client.post(
                "/api/v1/tokens",
                json={"username": "carrier", "password": "guess it"},
                environ_base={"REMOTE_ADDR": f"203.0.113.{number}"},
            )

        changed = client.post(
            f"{ME}/password",
            json={"old_password": PASSWORD, "new_password": "a quite new one"},
            headers=headers,
        )

        assert changed.status_code == 204


class TestFoundOpen:
    """A session that somebody left open: it goes on, but changes no way in."""

    @pytest.fixture
    def stale(self, client: FlaskClient, runtime: Runtime, accounts: Accounts) -> dict[str, str]:
        """The administrator's headers, a quarter of an hour after the session was opened."""
        clock = runtime.clock
        assert isinstance(clock, FixedClock)
        with write_session(runtime.sessions) as session:
            opened = open_session(
                session,
                accounts.users["admin"],
                Door.API,
                settings=runtime.settings,
                now=clock.now(),
            )
        clock.advance(timedelta(minutes=14))
        body = {"refresh_token": opened.refresh_token}
        tokens = client.post("/api/v1/tokens/refresh", json=body).get_json()
        clock.advance(timedelta(minutes=1, seconds=1))
        return bearer(tokens)

    def test_makes_no_key_and_changes_nobodys_way_in(
        self, client: FlaskClient, stale: dict[str, str], sso_plant: Accounts
    ) -> None:
        auditor, loader = (f"{USERS}/{sso_plant.users[name].id}" for name in ("auditor", "loader"))
        made = {
            "username": "one-more",
            "password": "long enough 1",
            "role": "admin",
            "organisation_id": str(sso_plant.organisations["authority"]),
        }
        asked: list[tuple[str, str, dict[str, object]]] = [
            ("POST", KEYS, WANTED),
            ("POST", USERS, {**made}),
            ("PATCH", auditor, {"password": "a quite new one"}),
            ("POST", f"{auditor}/second-factor/reset", {"reason": "lost"}),
            ("POST", f"{loader}/identities", {"provider": "plant", "subject": "person-1"}),
        ]

        answered = [
            client.open(
                path, method=method, json=body, headers=stale | {"If-Match": '"1"'}
            ).get_json()["code"]
            for method, path, body in asked
        ]

        assert client.get(ME, headers=stale).status_code == 200
        assert answered == ["sign-in-again"] * len(asked)

    def test_makes_no_badge_and_enrols_no_tablet(
        self, app: Flask, line: Line, accounts: Accounts, clock: FixedClock
    ) -> None:
        supervisor = PageUser(client=app.test_client()).sign_in("supervisor", PASSWORD)
        supervisor.open("/devices")
        clock.advance(timedelta(minutes=15, seconds=1))
        loader = str(accounts.users["loader"].id)

        answered = [
            supervisor.send(f"/devices/{act}", form).status
            for act, form in (
                ("badges", {"user": loader}),
                ("pins", {"holder": loader, "pin": "135790"}),
                ("codes", {"facility": str(line.yard.facility_id), "label": "mine"}),
            )
        ]

        assert answered == [403] * 3
        assert "重新登录" in supervisor.text


@pytest.mark.parametrize(
    ("account", "scope"), [("admin", "users:write"), ("supervisor", "devices:write")]
)
def test_no_key_of_a_machine_makes_an_account_or_a_badge(
    client: FlaskClient, sign_in: SignIn, account: str, scope: str
) -> None:
    refused = client.post(KEYS, json=WANTED | {"scopes": [scope]}, headers=sign_in(account))

    assert refused.get_json()["errors"][0]["code"] == "scope-not-for-keys"


def test_nobody_sets_their_own_password_without_the_old_one(
    client: FlaskClient, sign_in: SignIn, accounts: Accounts
) -> None:
    headers = sign_in("admin") | {"If-Match": '"1"'}
    path = f"{USERS}/{accounts.users['admin'].id}"

    assert client.patch(path, json={"password": "a new one"}, headers=headers).status_code == 403


def test_whoever_came_in_by_a_link_that_is_ended_is_out(
    linked: Accounts, app: Flask, client: FlaskClient, sign_in: SignIn, provider: OidcProvider
) -> None:
    wrong_person = app.test_client()
    wrong_person.get(f"{BACK}?{provider.log_in(begin(wrong_person))}")
    path = f"{USERS}/{linked.users['loader'].id}/identities"
    found = client.get(path, headers=sign_in("admin")).get_json()["items"][0]
    before = wrong_person.get(ME).status_code

    client.delete(f"{path}/{found['id']}", headers=sign_in("admin"))

    assert (before, wrong_person.get(ME).status_code) == (200, 401)


def test_half_a_sign_in_ends_with_every_session(enrolled: Enrolling, client: FlaskClient) -> None:
    half = enrolled.half()
    tokens = enrolled.code(enrolled.recovery_codes[0]).get_json()

    client.delete("/api/v1/tokens", headers=bearer(tokens))

    assert enrolled.code(enrolled.recovery_codes[1], half).status_code == 401


@pytest.mark.parametrize("credential", ["[" * 16_000, '{"id":"AAAA"}', "null", "{"])
def test_what_no_security_key_says_is_refused_and_breaks_nothing(
    enrolled: Enrolling, credential: str
) -> None:
    answered = enrolled.step("second-step/key", enrolled.half(), credential=credential)

    assert answered.status_code == 401
