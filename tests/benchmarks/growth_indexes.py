"""Indexes of the large tables: taken away while they are filled, and which of them serve nobody."""

from collections.abc import Sequence
from typing import Final

from tests.benchmarks.growth_rows import TRIPS, Connection

SINCE_THEN: Final = "SELECT pg_stat_reset()"
"""Begins to count anew who uses which index."""


def drop_indexes(connection: Connection) -> Sequence[str]:
    """Drop what is quicker built at the end; return the statements that build it again."""
    rows = connection.execute(
        """SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
            FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relname = ANY(%s) AND NOT i.indisprimary
            AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)""",
        (list(TRIPS),),
    ).fetchall()
    for name, _ in rows:
        connection.execute(f"DROP INDEX {name}".encode())
    connection.execute("ALTER TABLE event_subject DROP CONSTRAINT pk_event_subject")
    key = "PRIMARY KEY (subject_kind, subject_key, event_id)"
    return (
        *(str(statement) for _, statement in rows),
        f"ALTER TABLE event_subject ADD CONSTRAINT pk_event_subject {key}",
    )


def build_indexes(connection: Connection, statements: Sequence[str]) -> None:
    """Build what was dropped."""
    connection.execute("SET maintenance_work_mem = '1GB'")
    for statement in statements:
        connection.execute(statement.encode())


def foreign_keys_hold(connection: Connection) -> None:
    """Look again whether every row refers to one that is there, which filling did not.

    Raises:
        psycopg.errors.ForeignKeyViolation: one does not.
    """
    rows = connection.execute(
        """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
            WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)""",
        (list(TRIPS),),
    ).fetchall()
    for table, name, words in rows:
        with connection.transaction(force_rollback=True):
            connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}".encode())
            connection.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {words}".encode())


def unused_indexes(connection: Connection) -> str:
    """Return which indexes of large tables nothing has used since counting began."""
    rows = connection.execute(
        """SELECT s.relname, s.indexrelname, pg_relation_size(s.indexrelid), i.indisunique
            FROM pg_stat_user_indexes s JOIN pg_index i USING (indexrelid)
            WHERE s.schemaname = 'public' AND s.idx_scan = 0 AND s.relname = ANY(%s)
            ORDER BY 1, 2""",
        (list(TRIPS),),
    ).fetchall()
    lines = [
        f"{table:20}{name:44}{octets / 1e6:>9.1f} MB{'  unique' if unique else ''}"
        for table, name, octets, unique in rows
    ]
    return "\n".join(("", "not used:", *lines))
