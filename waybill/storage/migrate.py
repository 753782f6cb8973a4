"""Bringing a database to a revision of its schema, from code and from the command line."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

import migrations


def config(url: str) -> Config:
    """Return Alembic's configuration for a database."""
    made = Config()
    made.set_main_option("script_location", str(Path(migrations.__file__).parent))
    made.attributes["url"] = url
    return made


def upgrade(url: str, revision: str = "head") -> None:
    """Bring a database up to a revision, by default the newest."""
    command.upgrade(config(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Take a database back to a revision (`base`: no tables at all)."""
    command.downgrade(config(url), revision)


@cache
def head() -> str:
    """Return the newest revision that this program knows; read once, for it is asked often."""
    newest = ScriptDirectory.from_config(config("")).get_current_head()
    if newest is None:
        raise RuntimeError("there are no migrations")
    return newest


@cache
def known() -> frozenset[str]:
    """Return every revision that this program knows; read once."""
    scripts = ScriptDirectory.from_config(config(""))
    return frozenset(script.revision for script in scripts.walk_revisions())


def serves(revision: str | None) -> bool:
    """Return whether this program can serve a database at a revision.

    At its newest, or at one it does not know: that is what a newer program made of it while this
    one was still running. Migrations leave what the program before them needs (docs/operations.md).
    """
    return revision is not None and (revision == head() or revision not in known())


def current(engine: Engine) -> str | None:
    """Return the revision a database is at, `None` for an empty one."""
    with engine.connect() as connection:
        return revision_of(connection)


def revision_of(connection: Connection) -> str | None:
    """Return the revision of a connection's database, without asking for a lock to write."""
    return MigrationContext.configure(connection).get_current_revision()
