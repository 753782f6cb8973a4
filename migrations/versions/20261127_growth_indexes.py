"""Indexes that fit the questions: of a party, a plant, a driver and a tank, in their order.

Two that served nobody go. On PostgreSQL all is done beside the work that goes on, in no
transaction, after what came before was committed. Where that is broken off, the next run begins
here again: it drops what is half done and builds it anew.

Revision ID: 20261127_growth_indexes
Revises: 20261127_growth
"""

from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "20261127_growth_indexes"
down_revision = "20261127_growth"
branch_labels = None
depends_on = None

Index = tuple[str, tuple[str, ...]]
NEW: Final[Mapping[str, Index]] = {
    "ix_waybill_consignor_id_id": ("waybill", ("consignor_id", "id")),
    "ix_waybill_consignee_id_id": ("waybill", ("consignee_id", "id")),
    "ix_waybill_driver_id_id": ("waybill", ("driver_id", "id")),
    "ix_waybill_facility_id_status_id": ("waybill", ("facility_id", "status", "id")),
    "ix_waybill_tank_id_released_at": ("waybill", ("tank_id", "released_at")),
}
OLD: Final[Mapping[str, Index]] = {
    "ix_waybill_driver_id": ("waybill", ("driver_id",)),
    "ix_waybill_tank_id": ("waybill", ("tank_id",)),
    "ix_waybill_goods_un_number": ("waybill_goods", ("un_number",)),
    "ix_check_look_name_id": ("check_look", ("name", "id")),
}
LONG: Final = "2h"
ALONE: Final = "alone"
"""The option of our connections under which none opens a transaction."""
FILLED: Final = (
    "UPDATE waybill SET released_at = release.released_at FROM release"
    " WHERE release.waybill_id = waybill.id AND waybill.released_at IS NULL"
)


def upgrade() -> None:
    _exchange(NEW, OLD, first=FILLED)


def downgrade() -> None:
    _exchange(OLD, NEW)


def _exchange(made: Mapping[str, Index], dropped: Mapping[str, Index], first: str = "") -> None:
    """Drop indexes and make others; on PostgreSQL beside the work that goes on."""
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        _in_turn(made, dropped, first)
        return
    connection.execute(sa.text(f"SET statement_timeout = '{LONG}'"))
    connection.execution_options(**{ALONE: True})
    try:
        with op.get_context().autocommit_block():
            _in_turn(made, dropped, first, beside=True)
    finally:
        connection.execution_options(**{ALONE: False})


def _in_turn(
    made: Mapping[str, Index], dropped: Mapping[str, Index], first: str, *, beside: bool = False
) -> None:
    if first:
        op.execute(first)
    beside_them = "CONCURRENTLY " if beside else ""
    for name, (table, columns) in made.items():
        op.execute(f"DROP INDEX {beside_them}IF EXISTS {name}")
        op.create_index(name, table, list(columns), postgresql_concurrently=beside)
    for name in dropped:
        op.execute(f"DROP INDEX {beside_them}IF EXISTS {name}")
