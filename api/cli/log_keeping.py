"""`waybill log check | key | succeed`: for whoever runs the installation."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session

from api.cli.installation import installation, reading_installation
from waybill.clock import SystemClock
from waybill.services.log import keys as log_keys
from waybill.services.log.key_files import key_path
from waybill.services.log.serving import find_identity
from waybill.services.log.succession import succeed_log
from waybill.services.log.whole import WholeLog, check_whole
from waybill.settings import Settings
from waybill.transparency.errors import TransparencyError


@contextmanager
def _log_of() -> Iterator[tuple[Session, Settings]]:
    """Give a session of the installation; a log that does not hold is told and exits 1."""
    try:
        with installation() as given:
            yield given
    except TransparencyError as error:
        raise click.ClickException(str(error)) from error


@click.command("check")
def check() -> None:
    """Recompute the whole log from its events, and look for events that were left out."""
    try:
        with reading_installation() as sessions:
            whole = check_whole(sessions)
    except TransparencyError as error:
        raise click.ClickException(str(error)) from error
    tell_whole(whole)


def tell_whole(whole: WholeLog) -> None:
    """Say which log was recomputed; exit 1 if events were left out of it."""
    click.echo(f"{whole.identity.origin} {whole.head.size} {whole.head.root.hex()}")
    if whole.strays:
        raise click.ClickException(
            f"{len(whole.strays)} events were left out, first {whole.strays[0]}"
        )


@click.command("succeed")
@click.option("--reason", required=True, help="Why; everybody will read it.")
@click.option("--origin", help="The new origin; else the first one's with a number behind it.")
@click.option("--although-mismatch", is_flag=True, help="Go on from a tree that does not hold.")
@click.confirmation_option(prompt="The old origin ends for ever. Go on?")
def succeed(reason: str, origin: str | None, *, although_mismatch: bool) -> None:
    """Open a new origin after a restore from backup; its first entry names the old one."""
    with _log_of() as (session, settings):
        new = succeed_log(
            session,
            None,
            settings.key_dir,
            reason=reason,
            origin=origin,
            although_mismatch=although_mismatch,
            clock=SystemClock(),
        )
    click.echo(new.origin)


@click.group("key")
def key() -> None:
    """Make, show and retire the keys that sign checkpoints."""


@key.command("add")
def add() -> None:
    """Make the next key; from now on it signs beside the others."""
    with _log_of() as (session, settings):
        kid = log_keys.add_log_key(session, None, settings.key_dir, clock=SystemClock())
    click.echo(kid)


@key.command("list")
def show() -> None:
    """Show every key of the present origin, those in force first."""
    with _log_of() as (session, settings):
        for found in log_keys.log_keys(session, find_identity(session)):
            state = "signs" if found.until_size is None else f"retired at {found.until_size}"
            held = key_path(settings.key_dir, found.kid).exists()
            half = "private" if held else "public only"
            text = found.verifier.text()
            click.echo(f"{found.kid} above {found.from_size} {state} {half} {text}")


@key.command("retire")
@click.argument("kid")
@click.option("--reason", required=True, help="Why; it goes into the log.")
def retire(kid: str, reason: str) -> None:
    """End signing with the key KID; what it signed still holds."""
    with _log_of() as (session, _):
        log_keys.retire_log_key(session, None, kid, reason=reason, clock=SystemClock())
    click.echo(f"{kid} retired")
