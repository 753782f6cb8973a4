"""What an operator does at a database's own prompt while the application is at work."""

import time
from typing import Final

import psycopg
from psycopg import sql
from psycopg.errors import DeadlockDetected, LockNotAvailable

LOCKS: Final = (
    "SET LOCAL deadlock_timeout = '20s'",
    "SET LOCAL lock_timeout = '3s'",
    "LOCK TABLE verdict IN SHARE MODE",
    "SELECT pg_sleep(0.4)",
    "SELECT id FROM waybill ORDER BY id DESC LIMIT 200 FOR UPDATE",
)
"""An act that judges takes its waybill first and adds its verdict then. This takes the verdicts as
`CREATE INDEX` does, and waybills afterwards.

Whoever waits looks for a deadlock after a second, and is broken off: here that is the application,
because this one looks so late.
"""
PATIENCE_S: Final = 30.0
DEADLOCKS: Final = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


def locking_the_other_way(connection: psycopg.Connection, seconds: float) -> int:
    """Take the application's locks the other way round; return how many deadlocks that made."""
    before = deadlocks(connection)
    begun = time.monotonic()
    while (so_far := time.monotonic() - begun) < seconds or (
        so_far < PATIENCE_S and deadlocks(connection) == before
    ):
        try:
            with connection.transaction():
                for statement in LOCKS:
                    connection.execute(statement)
        except (DeadlockDetected, LockNotAvailable):
            pass
        time.sleep(0.2)
    return deadlocks(connection) - before


def tell_server(connection: psycopg.Connection, name: str, value: str) -> None:
    """Set something for the whole server, and wait until it holds."""
    statement = sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), value)
    connection.execute("SET synchronous_commit = local")
    connection.execute(statement)
    connection.execute("SELECT pg_reload_conf()")
    shown = sql.SQL("SHOW {}").format(sql.Identifier(name))
    while connection.execute(shown).fetchone() != (value,):
        time.sleep(0.05)


def deadlocks(connection: psycopg.Connection) -> int:
    """Return how many deadlocks the database has broken up so far."""
    connection.execute("SELECT pg_stat_clear_snapshot()")
    row = connection.execute(DEADLOCKS).fetchone()
    return int(row[0]) if row else 0
