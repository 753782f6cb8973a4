"""Indexes that fit the questions, and a waybill's own moment of release.

The lists of a party and of a plant and the last trips of a tank go by an index each; two that
served nobody go. Code of before does not write `released_at`: a trigger does it in its place, and
can go with the release after this one.

On PostgreSQL indexes are built beside the work that goes on (`CONCURRENTLY`), each in no
transaction. If that is broken off, the next run drops what is half done and builds it anew.

Revision ID: 20261127_growth
Revises: 20261127_clock_offset
"""

from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "20261127_growth"
down_revision = "20261127_clock_offset"
branch_labels = None
depends_on = None

Index = tuple[str, tuple[str, ...]]
NEW: Final[Mapping[str, Index]] = {
    "ix_waybill_consignor_id_id": ("waybill", ("consignor_id", "id")),
    "ix_waybill_consignee_id_id": ("waybill", ("consignee_id", "id")),
    "ix_waybill_facility_id_status_id": ("waybill", ("facility_id", "status", "id")),
    "ix_waybill_tank_id_released_at": ("waybill", ("tank_id", "released_at")),
}
OLD: Final[Mapping[str, Index]] = {
    "ix_waybill_tank_id": ("waybill", ("tank_id",)),
    "ix_waybill_goods_un_number": ("waybill_goods", ("un_number",)),
    "ix_check_look_name_id": ("check_look", ("name", "id")),
}
LONG: Final = "2h"
ALONE: Final = "alone"
"""The option of our connections under which none opens a transaction."""
TRIGGER: Final = "release_dates_waybill"
DATED: Final = (
    "UPDATE waybill SET released_at = NEW.released_at"
    " WHERE id = NEW.waybill_id AND released_at IS NULL"
)
FILLED: Final = (
    "UPDATE waybill SET released_at = release.released_at FROM release"
    " WHERE release.waybill_id = waybill.id AND waybill.released_at IS NULL"
)


def upgrade() -> None:
    op.add_column("waybill", sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {TRIGGER}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {DATED}; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {TRIGGER} AFTER INSERT ON release"
            f" FOR EACH ROW EXECUTE FUNCTION {TRIGGER}()"
        )
    else:
        op.execute(f"CREATE TRIGGER {TRIGGER} AFTER INSERT ON release BEGIN {DATED}; END")
    _exchange(NEW, OLD, first=FILLED)


def downgrade() -> None:
    _exchange(OLD, NEW)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {TRIGGER} ON release")
        op.execute(f"DROP FUNCTION {TRIGGER}")
    else:
        op.execute(f"DROP TRIGGER {TRIGGER}")
    op.drop_column("waybill", "released_at")


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
    for name in (*made, *dropped):
        op.execute(f"DROP INDEX {'CONCURRENTLY ' if beside else ''}IF EXISTS {name}")
    for name, (table, columns) in made.items():
        op.create_index(name, table, list(columns), postgresql_concurrently=beside)
