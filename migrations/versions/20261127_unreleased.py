"""Indexes of waybills that are not released, by whom they concern, and of units by their releases.

Lists of what is issued go along them, and who releases without a weighbridge has what ended early
in the same unit looked up by them. On PostgreSQL they are built beside the work that goes on, in
no transaction. Where that is broken off, the next run begins here again.

Revision ID: 20261127_unreleased
Revises: 20261127_photo_index
"""

from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "20261127_unreleased"
down_revision = "20261127_photo_index"
branch_labels = None
depends_on = None

UNRELEASED: Final = (
    ("status", "id"),
    ("carrier_id", "status", "id"),
    ("consignor_id", "status", "id"),
    ("consignee_id", "status", "id"),
    ("loader_id", "status", "id"),
)
UNITS: Final = (("vehicle_id", "released_at"), ("trailer_id", "released_at"))
ABORTS: Final = ("was", "aboard", "aborted_at")
LONG: Final = "2h"
ALONE: Final = "alone"
"""The option of our connections under which none opens a transaction."""


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        _make()
        return
    connection.execute(sa.text(f"SET statement_timeout = '{LONG}'"))
    connection.execution_options(**{ALONE: True})
    try:
        with op.get_context().autocommit_block():
            _make(beside=True)
    finally:
        connection.execution_options(**{ALONE: False})


def downgrade() -> None:
    for name, table, _, _ in _indexes():
        op.drop_index(name, table)


def _indexes() -> Iterator[tuple[str, str, tuple[str, ...], sa.TextClause | None]]:
    unreleased = sa.text("status <> 'released'")
    for columns in UNRELEASED:
        yield f"ix_waybill_unreleased_{'_'.join(columns)}", "waybill", columns, unreleased
    for columns in UNITS:
        yield f"ix_waybill_{'_'.join(columns)}", "waybill", columns, None
    yield f"ix_check_abort_{'_'.join(ABORTS)}", "check_abort", ABORTS, None


def _make(*, beside: bool = False) -> None:
    for name, table, columns, where in _indexes():
        op.execute(f"DROP INDEX {'CONCURRENTLY ' if beside else ''}IF EXISTS {name}")
        op.create_index(
            name,
            table,
            list(columns),
            postgresql_where=where,
            sqlite_where=where,
            postgresql_concurrently=beside,
        )
