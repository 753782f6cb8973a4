"""The tests' own databases: migrated, apart from each other, and gone afterwards."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import Engine, inspect, make_url, text
from sqlalchemy.orm import Session

from waybill.storage.migrate import current, head

if TYPE_CHECKING:
    from tests.harness.databases import Databases

TRACE = text("CREATE TABLE trace (id INTEGER)")


def test_the_shared_database_is_migrated(engine: Engine, dialect: str) -> None:
    assert (engine.dialect.name, current(engine)) == (dialect, head())


def test_the_empty_database_is_empty(databases: "Databases", empty_database_url: str) -> None:
    engine = databases.engine(empty_database_url)

    tables = inspect(engine).get_table_names()

    engine.dispose()
    assert tables == []


@pytest.mark.parametrize("time_round", ["first", "again"])
def test_what_a_session_commits_is_gone_for_the_next_test(
    session: Session, time_round: str
) -> None:
    assert not inspect(session.connection()).has_table("trace"), time_round

    session.execute(TRACE)
    session.commit()

    assert inspect(session.connection()).has_table("trace")


@pytest.mark.parametrize("time_round", ["first", "again"])
def test_what_an_engine_commits_is_gone_for_the_next_test(
    committing_engine: Engine, time_round: str
) -> None:
    assert not inspect(committing_engine).has_table("trace"), time_round

    with committing_engine.begin() as connection:
        connection.execute(TRACE)

    assert inspect(committing_engine).has_table("trace")


def test_the_server_lets_nobody_in_without_its_password(databases: "Databases") -> None:
    if "WAYBILL_TEST_DATABASE_URL" in os.environ:
        pytest.skip("another server's doors are its owner's")
    url = make_url(databases.server_url).set(password="wrong", drivername="postgresql")

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.render_as_string(hide_password=False))


def test_the_server_goes_with_a_session_that_is_killed(repository: Path) -> None:
    program = (
        "import time\n"
        "from tests.harness.postgres import start_postgres\n"
        "server = start_postgres()\n"
        "print(server.folder, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=repository, stdout=subprocess.PIPE, text=True
    ) as session:
        assert session.stdout is not None
        folder = Path(session.stdout.readline().strip())
        assert (folder / "data").exists()

        session.send_signal(signal.SIGKILL)

    assert vanishes(folder)


def vanishes(folder: Path, *, limit_s: float = 20) -> bool:
    limit = time.monotonic() + limit_s
    while folder.exists() and time.monotonic() < limit:
        time.sleep(0.1)
    return not folder.exists()
