"""Backup and restore: the log of the copy holds, and what is lost is told by what was seen."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from api.cli import main
from api.soundness.look import Installation
from tests.harness.databases import Databases
from tests.harness.installed import environment, installed
from tests.harness.postgres import programs_of_postgres
from tests.harness.sequenced_log import sequencer, tell_quickly
from waybill.clock import FixedClock
from waybill.services.log.serving import published
from waybill.storage.backup import copy_in, copy_out
from waybill.storage.session import make_engine, read_session, session_factory

PROGRAMS = programs_of_postgres()


@pytest.fixture
def at(committing_engine: Engine, tmp_path: Path, clock: FixedClock) -> Installation:
    """An installation with a log of 302 entries: a full tile and a part of one."""
    made = installed(committing_engine, tmp_path, clock)
    grow(made, 300)
    return made


@pytest.fixture
def elsewhere(databases: Databases, dialect: str) -> Iterator[str]:
    """The empty database to restore into."""
    url = databases.empty(dialect)
    yield url
    databases.drop(url)


def grow(at: Installation, many: int) -> None:
    tell_quickly(at.sessions, many, at.clock.now())
    sequencer(at.sessions, at.settings.key_dir, at.clock).all()


def seen_now(at: Installation, folder: Path) -> Path:
    """Keep what an outsider sees of the log now."""
    with read_session(at.sessions) as session:
        note = published(session).head.note
    path = folder / "seen"
    path.write_bytes(note)
    return path


def run(at: Installation, url: str, *words: str | Path) -> Result:
    """Run a command of the installation over a database."""
    environ = environment(replace(at.settings, database_url=url))
    arguments = [*map(str, words), "--programs", str(PROGRAMS)]
    return CliRunner().invoke(main, arguments, env=environ)


def test_what_is_restored_at_once_has_lost_nothing(
    at: Installation, elsewhere: str, tmp_path: Path
) -> None:
    made = run(at, at.settings.database_url, "backup", tmp_path / "backup")
    seen = seen_now(at, tmp_path)

    result = run(at, elsewhere, "restore", tmp_path / "backup", "--seen", seen)

    assert (made.exit_code, result.exit_code) == (0, 0), made.output + result.output
    assert result.output.splitlines()[0] == made.output.splitlines()[1]
    assert "localhost/log 302 " in result.output
    engine = make_engine(elsewhere)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text("DELETE FROM event"))
    engine.dispose()


def test_what_was_published_after_the_backup_is_counted_as_lost(
    at: Installation, elsewhere: str, tmp_path: Path
) -> None:
    run(at, at.settings.database_url, "backup", tmp_path / "backup")
    grow(at, 7)

    result = run(at, elsewhere, "restore", tmp_path / "backup", "--seen", seen_now(at, tmp_path))

    assert result.exit_code == 1
    assert "7 published entries are lost" in result.output
    assert "waybill log succeed" in result.output


def test_without_anything_seen_nobody_pretends_to_know(
    at: Installation, elsewhere: str, tmp_path: Path
) -> None:
    run(at, at.settings.database_url, "backup", tmp_path / "backup")

    result = run(at, elsewhere, "restore", tmp_path / "backup")

    assert (result.exit_code, "what outsiders saw is not known" in result.output) == (1, True)


def test_a_checkpoint_of_another_log_is_told(
    at: Installation, elsewhere: str, tmp_path: Path, databases: Databases, dialect: str
) -> None:
    run(at, at.settings.database_url, "backup", tmp_path / "backup")
    other_url = databases.fresh(dialect)
    other_engine = databases.engine(other_url)
    other = installed(other_engine, tmp_path / "other", at.clock)

    result = run(at, elsewhere, "restore", tmp_path / "backup", "--seen", seen_now(other, tmp_path))

    other_engine.dispose()
    databases.drop(other_url)
    assert (result.exit_code, "no checkpoint of this log" in result.output) == (1, True)


def test_the_copy_is_of_one_moment_though_others_write(
    at: Installation, elsewhere: str, tmp_path: Path
) -> None:
    def size_then_grow(session: Session) -> int:
        size = published(session).head.size
        if at.on_postgresql:  # SQLite's copy is made by then
            grow(at, 5)
        return size

    folder = tmp_path / "copy"
    folder.mkdir()
    copy, size = copy_out(at.engine, folder, size_then_grow, PROGRAMS)
    engine = make_engine(elsewhere)
    copy_in(copy, engine, PROGRAMS)

    with read_session(session_factory(engine)) as session:
        assert (size, published(session).head.size) == (302, 302)
    engine.dispose()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("changed", "is not what the manifest says"),
        ("no manifest", "cannot be read"),
        ("other version", "is of another version"),
    ],
)
def test_a_backup_that_is_not_what_it_says_is_not_used(
    at: Installation, elsewhere: str, tmp_path: Path, spoil: str, said: str
) -> None:
    folder = tmp_path / "backup"
    run(at, at.settings.database_url, "backup", folder)
    manifest = folder / "manifest.json"
    if spoil == "changed":
        with next(folder.glob("waybill.*")).open("ab") as file:
            file.write(b"x")
    elif spoil == "no manifest":
        manifest.unlink()
    else:
        manifest.write_text(manifest.read_text().replace('"v":1', '"v":2'))

    result = run(at, elsewhere, "restore", folder)

    assert (result.exit_code, said in result.output) == (1, True)


def test_a_log_that_was_changed_in_the_copy_does_not_hold(
    at: Installation, elsewhere: str, tmp_path: Path, dialect: str
) -> None:
    if dialect == "postgresql":
        pytest.skip("a dump of PostgreSQL is not changed so easily; its hash is what guards it")
    folder = tmp_path / "backup"
    run(at, at.settings.database_url, "backup", folder)
    copy = folder / "waybill.sqlite3"
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("DROP TRIGGER event_append_only_update")
        connection.execute("UPDATE event SET body = X'78' WHERE id = (SELECT min(id) FROM event)")
        connection.commit()
    rewrite_hash(folder, copy)

    result = run(at, elsewhere, "restore", folder)

    assert (result.exit_code, "is not what was entered" in result.output) == (1, True)


def rewrite_hash(folder: Path, copy: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["sha256"] = hashlib.sha256(copy.read_bytes()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_nothing_is_written_over(at: Installation, tmp_path: Path) -> None:
    url = at.settings.database_url
    run(at, url, "backup", tmp_path / "backup")

    again = run(at, url, "backup", tmp_path / "backup")
    over = run(at, url, "restore", tmp_path / "backup")

    assert (again.exit_code, "is not empty" in again.output) == (1, True)
    assert (over.exit_code, "the database is not empty" in over.output) == (1, True)
