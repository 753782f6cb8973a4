"""`waybill rules draw`: what a check was to look at, drawn again."""

from uuid import UUID

import click

from api.cli.installation import environment_settings, reading_installation
from waybill.services.looking.asking import redraw
from waybill.services.looking.keys import LookingKey
from waybill.storage.session import read_session


@click.command("draw")
@click.argument("check", type=click.UUID)
def draw(check: UUID) -> None:
    """Draw again which photos CHECK asked for; exit 1 if it does not come out the same."""
    key = LookingKey.of(environment_settings().pii_index_key)
    with reading_installation() as sessions, read_session(sessions) as session:
        drawn = redraw(session, check, key)
    click.echo(f"draw kept   {drawn.kept}")
    click.echo(f"draw anew   {drawn.anew}")
    click.echo(f"photos kept {_listed(drawn.photos_kept)}")
    click.echo(f"photos anew {_listed(drawn.photos_anew)}")
    click.echo("the same" if drawn.same else "NOT THE SAME")
    if not drawn.same:
        raise SystemExit(1)


def _listed(photos: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{shows} ({why})" for shows, why in photos) or "none"
