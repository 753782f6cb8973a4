"""A database that is stuck or goes away in the middle of a request, seen from outside."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import Connection, event, func, select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from api.runtime import EXTENSION, Runtime
from tests.harness.accounts import Accounts, access_token, seed_accounts
from waybill.clock import FixedClock
from waybill.storage.commits import CommitUnknownError, UnconfirmedError
from waybill.storage.identity import UserRow
from waybill.storage.log import EventRow
from waybill.storage.session import WRITES, read_session, write_session
from waybill.storage.write import Written, write_together


@pytest.fixture(autouse=True)
def _short_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody stand in line for SQLite's one write lock for ten seconds."""
    monkeypatch.setattr("waybill.storage.session.SQLITE_BUSY_TIMEOUT_MS", 100)


@pytest.fixture
def runtime(served_app: Flask) -> Runtime:
    found: Runtime = served_app.extensions[EXTENSION]
    return found


@pytest.fixture
def accounts(runtime: Runtime, clock: FixedClock) -> Accounts:
    with write_session(runtime.sessions) as session:
        return seed_accounts(session, clock.now())


@pytest.fixture
def token(runtime: Runtime, accounts: Accounts, clock: FixedClock) -> str:
    with write_session(runtime.sessions) as session:
        return access_token(
            session, accounts.users["admin"], settings=runtime.settings, now=clock.now()
        )


def make_user(app: Flask, accounts: Accounts, token: str) -> TestResponse:
    return app.test_client().post(
        "/api/v1/users",
        json={
            "username": "new-driver",
            "password": "long enough 1",
            "role": "carrier",
            "organisation_id": str(accounts.organisations["carrier"]),
            "name": "张建国",
        },
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "a-user-once"},
    )


def counts(runtime: Runtime) -> tuple[int, int]:
    """Return how many accounts and events there are."""
    with read_session(runtime.sessions) as session:
        return (
            session.scalar(select(func.count()).select_from(UserRow)) or 0,
            session.scalar(select(func.count()).select_from(EventRow)) or 0,
        )


@contextmanager
def impatient(runtime: Runtime, dialect: str) -> Iterator[None]:
    """Give up waiting for a lock after a tenth of a second."""
    if dialect == "sqlite":
        yield
        return

    def shorten(connection: object, _: object, __: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]  # the driver's own
        cursor.execute("SET lock_timeout = '100ms'")
        cursor.close()
        connection.commit()  # type: ignore[attr-defined]  # else it is rolled back again

    event.listen(runtime.engine, "checkout", shorten)
    yield
    event.remove(runtime.engine, "checkout", shorten)


def test_a_lock_that_somebody_holds_is_answered_503_and_nothing_is_written(
    served_app: Flask, runtime: Runtime, accounts: Accounts, token: str, dialect: str
) -> None:
    before = counts(runtime)
    with runtime.engine.connect() as holder, impatient(runtime, dialect):
        if dialect == "postgresql":
            holder.execute(text("LOCK TABLE idempotency_key IN ACCESS EXCLUSIVE MODE"))
        else:
            holder.execute(text("SELECT 1"))  # its transaction holds the one write lock

        refused = make_user(served_app, accounts, token)

        holder.rollback()

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
    assert refused.get_json()["code"] == "unavailable"
    assert counts(runtime) == before
    assert make_user(served_app, accounts, token).status_code == 201


def test_a_connection_lost_before_the_event_leaves_nothing_and_can_be_repeated(
    served_app: Flask,
    runtime: Runtime,
    accounts: Accounts,
    token: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = counts(runtime)

    def cut_off(session: Session, statements: Sequence[Written]) -> None:
        if session.get_bind().dialect.name == "postgresql":
            with runtime.engine.connect() as other:
                number = session.scalar(text("SELECT pg_backend_pid()"))
                other.execute(text("SELECT pg_terminate_backend(:n)"), {"n": number})
        else:
            session.connection().connection.dbapi_connection.close()  # type: ignore[union-attr]
        write_together(session, statements)

    with monkeypatch.context() as patched:
        patched.setattr("waybill.storage.events.write_together", cut_off)
        lost = make_user(served_app, accounts, token)

    assert lost.status_code == 503
    assert counts(runtime) == before
    again = make_user(served_app, accounts, token)
    assert again.status_code == 201
    assert datetime.fromisoformat(again.get_json()["created_at"]) == runtime.clock.now()


def test_while_no_commit_is_confirmed_no_write_is_begun_and_reading_goes_on(
    served_app: Flask, runtime: Runtime, accounts: Accounts, token: str
) -> None:
    def refuse(connection: Connection) -> None:
        if connection.get_execution_options().get(WRITES, True):
            raise UnconfirmedError(None, None, CommitUnknownError(1))

    event.listen(runtime.engine, "begin", refuse)
    refused = make_user(served_app, accounts, token)
    read = served_app.test_client().get("/blacklist")
    event.remove(runtime.engine, "begin", refuse)

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
    assert "confirms no writes right now" in refused.get_json()["detail_en"]
    assert read.status_code == 200
    assert make_user(served_app, accounts, token).status_code == 201
