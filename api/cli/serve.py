"""`waybill serve`: the server, as `deploy/gunicorn.conf.py` describes it."""

import os
import sys
from pathlib import Path
from typing import Final, NoReturn

import click

from api.cli.worker import start_beside

CONFIGURATION: Final = Path("deploy/gunicorn.conf.py")


@click.command("serve")
@click.option("--port", type=click.IntRange(1, 65535), help="Port on 127.0.0.1 (PORT; 8000).")
@click.option("--with-worker", is_flag=True, help="Start `waybill worker` beside it.")
def command(port: int | None, *, with_worker: bool) -> None:
    """Serve the API and the pages with gunicorn; the environment holds the settings."""
    if with_worker:
        start_beside()
    serve(port)


def serve(port: int | None) -> NoReturn:
    """Become the server, so that signals and exit codes are the server's own."""
    arguments = [sys.executable, "-m", "gunicorn"]
    root = Path(__file__).resolve().parents[2]
    if (root / CONFIGURATION).is_file():
        arguments += ["--config", str(root / CONFIGURATION)]
    if port is not None:
        os.environ["PORT"] = str(port)
    os.execv(sys.executable, [*arguments, "--chdir", str(root), "wsgi:application"])  # noqa: S606  no shell is wanted
