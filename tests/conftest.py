"""What every test may ask for. Tests of a database run twice, once in each dialect."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.harness.server import run_name, server_url
from waybill.clock import FixedClock

if TYPE_CHECKING:
    from tests.harness.databases import Databases

pytest_plugins = ["tests.harness.plugin", "tests.harness.floors"]

# How long an example takes says something of the machine's load and nothing of the code.
settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
# `make fuzz`: many more examples, and others each time.
settings.register_profile("fuzz", settings.get_profile("house"), max_examples=2_000)
settings.load_profile("house")


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at 14:05 in Shanghai on the day the tests live in."""
    return FixedClock(datetime(2026, 11, 22, 6, 5, tzinfo=UTC))


@pytest.fixture(scope="session")
def databases(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> "Iterator[Databases]":
    """The databases of this test process, in no particular dialect."""
    from tests.harness.databases import Databases  # noqa: PLC0415  unit tests do without storage

    made = Databases(
        server_url=server_url(pytestconfig),
        folder=tmp_path_factory.mktemp("databases"),
        run=run_name(pytestconfig),
    )
    yield made
    made.close()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    """The dialect this test runs in: each test that has to do with a database runs in both."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def database_url(databases: "Databases", dialect: str) -> str:
    """The migrated database all tests of this process share; leave nothing in it."""
    return databases.shared_url(dialect)


@pytest.fixture(scope="session")
def engine(databases: "Databases", dialect: str) -> Engine:
    """The engine of the shared database; leave nothing in it."""
    return databases.shared_engine(dialect)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session whose commits are savepoints: at the test's end all of it is rolled back."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()


@pytest.fixture
def fresh_database_url(databases: "Databases", dialect: str) -> Iterator[str]:
    """A migrated database for this test alone, in which it may commit."""
    url = databases.fresh(dialect)
    yield url
    databases.drop(url)


@pytest.fixture
def committing_engine(databases: "Databases", fresh_database_url: str) -> Iterator[Engine]:
    """The engine of a migrated database for this test alone, in which it may commit."""
    made = databases.engine(fresh_database_url)
    yield made
    made.dispose()


@pytest.fixture
def empty_database_url(databases: "Databases", dialect: str) -> Iterator[str]:
    """A database without any table, for the migrations' own tests."""
    url = databases.empty(dialect)
    yield url
    databases.drop(url)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder that holds the whole project."""
    return Path(__file__).resolve().parents[1]
