"""`waybill qr`: read and verify QR codes, without database and without network."""

from pathlib import Path
from typing import Final

import click

from waybill.codec import JsonValue, parse_json
from waybill.qr_payload import QrKind, qr_verify_command
from waybill.qr_payload.values import MAX_UNIX_TIME_S

MAX_JWKS_BYTES: Final = 1 << 20


@click.group("qr")
def command() -> None:
    """Read and verify QR codes (二维码)."""


@command.command("verify")
@click.option(
    "--jwks",
    "jwks_path",
    required=True,
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON Web Key Set with the trusted keys.",
)
@click.option(
    "--at",
    "at_unix_s",
    required=True,
    metavar="UNIXTIME",
    type=click.IntRange(0, MAX_UNIX_TIME_S),
    help="Moment of judgement, seconds since 1970.",
)
@click.option(
    "--kind",
    default=QrKind.WAYBILL.value,
    show_default=True,
    type=click.Choice([kind.value for kind in QrKind]),
    help="Kind of code that is expected.",
)
@click.argument("text")
def verify(jwks_path: Path, at_unix_s: int, kind: str, text: str) -> None:
    """Verify the TEXT of a code: exit 0 and its claims as JSON, or exit 1 and the reason."""
    exit_code, output = qr_verify_command(_read_jwks(jwks_path), at_unix_s, text, kind=QrKind(kind))
    # As bytes, because plates are Chinese and a terminal's own encoding may not be.
    click.echo(output.encode())
    raise SystemExit(exit_code)


def _read_jwks(path: Path) -> JsonValue:
    try:
        with path.open("rb") as file:
            return parse_json(file.read(MAX_JWKS_BYTES + 1), max_bytes=MAX_JWKS_BYTES)
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{path} is not a JSON Web Key Set: {error}") from error
