"""Whether the database still refuses what it must: looked up, and tried.

What was written once stays, by trigger on both dialects and by grant on PostgreSQL. Whoever takes
a trigger away, restores without them or connects as the wrong role is found here.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from waybill.storage.grants import privileges
from waybill.storage.tables import APPEND_ONLY, METADATA

_POSTGRESQL: Final = (
    *(f"{table}_append_only" for table in APPEND_ONLY),
    *("pii_append_only", "pii_erase_only", "event_waits"),
    *("check_photo_append_only", "check_photo_erase_only"),
    *("event_pending_append_only", "event_pending_entered"),
)
_SQLITE: Final = (
    *(f"{name}_append_only_{verb}" for name in APPEND_ONLY for verb in ("update", "delete")),
    *("pii_append_only_update", "pii_append_only_delete", "event_waits"),
    *("check_photo_append_only_update", "check_photo_append_only_delete"),
    *("event_pending_append_only_update", "event_pending_append_only_delete"),
)
_VERBS: Final = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")


def missing_triggers(connection: Connection) -> tuple[str, ...]:
    """Return the triggers that guard what was written and are not there, or switched off."""
    if connection.dialect.name == "sqlite":
        expected, statement = _SQLITE, "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        expected = _POSTGRESQL
        # `O` fires in every session but a replica's, `A` in all.
        statement = "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')"
    found = set(connection.scalars(text(statement)))
    return tuple(name for name in expected if name not in found)


def changeable_tables(connection: Connection) -> tuple[str, ...]:
    """Return the append-only tables of which a row could be changed just now; all is rolled back.

    On PostgreSQL an update of no row is tried, which trigger or grant must refuse. SQLite's
    triggers speak at a row, so there a table that is empty proves nothing and is passed over.
    """
    return tuple(table for table in APPEND_ONLY if not _refuses(connection, table))


def _refuses(connection: Connection, table: str) -> bool:
    column = METADATA.tables[table].primary_key.columns[0].name
    where = "1 = 0" if connection.dialect.name == "postgresql" else "1 = 1"
    if connection.dialect.name == "sqlite":
        some = connection.scalar(text(f"SELECT 1 FROM {table} LIMIT 1"))  # noqa: S608  our own names
        if some is None:
            return True
    savepoint = connection.begin_nested()
    try:
        connection.execute(text(f'UPDATE {table} SET "{column}" = "{column}" WHERE {where}'))  # noqa: S608  our own names
    except DBAPIError:
        return True
    finally:
        savepoint.rollback()
    return False


def owns_tables(connection: Connection) -> bool:
    """Return whether this role could take triggers and grants away (PostgreSQL)."""
    return bool(
        connection.scalar(
            text(
                "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class"
                " WHERE oid = 'event'::regclass"
            )
        )
    )


def wrong_privileges(connection: Connection) -> tuple[str, ...]:
    """Return what this role may do too much (`+`) or cannot do (`-`), such as `+UPDATE event`."""
    return tuple(_wrong(connection))


def _wrong(connection: Connection) -> Iterator[str]:
    for table in METADATA.tables:
        due = set(privileges(table).split(", "))
        held = {
            verb
            for verb in _VERBS
            if connection.scalar(
                text("SELECT has_table_privilege(:name, :verb)"), {"name": table, "verb": verb}
            )
        }
        yield from (f"+{verb} {table}" for verb in _VERBS if verb in held - due)
        yield from (f"-{verb} {table}" for verb in _VERBS if verb in due - held)
