"""`waybill goods`: the dangerous goods list on the command line."""

import json
from dataclasses import asdict
from datetime import date

import click

from waybill.clock import SystemClock, local_date
from waybill.goods.catalogue import GoodsList, UnknownEntryError, catalogue, editions


@click.group("goods")
def command() -> None:
    """Look up dangerous goods: UN number, Chinese or English name, pinyin initials."""


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


def _list(on: date | None) -> GoodsList:
    return catalogue(date(on.year, on.month, on.day) if on else local_date(SystemClock().now()))
