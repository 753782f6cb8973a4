"""API keys: made by an account for itself, narrow, ending, revocable."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.harness.accounts import Accounts, SignIn
from waybill.clock import FixedClock
from waybill.registry.access import ROLE_PERMISSIONS, Permission, Role
from waybill.storage.identity import ApiKeyRow

KEYS = "/api/v1/api-keys"
ME = "/api/v1/users/me"
NOW = "2026-11-22T06:05:00Z"
FAR = "2028-01-01T00:00:00Z"
WANTED = {
    "label": "weighbridge",
    "scopes": ["account:read", "goods:read"],
    "expires_at": "2026-12-22T00:00:00Z",
}


def make(client: FlaskClient, headers: dict[str, str]) -> dict[str, str]:
    answer = client.post(KEYS, json=WANTED, headers=headers)
    assert answer.status_code == 201
    made: dict[str, str] = answer.get_json()
    return made


class TestUse:
    @pytest.mark.parametrize("style", ["X-Api-Key", "Bearer"])
    def test_a_key_acts_for_its_account_within_its_scopes(
        self, client: FlaskClient, sign_in: SignIn, accounts: Accounts, style: str
    ) -> None:
        secret = make(client, sign_in("carrier"))["secret"]
        headers = {style: secret} if style == "X-Api-Key" else {"Authorization": f"Bearer {secret}"}

        me = client.get(ME, headers=headers).get_json()

        assert me == {
            "user_id": str(accounts.users["carrier"].id),
            "organisation_id": str(accounts.organisations["carrier"]),
            "role": "carrier",
            "person_id": None,
            "permissions": ["account:read", "goods:read"],
        }

    def test_a_key_ends_at_its_date(
        self, client: FlaskClient, sign_in: SignIn, clock: FixedClock
    ) -> None:
        secret = make(client, sign_in("carrier"))["secret"]
        clock.advance(timedelta(days=30))

        assert client.get(ME, headers={"X-Api-Key": secret}).status_code == 401

    def test_a_revoked_key_ends_at_once(self, client: FlaskClient, sign_in: SignIn) -> None:
        headers = sign_in("carrier")
        made = make(client, headers)

        first = client.delete(f"{KEYS}/{made['id']}", headers=headers).status_code
        again = client.delete(f"{KEYS}/{made['id']}", headers=headers).status_code

        assert (first, again) == (204, 204)
        assert client.get(ME, headers={"X-Api-Key": made["secret"]}).status_code == 401

    def test_the_key_of_an_inactive_account_counts_for_nothing(
        self, client: FlaskClient, sign_in: SignIn, accounts: Accounts, database: Session
    ) -> None:
        secret = make(client, sign_in("carrier"))["secret"]
        database.merge(accounts.users["carrier"]).active = False
        database.commit()

        assert client.get(ME, headers={"X-Api-Key": secret}).status_code == 401

    def test_a_key_made_before_loses_what_its_account_loses(
        self, client: FlaskClient, sign_in: SignIn, accounts: Accounts, database: Session
    ) -> None:
        wanted = WANTED | {"scopes": ["account:read", "waybill:issue"]}
        secret = client.post(KEYS, json=wanted, headers=sign_in("carrier")).get_json()["secret"]
        database.merge(accounts.users["carrier"]).role = Role.CONSIGNOR
        database.commit()

        me = client.get(ME, headers={"X-Api-Key": secret}).get_json()

        assert me["permissions"] == ["account:read"]

    def test_scopes_that_no_key_may_have_count_for_nothing_in_an_old_key(
        self, client: FlaskClient, sign_in: SignIn, database: Session
    ) -> None:
        made = make(client, sign_in("carrier"))
        every = [permission.value for permission in Permission]
        database.execute(update(ApiKeyRow).values(scopes=every))
        database.commit()
        headers = {"X-Api-Key": made["secret"]}

        mine = set(client.get(ME, headers=headers).get_json()["permissions"])

        assert mine == {p.value for p in ROLE_PERMISSIONS[Role.CARRIER]} - {
            "api-keys:write",
            "account:write",
        }
        assert client.post(KEYS, json=WANTED, headers=headers).status_code == 403

    @pytest.mark.parametrize("scope", ["check:consent", "check:override"])
    def test_no_key_may_speak_for_the_supervisor_in_person(
        self, client: FlaskClient, sign_in: SignIn, database: Session, scope: str
    ) -> None:
        supervisor = sign_in("supervisor")
        assert scope in client.get(ME, headers=supervisor).get_json()["permissions"]

        refused = client.post(KEYS, json=WANTED | {"scopes": [scope]}, headers=supervisor)
        made = make(client, supervisor)
        database.execute(update(ApiKeyRow).values(scopes=[scope, "account:read"]))
        database.commit()

        assert refused.status_code == 422
        mine = client.get(ME, headers={"X-Api-Key": made["secret"]}).get_json()["permissions"]
        assert mine == ["account:read"]

    def test_a_key_with_one_character_changed_is_refused(
        self, client: FlaskClient, sign_in: SignIn
    ) -> None:
        secret = make(client, sign_in("carrier"))["secret"]
        changed = secret[:20] + ("A" if secret[20] != "A" else "B") + secret[21:]

        assert client.get(ME, headers={"X-Api-Key": changed}).status_code == 401


class TestMaking:
    @pytest.mark.parametrize(
        ("change", "pointer", "code"),
        [
            pytest.param({"scopes": ["events:read"]}, "/scopes/0", "scope-not-yours", id="rights"),
            pytest.param(
                {"scopes": ["api-keys:write"]}, "/scopes/0", "scope-not-for-keys", id="more keys"
            ),
            pytest.param(
                {"scopes": ["account:write"]}, "/scopes/0", "scope-not-for-keys", id="the password"
            ),
            pytest.param({"scopes": []}, "/scopes", "list-length", id="no scope"),
            pytest.param({"scopes": ["all"]}, "/scopes/0", "choice", id="unknown scope"),
            pytest.param({"expires_at": NOW}, "/expires_at", "expiry-out-of-range", id="now"),
            pytest.param({"expires_at": FAR}, "/expires_at", "expiry-out-of-range", id="too far"),
            pytest.param({"expires_at": NOW[:-1]}, "/expires_at", "instant", id="no zone"),
            pytest.param({"label": " "}, "/label", "surrounding-space", id="blank"),
        ],
    )
    def test_a_wrong_wish_is_refused_with_its_pointer(
        self,
        client: FlaskClient,
        sign_in: SignIn,
        change: dict[str, object],
        pointer: str,
        code: str,
    ) -> None:
        answer = client.post(KEYS, json=WANTED | change, headers=sign_in("carrier"))

        assert answer.status_code == 422
        assert [(e["pointer"], e["code"]) for e in answer.get_json()["errors"]] == [(pointer, code)]

    def test_a_list_shows_own_keys_without_secrets(
        self, client: FlaskClient, sign_in: SignIn
    ) -> None:
        make(client, sign_in("other-carrier"))
        headers = sign_in("carrier")
        made = [make(client, headers)["id"] for _ in range(3)]

        first = client.get(f"{KEYS}?limit=2", headers=headers).get_json()
        rest = client.get(f"{KEYS}?cursor={first['next_cursor']}", headers=headers).get_json()

        assert [key["id"] for key in first["items"] + rest["items"]] == made[::-1]
        assert rest["next_cursor"] is None
        assert all("secret" not in key for key in first["items"])

    def test_another_accounts_key_is_not_there(self, client: FlaskClient, sign_in: SignIn) -> None:
        made = make(client, sign_in("carrier"))

        answer = client.delete(f"{KEYS}/{made['id']}", headers=sign_in("other-carrier"))

        assert answer.status_code == 404
