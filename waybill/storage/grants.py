"""What the application's own database role may do on PostgreSQL: less than the tables' owner.

Migrations run as the owner; the application connects as another role that can only add to the
log and to what was signed, so that not even a hole in the application rewrites them.
"""

from typing import Final

from sqlalchemy import Connection, text

from waybill.storage.tables import APPEND_ONLY, METADATA

_ADD_ONLY: Final = "SELECT, INSERT"
_PASSING: Final = "SELECT, INSERT, DELETE"
_ERASABLE: Final = "SELECT, INSERT, UPDATE"
_CHANGEABLE: Final = "SELECT, INSERT, UPDATE, DELETE"


def privileges(table: str) -> str:
    """Return what the application may do with a table."""
    if table in APPEND_ONLY:
        return _ADD_ONLY
    if table == "event_pending":
        return _PASSING
    return _ERASABLE if table in {"pii", "log_key", "check_photo"} else _CHANGEABLE


def grant_application(connection: Connection, role: str) -> None:
    """Give an existing role exactly what the application needs, and take all else away."""
    quoted = connection.dialect.identifier_preparer.quote(role)
    connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {quoted}"))
    for table in METADATA.tables:
        connection.execute(text(f"REVOKE ALL ON {table} FROM {quoted}"))
        connection.execute(text(f"GRANT {privileges(table)} ON {table} TO {quoted}"))
    connection.execute(text(f"GRANT SELECT ON alembic_version TO {quoted}"))
