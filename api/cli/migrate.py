"""`waybill migrate`: bring the database to a revision of its schema."""

import os

import click

from waybill.settings import DEFAULT_DATABASE_URL
from waybill.storage import migrate
from waybill.storage.grants import grant_application
from waybill.storage.session import make_engine


def _url() -> str:
    return os.environ.get("WAYBILL_DATABASE_URL") or DEFAULT_DATABASE_URL


@click.group("migrate")
def command() -> None:
    """Change the schema of the database that WAYBILL_DATABASE_URL names."""


@command.command("up")
@click.argument("revision", default="head")
def up(revision: str) -> None:
    """Bring the database up to REVISION, by default the newest."""
    migrate.upgrade(_url(), revision)
    _say_status()


@command.command("down")
@click.argument("revision")
def down(revision: str) -> None:
    """Take the database back to REVISION (`base`: no tables at all)."""
    migrate.downgrade(_url(), revision)
    _say_status()


@command.command("status")
def status() -> None:
    """Say at which revision the database is: exit 0 at the newest, 1 at another."""
    raise SystemExit(0 if _say_status() else 1)


@command.command("grant")
@click.argument("role")
def grant(role: str) -> None:
    """Give the PostgreSQL role ROLE what the application needs, and take all else away.

    Run it as the tables' owner after every `waybill migrate up`; the application then connects
    as ROLE, which can add to the log and to what was signed but never change or remove it.
    """
    engine = make_engine(_url())
    if engine.dialect.name != "postgresql":
        raise click.ClickException("only PostgreSQL has roles")
    with engine.begin() as connection:
        grant_application(connection, role)
    engine.dispose()
    click.echo(f"granted to {role}")


def _say_status() -> bool:
    engine = make_engine(_url())
    present, newest = migrate.current(engine), migrate.head()
    engine.dispose()
    click.echo(f"{present or 'empty'} (newest: {newest})")
    return present == newest
