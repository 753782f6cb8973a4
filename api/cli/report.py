"""`waybill report`: a report recomputed from the events of the log."""

import json
from pathlib import Path
from uuid import UUID

import click
import msgspec

from api.cli.installation import reading_installation
from waybill.codec import b64url_decode
from waybill.services.reports.orders import find_report
from waybill.services.reports.recomputing import FigureDifference, recompute_report
from waybill.services.reports.stated import read_report
from waybill.storage.session import read_session

JWS_PARTS = 3


@click.group("report")
def command() -> None:
    """Reports of the log's figures."""


@command.command("recompute")
@click.argument("report")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per figure that differs.")
def recompute(report: str, *, as_json: bool) -> None:
    """Count the events of the log anew and compare; exit 1 if a figure differs.

    REPORT is the id of a report, or a file that was fetched as JSON or JWS.
    """
    with reading_installation() as sessions, read_session(sessions) as session:
        try:
            identity = UUID(report)
        except ValueError:
            content = _content(Path(report))
        else:
            content = find_report(session, identity).content
        try:
            stated = read_report(content)
            differences = recompute_report(session, stated)
        except ValueError as error:
            raise click.ClickException(str(error)) from error
    for difference in differences:
        click.echo(_as_json(difference) if as_json else _in_words(difference))
    figures = sum(len(section.figures) for section in stated.sections)
    told = f"{len(differences)} differ" if differences else "equal"
    click.echo(f"{figures} figures of {stated.log.size} entries recomputed: {told}", err=True)
    if differences:
        raise SystemExit(1)


def _content(path: Path) -> bytes:
    """Return the canonical bytes that a file holds, as they are or within a compact JWS."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise click.ClickException(f"{path}: no such file, and no id of a report") from error
    parts = content.strip().split(b".")
    if content.lstrip().startswith(b"{") or len(parts) != JWS_PARTS:
        return content
    try:
        return b64url_decode(parts[1].decode("ascii"))
    except ValueError as error:
        raise click.ClickException(f"{path}: neither JSON nor a JWS") from error


def _as_json(difference: FigureDifference) -> str:
    return json.dumps(msgspec.to_builtins(difference), ensure_ascii=False, sort_keys=True)


def _in_words(difference: FigureDifference) -> str:
    keys = " / ".join(key or "?" for key in difference.keys)
    stated, found = (
        "none" if figure is None else f"{figure.count} ({figure.planned_kg}, {figure.loaded_kg} kg)"
        for figure in (difference.stated, difference.recomputed)
    )
    return f"{difference.section}: {keys}: stated {stated}, recomputed {found}"
