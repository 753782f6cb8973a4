"""Closed lists in the database: the CHECK on a column says which values there are."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


def replace_choices(
    table: str,
    column: str,
    check: str,
    *,
    old: Sequence[str],
    new: Sequence[str],
    validated: bool = True,
) -> None:
    """Let a column take other values than before, on both dialects and with all its rows.

    Rows that hold a value that is no longer taken stay where it is not `validated`; no more are
    added. SQLite has the condition written into the schema itself, as its manual says: a copy of
    the table could not take its place, because rows refer to its rows and its triggers stay.
    """
    before, after = _condition(column, old), _condition(column, new)
    if op.get_bind().dialect.name == "sqlite":
        _rewrite_schema(table, before, after)
        return
    op.drop_constraint(op.f(check), table, type_="check")
    op.create_check_constraint(op.f(check), table, after, postgresql_not_valid=not validated)


def _condition(column: str, values: Sequence[str]) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"


def _rewrite_schema(table: str, before: str, after: str) -> None:
    connection = op.get_bind()
    version = int(connection.exec_driver_sql("PRAGMA schema_version").scalar_one())
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = connection.execute(
        sa.text(
            "UPDATE sqlite_master SET sql = replace(sql, :before, :after) "
            "WHERE type = 'table' AND name = :table AND instr(sql, :before) > 0"
        ),
        {"table": table, "before": before, "after": after},
    )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
    if changed.rowcount != 1:
        raise RuntimeError(f"the table {table} does not say: {before}")
