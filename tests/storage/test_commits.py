"""A commit that is not confirmed in time: given up, in the way of further writes, done once."""

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from waybill.storage import commits
from waybill.storage.commits import (
    CommitUnknownError,
    ImpatientConnection,
    UnconfirmedError,
    bound_commits,
    confirms_commits,
)
from waybill.storage.session import make_engine, read_session, session_factory

HELD_S = 1.5
SLOW_COMMITS = (
    "CREATE TABLE told (word text)",
    (
        "CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF NEW.word = 'slow' THEN PERFORM pg_sleep({HELD_S}); END IF; RETURN NULL; END $$"
    ),
    (
        "CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON told DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION hold()"
    ),
)
"""The server holds a commit for so long, as one that waits for a standby."""


@pytest.fixture
def engine(
    empty_database_url: str, dialect: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    if dialect == "sqlite":
        pytest.skip("SQLite's commits wait for nobody")
    monkeypatch.setattr(ImpatientConnection, "confirmed_within_s", 0.2)
    made = make_engine(empty_database_url)
    bound_commits(made)
    with made.begin() as connection:
        for statement in SLOW_COMMITS:
            connection.execute(text(statement))
    yield made
    made.dispose()


def tell(engine: Engine, word: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO told VALUES (:word)"), {"word": word})


def told(engine: Engine) -> list[str]:
    with read_session(session_factory(engine)) as session:
        return list(session.scalars(text("SELECT word FROM told ORDER BY word")))


def test_it_is_given_up_and_nothing_is_written_until_it_is_known(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "ASKED_AGAIN_S", 0.05)
    begun = time.monotonic()

    with pytest.raises(OperationalError) as given_up:
        tell(engine, "slow")
    gave_up_s = time.monotonic() - begun
    time.sleep(0.1)
    with pytest.raises(UnconfirmedError):
        tell(engine, "refused")
    meanwhile = told(engine)
    time.sleep(max(0.0, begun + HELD_S + 0.3 - time.monotonic()))
    tell(engine, "after")

    assert isinstance(given_up.value.orig, CommitUnknownError)
    assert gave_up_s < HELD_S
    assert meanwhile == []
    assert told(engine) == ["after", "slow"]


def test_whether_it_is_known_is_asked_now_and_then_only(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commits, "ASKED_AGAIN_S", 60.0)

    with pytest.raises(OperationalError):
        tell(engine, "slow")
    time.sleep(HELD_S)

    with pytest.raises(UnconfirmedError):
        tell(engine, "refused")


def test_a_commit_that_fails_fails_as_ever(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE pair (one int UNIQUE DEFERRABLE INITIALLY DEFERRED)"))

    with pytest.raises(Exception, match="duplicate key"), engine.begin() as connection:
        connection.execute(text("INSERT INTO pair VALUES (1), (1)"))

    tell(engine, "after")
    with read_session(session_factory(engine)) as session:
        assert confirms_commits(session)
