"""`waybill key`: the keys an installation signs with.

The private half lies in the folder of WAYBILL_KEY_DIR and nowhere else; the public half and its
dates stand in the database, and a running server heeds a change within seconds.
"""

from pathlib import Path

import click

from api.cli.installation import installation
from waybill.clock import SystemClock
from waybill.environment import read_key
from waybill.services import keys
from waybill.services.personal.resealing import change_personal_key
from waybill.settings import SettingsError


@click.group("key")
def command() -> None:
    """Make, show and revoke signing keys (签名密钥)."""


@command.command("add")
def add() -> None:
    """Make a key pair; from now on it is the one that signs."""
    with installation() as (session, settings):
        kid = keys.add_signing_key(
            session, None, settings.key_dir, issuer=settings.issuer, clock=SystemClock()
        )
    click.echo(kid)


@command.command("list")
def show() -> None:
    """Show every key, oldest first, and whether its private half lies here."""
    with installation() as (session, settings):
        for key in keys.list_signing_keys(session, settings.key_dir):
            state = f"revoked {key.revoked_at:%Y-%m-%dT%H:%M:%SZ}" if key.revoked_at else "trusted"
            half = "private" if key.held else "public only"
            click.echo(f"{key.kid} {key.issuer} {key.not_before:%Y-%m-%dT%H:%M:%SZ} {state} {half}")


@command.command("revoke")
@click.argument("kid")
@click.option("--reason", required=True, help="Why; it goes into the log.")
def revoke(kid: str, reason: str) -> None:
    """End all trust in the key KID, for everything it ever signed."""
    with installation() as (session, _):
        keys.revoke_signing_key(session, None, kid, reason=reason, clock=SystemClock())
    click.echo(f"{kid} revoked")


@command.command("personal")
@click.option(
    "--new-key-file",
    "path",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file with the new key: 32 bytes as base64url.",
)
@click.option("--reason", required=True, help="Why; it goes into the log.")
def change_personal(path: Path, reason: str) -> None:
    """Seal all personal values (个人信息) under a new key, all or none.

    Stop server and worker first, and connect as the owner of the tables. Afterwards the new key is
    WAYBILL_PII_KEY; backups that were made before still need the old one.
    """
    try:
        new = read_key({"key": path.read_text().strip()}, "key")
        with installation() as (session, settings):
            count = change_personal_key(
                session, settings.pii_key, new, reason=reason, clock=SystemClock()
            )
    except (SettingsError, OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{count} values sealed anew: now set WAYBILL_PII_KEY to the new key.")
