"""What an installation does by itself: a table of jobs, done by one process at a time.

Whoever holds the installation's lock leads; the others wait for it. The lock ends with the process
or connection that holds it, so that a leader that dies is followed by the next at once.
"""

import fcntl
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple
from uuid import uuid4

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, sessionmaker

from waybill.clock import Clock, local_date
from waybill.journal import within
from waybill.registry.personal import RetentionRun
from waybill.services.desk.export_run import ExportPlace, expire_exports, run_exports
from waybill.services.keys import KeyRing, read_key_table
from waybill.services.measures.in_time import due_measures, move_in_time
from waybill.services.patterns.finding import anything_new, look_for_patterns
from waybill.services.personal.photos import erase_due_photos
from waybill.services.personal.retention import ran_on, run_retention
from waybill.services.preclearance import NEW_DAY, due_waybills, rejudge_waybill
from waybill.services.reports.making import make_reports
from waybill.services.reports.totals import close_days
from waybill.services.statistics.projecting import project_entries, waiting_entries
from waybill.services.statistics.summing import sum_entries, sums_waiting
from waybill.storage.session import ALONE, read_session, write_session

LOCK_NUMBER: Final = 0x776F726B6572
"""Names the leader's lock on PostgreSQL; no other lock of ours is taken by number."""
LOCK_SUFFIX: Final = ".worker"
LOGGER: Final = logging.getLogger("waybill.worker")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """What jobs work with. Without `keys` those that sign do nothing."""

    engine: Engine
    sessions: sessionmaker[Session]
    clock: Clock
    keys: Callable[[], KeyRing] | None = None
    exports: ExportPlace | None = None


class Job(NamedTuple):
    """Something that is done again and again; `run` returns how much it did.

    One that is done `aside` may take long: it has a thread of its own and holds up no other.
    """

    name: str
    every: timedelta
    run: Callable[[Workplace], int]
    aside: bool = False


def rejudge_due(place: Workplace) -> int:
    """Judge again every open waybill whose turn it is, each in a transaction of its own."""
    with read_session(place.sessions) as session:
        waybill_ids = due_waybills(session, now=place.clock.now())
        keys = read_key_table(session)
    done = 0
    for waybill_id in waybill_ids:
        try:
            with write_session(place.sessions) as session:
                kept = rejudge_waybill(session, waybill_id, keys, clock=place.clock, cause=NEW_DAY)
        except Exception:
            # One that cannot be judged must not keep the others from it.
            LOGGER.exception("waybill %s was not judged again", waybill_id)
            continue
        done += kept is not None
    return done


def move_measures(place: Workplace) -> int:
    """Begin, end and let lapse what is due of the authority's measures, each in its transaction."""
    with read_session(place.sessions) as session:
        measure_ids = due_measures(session, clock=place.clock)
    done = 0
    for measure_id in measure_ids:
        try:
            with write_session(place.sessions) as session:
                done += move_in_time(session, measure_id, clock=place.clock)
        except Exception:
            # One that cannot be moved must not keep the others from it.
            LOGGER.exception("measure %s was not moved", measure_id)
    return done


SUMS_A_TURN: Final = 20
"""Batches: after an upgrade all of the log is summed, and the other jobs are not held up by it."""


def count_log(place: Workplace) -> int:
    """Carry over to the tables for counting what the log has gained, a batch a transaction."""
    done = 0
    with read_session(place.sessions) as session:
        waiting = waiting_entries(session)
    while waiting:
        with write_session(place.sessions) as session:
            read = project_entries(session)
        done += read
        waiting = read > 0
    with read_session(place.sessions) as session:
        waiting = sums_waiting(session)
    for _ in range(SUMS_A_TURN):
        if not waiting:
            break
        with write_session(place.sessions) as session:
            waiting = sum_entries(session) > 0
    return done


def find_patterns(place: Workplace) -> int:
    """Look for patterns in what was carried over since the last look."""
    with read_session(place.sessions) as session:
        if not anything_new(session):
            return 0
    with write_session(place.sessions) as session:
        return look_for_patterns(session, clock=place.clock)


