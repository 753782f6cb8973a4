"""Triggers that keep a table append-only, in both dialects."""

from alembic import op

_REFUSAL = "append-only: {table} rows are never changed or removed"

_PII_RULE = (
    "NEW.commitment = OLD.commitment AND NEW.field = OLD.field "
    "AND NEW.recorded_at = OLD.recorded_at AND NEW.sealed IS NULL AND NEW.erased_at IS NOT NULL"
)
"""A personal value may be erased (salt and value gone, the rest as it was), never rewritten."""

_PHOTO_SAME = " AND ".join(
    f"NEW.{column} = OLD.{column}"
    for column in (
        *("id", "check_id", "shows", "sha256", "media_type"),
        *("recorded_at", "recorded_by", "event_id"),
    )
)
_PHOTO_RULE = (
    f"OLD.erased_at IS NULL AND {_PHOTO_SAME} AND ("
    "(NEW.erased_at IS NOT NULL AND length(NEW.content) = 0)"
    " OR (NEW.erased_at IS NULL AND NEW.content = OLD.content"
    " AND OLD.restricted_until IS NULL AND NEW.restricted_until IS NOT NULL))"
)
"""A photo may be restricted once, and erased: the picture gone, the rest as it was."""

_HAS_ENTRY = "EXISTS (SELECT 1 FROM log_entry WHERE log_entry.event_id = OLD.event_id)"


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
    _erase_only("pii", _PII_RULE)


def allow_photo_erasure() -> None:
    """Allow restriction and erasure on `check_photo`, which was append-only until now."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER check_photo_append_only_update")
        op.execute(_sqlite_trigger("check_photo", "UPDATE", f"WHEN NOT ({_PHOTO_RULE})"))
        return
    op.execute("DROP TRIGGER check_photo_append_only ON check_photo")
    _erase_only("check_photo", _PHOTO_RULE)


def refuse_photo_erasure() -> None:
    """Take back what `allow_photo_erasure` allowed."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER check_photo_append_only_update")
        op.execute(_sqlite_trigger("check_photo", "UPDATE"))
        return
    op.execute("DROP TRIGGER check_photo_erase_only ON check_photo")
    op.execute("DROP TRIGGER check_photo_append_only ON check_photo")
    protect("check_photo")


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


def _erase_only(table: str, rule: str) -> None:
    """Refuse on PostgreSQL whatever changes a table but an update by a rule."""
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_erase_only BEFORE UPDATE ON {table} "
        f"FOR EACH ROW WHEN (NOT ({rule})) EXECUTE FUNCTION refuse_change()"
    )


def _sqlite_trigger(table: str, verb: str, condition: str = "") -> str:
    name = f"{table}_append_only_{verb.lower()}"
    return (
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL.format(table=table)}'); END"
    )


def pass_on_events() -> None:
    """Give every event its pending row, and let that go only once the event has its entry.

    So an event is always one of the two: waiting for the tree, or in it.
    """
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER event_waits AFTER INSERT ON event "
            "BEGIN INSERT INTO event_pending (event_id) VALUES (NEW.id); END"
        )
        op.execute(_sqlite_trigger("event_pending", "UPDATE"))
        op.execute(_sqlite_trigger("event_pending", "DELETE", f"WHEN NOT ({_HAS_ENTRY})"))
        return
    op.execute(
        "CREATE FUNCTION event_waits() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO event_pending (event_id) VALUES (NEW.id); RETURN NULL; END $$"
    )
    op.execute(
        "CREATE FUNCTION refuse_unless_entered() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {_HAS_ENTRY} THEN RETURN OLD; END IF; "
        "RAISE EXCEPTION 'append-only: an event that is not in the tree must wait for it' "
        "USING ERRCODE = 'insufficient_privilege'; END $$"
    )
    op.execute(
        "CREATE TRIGGER event_waits AFTER INSERT ON event "
        "FOR EACH ROW EXECUTE FUNCTION event_waits()"
    )
    op.execute(
        "CREATE TRIGGER event_pending_append_only BEFORE UPDATE OR TRUNCATE ON event_pending "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER event_pending_entered BEFORE DELETE ON event_pending "
        "FOR EACH ROW EXECUTE FUNCTION refuse_unless_entered()"
    )


def release_events() -> None:
    """Take back what `pass_on_events` gave."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER event_waits")
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER event_pending_append_only_{verb}")
        return
    op.execute("DROP TRIGGER event_waits ON event")
    for name in ("event_pending_append_only", "event_pending_entered"):
        op.execute(f"DROP TRIGGER {name} ON event_pending")
    op.execute("DROP FUNCTION event_waits()")
    op.execute("DROP FUNCTION refuse_unless_entered()")
