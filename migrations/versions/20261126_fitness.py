"""What the whole catalogue needs of the register: bodies, pressures, cleaning, last positions."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_fitness"
down_revision = "20261122_first"
branch_labels = None
depends_on = None

_FIRST_KINDS = (
    "carrier_licence",
    "vehicle_licence",
    "road_transport_certificate",
    "technical_inspection",
    "liability_insurance",
    "driving_licence",
    "driver_qualification",
    "escort_qualification",
    "supervisor_qualification",
    "tank_inspection",
    "use_registration",
)
_BODIES = ("tank", "container_carrier", "van", "open", "tractor_only")
_TANK_COLUMNS = ("test_pressure_bar", "max_filling_kg")


def upgrade() -> None:
    # One statement for column and CHECK: SQLite cannot add a constraint to a table by itself.
    op.execute(
        "ALTER TABLE vehicle ADD COLUMN body VARCHAR(40) "
        f"CONSTRAINT ck_vehicle_unitbody CHECK (body IN ({_quoted(_BODIES)}))"
    )
    for name in _TANK_COLUMNS:
        op.add_column(
            "tank",
            sa.Column(name, sa.Numeric(14, 3).with_variant(sa.BigInteger(), "sqlite")),
        )
    op.add_column("tank", sa.Column("insulated", sa.Boolean()))
    op.add_column("tank", sa.Column("heated", sa.Boolean()))
    op.create_table(
        "vehicle_position",
        sa.Column("vehicle_id", sa.Uuid(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("online", sa.Boolean(), nullable=False),
        sa.Column("latitude", sa.Numeric(14, 3).with_variant(sa.BigInteger(), "sqlite")),
        sa.Column("longitude", sa.Numeric(14, 3).with_variant(sa.BigInteger(), "sqlite")),
        sa.ForeignKeyConstraint(
            ["vehicle_id"], ["vehicle.id"], name=op.f("fk_vehicle_position_vehicle_id_vehicle")
        ),
        sa.PrimaryKeyConstraint("vehicle_id", name=op.f("pk_vehicle_position")),
    )
    op.create_index("ix_waybill_tank_id", "waybill", ["tank_id"])
    _allow_kinds((*_FIRST_KINDS, "tank_cleaning"))


def downgrade() -> None:
    op.execute("DELETE FROM certificate WHERE kind = 'tank_cleaning'")
    _allow_kinds(_FIRST_KINDS)
    op.drop_index("ix_waybill_tank_id", "waybill")
    op.drop_table("vehicle_position")
    with op.batch_alter_table("tank") as batch_op:
        for name in (*_TANK_COLUMNS, "insulated", "heated"):
            batch_op.drop_column(name)
    with op.batch_alter_table("vehicle") as batch_op:
        batch_op.drop_constraint(op.f("ck_vehicle_unitbody"), type_="check")
        batch_op.drop_column("body")


def _allow_kinds(kinds: tuple[str, ...]) -> None:
    with op.batch_alter_table("certificate") as batch_op:
        batch_op.drop_constraint(op.f("ck_certificate_certificatekind"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_certificate_certificatekind"), f"kind IN ({_quoted(kinds)})"
        )


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)
