"""What a witness cosigned last is found without reading what the others did."""

from alembic import op

revision = "20261127_witnesses"
down_revision = "20261127_log"
branch_labels = None
depends_on = None

INDEX = "ix_log_cosignature_epoch_name_size"


def upgrade() -> None:
    op.create_index(INDEX, "log_cosignature", ["epoch", "name", "size"])


def downgrade() -> None:
    op.drop_index(INDEX, table_name="log_cosignature")
