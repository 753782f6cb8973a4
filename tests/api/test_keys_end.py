"""When keys and badges end: with the owner's wish, and at once with an administrator's act."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.runtime import Runtime
from tests.harness.accounts import PASSWORD, Accounts, SignIn
from tests.harness.page_user import PageUser
from waybill.clock import Clock
from waybill.registry.access import Actor
from waybill.services import identity
from waybill.services.devices import make_badge, new_pin
from waybill.services.identity import NewApiKey
from waybill.storage.devices import BadgeRow
from waybill.storage.log import EventRow
from waybill.storage.session import write_session

KEYS = "/api/v1/api-keys"
ME = "/api/v1/users/me"
USERS = "/api/v1/users"
WANTED = {
    "label": "weighbridge",
    "scopes": ["account:read"],
    "expires_at": "2026-12-22T00:00:00Z",
}


@pytest.fixture
def key(client: FlaskClient, sign_in: SignIn) -> dict[str, str]:
    """The headers of a key that the loader's account made."""
    answer = client.post(KEYS, json=WANTED, headers=sign_in("loader"))
    return {"X-Api-Key": answer.get_json()["secret"]}


def works(client: FlaskClient, key: dict[str, str]) -> bool:
    return client.get(ME, headers=key).status_code == 200


def kinds(database: Session) -> list[str]:
    return list(database.scalars(select(EventRow.kind)))


class TestByTheOwner:
    @pytest.mark.parametrize("ends", [False, True])
    def test_a_new_password_ends_keys_where_it_is_wished(
        self, client: FlaskClient, sign_in: SignIn, key: dict[str, str], *, ends: bool
    ) -> None:
        change = {"old_password": PASSWORD, "new_password": "a quite new one", "end_keys": ends}

        changed = client.post(f"{ME}/password", json=change, headers=sign_in("loader"))

        assert (changed.status_code, works(client, key)) == (204, not ends)

    def test_all_are_ended_at_once_each_with_its_event(
        self, client: FlaskClient, sign_in: SignIn, key: dict[str, str], database: Session
    ) -> None:
        client.post(KEYS, json=WANTED, headers=sign_in("loader"))
        other = client.post(KEYS, json=WANTED, headers=sign_in("carrier")).get_json()["secret"]

        answered = [client.delete(KEYS, headers=sign_in("loader")).status_code for _ in range(2)]

        assert (answered, works(client, key)) == ([204, 204], False)
        assert works(client, {"X-Api-Key": other})
        assert kinds(database).count("api-key-revoked") == 2

    def test_the_page_shows_keys_and_ends_one_or_all(
        self, app: Flask, client: FlaskClient, sign_in: SignIn, key: dict[str, str]
    ) -> None:
        second = client.post(KEYS, json=WANTED | {"label": "gate"}, headers=sign_in("loader"))
        user = PageUser(client=app.test_client()).sign_in("loader", PASSWORD)
        user.open("/account")
        assert "weighbridge" in user.text

        user.send(f"/account/api-keys/{second.get_json()['id']}/revocation", {})
        assert ("gate" in user.text, works(client, key)) == (False, True)
        user.send("/account/sign-out-everywhere", {"end_keys": "yes"})

        assert (user.address, works(client, key)) == ("/sign-in", False)

    def test_a_session_that_has_just_ended_makes_no_key(
        self,
        client: FlaskClient,
        sign_in: SignIn,
        database: Session,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        create = identity.create_api_key

        def ended_before(
            session: Session, actor: Actor, wanted: NewApiKey, **given: Clock
        ) -> object:
            """Let the owner sign out everywhere between who is asking and the making."""
            identity.sign_out_everywhere(session, actor, **given)
            return create(session, actor, wanted, **given)

        monkeypatch.setattr(identity, "create_api_key", ended_before)

        answered = client.post(KEYS, json=WANTED, headers=sign_in("loader"))

        assert (answered.status_code, answered.get_json()["code"]) == (403, "sign-in-again")
        assert "api-key-created" not in kinds(database)


class TestByAnAdministrator:
    @pytest.mark.parametrize(
        "change",
        [
            pytest.param({"password": "a quite new one"}, id="a reset"),
            pytest.param({"role": "supervisor"}, id="another role"),
            pytest.param({"active": False}, id="a suspension"),
        ],
    )
    def test_a_change_ends_keys_for_ever(
        self,
        client: FlaskClient,
        sign_in: SignIn,
        accounts: Accounts,
        key: dict[str, str],
        change: dict[str, object],
    ) -> None:
        path, headers = f"{USERS}/{accounts.users['loader'].id}", sign_in("admin")

        first = client.patch(path, json=change, headers=headers | {"If-Match": '"1"'})
        again = client.patch(path, json={"active": True}, headers=headers | {"If-Match": '"2"'})

        assert (first.status_code, again.status_code) == (200, 200)
        assert not works(client, key)

    def test_a_second_factor_reset_ends_keys(
        self, client: FlaskClient, sign_in: SignIn, accounts: Accounts, key: dict[str, str]
    ) -> None:
        path = f"{USERS}/{accounts.users['loader'].id}/second-factor/reset"

        answered = client.post(path, json={"reason": "手机丢失"}, headers=sign_in("admin"))

        assert (answered.status_code, works(client, key)) == (204, False)

    def test_a_suspension_takes_the_badge_and_says_so(
        self,
        client: FlaskClient,
        sign_in: SignIn,
        accounts: Accounts,
        runtime: Runtime,
        database: Session,
    ) -> None:
        loader = accounts.users["loader"].id
        with write_session(runtime.sessions) as session:
            supervisor = accounts.actor("supervisor")
            make_badge(session, supervisor, loader, new_pin(), clock=runtime.clock)
        headers = sign_in("admin") | {"If-Match": '"1"'}

        client.patch(f"{USERS}/{loader}", json={"active": False}, headers=headers)

        assert database.get(BadgeRow, loader) is None
        assert kinds(database).count("badge-withdrawn") == 1
