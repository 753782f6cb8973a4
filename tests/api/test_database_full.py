"""PostgreSQL that has no connection left: 503 with `Retry-After`, and well again by itself."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql
from sqlalchemy import make_url
from werkzeug.test import TestResponse

from api.runtime import EXTENSION, Runtime
from tests.harness.accounts import PASSWORD, seed_accounts
from waybill.clock import FixedClock
from waybill.storage.grants import grant_application
from waybill.storage.session import make_engine, session_factory, write_session

ROLE = "waybill_of_one"


@pytest.fixture
def limited(dialect: str, fresh_database_url: str, clock: FixedClock) -> Iterator[str]:
    """The address of a database with accounts, for a role that may have one connection."""
    if dialect == "sqlite":
        pytest.skip("SQLite has no connections that could run out")
    owner = make_engine(fresh_database_url)
    with write_session(session_factory(owner)) as session:
        seed_accounts(session, clock.now())
    conninfo = fresh_database_url.replace("+psycopg", "")
    role = sql.Identifier(ROLE)
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'for-tests' CONNECTION LIMIT 1").format(role)
        )
    with owner.begin() as connection_:
        grant_application(connection_, ROLE)
    owner.dispose()
    url = make_url(fresh_database_url).set(username=ROLE, password="for-tests")
    yield url.render_as_string(hide_password=False)
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP OWNED BY {}").format(role))
        connection.execute(sql.SQL("DROP ROLE {}").format(role))


@contextmanager
def taken(url: str) -> Iterator[None]:
    """Hold the one connection there is."""
    with psycopg.connect(url.replace("+psycopg", "")):
        yield


def sign_in(client: FlaskClient) -> TestResponse:
    return client.post("/api/v1/tokens", json={"username": "carrier", "password": PASSWORD})


@pytest.fixture
def client(application: Flask, limited: str, clock: FixedClock) -> Iterator[FlaskClient]:
    """A client of an application that connects as that role."""
    runtime: Runtime = application.extensions[EXTENSION]
    engine = make_engine(limited)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(runtime, "engine", engine)
        patched.setattr(runtime, "sessions", session_factory(engine))
        patched.setattr(runtime, "clock", clock)
        yield application.test_client()
    engine.dispose()


def test_no_connection_left_is_said_and_ends_by_itself(client: FlaskClient, limited: str) -> None:
    with taken(limited):
        refused = sign_in(client)
        page = client.get("/blacklist", headers={"Accept": "text/html"})
        ready = client.get("/readyz").status_code
        alive = client.get("/healthz").status_code

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
    assert refused.get_json()["code"] == "unavailable"
    assert (page.status_code, page.mimetype, page.headers["Retry-After"]) == (503, "text/html", "2")
    assert (alive, ready) == (200, 503)
    assert sign_in(client).status_code == 200
