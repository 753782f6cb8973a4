"""How Alembic reaches the database: one connection, one transaction, timeouts on locks."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import JSON, Connection, text

from waybill.storage.base import Instant, Quantity
from waybill.storage.session import make_engine
from waybill.storage.tables import METADATA

LOCK_TIMEOUT = "5s"
STATEMENT_TIMEOUT = "10min"


def _render(kind: str, item: object, made: AutogenContext) -> str | Literal[False]:
    """Write our column types in the database's own terms: a migration outlives our classes."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Quantity):
        return 'sa.Numeric(14, 3).with_variant(sa.BigInteger(), "sqlite")'
    if kind == "type" and isinstance(item, JSON):
        made.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=_render,
        # SQLite can undo them too; Alembic does not ask it to, of itself.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
            connection.execute(text(f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT}'"))
        context.run_migrations()


def main() -> None:
    """Run the migrations on the database named by the configuration."""
    engine = make_engine(context.config.attributes["url"])
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            _run_rebuilding(connection)
        else:
            _run(connection)
    engine.dispose()


def _run_rebuilding(connection: Connection) -> None:
    """Run the migrations with foreign keys unwatched, and look at all of them at the end.

    SQLite changes a constraint by making the table anew, and dropping the old one would take the
    rows that refer to it for orphans.
    """
    # Not through SQLAlchemy, which would open a transaction first: inside one this does nothing.
    connection.connection.cursor().execute("PRAGMA foreign_keys = OFF")
    _run(connection)
    orphans = connection.execute(text("PRAGMA foreign_key_check")).all()
    if orphans:
        raise RuntimeError(f"rows refer to nothing after the migration: {orphans[:5]}")


main()
