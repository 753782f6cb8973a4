"""`waybill key`: the keys an installation signs with.

The private half lies in the folder of WAYBILL_KEY_DIR and nowhere else; the public half and its
dates stand in the database, and a running server heeds a change within seconds.
"""

import click

from api.cli.installation import installation
from waybill.clock import SystemClock
from waybill.services import keys


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
