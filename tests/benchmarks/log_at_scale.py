"""What the desk does with a log of ten million events on PostgreSQL: `make bench-log`.

Searches are made as the page makes them, the record of each search included, at the first, the
middle and the last page of what is found; printed are milliseconds of wall time, median and 99th
percentile, and of processor time, which does not grow when others use the machine. An export runs
in a process of its own; printed are its time and the greatest memory it took. The server is one of
our own unless `--database` names another.
"""

import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from tests.benchmarks.log_rows import BAYS, CARRIERS, FACILITIES, PLATES, RULES, Rows, end_of, fill
from tests.benchmarks.log_rows import name as named
from tests.benchmarks.log_tree import plant
from tests.harness.accounts import seed_accounts
from tests.harness.postgres import start_postgres
from waybill.clock import FixedClock
from waybill.codec import least_id_at
from waybill.registry.access import Actor, Role
from waybill.registry.kinds import PlateColour
from waybill.services.desk.export_run import ExportPlace, run_exports
from waybill.services.desk.exports import ExportFormat, request_export
from waybill.services.event_search import EventQuery, search_events, wanted_by
from waybill.services.identity.access import actor_of
from waybill.services.keys import add_signing_key
from waybill.services.paging import PageRequest
from waybill.storage.desk import ExportJobRow
from waybill.storage.event_lists import AboutOne
from waybill.storage.events import EventKind, EventResult
from waybill.storage.identity import UserRow
from waybill.storage.log import EventSubjectRow
from waybill.storage.migrate import upgrade
from waybill.storage.session import make_engine, session_factory, write_session

BEGIN: Final = datetime(2026, 1, 1, tzinfo=UTC)
RUNS: Final = 60
PARTS: Final = ("fill", "plant", "search", "export")
PAGE: Final = PageRequest(limit=50)
KINDS: Final = (EventKind.CHECK_DECIDED, EventKind.CODE_SCANNED)
Query = Callable[[random.Random, Rows], EventQuery]


def _facility(draw: random.Random) -> UUID:
    return UUID(named("facility", int(draw.random() ** 2 * FACILITIES)))


def _span(draw: random.Random, rows: Rows, days: int) -> tuple[datetime, datetime]:
    begin = rows.begin + timedelta(days=draw.randrange(rows.days - days))
    return begin, begin + timedelta(days=days)


def _facility_and_time(days: int) -> Query:
    def query(draw: random.Random, rows: Rows) -> EventQuery:
        begin, end = _span(draw, rows, days)
        return EventQuery(facility_id=_facility(draw), from_at=begin, to_at=end)

    return query


