"""The first tables, and triggers that keep the log append-only."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.append_only import create_refusal, drop_refusal, protect, protect_personal_values

revision = "20261122_first"
down_revision = None
branch_labels = None
depends_on = None


APPEND_ONLY = (
    "event",
    "event_subject",
    "log_entry",
    "log_tile",
    "log_checkpoint",
    "registry_version",
    "waybill_revision",
    "verdict",
    "check_evidence",
    "clearance",
    "release",
)


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=False),
        sa.CheckConstraint("length(salt) = 32", name=op.f("ck_event_salt_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_kind_id", ["kind", "id"], unique=False)
        batch_op.create_index("ix_event_recorded_at_id", ["recorded_at", "id"], unique=False)

    op.create_table(
        "idempotency_key",
        sa.Column("principal", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_digest", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("principal", "key", name=op.f("pk_idempotency_key")),
    )
    with op.batch_alter_table("idempotency_key", schema=None) as batch_op:
        batch_op.create_index("ix_idempotency_key_created_at", ["created_at"], unique=False)

    op.create_table(
        "log_checkpoint",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("root", sa.LargeBinary(length=32), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_log_checkpoint")),
    )
    op.create_table(
        "log_tile",
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "index", "width", name=op.f("pk_log_tile")),
    )
    op.create_table(
        "number_sequence",
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("next_value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_number_sequence")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "roles", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "suspended",
                "retired",
                name="recordstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("uscc", name=op.f("uq_organisation_uscc")),
    )
    op.create_table(
        "pii",
        sa.Column("commitment", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("value_index", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("commitment", name=op.f("pk_pii")),
    )
    with op.batch_alter_table("pii", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pii_value_index"), ["value_index"], unique=False)

    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_attempt_subject_at", ["subject", "at"], unique=False)

    op.create_table(
        "black_listing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "subject_kind",
            sa.Enum(
                "organisation",
                "facility",
                "bay",
                "vehicle",
                "tank",
                "person",
                "certificate",
                "user",
                name="subjectkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("decision_number", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_black_listing_event_id_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_black_listing")),
    )
    with op.batch_alter_table("black_listing", schema=None) as batch_op:
        batch_op.create_index("ix_black_listing_subject_id", ["subject_id"], unique=False)

    op.create_table(
        "certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "subject_kind",
            sa.Enum(
                "organisation",
                "facility",
                "bay",
                "vehicle",
                "tank",
                "person",
                "certificate",
                "user",
                name="subjectkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
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
                name="certificatekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("number", sa.String(length=60), nullable=True),
        sa.Column("number_ref", sa.String(length=64), nullable=True),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column(
            "categories", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "provenance",
            sa.Enum(
                "register",
                "signed_qr",
                "document",
                "typed",
                name="provenance",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "valid",
                "suspended",
                "revoked",
                name="certificatestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("status_reason", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(number IS NULL) <> (number_ref IS NULL)", name=op.f("ck_certificate_one_number")
        ),
        sa.CheckConstraint(
            "valid_from IS NULL OR valid_until IS NULL OR valid_from <= valid_until",
            name=op.f("ck_certificate_dates_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_certificate_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certificate_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index("ix_certificate_subject_id", ["subject_id"], unique=False)

    op.create_table(
        "event_pending",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_pending_event_id_event")
        ),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_event_pending")),
    )
    op.create_table(
        "event_subject",
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_key", sa.String(length=64), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_event_subject_event_id_event")
        ),
        sa.PrimaryKeyConstraint(
            "subject_kind", "subject_key", "event_id", name=op.f("pk_event_subject")
        ),
    )
    with op.batch_alter_table("event_subject", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_subject_event_id"), ["event_id"], unique=False)

    op.create_table(
        "facility",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("area_code", sa.String(length=6), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "suspended",
                "retired",
                name="recordstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_facility_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility")),
        sa.UniqueConstraint(
            "organisation_id", "name", name=op.f("uq_facility_organisation_id_name")
        ),
    )
    with op.batch_alter_table("facility", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_facility_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "log_entry",
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_log_entry_event_id_event")
        ),
        sa.PrimaryKeyConstraint("index", name=op.f("pk_log_entry")),
        sa.UniqueConstraint("event_id", name=op.f("uq_log_entry_event_id")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reference", sa.String(length=10), nullable=False),
        sa.Column(
            "roles", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("name_ref", sa.String(length=64), nullable=False),
        sa.Column("id_number_ref", sa.String(length=64), nullable=False),
        sa.Column("id_number_index", sa.String(length=64), nullable=False),
        sa.Column("phone_ref", sa.String(length=64), nullable=True),
        sa.Column(
            "provenance",
            sa.Enum(
                "register",
                "signed_qr",
                "document",
                "typed",
                name="provenance",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "suspended",
                "retired",
                name="recordstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("card_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_person_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint(
            "organisation_id",
            "id_number_index",
            name=op.f("uq_person_organisation_id_id_number_index"),
        ),
        sa.UniqueConstraint("reference", name=op.f("uq_person_reference")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index("ix_person_id_number_index", ["id_number_index"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_person_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "registry_version",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "subject_kind",
            sa.Enum(
                "organisation",
                "facility",
                "bay",
                "vehicle",
                "tank",
                "person",
                "certificate",
                "user",
                name="subjectkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "snapshot", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_registry_version_event_id_event")
        ),
        sa.PrimaryKeyConstraint("subject_id", "version", name=op.f("pk_registry_version")),
    )
    op.create_table(
        "signing_key",
        sa.Column("kid", sa.String(length=40), nullable=False),
        sa.Column("issuer", sa.String(length=60), nullable=False),
        sa.Column("jwk", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_signing_key_event_id_event")
        ),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_signing_key")),
    )
    op.create_table(
        "vehicle",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("plate", sa.String(length=10), nullable=False),
        sa.Column(
            "plate_colour",
            sa.Enum(
                "blue",
                "yellow",
                "green",
                "yellow_green",
                "white",
                "black",
                name="platecolour",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "tractor",
                "rigid",
                "trailer",
                name="unitkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "approval",
            sa.Enum(
                "EX/II",
                "EX/III",
                "FL",
                "AT",
                "none",
                name="vehicleapproval",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("vin", sa.String(length=17), nullable=False),
        sa.Column("first_registered_on", sa.Date(), nullable=False),
        sa.Column(
            "rated_load_kg",
            sa.Numeric(14, 3).with_variant(sa.BigInteger(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "tare_kg", sa.Numeric(14, 3).with_variant(sa.BigInteger(), "sqlite"), nullable=True
        ),
        sa.Column(
            "max_trailer_mass_kg",
            sa.Numeric(14, 3).with_variant(sa.BigInteger(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "provenance",
            sa.Enum(
                "register",
                "signed_qr",
                "document",
                "typed",
                name="provenance",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "suspended",
                "retired",
                name="recordstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("card_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "rated_load_kg IS NULL OR rated_load_kg > 0",
            name=op.f("ck_vehicle_rated_load_positive"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_vehicle_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vehicle")),
    )
    with op.batch_alter_table("vehicle", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_vehicle_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            "ix_vehicle_plate_plate_colour", ["plate", "plate_colour"], unique=False
        )
        batch_op.create_index("ix_vehicle_vin", ["vin"], unique=False)
        batch_op.create_index(
            "uq_vehicle_plate_plate_colour",
            ["plate", "plate_colour"],
            unique=True,
            postgresql_where=sa.text("status <> 'retired'"),
            sqlite_where=sa.text("status <> 'retired'"),
        )

    op.create_table(
        "bay",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "suspended",
                "retired",
                name="recordstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_bay_facility_id_facility")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bay")),
        sa.UniqueConstraint("facility_id", "name", name=op.f("uq_bay_facility_id_name")),
    )
    op.create_table(
        "tank",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "atmospheric_tank",
                "mobile_pressure_vessel",
                "portable_tank",
                "tank_container",
                name="tankkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "capacity_l", sa.Numeric(14, 3).with_variant(sa.BigInteger(), "sqlite"), nullable=False
        ),
        sa.Column(
            "compartments", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "approved_substances",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column("tank_code", sa.String(length=20), nullable=True),
        sa.Column("portable_tank_instruction", sa.String(length=4), nullable=True),
        sa.Column(
            "rated_load_kg",
            sa.Numeric(14, 3).with_variant(sa.BigInteger(), "sqlite"),
            nullable=True,
        ),
        sa.Column(
            "tare_kg", sa.Numeric(14, 3).with_variant(sa.BigInteger(), "sqlite"), nullable=True
        ),
        sa.Column("mounted_on_id", sa.Uuid(), nullable=True),
        sa.Column(
            "provenance",
            sa.Enum(
                "register",
                "signed_qr",
                "document",
                "typed",
                name="provenance",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "suspended",
                "retired",
                name="recordstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("card_version", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity_l > 0", name=op.f("ck_tank_capacity_positive")),
        sa.ForeignKeyConstraint(
            ["mounted_on_id"], ["vehicle.id"], name=op.f("fk_tank_mounted_on_id_vehicle")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_tank_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tank")),
    )
    with op.batch_alter_table("tank", schema=None) as batch_op:
        batch_op.create_index("ix_tank_mounted_on_id", ["mounted_on_id"], unique=False)
        batch_op.create_index("ix_tank_number", ["number"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_tank_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            "uq_tank_number",
            ["number"],
            unique=True,
            postgresql_where=sa.text("status <> 'retired'"),
            sqlite_where=sa.text("status <> 'retired'"),
        )

    op.create_table(
        "user_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "carrier",
                "loader",
                "supervisor",
                "consignor",
                "consignee",
                "auditor",
                "senior-auditor",
                "inspector",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name_ref", sa.String(length=64), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("credentials_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_user_account_organisation_id_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_user_account_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("username", name=op.f("uq_user_account_username")),
    )
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_user_account_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "api_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "scopes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_api_key_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("prefix", name=op.f("uq_api_key_prefix")),
    )
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_key_user_id"), ["user_id"], unique=False)

    op.create_table(
        "refresh_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("family", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_refresh_token_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_refresh_token_token_hash")),
    )
    with op.batch_alter_table("refresh_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refresh_token_family"), ["family"], unique=False)
        batch_op.create_index(batch_op.f("ix_refresh_token_user_id"), ["user_id"], unique=False)

    op.create_table(
        "waybill",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("carrier_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "draft", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "issued",
                "cleared",
                "released",
                "cancelled",
                name="waybillstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=32), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("consignor_id", sa.Uuid(), nullable=True),
        sa.Column("consignee_id", sa.Uuid(), nullable=True),
        sa.Column("loader_id", sa.Uuid(), nullable=True),
        sa.Column("facility_id", sa.Uuid(), nullable=True),
        sa.Column("vehicle_id", sa.Uuid(), nullable=True),
        sa.Column("trailer_id", sa.Uuid(), nullable=True),
        sa.Column("tank_id", sa.Uuid(), nullable=True),
        sa.Column("driver_id", sa.Uuid(), nullable=True),
        sa.Column("escort_id", sa.Uuid(), nullable=True),
        sa.Column("planned_loading_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'draft') = (number IS NULL)", name=op.f("ck_waybill_issued_has_number")
        ),
        sa.CheckConstraint(
            "(status = 'draft') = (revision = 0)", name=op.f("ck_waybill_issued_has_revision")
        ),
        sa.ForeignKeyConstraint(
            ["carrier_id"], ["organisation.id"], name=op.f("fk_waybill_carrier_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["consignee_id"], ["organisation.id"], name=op.f("fk_waybill_consignee_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["consignor_id"], ["organisation.id"], name=op.f("fk_waybill_consignor_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["driver_id"], ["person.id"], name=op.f("fk_waybill_driver_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["escort_id"], ["person.id"], name=op.f("fk_waybill_escort_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_waybill_facility_id_facility")
        ),
        sa.ForeignKeyConstraint(
            ["loader_id"], ["organisation.id"], name=op.f("fk_waybill_loader_id_organisation")
        ),
        sa.ForeignKeyConstraint(["tank_id"], ["tank.id"], name=op.f("fk_waybill_tank_id_tank")),
        sa.ForeignKeyConstraint(
            ["trailer_id"], ["vehicle.id"], name=op.f("fk_waybill_trailer_id_vehicle")
        ),
        sa.ForeignKeyConstraint(
            ["vehicle_id"], ["vehicle.id"], name=op.f("fk_waybill_vehicle_id_vehicle")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waybill")),
        sa.UniqueConstraint("number", name=op.f("uq_waybill_number")),
    )
    with op.batch_alter_table("waybill", schema=None) as batch_op:
        batch_op.create_index("ix_waybill_carrier_id_id", ["carrier_id", "id"], unique=False)
        batch_op.create_index("ix_waybill_loader_id_id", ["loader_id", "id"], unique=False)

    op.create_table(
        "verdict",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("waybill_id", sa.Uuid(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "phase",
            sa.Enum(
                "issue",
                "before_loading",
                "after_loading",
                name="phase",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("edition", sa.String(length=40), nullable=False),
        sa.Column("clears", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("findings", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_verdict_event_id_event")),
        sa.ForeignKeyConstraint(
            ["waybill_id"], ["waybill.id"], name=op.f("fk_verdict_waybill_id_waybill")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict")),
    )
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.create_index("ix_verdict_waybill_id_id", ["waybill_id", "id"], unique=False)

    op.create_table(
        "waybill_goods",
        sa.Column("waybill_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("entry_key", sa.String(length=40), nullable=False),
        sa.Column("un_number", sa.String(length=4), nullable=False),
        sa.Column(
            "quantity_kg", sa.Numeric(14, 3).with_variant(sa.BigInteger(), "sqlite"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["waybill_id"], ["waybill.id"], name=op.f("fk_waybill_goods_waybill_id_waybill")
        ),
        sa.PrimaryKeyConstraint("waybill_id", "position", name=op.f("pk_waybill_goods")),
    )
    with op.batch_alter_table("waybill_goods", schema=None) as batch_op:
        batch_op.create_index("ix_waybill_goods_un_number", ["un_number"], unique=False)

    op.create_table(
        "waybill_revision",
        sa.Column("waybill_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("document_jws", sa.Text(), nullable=False),
        sa.Column("qr_text", sa.Text(), nullable=False),
        sa.Column("kid", sa.String(length=40), nullable=False),
        sa.Column("verdict_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_waybill_revision_event_id_event")
        ),
        sa.ForeignKeyConstraint(
            ["verdict_id"], ["verdict.id"], name=op.f("fk_waybill_revision_verdict_id_verdict")
        ),
        sa.ForeignKeyConstraint(
            ["waybill_id"], ["waybill.id"], name=op.f("fk_waybill_revision_waybill_id_waybill")
        ),
        sa.PrimaryKeyConstraint("waybill_id", "revision", name=op.f("pk_waybill_revision")),
    )
    op.create_table(
        "loading_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("waybill_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.Uuid(), nullable=False),
        sa.Column("bay_id", sa.Uuid(), nullable=False),
        sa.Column("opened_by", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "refused",
                "cleared",
                "released",
                name="checkstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["bay_id"], ["bay.id"], name=op.f("fk_loading_check_bay_id_bay")),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_loading_check_event_id_event")
        ),
        sa.ForeignKeyConstraint(
            ["facility_id"], ["facility.id"], name=op.f("fk_loading_check_facility_id_facility")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["user_account.id"], name=op.f("fk_loading_check_opened_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["waybill_id", "revision"],
            ["waybill_revision.waybill_id", "waybill_revision.revision"],
            name=op.f("fk_loading_check_waybill_id_revision_waybill_revision"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loading_check")),
    )
    with op.batch_alter_table("loading_check", schema=None) as batch_op:
        batch_op.create_index(
            "ix_loading_check_facility_id_id", ["facility_id", "id"], unique=False
        )
        batch_op.create_index("ix_loading_check_waybill_id_id", ["waybill_id", "id"], unique=False)

    op.create_table(
        "check_evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("item", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_id"],
            ["loading_check.id"],
            name=op.f("fk_check_evidence_check_id_loading_check"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_check_evidence_event_id_event")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"],
            ["user_account.id"],
            name=op.f("fk_check_evidence_recorded_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_evidence")),
    )
    with op.batch_alter_table("check_evidence", schema=None) as batch_op:
        batch_op.create_index("ix_check_evidence_check_id_id", ["check_id", "id"], unique=False)

    op.create_table(
        "clearance",
        sa.Column("waybill_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("verdict_id", sa.Uuid(), nullable=False),
        sa.Column("supervisor_id", sa.Uuid(), nullable=False),
        sa.Column("cleared_by", sa.Uuid(), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_id"], ["loading_check.id"], name=op.f("fk_clearance_check_id_loading_check")
        ),
        sa.ForeignKeyConstraint(
            ["cleared_by"], ["user_account.id"], name=op.f("fk_clearance_cleared_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["event.id"], name=op.f("fk_clearance_event_id_event")
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_id"], ["person.id"], name=op.f("fk_clearance_supervisor_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["verdict_id"], ["verdict.id"], name=op.f("fk_clearance_verdict_id_verdict")
        ),
        sa.ForeignKeyConstraint(
            ["waybill_id"], ["waybill.id"], name=op.f("fk_clearance_waybill_id_waybill")
        ),
        sa.PrimaryKeyConstraint("waybill_id", name=op.f("pk_clearance")),
    )
    op.create_table(
        "release",
        sa.Column("waybill_id", sa.Uuid(), nullable=False),
        sa.Column("check_id", sa.Uuid(), nullable=False),
        sa.Column("verdict_id", sa.Uuid(), nullable=False),
        sa.Column("loading_record", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("document_jws", sa.Text(), nullable=False),
        sa.Column("kid", sa.String(length=40), nullable=False),
        sa.Column("released_by", sa.Uuid(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["check_id"], ["loading_check.id"], name=op.f("fk_release_check_id_loading_check")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_release_event_id_event")),
        sa.ForeignKeyConstraint(
            ["released_by"], ["user_account.id"], name=op.f("fk_release_released_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["verdict_id"], ["verdict.id"], name=op.f("fk_release_verdict_id_verdict")
        ),
        sa.ForeignKeyConstraint(
            ["waybill_id"], ["waybill.id"], name=op.f("fk_release_waybill_id_waybill")
        ),
        sa.PrimaryKeyConstraint("waybill_id", name=op.f("pk_release")),
    )
    create_refusal()
    for table in APPEND_ONLY:
        protect(table)
    protect_personal_values()


def downgrade() -> None:
    op.drop_table("release")
    op.drop_table("clearance")
    with op.batch_alter_table("check_evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_check_evidence_check_id_id")

    op.drop_table("check_evidence")
    with op.batch_alter_table("loading_check", schema=None) as batch_op:
        batch_op.drop_index("ix_loading_check_waybill_id_id")
        batch_op.drop_index("ix_loading_check_facility_id_id")

    op.drop_table("loading_check")
    op.drop_table("waybill_revision")
    with op.batch_alter_table("waybill_goods", schema=None) as batch_op:
        batch_op.drop_index("ix_waybill_goods_un_number")

    op.drop_table("waybill_goods")
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.drop_index("ix_verdict_waybill_id_id")

    op.drop_table("verdict")
    with op.batch_alter_table("waybill", schema=None) as batch_op:
        batch_op.drop_index("ix_waybill_loader_id_id")
        batch_op.drop_index("ix_waybill_carrier_id_id")

    op.drop_table("waybill")
    with op.batch_alter_table("refresh_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refresh_token_user_id"))
        batch_op.drop_index(batch_op.f("ix_refresh_token_family"))

    op.drop_table("refresh_token")
    with op.batch_alter_table("api_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_key_user_id"))

    op.drop_table("api_key")
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_account_organisation_id"))

    op.drop_table("user_account")
    with op.batch_alter_table("tank", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_tank_number",
            postgresql_where=sa.text("status <> 'retired'"),
            sqlite_where=sa.text("status <> 'retired'"),
        )
        batch_op.drop_index(batch_op.f("ix_tank_organisation_id"))
        batch_op.drop_index("ix_tank_number")
        batch_op.drop_index("ix_tank_mounted_on_id")

    op.drop_table("tank")
    op.drop_table("bay")
    with op.batch_alter_table("vehicle", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_vehicle_plate_plate_colour",
            postgresql_where=sa.text("status <> 'retired'"),
            sqlite_where=sa.text("status <> 'retired'"),
        )
        batch_op.drop_index("ix_vehicle_vin")
        batch_op.drop_index("ix_vehicle_plate_plate_colour")
        batch_op.drop_index(batch_op.f("ix_vehicle_organisation_id"))

    op.drop_table("vehicle")
    op.drop_table("signing_key")
    op.drop_table("registry_version")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_organisation_id"))
        batch_op.drop_index("ix_person_id_number_index")

    op.drop_table("person")
    op.drop_table("log_entry")
    with op.batch_alter_table("facility", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_facility_organisation_id"))

    op.drop_table("facility")
    with op.batch_alter_table("event_subject", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_event_subject_event_id"))

    op.drop_table("event_subject")
    op.drop_table("event_pending")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index("ix_certificate_subject_id")
        batch_op.drop_index(batch_op.f("ix_certificate_organisation_id"))

    op.drop_table("certificate")
    with op.batch_alter_table("black_listing", schema=None) as batch_op:
        batch_op.drop_index("ix_black_listing_subject_id")

    op.drop_table("black_listing")
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_attempt_subject_at")

    op.drop_table("sign_in_attempt")
    with op.batch_alter_table("pii", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pii_value_index"))

    op.drop_table("pii")
    op.drop_table("organisation")
    op.drop_table("number_sequence")
    op.drop_table("log_tile")
    op.drop_table("log_checkpoint")
    with op.batch_alter_table("idempotency_key", schema=None) as batch_op:
        batch_op.drop_index("ix_idempotency_key_created_at")

    op.drop_table("idempotency_key")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_recorded_at_id")
        batch_op.drop_index("ix_event_kind_id")

    op.drop_table("event")
    drop_refusal()
