"""indexes that fit the questions: a party's and a plant's waybills; two that served nobody go.

On PostgreSQL indexes are built beside the work that goes on (`CONCURRENTLY`), each in no
transaction. If that is broken off, the next run drops what is half done and builds it anew.

Revision ID: 20261127_growth
Revises: 20261127_factors
"""

from collections.abc import Callable, Mapping
from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "20261127_growth"
down_revision = "20261127_factors"
branch_labels = None
depends_on = None

Index = tuple[str, tuple[str, ...]]
NEW: Final[Mapping[str, Index]] = {
    "ix_waybill_consignor_id_id": ("waybill", ("consignor_id", "id")),
    "ix_waybill_consignee_id_id": ("waybill", ("consignee_id", "id")),
    "ix_waybill_facility_id_status_id": ("waybill", ("facility_id", "status", "id")),
}
OLD: Final[Mapping[str, Index]] = {
    "ix_waybill_goods_un_number": ("waybill_goods", ("un_number",)),
    "ix_check_look_name_id": ("check_look", ("name", "id")),
}
LONG: Final = "2h"
ALONE: Final = "alone"
"""The option of our connections under which none opens a transaction."""


def upgrade() -> None:
    _exchange(NEW, OLD)


def downgrade() -> None:
    _exchange(OLD, NEW)


def _exchange(made: Mapping[str, Index], dropped: Mapping[str, Index]) -> None:
    if op.get_bind().dialect.name != "postgresql":
        _make(made)
        for name in dropped:
            op.drop_index(name)
        return
    _outside(lambda: _beside(made, dropped))


def _make(made: Mapping[str, Index], *, beside: bool = False) -> None:
    for name, (table, columns) in made.items():
        op.create_index(name, table, list(columns), postgresql_concurrently=beside)


def _beside(made: Mapping[str, Index], dropped: Mapping[str, Index]) -> None:
    for name in (*made, *dropped):
        op.execute(sa.text(f"DROP INDEX CONCURRENTLY IF EXISTS {name}"))
    _make(made, beside=True)


def _outside(act: Callable[[], None]) -> None:
    """Commit what was done so far, act in no transaction, and begin a new one."""
    connection = op.get_bind()
    connection.execute(sa.text(f"SET statement_timeout = '{LONG}'"))
    connection.execution_options(**{ALONE: True})
    try:
        with op.get_context().autocommit_block():
            act()
    finally:
        connection.execution_options(**{ALONE: False})
