"""A nation's busiest minutes on one machine: `make bench-burst`.

Waybills are issued and codes scanned at a rate that does not wait for answers, by real gunicorn
with two workers, on a database that waits for its disk, while the worker enters all events in the
log. The rate is held for minutes, then raised until the 99th percentile passes the limit. Latency
counts from when a request was due, so that a server that stalls is not asked less.
"""

import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Final
from uuid import UUID, uuid4

import click
from sqlalchemy import Engine, Uuid, bindparam, text

from tests.benchmarks.product_load import Product, product
from tests.benchmarks.throughput import PROGRAMS, wait_for_port
from tests.harness.postgres import SETTINGS, start_postgres
from waybill.clock import SystemClock
from waybill.codec import new_id
from waybill.storage.base import Instant
from waybill.storage.session import make_engine

PORT: Final = 28_600
CONNECTIONS: Final = 24
SCANS_PER_CHECK: Final = 12
WARM_UP_S: Final = 20
AHEAD_S: Final = 4
DURABLE: Final = {**SETTINGS, "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
"""As a real server is run: a commit is answered when the disk has it."""
_COPY_CHECK: Final = (
    "INSERT INTO loading_check (id, waybill_id, revision, facility_id, bay_id, opened_by,"
    " opened_at,"
    " event_id, status, version) SELECT :new, waybill_id, revision, facility_id, bay_id, opened_by,"
    " opened_at, event_id, status, version FROM loading_check WHERE id = :old"
)
_COPY_EVIDENCE: Final = (
    "INSERT INTO check_evidence (id, check_id, recorded_at, recorded_by, item, event_id) SELECT"
    " :item, :new, recorded_at, recorded_by, item, event_id FROM check_evidence"
    " WHERE check_id = :old ORDER BY id LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Act:
    """A request: when it is due, in seconds from the start, and what it says."""

    due_s: float
    kind: str
    account: str
    path: str
    body: str


@dataclass(slots=True)
class Told:
    """What one step showed: latencies in seconds, refusals, the log's delay and what was used."""

    took: dict[str, list[float]] = field(default_factory=lambda: {"scan": [], "issue": []})
    refused: int = 0
    behind_s: float = 0.0
    busy: float = 0.0

    def p(self, hundredth: int) -> float:
        """Return a percentile of all requests, in milliseconds."""
        return statistics.quantiles(self.all, n=100)[hundredth - 1] * 1000

    @property
    def all(self) -> list[float]:
        """All latencies."""
        return [*self.took["scan"], *self.took["issue"]]


@click.command()
@click.option("--database", type=click.Choice(["postgresql", "sqlite"]), default="postgresql")
@click.option("--workers", default=2, help="Of gunicorn.")
@click.option("--scans", default=115.0, help="A second.")
@click.option("--issues", default=33.0, help="A second.")
@click.option("--minutes", default=10.0, help="How long the first rate is held.")
@click.option("--step", default=60, help="Seconds of each rate after it.")
@click.option("--factor", default=1.1, help="By which the rate is raised each time.")
@click.option("--limit", default=100.0, help="Milliseconds of the 99th percentile that end it.")
def main(  # noqa: PLR0917  options
    database: str,
    workers: int,
    scans: float,
    issues: float,
    minutes: float,
    step: int,
    factor: float,
    limit: float,
) -> None:
    """Measure and print."""
    server = start_postgres(settings=DURABLE) if database == "postgresql" else None
    try:
        with tempfile.TemporaryDirectory() as name:
            made = product(server.url if server else "", Path(name), dialect=database)
            engine = make_engine(made.url)
            with _running(made, workers, Path(name)) as processes:
                click.echo(
                    f"{'scans/s':>8}{'issues/s':>9}{'sent':>8}{'refused':>8}{'p50 ms':>8}"
                    f"{'p99 ms':>8}{'scan p99':>9}{'issue p99':>10}{'log behind s':>13}{'cores':>7}"
                )
                _hold(made, engine, processes, scans, issues, WARM_UP_S)
                rate, seconds = 1.0, minutes * 60
                while True:
                    told = _hold(made, engine, processes, scans * rate, issues * rate, seconds)
                    _print(told, scans * rate, issues * rate)
                    if told.refused or told.p(99) > limit:
                        break
                    rate, seconds = rate * factor, step
            engine.dispose()
    finally:
        if server:
            server.stop()


@contextmanager
def _running(made: Product, workers: int, folder: Path) -> Iterator[list[int]]:
    """Serve, and enter events in the log; yield the processes."""
    env = made.environ | {"PORT": str(PORT), "WAYBILL_WORKERS": str(workers)}
    gunicorn = [str(PROGRAMS / "gunicorn"), "--config", "deploy/gunicorn.conf.py"]
    commands = ([*gunicorn, "wsgi:application"], [str(PROGRAMS / "waybill"), "worker"])
    with (folder / "said.log").open("wb") as log:
        started = [subprocess.Popen(each, env=env, stdout=log, stderr=log) for each in commands]
    try:
        wait_for_port(PORT)
        yield [each.pid for each in started]
    finally:
        for each in started:
            each.terminate()
        for each in started:
            each.wait()


def _hold(  # noqa: PLR0917
    made: Product, engine: Engine, processes: list[int], scans: float, issues: float, seconds: float
) -> Told:
    carriers = list(made.drafts)
    drafts = sorted(
        (random.uniform(0, seconds), carriers[n % len(carriers)], new_id())  # noqa: S311  no secret
        for n in range(int(issues * seconds))
    )
    acts = sorted(
        [*_scans(made, engine, scans, seconds), *(_issue(*each) for each in drafts)],
        key=lambda act: act.due_s,
    )
    heads = {account: made.headers_of(account) for account in ("loader", *carriers)}
    told, done = Told(), Event()
    yard = _Yard(made, engine, drafts)
    yard.turn(0)
    watch = Thread(target=_watch, args=(engine, yard, told, done))
    watch.start()
    before, begun = _busy_s(processes), time.monotonic()
    asyncio.run(_send(acts, heads, told))
    told.busy = (_busy_s(processes) - before) / (time.monotonic() - begun)
    done.set()
    watch.join()
    return told


def _scans(made: Product, engine: Engine, scans: float, seconds: float) -> Iterator[Act]:
    """Make checks enough, and spread their scans by chance, as people do."""
    checks = _checks(made, engine, int(scans * seconds / SCANS_PER_CHECK) + 1)
    for number in range(int(scans * seconds)):
        turn, check = divmod(number, len(checks))
        body = json.dumps({"text": made.cards[turn % len(made.cards)]})
        path = f"/api/v1/checks/{checks[check]}/scans"
        yield Act(random.uniform(0, seconds), "scan", "loader", path, body)  # noqa: S311  no secret


def _issue(due_s: float, carrier: str, draft: UUID) -> Act:
    body = json.dumps({"accept_findings": True})
    return Act(due_s, "issue", carrier, f"/api/v1/waybills/{draft}/issue", body)


@dataclass(slots=True)
class _Yard:
    """All trips go in one tank here, so they come and go: in life no tank has thousands at once."""

    made: Product
    engine: Engine
    drafts: list[tuple[float, str, UUID]]

    def turn(self, at_s: float) -> None:
        """Write the drafts that are due soon; what is issued drives off with its goods."""
        soon = [each for each in self.drafts if each[0] < at_s + AHEAD_S]
        self.drafts = self.drafts[len(soon) :]
        for account in self.made.drafts:
            if ids := [draft for _, carrier, draft in soon if carrier == account]:
                self.made.write_drafts(self.engine, account, ids)
        with self.engine.begin() as connection:
            connection.execute(_DEPART, {"now": SystemClock().now()})


def _checks(made: Product, engine: Engine, number: int) -> list[UUID]:
    """Open checks by copying those that were opened, each as it then stood."""
    copies = [(new_id(), UUID(made.checks[n % len(made.checks)])) for n in range(number)]
    rows = [{"new": new, "old": old, "item": new_id()} for new, old in copies]
    values = [bindparam(name, type_=Uuid()) for name in ("new", "old", "item")]
    with engine.begin() as connection:
        for statement, taken in ((_COPY_CHECK, values[:2]), (_COPY_EVIDENCE, values)):
            connection.execute(text(statement).bindparams(*taken), rows)
    return [each for each, _ in copies]


async def _send(acts: Sequence[Act], heads: dict[str, dict[str, str]], told: Told) -> None:
    """Send each when it is due, each over a connection of its own, as the proxy does."""
    queue: asyncio.Queue[Act | None] = asyncio.Queue()
    begun = time.monotonic()
    senders = [asyncio.create_task(_sender(queue, begun, heads, told)) for _ in range(CONNECTIONS)]
    for act in acts:
        wait_s = begun + act.due_s - time.monotonic()
        if wait_s > 0:
            await asyncio.sleep(wait_s)
        queue.put_nowait(act)
    for _ in senders:
        queue.put_nowait(None)
    await asyncio.gather(*senders)


async def _sender(
    queue: "asyncio.Queue[Act | None]", begun: float, heads: dict[str, dict[str, str]], told: Told
) -> None:
    while (act := await queue.get()) is not None:
        body = act.body.encode()
        lines = {**heads[act.account], "Idempotency-Key": uuid4().hex, "Host": "127.0.0.1"}
        lines |= {"Connection": "close", "Content-Length": str(len(body))}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        reader, writer = await asyncio.open_connection("127.0.0.1", PORT)
        writer.write(f"POST {act.path} HTTP/1.1\r\n{head}\r\n".encode() + body)
        status = await _answer(reader)
        writer.close()
        told.took[act.kind].append(time.monotonic() - begun - act.due_s)
        told.refused += status not in (200, 201)


async def _answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
    await reader.readexactly(length)
    return int(head[9:12])


_DEPART: Final = text(
    "UPDATE waybill SET status = 'released', released_at = :now WHERE status = 'issued'"
    " AND id NOT IN (SELECT waybill_id FROM loading_check)"
).bindparams(bindparam("now", type_=Instant()))


def _watch(engine: Engine, yard: _Yard, told: Told, done: Event) -> None:
    """Ask each second how old the oldest event is that has no place in the log yet."""
    begun = time.monotonic()
    while not done.wait(1):
        yard.turn(time.monotonic() - begun)
        with engine.connect() as connection:
            oldest = connection.execute(
                text("SELECT event_id FROM event_pending ORDER BY event_id LIMIT 1")
            ).scalar()
        if oldest is not None:
            born_ms = int(str(oldest).replace("-", "")[:12], 16)  # its id begins with its time
            told.behind_s = max(told.behind_s, time.time() - born_ms / 1000)


def _busy_s(processes: list[int]) -> float:
    """Return the processor time of processes, their children, and PostgreSQL."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            said = path.read_text()
        except OSError:
            continue
        parts = said.rpartition(")")[2].split()
        own = {int(path.parent.name), int(parts[1])} & set(processes)
        if own or said.partition("(")[2].startswith("postgres"):
            ticks += sum(map(int, parts[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _print(told: Told, scans: float, issues: float) -> None:
    each = {
        kind: statistics.quantiles(took, n=100)[98] * 1000 if len(took) > 1 else 0.0
        for kind, took in told.took.items()
    }
    click.echo(
        f"{scans:8.0f}{issues:9.0f}{len(told.all):8,}{told.refused:8}{told.p(50):8.1f}"
        f"{told.p(99):8.1f}{each['scan']:9.1f}{each['issue']:10.1f}{told.behind_s:13.2f}"
        f"{told.busy:7.2f}"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
