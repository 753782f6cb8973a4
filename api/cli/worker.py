"""`waybill worker`: what an installation does by itself, beside the server."""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Final

import click
from sqlalchemy.exc import OperationalError

from api.cli.installation import environment_settings
from waybill.clock import SystemClock
from waybill.settings import Settings
from waybill.storage.session import make_engine, session_factory
from waybill.worker import Worker, Workplace, leadership

TURN_S: Final = 5.0
"""How often is looked whether a job is due, or the lock to be had."""


@click.command("worker")
@click.option("--once", is_flag=True, help="Do every job once and stop; exit 1 if another leads.")
@click.option("--beside", type=int, help="Stop when the parent process with this id has ended.")
def command(*, once: bool, beside: int | None) -> None:
    """Judge open waybills again as their loading draws near. Several wait for each other."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    settings = environment_settings()
    if once:
        if not work_once(settings):
            raise click.ClickException("another worker of this installation is at work")
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    work(settings, stop, alone=lambda: beside is not None and os.getppid() != beside)


def work_once(settings: Settings) -> bool:
    """Do every job once, and return whether the lock was to be had."""
    engine = make_engine(settings.database_url)
    try:
        with leadership(engine) as leads:
            if leads:
                place = Workplace(
                    engine=engine, sessions=session_factory(engine), clock=SystemClock()
                )
                for name, count in Worker(place=place).round().items():
                    click.echo(f"{name}: {count}")
            return leads
    finally:
        engine.dispose()


def work(settings: Settings, stop: threading.Event, *, alone: Callable[[], bool]) -> None:
    """Wait for the lock and do what is due, until told to stop or left alone."""
    engine = make_engine(settings.database_url)
    place = Workplace(engine=engine, sessions=session_factory(engine), clock=SystemClock())
    worker = Worker(place=place)
    while not stop.is_set() and not alone():
        try:
            with leadership(engine) as leads:
                while leads and not stop.is_set() and not alone():
                    worker.round()
                    stop.wait(TURN_S)
        except OperationalError:
            logging.getLogger("waybill.worker").exception("the database is away")
        stop.wait(TURN_S)
    engine.dispose()


def start_beside() -> None:
    """Start a worker that ends with this process, also when this one becomes the server."""
    program = "from api.cli import main; main()"
    arguments = [sys.executable, "-c", program, "worker", "--beside", str(os.getpid())]
    subprocess.Popen(arguments, close_fds=True)  # noqa: S603  our own program, no shell
