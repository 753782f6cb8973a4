"""Two PostgreSQL servers of our own, one of which follows the other, and what happens to them."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import psycopg
from sqlalchemy import URL, make_url

from tests.harness.postgres import (
    FOLLOWED,
    SETTINGS,
    PostgresServer,
    start_postgres,
    start_standby,
    stopped_hard,
)
from waybill.storage.backup import copy_in, copy_out
from waybill.storage.session import make_engine

DATABASE: Final = "waybill"
PATIENCE_S: Final = 30.0


@dataclass(slots=True)
class Pair:
    """A primary and its standby; the application's database is `DATABASE` in both."""

    primary: PostgresServer
    standby: PostgresServer
    dead: list[PostgresServer] = field(default_factory=list)

    @classmethod
    def start(cls, url: str, folder: Path) -> "Pair":
        """Start a primary with a copy of a database of another server, and one that follows it."""
        primary = start_postgres(None, SETTINGS | FOLLOWED)
        try:
            _copy(url, primary, folder)
            return cls(primary, start_standby(primary))
        except BaseException:
            primary.stop()
            raise

    def stop(self) -> None:
        """Stop both."""
        for server in {id(s): s for s in (self.standby, self.primary, *self.dead)}.values():
            lose(server)
            server.stop()

    def url(self, server: PostgresServer) -> str:
        """Return how the application reaches its database in one of them."""
        return _within(server)

    @property
    def url_of_both(self) -> str:
        """How the application reaches whichever takes writes."""
        one = make_url(self.primary.url)
        hosts = [f"127.0.0.1:{make_url(s.url).port}" for s in (self.primary, self.standby)]
        url = URL.create(
            one.drivername,
            one.username,
            one.password,
            database=DATABASE,
            query={"host": hosts, "target_session_attrs": "read-write"},
        )
        return url.render_as_string(hide_password=False)

    def tell(self, server: PostgresServer, *statements: str) -> object:
        """Say something to a server as its superuser; return what the last word gave first."""
        with psycopg.connect(server.url.replace("+psycopg", ""), autocommit=True) as connection:
            for statement in statements[:-1]:
                connection.execute(statement)
            cursor = connection.execute(statements[-1])
            row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None

    def catch_up(self) -> None:
        """Wait until the standby has replayed all that the primary has written."""
        there = self.tell(self.primary, "SELECT pg_current_wal_insert_lsn()")
        wait_until(
            lambda: bool(
                self.tell(
                    self.standby, f"SELECT pg_last_wal_replay_lsn() >= '{there}'::pg_lsn - 64"
                )
            )
        )

    def lose_standby(self) -> None:
        """Lose the standby at once."""
        lose(self.standby)

    def pause(self) -> None:
        """Let the standby replay nothing more; `pg_wal_replay_resume()` lets it go on."""
        self.tell(self.standby, "SELECT pg_wal_replay_pause()")
        state = "SELECT pg_get_wal_replay_pause_state()"
        wait_until(lambda: self.tell(self.standby, state) == "paused")

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """Tell the primary to take no writes to the end of the block."""
        shown, reload = "SHOW default_transaction_read_only", "SELECT pg_reload_conf()"
        self.tell(self.primary, "ALTER SYSTEM SET default_transaction_read_only = on", reload)
        try:
            wait_until(lambda: self.tell(self.primary, shown) == "on")
            yield
        finally:
            self.tell(self.primary, "ALTER SYSTEM RESET default_transaction_read_only", reload)
            wait_until(lambda: self.tell(self.primary, shown) == "off")

    @contextmanager
    def hanging_standby(self) -> Iterator[None]:
        """Let nothing of the standby move to the end of the block; its connections stay open."""
        main = self.standby.process.pid
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        processes = [main, *map(int, children)]
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        yield
        for process in processes:
            os.kill(process, signal.SIGCONT)

    def restart_standby(self) -> None:
        """Start the standby again, however it was stopped."""
        self.standby = stopped_hard(self.standby)

    def replicate_synchronously(self) -> None:
        """Let the primary acknowledge nothing that the standby has not replayed."""
        named = "ALTER SYSTEM SET synchronous_standby_names = '*'"
        applied = "ALTER SYSTEM SET synchronous_commit = remote_apply"
        self.tell(self.primary, named, applied, "SELECT pg_reload_conf()")
        there = "SELECT bool_or(sync_state = 'sync') FROM pg_stat_replication"
        wait_until(lambda: bool(self.tell(self.primary, there)))

    def replicate_freely(self) -> None:
        """Let the primary acknowledge what it has itself."""
        named = "ALTER SYSTEM RESET synchronous_standby_names"
        applied = "ALTER SYSTEM RESET synchronous_commit"
        self.tell(self.primary, named, applied, "SELECT pg_reload_conf()")
        wait_until(lambda: self.tell(self.primary, "SHOW synchronous_standby_names") == "")

    def fail_over(self) -> None:
        """Lose the primary at once and let the standby take its place."""
        lose(self.primary)
        self.tell(self.standby, "SELECT pg_promote()")
        self.dead.append(self.primary)
        self.primary = self.standby

    def follow_again(self) -> None:
        """Give the primary a new standby, if it has none."""
        if self.standby is self.primary:
            self.standby = start_standby(self.primary)


def _copy(url: str, primary: PostgresServer, folder: Path) -> None:
    programs = Path(primary.command[0]).parent
    with psycopg.connect(primary.url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {DATABASE}")
    engines = [make_engine(url), make_engine(_within(primary))]
    file, _ = copy_out(engines[0], folder, lambda _: None, programs)
    copy_in(file, engines[1], programs)
    for engine in engines:
        engine.dispose()


def _within(server: PostgresServer) -> str:
    url = make_url(server.url).set(database=DATABASE)
    return url.render_as_string(hide_password=False)


def lose(server: PostgresServer) -> None:
    """Stop a server without letting it end anything."""
    server.process.send_signal(signal.SIGQUIT)
    server.process.wait()


def wait_until(true: Callable[[], bool], within_s: float = PATIENCE_S) -> None:
    """Wait until something is so.

    Raises:
        TimeoutError: it was not, for as long as anybody would wait.
    """
    until = time.monotonic() + within_s
    while not true():
        if time.monotonic() > until:
            raise TimeoutError
        time.sleep(0.05)
