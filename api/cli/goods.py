"""`waybill goods`: the dangerous goods list on the command line."""

import json
import os
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from waybill.clock import SystemClock, local_date
from waybill.goods.catalogue import GoodsList, UnknownEntryError, catalogue, editions
from waybill.goods.editions import add_editions, install_edition
from waybill.settings import read_editions_dir


@click.group("goods")
def command() -> None:
    """Look up dangerous goods: UN number, Chinese or English name, pinyin initials."""
    try:
        add_editions(read_editions_dir(os.environ))
    except ValueError as error:
        raise click.ClickException(str(error)) from error


@command.command("search")
@click.argument("query")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Day whose list counts (today).")
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True)
def search(query: str, on: date | None, limit: int) -> None:
    """List the rows that QUERY finds, best first."""
    for entry in _list(on).search(query, limit=limit).entries:
        group = entry.packing_group.value if entry.packing_group else "-"
        click.echo(
            f"{entry.key:<16} UN {entry.un_number}  {entry.division:<5} {group:<4}"
            f" {entry.name_zh}  {entry.name_en}"
        )


@command.command("show")
@click.argument("key")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="Day whose list counts (today).")
def show(key: str, on: date | None) -> None:
    """Print every column of the row KEY as JSON; exit 1 if there is none."""
    try:
        entry = _list(on).get(key)
    except UnknownEntryError as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(asdict(entry), ensure_ascii=False, indent=2))


@command.command("editions")
def list_editions() -> None:
    """List the editions of the list and when they are in force."""
    for edition in editions():
        click.echo(f"{edition.name}  {edition.in_force_from} – {edition.in_force_until or '…'}")


@command.command("load")
@click.argument("meta_json", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load_edition(meta_json: Path) -> None:
    """Install the edition that META_JSON describes; exit 1 if it is not valid or comes too late.

    Its files stand beside META_JSON. The folder is WAYBILL_EDITIONS_DIR; a server reads it when it
    starts.
    """
    folder = read_editions_dir(os.environ)
    try:
        edition = install_edition(meta_json, folder, today=local_date(SystemClock().now()))
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{edition.name}: {edition.row_count} rows, in force from {edition.in_force_from}."
        " Restart the server, so that it reads them."
    )


def _list(on: date | None) -> GoodsList:
    return catalogue(date(on.year, on.month, on.day) if on else local_date(SystemClock().now()))
