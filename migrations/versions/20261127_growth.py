"""A waybill's own moment of release, so that an index gives a tank's newest trips.

Code of before does not write `released_at`: a trigger does it in its place, and can go with the
release after this one. What was released before is filled in by the next migration.

Revision ID: 20261127_growth
Revises: 20261127_clock_offset
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "20261127_growth"
down_revision = "20261127_clock_offset"
branch_labels = None
depends_on = None

TRIGGER: Final = "release_dates_waybill"
DATED: Final = (
    "UPDATE waybill SET released_at = NEW.released_at"
    " WHERE id = NEW.waybill_id AND released_at IS NULL"
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


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {TRIGGER} ON release")
        op.execute(f"DROP FUNCTION {TRIGGER}")
    else:
        op.execute(f"DROP TRIGGER {TRIGGER}")
    op.drop_column("waybill", "released_at")
