"""`waybill witness`: the authority's witness, on a machine of its own.

It reads none of the installation's settings: a configuration file, a key and a store are all.
"""

import logging
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

from waybill.clock import SystemClock
from waybill.transparency.errors import NoteError
from waybill.witness.configuration import ConfigurationError, read_configuration
from waybill.witness.cosigning import Witness, open_witness, silence
from waybill.witness.key import load_key, make_key
from waybill.witness.state import states
from waybill.witness.store import Alarm
from waybill.witness.watching import Watcher

DEFAULT_LISTEN: Final = "127.0.0.1:8700"
THREADS: Final = 8
LOOK_UP_S: Final = 0.5

_CONFIG = click.option(
    "--config",
    required=True,
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="TOML file of key, store and followed logs; see docs/witness.md.",
)


@click.group("witness")
def command() -> None:
    """Watch logs and cosign what they add (见证)."""


@command.command("key")
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--name", help="Make the key under this name, such as witness.example.org/w1.")
def key(path: Path, name: str | None) -> None:
    """Show the verifier key of the private key in FILE; with --name, make it first.

    A key that is there is never replaced. Give the line that is printed to the log's operator.
    """
    with _told():
        signer = load_key(path) if path.exists() or name is None else make_key(path, name)
    if name not in {None, signer.name}:
        raise click.ClickException(f"{path} holds the key of {signer.name}")
    click.echo(signer.verifier.text())


@command.command("serve")
@_CONFIG
@click.option("--listen", default=DEFAULT_LISTEN, show_default=True, help="Address and port.")
@click.option("--beside", type=int, help="Stop when the parent process with this id has ended.")
def serve(config: Path, listen: str, beside: int | None) -> None:
    """Take checkpoints, cosign what holds, and look at the logs again and again."""
    with _told():
        open_witness(read_configuration(config), SystemClock())
    target = f"waybill.witness.service:application({str(config.resolve())!r})"
    # One process: it counts its answers itself, and the store lets one writer in at a time anyway.
    arguments = [
        "--workers=1",
        "--worker-class=gthread",
        f"--threads={THREADS}",
        f"--bind={listen}",
    ]
    arguments += ["--no-control-socket", "--keep-alive=5", "--graceful-timeout=10", target]
    program = [sys.executable, "-m", "gunicorn", *arguments]
    if beside is None:
        os.execv(sys.executable, program)  # noqa: S606  no shell is wanted
    serve_beside(program, beside)


def serve_beside(program: Sequence[str], parent: int) -> None:
    """Run a server until it ends, or its starter has."""
    with subprocess.Popen(program) as server:  # noqa: S603  our own program, no shell
        while server.poll() is None:
            if os.getppid() != parent:
                server.terminate()
            time.sleep(LOOK_UP_S)


@command.command("check")
@_CONFIG
def check(config: Path) -> None:
    """Look at every log once, for cron: exit 1 while an alarm stands."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    with _told():
        configuration = read_configuration(config)
        witness = open_witness(configuration, SystemClock())
    Watcher(witness=witness, pause=time.sleep).look_at_all()
    _say(witness)
    if any(log.alarms for log in states(witness)):
        raise SystemExit(1)


@command.command("show")
@_CONFIG
def show(config: Path) -> None:
    """Show what is remembered of each log, without looking at it."""
    with _told():
        witness = open_witness(read_configuration(config), SystemClock())
    _say(witness)


@command.command("dismiss")
@_CONFIG
@click.argument("origin")
def dismiss(config: Path, origin: str) -> None:
    """End the alarm `unproven` of the log ORIGIN, after you have looked into it.

    Only a log without an address needs it: one with an address is looked at and settled. No other
    alarm can be dismissed.
    """
    with _told():
        witness = open_witness(read_configuration(config), SystemClock())
    if origin not in witness.logs:
        raise click.ClickException(f"{origin} is not followed")
    with witness.store.writing() as ledger:
        count = ledger.dismiss(origin)
        silence(ledger, origin, Alarm.UNPROVEN)
    click.echo(f"{origin}: {count} dismissed")


@contextmanager
def _told() -> Iterator[None]:
    """Tell what cannot be used, and exit 1."""
    try:
        yield
    except (ConfigurationError, NoteError, OSError, sqlite3.Error) as error:
        raise click.ClickException(str(error)) from error


def _say(witness: Witness) -> None:
    for log in states(witness):
        grown = (
            f"grown {log.newest.grown_at:%Y-%m-%dT%H:%M:%SZ}"
            if log.newest.grown_at
            else "never cosigned"
        )
        click.echo(f"{log.newest.origin}: size {log.newest.size}, {grown}")
        if log.newest.trouble:
            click.echo(f"  trouble: {log.newest.trouble}")
        for kind, (since, detail) in log.alarms.items():
            click.echo(f"  ALARM {kind} since {since:%Y-%m-%dT%H:%M:%SZ}: {detail}")
