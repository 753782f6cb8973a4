"""Migrated databases of both dialects for one test process, each made when first asked for."""

import itertools
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import Engine, make_url

from waybill.storage.migrate import upgrade
from waybill.storage.session import make_engine


@dataclass(slots=True, kw_only=True, eq=False)
class Databases:
    """Everything one test process keeps in databases.

    Per dialect there is one migrated template, and copies of it: one that all tests share and
    roll back in, and a fresh one for each test that really commits. `server_url` names a database
    of a PostgreSQL server in which we may create others; `folder` takes the SQLite files; `run`
    sets our PostgreSQL databases apart from those of other processes and runs.
    """

    server_url: str
    folder: Path
    run: str
    _templates: dict[str, str] = field(default_factory=dict, init=False)
    _shared: dict[str, Engine] = field(default_factory=dict, init=False)
    _numbers: Iterator[int] = field(default_factory=itertools.count, init=False)

    def engine(self, url: str) -> Engine:
        """Return an engine made as the product makes it; the caller disposes of it."""
        return make_engine(url)

    def shared_engine(self, dialect: str) -> Engine:
        """Return the engine of the database that tests roll back in."""
        if dialect not in self._shared:
            self._shared[dialect] = self.engine(self.fresh(dialect))
        return self._shared[dialect]

    def shared_url(self, dialect: str) -> str:
        """Return the URL of the database that tests roll back in."""
        return self.shared_engine(dialect).url.render_as_string(hide_password=False)

    def fresh(self, dialect: str) -> str:
        """Copy the template of `dialect` and return the copy's URL; `drop` removes it."""
        return self.copy(self._template(dialect))

    def copy(self, url: str) -> str:
        """Copy a database to which nobody is connected; `drop` removes the copy."""
        name = f"{self.run}_{next(self._numbers)}"
        if url.startswith("sqlite"):
            copy = self.folder / f"{name}.sqlite3"
            shutil.copyfile(str(make_url(url).database), copy)
            return f"sqlite:///{copy}"
        self._create(name, template=str(make_url(url).database))
        return self._url(name)

    def keep(self, url: str) -> None:
        """Remove a database with the last of the others, when all tests are done."""
        self._templates[url] = url

    def empty(self, dialect: str) -> str:
        """Return the URL of a new database without any table; `drop` removes it."""
        name = f"{self.run}_{next(self._numbers)}"
        if dialect == "sqlite":
            return f"sqlite:///{self.folder / name}.sqlite3"
        self._create(name, template="template0")
        return self._url(name)

    def drop(self, url: str) -> None:
        """Remove a database and everything in it, whoever is still connected."""
        database = str(make_url(url).database)
        if url.startswith("sqlite"):
            for suffix in ("", "-wal", "-shm", "-journal"):
                Path(database + suffix).unlink(missing_ok=True)
            return
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)"), database)

    def close(self) -> None:
        """Remove every database that outlives a test."""
        for engine in self._shared.values():
            engine.dispose()
            self.drop(engine.url.render_as_string(hide_password=False))
        for template in self._templates.values():
            self.drop(template)

    def _template(self, dialect: str) -> str:
        if dialect not in self._templates:
            url = self.empty(dialect)
            upgrade(url)
            self._templates[dialect] = url
        return self._templates[dialect]

    def _create(self, name: str, *, template: str) -> None:
        # Copying files is five times quicker here than writing the copy through the log.
        statement = "CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY"
        self._execute(sql.SQL(statement), name, template)

    def _execute(self, statement: sql.SQL, *names: str) -> None:
        conninfo = self.server_url.replace("+psycopg", "")
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute(statement.format(*map(sql.Identifier, names)))

    def _url(self, name: str) -> str:
        return make_url(self.server_url).set(database=name).render_as_string(hide_password=False)
