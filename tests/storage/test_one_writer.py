"""SQLite's writers stand in line: whoever is done, however, lets the next one in."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import OperationalError

from waybill.storage import session as storage
from waybill.storage.session import make_engine


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A database of its own, at which nobody waits for long."""
    monkeypatch.setattr(storage, "SQLITE_BUSY_TIMEOUT_MS", 300)
    engine = make_engine(f"sqlite:///{tmp_path / 'waybill.sqlite3'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (x)"))
    yield engine
    engine.dispose()


def commit(connection: Connection) -> None:
    connection.commit()


def roll_back(connection: Connection) -> None:
    connection.rollback()


def close(connection: Connection) -> None:
    connection.close()


def lose(connection: Connection) -> None:
    connection.invalidate()
    connection.rollback()


def fail_to_commit(connection: Connection) -> None:
    connection.execute(text("PRAGMA defer_foreign_keys=ON"))
    connection.execute(text("CREATE TABLE parent (id PRIMARY KEY)"))
    connection.execute(text("CREATE TABLE child (id REFERENCES parent)"))
    connection.execute(text("INSERT INTO child VALUES (1)"))
    with pytest.raises(Exception, match="FOREIGN KEY"):
        connection.commit()


@pytest.mark.parametrize("end", [commit, roll_back, close, lose, fail_to_commit])
def test_who_is_done_lets_the_next_one_in(file: Engine, end: Callable[[Connection], None]) -> None:
    connection = file.connect()
    connection.execute(text("INSERT INTO t VALUES (1)"))
    end(connection)

    with file.begin() as another:
        another.execute(text("INSERT INTO t VALUES (2)"))
    connection.close()

    with file.connect() as reader:
        kept = {row.x for row in reader.execute(text("SELECT x FROM t"))}
    assert kept == ({1, 2} if end is commit else {2})


def test_who_waits_too_long_is_told_and_may_come_back(file: Engine) -> None:
    with file.begin() as first:
        first.execute(text("INSERT INTO t VALUES (1)"))
        with pytest.raises(OperationalError, match="locked"), file.begin():
            pytest.fail("two wrote at once")

    with file.begin() as again:
        assert again.scalar(text("SELECT count(*) FROM t")) == 1


def test_another_process_that_writes_is_waited_for_and_leaves_the_line_free(file: Engine) -> None:
    another = make_engine(str(file.url))
    with another.begin() as held:
        held.execute(text("INSERT INTO t VALUES (1)"))
        with pytest.raises(OperationalError, match="locked"), file.begin():
            pytest.fail("two wrote at once")
    another.dispose()

    with file.begin() as again:
        assert again.scalar(text("SELECT count(*) FROM t")) == 1


def test_what_is_committed_is_there_before_the_next_one_begins(file: Engine) -> None:
    """Eight write at once: each sees what all before it have committed, and nobody is sent away."""
    refused: list[str] = []
    event.listen(file, "handle_error", lambda context: refused.append(str(context)))
    seen: list[int] = []
    barrier = Barrier(8)

    def write() -> None:
        barrier.wait()
        for _ in range(10):
            with file.begin() as connection:
                connection.execute(text("INSERT INTO t VALUES (1)"))
                seen.append(connection.scalar(text("SELECT count(*) FROM t")) or 0)

    threads = [Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (seen, refused) == (list(range(1, 81)), [])