CASES: Final[dict[str, Query]] = {
    "waybill": lambda d, r: EventQuery(
        waybill_id=UUID(named("waybill", d.randrange(r.events // 12)))
    ),
    "plate with its colour": lambda d, _: EventQuery(
        plate=f"苏H{d.randrange(PLATES):05d}", plate_colour=PlateColour.YELLOW
    ),
    "plate in any colour": lambda d, _: EventQuery(plate=f"苏H{d.randrange(PLATES):05d}"),
    "facility, one day": _facility_and_time(1),
    "facility, thirty days": _facility_and_time(30),
    "busiest facility": lambda _d, _r: EventQuery(facility_id=UUID(named("facility", 0))),
    "facility, thirty days, released": lambda d, r: EventQuery(
        facility_id=_facility(d),
        kind=EventKind.LOAD_RELEASED,
        from_at=(span := _span(d, r, 30))[0],
        to_at=span[1],
    ),
    "bay": lambda d, _: EventQuery(bay_id=UUID(named("bay", d.randrange(FACILITIES * BAYS)))),
    "carrier, refused": lambda d, _: EventQuery(
        organisation_id=UUID(named("carrier", int(d.random() ** 2 * CARRIERS))),
        outcome=EventResult.REFUSED,
    ),
    "facility, rule": lambda d, _: EventQuery(facility_id=_facility(d), rule=d.choice(RULES)),
    "goods, rule, refused": lambda d, _: EventQuery(
        un_number=f"{1000 + d.randrange(60)}", rule=d.choice(RULES), outcome=EventResult.REFUSED
    ),
    "facility, carrier": lambda d, _: EventQuery(
        facility_id=_facility(d), organisation_id=UUID(named("carrier", d.randrange(CARRIERS)))
    ),
    "two that never meet": lambda _d, _r: EventQuery(
        facility_id=UUID(named("facility", 0)), bay_id=UUID(named("bay", BAYS + 1))
    ),
    "kind": lambda d, _: EventQuery(
        kind=d.choice((EventKind.CHECK_DECIDED, EventKind.CODE_SCANNED))
    ),
    "everything": lambda _d, _r: EventQuery(),
}


@click.command()
@click.option("--events", default=10_000_000, help="How many events the log has.")
@click.option("--rows", "wanted", default=1_000_000, help="How many of them are exported.")
@click.option("--database", help="A PostgreSQL database; without it a server of our own.")
@click.option("--part", "parts", multiple=True, type=click.Choice(PARTS), default=PARTS)
def main(events: int, wanted: int, database: str | None, parts: tuple[str, ...]) -> None:
    """Fill an empty database, search it, export from it, print."""
    rows = Rows(events=events, begin=BEGIN)
    server = None if database else start_postgres()
    url = database or str(server and server.url)
    try:
        if "fill" in parts:
            upgrade(url)
            _timed("filled", partial(fill, url.replace("+psycopg", ""), rows))
            with write_session(session_factory(make_engine(url))) as session:
                seed_accounts(session, end_of(rows))
        if "plant" in parts:
            with tempfile.TemporaryDirectory() as folder:
                _timed("planted", partial(plant, url, rows, Path(folder)))
        if "search" in parts:
            _search(url, rows)
        if parts == ("export",):
            _export(url, rows, wanted)
        elif "export" in parts:
            sizes = ["--events", str(events), "--rows", str(wanted), "--database", url]
            command = [sys.executable, "-m", "tests.benchmarks.log_at_scale", *sizes]
            subprocess.run([*command, "--part", "export"], check=True)
    finally:
        if server:
            server.stop()


def _timed(what: str, act: Callable[[], object]) -> None:
    begun = time.perf_counter()
    act()
    click.echo(f"{what} in {time.perf_counter() - begun:.0f} s")


def _search(url: str, rows: Rows) -> None:
    sessions = session_factory(make_engine(url))
    clock = FixedClock(end_of(rows))
    with write_session(sessions) as session:
        actor = actor_of(_auditor(session))
        size = session.scalar(select(func.pg_database_size(func.current_database())))
        subjects = session.scalar(select(func.count()).select_from(EventSubjectRow))
    click.echo(f"{rows.events:,} events, {subjects:,} subjects, {(size or 0) / 1e9:.1f} GB")
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    click.echo(f"{os.cpu_count()} processors, load {load}")
    click.echo(f"{'':32}{'first page':>16}{'middle':>16}{'last page':>16}{'processor':>11}")
    click.echo(
        f"{'milliseconds':32}{'median    p99':>16}{'median    p99':>16}{'median    p99':>16}"
    )
    for name, query in CASES.items():
        spent, busy_ms = _case(sessions, actor, query, rows, clock)
        told = "".join(f"{_median(t):>8.1f}{_p99(t):>8.1f}" for t in spent)
        click.echo(f"{name:32}{told}{busy_ms:>11.1f}")


def _case(
    sessions: sessionmaker[Session], actor: Actor, query: Query, rows: Rows, clock: FixedClock
) -> tuple[tuple[list[float], ...], float]:
    """Return what pages at three places took, each of another thing of the same kind.

    The second is what one of them took of processors on average, here and in the server.
    """
    busy_s = 0.0
    spent: tuple[list[float], list[float], list[float]] = ([], [], [])
    draw = random.Random(11)  # noqa: S311  the same things every time
    for _ in range(RUNS):
        wanted = query(draw, rows)
        with write_session(sessions) as session:
            places = (None, *_places(session, wanted, rows))
        for times, after in zip(spent, places, strict=True):
            request = PageRequest(limit=PAGE.limit, after=after)
            with write_session(sessions) as session:
                process = session.scalar(select(func.pg_backend_pid())) or 0
            begun, before_s = time.perf_counter(), _busy_s(process)
            with write_session(sessions) as session:
                search_events(session, actor, wanted, request, source=session, clock=clock)
            times.append((time.perf_counter() - begun) * 1000)
            busy_s += _busy_s(process) - before_s
    return spent, busy_s * 1000 / (RUNS * len(spent))


def _busy_s(process: int) -> float:
    """Return the processor time that this process and the server's have taken, in seconds.

    The kernel counts the server's in hundredths; over many searches that evens out. Of a server on
    another machine nothing is known.
    """
    path = Path(f"/proc/{process}/stat")
    ticks = path.read_text().rpartition(")")[2].split()[11:13] if path.exists() else ()
    return time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _places(session: Session, query: EventQuery, rows: Rows) -> Iterator[UUID]:
    """Yield behind which id the middle page and the last page of a search begin."""
    wanted = wanted_by(session, query)
    begin, end = query.from_at or rows.begin, query.to_at or end_of(rows)
    yield least_id_at(begin + (end - begin) / 2)
    about = [each for each in wanted.lists if isinstance(each, AboutOne)]
    column = EventSubjectRow.event_id
    oldest = [least_id_at(begin + (end - begin) / 200)]
    if len(about) == len(wanted.lists) == 1 and query.from_at is None:
        keyed = select(column).where(
            EventSubjectRow.subject_kind == about[0].kind.value,
            EventSubjectRow.subject_key.in_(about[0].keys),
        )
        oldest = list(session.scalars(keyed.order_by(column).offset(PAGE.limit).limit(1))) or oldest
    yield oldest[0]


def _median(times: list[float]) -> float:
    return statistics.median(times)


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


def _export(url: str, rows: Rows, wanted: int) -> None:
    """Export the newest events and say what that took of time and memory."""
    sessions = session_factory(make_engine(url))
    clock = FixedClock(end_of(rows))
    begin = end_of(rows) - timedelta(days=rows.days) * (wanted / rows.events)
    formats = (ExportFormat.CSV, ExportFormat.NDJSON)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with write_session(sessions) as session:
            user = _auditor(session)
            add_signing_key(session, None, folder, issuer="bench", clock=clock)
            query = EventQuery(from_at=begin, to_at=end_of(rows))
            export = request_export(session, actor_of(user), query, formats, clock=clock)
        place = ExportPlace(
            sessions=sessions,
            clock=clock,
            folder=folder,
            key_dir=folder,
            issuer="bench",
            kept_for=timedelta(days=1),
        )
        before = _peak_mib()
        begun = time.perf_counter()
        run_exports(place)
        spent = time.perf_counter() - begun
        with write_session(sessions) as session:
            done = session.get_one(ExportJobRow, export.id)
        click.echo(
            f"exported {done.rows_done:,} rows as CSV and NDJSON in {spent:.0f} s,"
            f" {done.rows_done / spent:,.0f} a second, {(done.size or 0) / 1e6:,.0f} MB;"
            f" greatest memory {_peak_mib():.0f} MiB, {before:.0f} before it began ({done.status})"
        )


def _auditor(session: Session) -> UserRow:
    return session.scalars(select(UserRow).where(UserRow.role == Role.AUDITOR)).one()


def _peak_mib() -> float:
    """Return the greatest memory so far; `getrusage` would count that of whoever started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+([0-9]+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


if __name__ == "__main__":
    main()