def retain_daily(place: Workplace) -> int:
    """Erase personal values whose time has come, once a day (Asia/Shanghai), with a report."""
    now = place.clock.now()
    with read_session(place.sessions) as session:
        if ran_on(session, local_date(now)):
            return 0
    return retain(place.sessions, now).report.erased_total


def retain(sessions: sessionmaker[Session], now: datetime) -> RetentionRun:
    """Erase what no period holds any longer: photographs in batches, then values, with a report."""
    photos, erased = 0, 1
    while erased:
        with write_session(sessions) as session:
            erased = erase_due_photos(session, now=now)
        photos += erased
    with write_session(sessions) as session:
        return run_retention(session, now=now, photos_erased=photos)


def make_ordered_reports(place: Workplace) -> int:
    """Make the reports that are asked for."""
    if place.keys is None:
        return 0
    return make_reports(place.sessions, place.keys, clock=place.clock)


def close_days_over(place: Workplace) -> int:
    """Sign the totals of the days that are over."""
    if place.keys is None:
        return 0
    return close_days(place.sessions, place.keys, clock=place.clock)


def make_exports(place: Workplace) -> int:
    """Make the exports that are asked for, and remove the files of old ones."""
    if place.exports is None:
        return 0
    expire_exports(place.exports)
    return run_exports(place.exports)


JOBS: Final = (
    Job("pre-clearance", timedelta(minutes=1), rejudge_due),
    Job("measures", timedelta(minutes=1), move_measures),
    Job("statistics", timedelta(seconds=5), count_log),
    Job("patterns", timedelta(minutes=1), find_patterns),
    Job("retention", timedelta(minutes=10), retain_daily),
    Job("reports", timedelta(seconds=5), make_ordered_reports),
    Job("daily-totals", timedelta(minutes=1), close_days_over),
    Job("exports", timedelta(seconds=1), make_exports, aside=True),
)


@dataclass(slots=True, kw_only=True)
class Worker:
    """Does the jobs whose time has come; `begun` says when each was last begun."""

    place: Workplace
    jobs: tuple[Job, ...] = JOBS
    begun: dict[str, datetime] = field(default_factory=dict)
    aside: dict[str, threading.Thread] = field(default_factory=dict)

    def round(self, *, wait: bool = True) -> Mapping[str, int]:
        """Do every job that is due, and return how much each did.

        A job that fails is told in the log and done again at its next turn. Without `wait`, those
        that are done aside are begun and not counted.
        """
        done: dict[str, int] = {}
        for job in self.jobs:
            now = self.place.clock.now()
            since = self.begun.get(job.name)
            if since is not None and now - since < job.every:
                continue
            self.begun[job.name] = now
            if job.aside and not wait:
                self._begin_aside(job)
            else:
                done |= self._do(job)
        return done

    def _do(self, job: Job) -> Mapping[str, int]:
        try:
            with within(f"{job.name}-{uuid4().hex[:8]}"):
                return {job.name: job.run(self.place)}
        except Exception:
            LOGGER.exception("the job %s failed", job.name)
            return {}

    def _begin_aside(self, job: Job) -> None:
        """Begin a job in a thread that ends with the process, unless it is still being done."""
        before = self.aside.get(job.name)
        if before is None or not before.is_alive():
            thread = threading.Thread(target=self._do, args=(job,), name=job.name, daemon=True)
            self.aside[job.name] = thread
            thread.start()


@contextmanager
def leadership(engine: Engine) -> Iterator[bool]:
    """Hold the lock of the installation's worker, and say whether it was to be had."""
    held = _lock_file(engine) if engine.dialect.name == "sqlite" else _advisory_lock(engine)
    with held as leads:
        yield leads


@contextmanager
def _advisory_lock(engine: Engine) -> Iterator[bool]:
    with engine.connect().execution_options(**{ALONE: True}) as connection:
        leads = bool(connection.scalar(select(func.pg_try_advisory_lock(LOCK_NUMBER))))
        try:
            yield leads
        finally:
            if leads:
                connection.execute(select(func.pg_advisory_unlock(LOCK_NUMBER)))


@contextmanager
def _lock_file(engine: Engine) -> Iterator[bool]:
    path = Path(str(engine.url.database) + LOCK_SUFFIX)
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
