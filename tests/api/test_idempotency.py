"""A write that is sent again is answered again and not done again; a change says what it saw."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from api.runtime import EXTENSION, Runtime
from tests.harness.accounts import Accounts, SignIn, access_token, seed_accounts
from tests.harness.bay import as_written
from tests.harness.line import Line
from waybill.clock import FixedClock
from waybill.storage.identity import IdempotencyKeyRow, UserRow
from waybill.storage.log import EventRow
from waybill.storage.session import read_session, write_session

USERS = "/api/v1/users"
KEY = "a-key-of-somebody"

Post = Callable[..., TestResponse]


@pytest.fixture
def post(client: FlaskClient, sign_in: SignIn, accounts: Accounts) -> Post:
    """Makes an account with a key, as an administrator."""
    headers = sign_in("admin")

    def send(key: str | None = KEY, **change: object) -> TestResponse:
        body = new_user(accounts) | change
        given = {} if key is None else {"Idempotency-Key": key}
        return client.post(USERS, json=body, headers=headers | given)

    return send


def new_user(accounts: Accounts) -> dict[str, object]:
    return {
        "username": "new-driver",
        "password": "long enough 1",
        "role": "carrier",
        "organisation_id": str(accounts.organisations["carrier"]),
    }


def made_users(database: Session) -> int:
    return database.scalars(select(func.count()).where(UserRow.username == "new-driver")).one()


class TestRepeat:
    def test_a_repeat_gets_the_first_answer_and_does_nothing(
        self, post: Post, database: Session
    ) -> None:
        first = post()
        second = post()

        assert (first.status_code, second.status_code) == (201, 201)
        assert second.get_data() == first.get_data()
        assert second.headers["ETag"] == first.headers["ETag"]
        assert "Idempotency-Replayed" not in first.headers
        assert second.headers["Idempotency-Replayed"] == "true"
        kinds = list(database.scalars(select(EventRow.kind).where(EventRow.kind == "user-created")))
        assert kinds == ["user-created"]

    def test_without_a_key_the_write_is_done_twice(self, post: Post) -> None:
        assert (post(None).status_code, post(None).status_code) == (201, 409)

    def test_the_same_key_for_something_else_is_refused(
        self, post: Post, database: Session
    ) -> None:
        post()

        other = post(username="another-driver")

        assert (other.status_code, other.get_json()["code"]) == (422, "idempotency-key-reused")
        assert made_users(database) == 1

    def test_a_refusal_is_not_kept_so_that_it_can_be_cured(self, post: Post) -> None:
        refused = post(password="short")
        cured = post()

        assert (refused.status_code, cured.status_code) == (422, 201)

    def test_the_same_key_of_somebody_else_is_another_key(
        self, client: FlaskClient, sign_in: SignIn, post: Post, accounts: Accounts
    ) -> None:
        post()

        foreign = client.post(
            USERS, json=new_user(accounts), headers=sign_in("carrier") | {"Idempotency-Key": KEY}
        )

        assert foreign.status_code == 403

    def test_after_two_days_a_key_is_forgotten(
        self, client: FlaskClient, post: Post, accounts: Accounts, clock: FixedClock,
        sign_in: SignIn,
    ) -> None:  # fmt: skip
        from api.idempotency import LIFETIME  # noqa: PLC0415  only here

        post()
        clock.advance(LIFETIME)

        again = client.post(
            USERS, json=new_user(accounts), headers=sign_in("admin") | {"Idempotency-Key": KEY}
        )

        assert again.status_code == 409  # done again, and the name is taken

    @pytest.mark.parametrize("key", ["short", "x" * 101, "with space and", "schlüssel-1"])
    def test_a_key_of_another_shape_is_refused(self, post: Post, key: str) -> None:
        answer = post(key)

        assert (answer.status_code, answer.get_json()["errors"][0]["in"]) == (422, "header")


class TestKeeping:
    """What is kept of an answer, and for how long."""

    def test_an_answer_is_kept_encrypted(self, post: Post, database: Session) -> None:
        answer = post()

        kept = database.scalars(select(IdempotencyKeyRow)).one()

        assert kept.body is not None
        assert len(kept.body) == len(answer.get_data()) + 12 + 16
        assert b"new-driver" not in kept.body
        assert "new-driver" not in repr(kept)

    def test_an_answer_moved_to_another_key_is_not_given_out(
        self, post: Post, database: Session
    ) -> None:
        post()
        database.execute(update(IdempotencyKeyRow).values(key="another-key"))
        database.commit()

        assert post("another-key").status_code == 500

    def test_the_same_key_for_another_version_is_another_request(
        self, client: FlaskClient, sign_in: SignIn, line: Line
    ) -> None:
        headers = sign_in("carrier") | {"Idempotency-Key": KEY}
        draft = client.post(
            "/api/v1/waybills", json=as_written(line.yard.draft()), headers=sign_in("carrier")
        ).get_json()
        path = f"/api/v1/waybills/{draft['summary']['id']}"
        body = as_written(line.yard.draft(emergency_phone="0517-83330000"))

        answers = [
            client.put(path, json=body, headers=headers | {"If-Match": version})
            for version in ('"1"', '"1"', '"2"')
        ]

        assert [answer.status_code for answer in answers] == [200, 200, 422]

    def test_what_is_older_than_two_days_is_removed(
        self,
        post: Post,
        database: Session,
        clock: FixedClock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("api.idempotency.SWEEP_EVERY", 1)
        with database.begin():
            database.add_all(
                IdempotencyKeyRow(
                    principal="somebody",
                    key=f"a-key-of-age-{hours}",
                    created_at=clock.now() - timedelta(hours=hours),
                    request_digest="0" * 64,
                )
                for hours in (47, 48, 500)
            )

        post()

        left = set(database.scalars(select(IdempotencyKeyRow.key)))
        assert left == {"a-key-of-age-47", KEY}


def test_of_two_at_once_one_is_done_and_both_get_its_answer(
    served_app: Flask, clock: FixedClock
) -> None:
    runtime: Runtime = served_app.extensions[EXTENSION]
    with write_session(runtime.sessions) as session:
        accounts = seed_accounts(session, clock.now())
        token = access_token(
            session, accounts.users["admin"], settings=runtime.settings, now=clock.now()
        )
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": KEY}
    barrier = threading.Barrier(2)
    answers: list[tuple[int, bytes]] = []

    def send() -> None:
        client = served_app.test_client()
        barrier.wait()
        answer = client.post(USERS, json=new_user(accounts), headers=headers)
        answers.append((answer.status_code, answer.get_data()))

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [status for status, _ in answers] == [201, 201]
    assert answers[0] == answers[1]
    with read_session(runtime.sessions) as session:
        assert made_users(session) == 1


class TestIfMatch:
    @pytest.fixture
    def address(self, accounts: Accounts) -> str:
        return f"{USERS}/{accounts.users['carrier'].id}"

    def test_a_change_of_the_version_that_was_seen_is_done(
        self, client: FlaskClient, sign_in: SignIn, address: str
    ) -> None:
        headers = sign_in("admin")
        seen = client.get(address, headers=headers).headers["ETag"]

        changed = client.patch(
            address, json={"active": False}, headers=headers | {"If-Match": seen}
        )

        assert (seen, changed.status_code, changed.headers["ETag"]) == ('"1"', 200, '"2"')
        assert changed.get_json()["active"] is False

    @pytest.mark.parametrize(
        ("given", "status", "code"),
        [
            pytest.param({}, 428, "precondition-required", id="not said"),
            pytest.param({"If-Match": '"7"'}, 412, "precondition-failed", id="another version"),
            pytest.param({"If-Match": "*"}, 412, "precondition-failed", id="any version"),
            pytest.param({"If-Match": 'W/"1"'}, 412, "precondition-failed", id="weak"),
            pytest.param({"If-Match": "1"}, 412, "precondition-failed", id="without quotes"),
        ],
    )
    def test_a_change_of_another_version_is_refused(
        self,
        client: FlaskClient,
        sign_in: SignIn,
        address: str,
        *,
        given: dict[str, str],
        status: int,
        code: str,
    ) -> None:
        answer = client.patch(address, json={"active": False}, headers=sign_in("admin") | given)

        assert (answer.status_code, answer.get_json()["code"]) == (status, code)
        assert client.get(address, headers=sign_in("admin")).get_json()["active"] is True
