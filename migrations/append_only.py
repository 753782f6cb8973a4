"""Triggers that keep a table append-only, in both dialects."""

from alembic import op

_REFUSAL = "append-only: {table} rows are never changed or removed"

_PII_RULE = (
    "NEW.commitment = OLD.commitment AND NEW.field = OLD.field "
    "AND NEW.recorded_at = OLD.recorded_at AND NEW.sealed IS NULL AND NEW.erased_at IS NOT NULL"
)
"""A personal value may be erased (salt and value gone, the rest as it was), never rewritten."""


def protect(table: str) -> None:
    """Refuse update, delete and (PostgreSQL) truncate on a table."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(_sqlite_trigger(table, verb))
        return
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def protect_personal_values() -> None:
    """Allow only erasure on `pii`."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_sqlite_trigger("pii", "DELETE"))
        op.execute(_sqlite_trigger("pii", "UPDATE", f"WHEN NOT ({_PII_RULE})"))
        return
    op.execute(
        "CREATE TRIGGER pii_append_only BEFORE DELETE OR TRUNCATE ON pii "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER pii_erase_only BEFORE UPDATE ON pii "
        f"FOR EACH ROW WHEN (NOT ({_PII_RULE})) EXECUTE FUNCTION refuse_change()"
    )


def create_refusal() -> None:
    """Create the function that the triggers on PostgreSQL call."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'append-only: % rows are never changed or removed', TG_TABLE_NAME "
            "USING ERRCODE = 'insufficient_privilege'; END $$"
        )


def drop_refusal() -> None:
    """Drop that function, once its tables are gone."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")


def _sqlite_trigger(table: str, verb: str, condition: str = "") -> str:
    name = f"{table}_append_only_{verb.lower()}"
    return (
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL.format(table=table)}'); END"
    )
