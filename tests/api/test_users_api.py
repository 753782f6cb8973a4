"""Accounts through the API."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.harness.accounts import PASSWORD, Accounts, SignIn
from waybill.storage.identity import UserRow
from waybill.storage.log import EventRow

USERS = "/api/v1/users"
ME = "/api/v1/users/me"
TOKENS = "/api/v1/tokens"


def new_user(accounts: Accounts, **change: object) -> dict[str, object]:
    return {
        "username": "zhang.san",
        "password": "long enough 1",
        "role": "carrier",
        "organisation_id": str(accounts.organisations["carrier"]),
    } | change


class TestMaking:
    def test_a_new_account_can_sign_in(
        self, client: FlaskClient, sign_in: SignIn, accounts: Accounts
    ) -> None:
        made = client.post(USERS, json=new_user(accounts), headers=sign_in("admin"))

        entered = client.post(TOKENS, json={"username": "zhang.san", "password": "long enough 1"})

        assert made.status_code == 201
        assert made.get_json() == {
            "id": made.get_json()["id"],
            "username": "zhang.san",
            "role": "carrier",
            "organisation_id": str(accounts.organisations["carrier"]),
            "person_id": None,
            "active": True,
            "created_at": "2026-11-22T06:05:00.000Z",
            "version": 1,
        }
        assert entered.status_code == 200

    def test_the_persons_name_stands_nowhere_in_clear(
        self, client: FlaskClient, sign_in: SignIn, accounts: Accounts, database: Session
    ) -> None:
        body = new_user(accounts, name="张三")

        client.post(USERS, json=body, headers=sign_in("admin"))

        row = database.scalars(select(UserRow).where(UserRow.username == "zhang.san")).one()
        event = database.scalars(select(EventRow).where(EventRow.kind == "user-created")).one()
        assert row.name_ref is not None
        assert row.name_ref.encode() in event.body
        assert "张三".encode() not in event.body

    @pytest.mark.parametrize(
        ("change", "pointer", "code"),
        [
            pytest.param({"password": "short"}, "/password", "password-length", id="short"),
            pytest.param(
                {"password": "my zhang.san 1"},
                "/password",
                "password-holds-username",
                id="password with the name",
            ),
            pytest.param({"role": "auditor"}, "/role", "role-does-not-fit", id="role"),
            pytest.param(
                {"organisation_id": "019ac0de-0000-7000-8000-000000000001"},
                "/organisation_id",
                "unknown",
                id="no such organisation",
            ),
            pytest.param(
                {"person_id": "019ac0de-0000-7000-8000-000000000001"},
                "/person_id",
                "unknown",
                id="no such person",
            ),
            pytest.param({"username": "Zhang"}, "/username", "shape", id="capitals"),
        ],
    )
    def test_an_account_that_cannot_be_is_refused(
        self,
        client: FlaskClient,
        sign_in: SignIn,
        accounts: Accounts,
        *,
        change: dict[str, object],
        pointer: str,
        code: str,
    ) -> None:
        answer = client.post(USERS, json=new_user(accounts, **change), headers=sign_in("admin"))

        errors = [(e["pointer"], e["code"]) for e in answer.get_json()["errors"]]
        assert (answer.status_code, errors) == (422, [(pointer, code)])

    def test_a_name_that_is_taken_is_refused(
        self, client: FlaskClient, sign_in: SignIn, accounts: Accounts
    ) -> None:
        body = new_user(accounts, username="carrier")

        answer = client.post(USERS, json=body, headers=sign_in("admin"))

        assert (answer.status_code, answer.get_json()["code"]) == (409, "duplicate")
        assert answer.get_json()["errors"][0]["pointer"] == "/username"


class TestChanging:
    @pytest.mark.parametrize(
        "change", [{"active": False}, {"password": "another long one"}], ids=["active", "password"]
    )
    def test_a_change_ends_every_session(
        self,
        client: FlaskClient,
        sign_in: SignIn,
        accounts: Accounts,
        change: dict[str, object],
    ) -> None:
        theirs = sign_in("carrier")
        client.get(ME, headers=theirs)

        changed = client.patch(
            f"{USERS}/{accounts.users['carrier'].id}",
            json=change,
            headers=sign_in("admin") | {"If-Match": '"1"'},
        )

        assert changed.status_code == 200
        assert client.get(ME, headers=theirs).status_code == 401

    def test_a_change_that_changes_nothing_is_no_event(
        self, client: FlaskClient, sign_in: SignIn, accounts: Accounts, database: Session
    ) -> None:
        changed = client.patch(
            f"{USERS}/{accounts.users['carrier'].id}",
            json={"active": True, "role": "carrier"},
            headers=sign_in("admin") | {"If-Match": '"1"'},
        )

        assert changed.headers["ETag"] == '"1"'
        assert list(database.scalars(select(EventRow))) == []

    def test_one_changes_ones_own_password(self, client: FlaskClient, sign_in: SignIn) -> None:
        headers = sign_in("carrier")
        wish = {"old_password": PASSWORD, "new_password": "a quite new one"}

        changed = client.post(f"{ME}/password", json=wish, headers=headers)

        entered = [
            client.post(TOKENS, json={"username": "carrier", "password": password}).status_code
            for password in (PASSWORD, "a quite new one")
        ]
        assert (changed.status_code, entered) == (204, [401, 200])
        assert client.get(ME, headers=headers).status_code == 401

    def test_without_the_old_password_nothing_changes(
        self, client: FlaskClient, sign_in: SignIn
    ) -> None:
        wish = {"old_password": "guessed it?", "new_password": "a quite new one"}

        answer = client.post(f"{ME}/password", json=wish, headers=sign_in("carrier"))

        assert answer.status_code == 401
        assert (
            client.post(TOKENS, json={"username": "carrier", "password": PASSWORD}).status_code
            == 200
        )


def test_accounts_are_listed_by_pages(
    client: FlaskClient, sign_in: SignIn, accounts: Accounts
) -> None:
    headers = sign_in("admin")
    first = client.get(f"{USERS}?limit=6", headers=headers).get_json()
    rest = client.get(f"{USERS}?limit=6&cursor={first['next_cursor']}", headers=headers).get_json()

    names = [user["username"] for user in first["items"] + rest["items"]]
    assert (sorted(names), len(first["items"])) == (sorted(accounts.users), 6)
    assert rest["next_cursor"] is None
