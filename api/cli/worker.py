"""`waybill worker`: what an installation does by itself, beside the server.

It exits 3 when the log is not what it signed, and adds nothing to it: see docs/operations.md.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Final

import click
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from api.cli.installation import environment_settings
from waybill.clock import SystemClock
from waybill.collecting import Collecting, collecting
from waybill.errors import WaybillError
from waybill.journal import keep_journal
from waybill.outbound.witnesses import WitnessListError, read_witnesses
from waybill.sequencing import Sequencing, sequencing
from waybill.services.desk.export_run import ExportPlace
from waybill.services.keys import KeyKeeper
from waybill.services.log.sequencer import LogTerms
from waybill.settings import Settings
from waybill.storage.replica import make_replica
from waybill.storage.session import make_engine, session_factory
from waybill.storage.slow import watch_statements
from waybill.transparency.errors import TransparencyError
from waybill.worker import Worker, Workplace, leadership

TURN_S: Final = 5.0
"""How often is looked whether a job is due, or the lock to be had."""
LOG_REFUSED: Final = 3
"""The exit code when the log must not be added to."""


class LogRefusedError(click.ClickException):
    """The log must not be added to; the words say why."""

    exit_code = LOG_REFUSED


@click.command("worker")
@click.option("--once", is_flag=True, help="Do every job once and stop; exit 1 if another leads.")
@click.option("--beside", type=int, help="Stop when the parent process with this id has ended.")
def command(*, once: bool, beside: int | None) -> None:
    """Sequence the log, have it cosigned, and judge open waybills again as loading draws near.

    Several workers wait for each other.
    """
    settings = environment_settings()
    keep_journal(settings.log_format)
    try:
        read_witnesses(settings.witnesses)
    except WitnessListError as error:
        raise click.ClickException(str(error)) from error
    if once:
        if not work_once(settings):
            raise click.ClickException("another worker of this installation is at work")
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if not work(settings, stop, alone=lambda: beside is not None and os.getppid() != beside):
        sys.exit(LOG_REFUSED)


def work_once(settings: Settings) -> bool:
    """Do every job once, and return whether the lock was to be had."""
    engine = make_engine(settings.database_url)
    try:
        with leadership(engine) as leads:
            if leads:
                place = workplace(settings, engine)
                click.echo(f"log: {_sequencer(settings, place).all()}")
                if settings.witnesses is not None:
                    click.echo(f"cosignatures: {_collector(settings, place).once()}")
                for name, count in Worker(place=place).round().items():
                    click.echo(f"{name}: {count}")
            return leads
    except (TransparencyError, WaybillError) as error:
        raise LogRefusedError(str(error)) from error
    finally:
        engine.dispose()


def workplace(settings: Settings, engine: Engine) -> Workplace:
    """Return what the jobs of an installation work with."""
    sessions, clock = session_factory(engine), SystemClock()
    keeper = KeyKeeper(sessions, settings.key_dir, clock)
    exports = ExportPlace(
        sessions=sessions,
        replica=make_replica(settings, engine),
        clock=clock,
        folder=settings.exports_dir,
        key_dir=settings.key_dir,
        issuer=settings.issuer,
        kept_for=settings.exports_kept_for,
    )
    return Workplace(
        engine=engine, sessions=sessions, clock=clock, keys=keeper.ring, exports=exports
    )


def work(settings: Settings, stop: threading.Event, *, alone: Callable[[], bool]) -> bool:
    """Wait for the lock and do what is due, until told to stop or left alone.

    Return whether the log could be added to; where not, the worker's work ends at once.
    """
    engine = make_engine(settings.database_url)
    watch_statements(engine, settings.slow_statement_ms)
    place = workplace(settings, engine)
    worker = Worker(place=place)
    refused = False
    while not (stop.is_set() or alone() or refused):
        try:
            with leadership(engine) as leads:
                if leads:
                    with (
                        sequencing(_sequencer(settings, place)) as log,
                        collecting(_collector(settings, place)),
                    ):
                        while not (stop.is_set() or alone() or log.refusal):
                            worker.round(wait=False)
                            _rest(stop, log)
                    refused = log.refusal is not None
        except OperationalError:
            logging.getLogger("waybill.worker").exception("the database is away")
        if not refused:
            stop.wait(TURN_S)
    engine.dispose()
    return not refused


def _sequencer(settings: Settings, place: Workplace) -> Sequencing:
    return Sequencing(sessions=place.sessions, terms=LogTerms.of(settings), clock=place.clock)


def _collector(settings: Settings, place: Workplace) -> Collecting:
    listed = read_witnesses(settings.witnesses)
    return Collecting(sessions=place.sessions, listed=listed, clock=place.clock)


def _rest(stop: threading.Event, log: Sequencing) -> None:
    """Wait for the next turn, a second at a time, so that a refusal ends it."""
    for _ in range(int(TURN_S)):
        if stop.wait(1) or log.refusal:
            return


def start_beside() -> None:
    """Start a worker that ends with this process, also when this one becomes the server."""
    program = "from api.cli import main; main()"
    arguments = [sys.executable, "-c", program, "worker", "--beside", str(os.getpid())]
    subprocess.Popen(arguments, close_fds=True)  # noqa: S603  our own program, no shell
