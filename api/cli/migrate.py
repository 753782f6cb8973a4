"""`waybill migrate`: bring the database to a revision of its schema."""

import os

import click

from waybill.settings import DEFAULT_DATABASE_URL
from waybill.storage import migrate
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


def _say_status() -> bool:
    engine = make_engine(_url())
    present, newest = migrate.current(engine), migrate.head()
    engine.dispose()
    click.echo(f"{present or 'empty'} (newest: {newest})")
    return present == newest
