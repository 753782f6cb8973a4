"""`waybill backup`: copy the database while it is in use."""

import os
from pathlib import Path

import click

from waybill.clock import SystemClock
from waybill.services.backups import back_up
from waybill.settings import Settings, SettingsError
from waybill.storage.backup import BackupError
from waybill.storage.session import make_engine

PROGRAMS = click.option(
    "--programs",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of PostgreSQL's programs, if they are not on the path.",
)


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path))
@PROGRAMS
def command(folder: Path, programs: Path | None) -> None:
    """Copy the database into the new FOLDER, and say at which entry its log stood (备份).

    Nobody has to stop. Keys and secrets are not copied: keep them apart from it.
    """
    engine = make_engine(database_url())
    try:
        made = back_up(engine, folder, clock=SystemClock(), programs=programs)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    finally:
        engine.dispose()
    click.echo(f"{folder / str(made['file'])} {made['sha256']}")
    click.echo(f"{made['origin']} {made['size']} {made['root']}")


def database_url() -> str:
    """Return the database that the environment names; what is wrong is told and exits 1."""
    try:
        return Settings.from_env(os.environ).database_url
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
