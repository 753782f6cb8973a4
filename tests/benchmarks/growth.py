"""What a request costs with ten thousand and with a million checks stored: `make bench-growth`.

A PostgreSQL is filled with the trips of years (see `growth_rows`), and at each size the same people
do the same over HTTP, in process: waybills are written, issued, checked at the bay, decided and
released, and the pages that read are opened. Printed are, by kind of request, the medians of the
application's and the database's processor time and of the buffers that the database looked at.
"""

import os
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import click
import psycopg
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from api import create_app
from api.demo.registry import Registrar
from api.runtime import EXTENSION
from tests.benchmarks.growth_client import Measure, MeasuredClient, Spent
from tests.benchmarks.growth_indexes import (
    SINCE_THEN,
    build_indexes,
    drop_indexes,
    foreign_keys_hold,
    unused_indexes,
)
from tests.benchmarks.growth_rows import (
    OWN_SHARE,
    Connection,
    Template,
    copies,
    found_towns,
    take_template,
)
from tests.harness.accounts_http import API
from tests.harness.bay_steps import look_at_everything
from tests.harness.databases import Databases
from tests.harness.demo_site import PASSWORD, demo_settings
from tests.harness.postgres import LOG, start_postgres
from tests.harness.sequenced import counted_up
from tests.harness.stories import Town, Trip
from waybill.clock import SHANGHAI, FixedClock, SystemClock, local_date
from waybill.services.keys import add_signing_key
from waybill.services.statistics.summing import sum_entries
from waybill.storage.personal import PersonalVault
from waybill.storage.session import make_engine, session_factory, write_session

TEMPLATE: Final = ("petrol", "methanol", "petrol", "methanol-trap", "petrol", "methanol")
PLANS: Final = Path("var/growth-plans.log")
EVENING: Final = 21
MANY: Final = 20_000
"""From so many checks on that are added it is quicker to build indexes anew."""
SUMMED_AT_ONCE: Final = 100_000
"""Entries; no statement of ours may take twenty seconds."""


@dataclass(slots=True, kw_only=True)
class Site:
    """The installation that is measured."""

    url: str
    app: Flask
    town: Town
    clock: FixedClock
    begun: datetime

    @property
    def conninfo(self) -> str:
        """The database as psycopg names it."""
        return self.url.replace("+psycopg", "")


@click.command()
@click.option("--checks", "sizes", multiple=True, type=int, default=(10_000, 1_000_000))
@click.option("--trips", default=40, help="How many trips are played at each size.")
@click.option("--within", type=click.Path(path_type=Path), help="Where the database lies.")
@click.option("--explain", type=int, help="Keep plans of statements that take so many ms.")
def main(sizes: tuple[int, ...], trips: int, within: Path | None, explain: int | None) -> None:
    """Fill, measure, fill further, measure again, print."""
    server = start_postgres(within)
    try:
        with tempfile.TemporaryDirectory() as name:
            site = _site(server.url, Path(name))
            found = {}
            with psycopg.connect(site.conninfo, autocommit=True) as connection:
                _quiet(connection, explain=explain)
                for key in TEMPLATE:
                    _trip(site.town, key)
                sessions = site.app.extensions[EXTENSION].sessions
                with write_session(sessions) as session:
                    counted_up(session)
                template = take_template(connection)
                found_towns(connection)
                written = 0
                for size in sorted(sizes):
                    written = _grow(connection, sessions, template, written, size)
                    found[size] = _measured(site, trips)
                    _print(found)
                click.echo(unused_indexes(connection))
    finally:
        if explain:
            PLANS.parent.mkdir(exist_ok=True)
            PLANS.write_bytes((server.folder / LOG).read_bytes())
        server.stop()


def _site(server_url: str, folder: Path) -> Site:
    databases = Databases(server_url=server_url, folder=folder, run="bench_growth")
    url, clock = databases.fresh("postgresql"), FixedClock(SystemClock().now())
    settings = demo_settings(url, folder)
    engine = make_engine(url)
    vault = PersonalVault(settings.pii_key, settings.pii_index_key)
    with write_session(session_factory(engine)) as session:
        register = Registrar(session, vault, clock, PASSWORD).write()
        add_signing_key(session, None, folder, issuer=settings.issuer, clock=clock)
    engine.dispose()
    app = create_app(settings, clock=clock)
    return Site(
        url=url,
        app=app,
        town=Town(client=app.test_client(), register=register, clock=clock),
        clock=clock,
        begun=clock.now(),
    )


def _quiet(connection: Connection, *, explain: int | None) -> None:
    """Let the server do nothing by itself while it is measured."""
    settings = ["autovacuum = off", "max_wal_size = '8GB'", "checkpoint_timeout = '1h'"]
    if explain:
        settings += [
            "session_preload_libraries = 'auto_explain'",
            f"auto_explain.log_min_duration = {explain}",
            "auto_explain.log_analyze = on",
            "auto_explain.log_buffers = on",
        ]
    for setting in settings:
        connection.execute(f"ALTER SYSTEM SET {setting}".encode())
    connection.execute("SELECT pg_reload_conf()")


def _grow(
    connection: Connection,
    sessions: sessionmaker[Session],
    template: Template,
    written: int,
    size: int,
) -> int:
    """Write copies until so many checks are there; return how many copies there are then."""
    wanted = -(-size // template.checks)
    many = (wanted - written) * template.checks > MANY
    begun = time.perf_counter()
    built = drop_indexes(connection) if many else ()
    for done in copies(connection, template, written, wanted):
        if done % 20_000 == 0:
            click.echo(f"{done:,} copies, {time.perf_counter() - begun:.0f} s")
    build_indexes(connection, built)
    connection.execute(
        "UPDATE projection SET next_index = (SELECT max(index) + 1 FROM log_entry)"
        " WHERE name = 'tally'"
    )
    _sum_up(sessions)
    connection.execute("VACUUM (ANALYZE)")
    if not many:
        foreign_keys_hold(connection)
    connection.execute("CHECKPOINT")
    row = connection.execute(
        "SELECT (SELECT count(*) FROM loading_check), (SELECT count(*) FROM event),"
        " pg_database_size(current_database())"
    ).fetchone()
    checks, events, octets = map(int, row or (0, 0, 0))
    click.echo(
        f"{checks:,} checks, {events:,} events, {octets / 1e9:.1f} GB, one in {OWN_SHARE} of the"
        f" plant that is measured; filled in {time.perf_counter() - begun:.0f} s"
    )
    return wanted


def _sum_up(sessions: sessionmaker[Session]) -> None:
    """Make the sums by day, as the worker does."""
    summed = 1
    while summed:
        with write_session(sessions) as session:
            summed = sum_entries(session, limit=SUMMED_AT_ONCE)


def _trip(town: Town, key: str) -> Trip:
    """Play a trip to its end; none begins so late that it is loaded on the next day."""
    if town.clock.now().astimezone(SHANGHAI).hour >= EVENING:
        town.clock.advance(timedelta(hours=24 - EVENING))
    trip = town.issue(key)
    check = look_at_everything(trip)
    if check.decide().clears:
        released = check.release(str(trip.case.quantity_kg))
        if not released.clears:
            raise ValueError(released)
    return trip


def _measured(site: Site, trips: int) -> dict[str, tuple[float, float, float]]:
    """Play trips and open pages, and return medians by kind of request."""
    with psycopg.connect(site.conninfo, autocommit=True) as connection:
        connection.execute(SINCE_THEN)
    measure = Measure(site.conninfo)
    MeasuredClient.measure, MeasuredClient.spent = measure, defaultdict(Spent)
    site.app.test_client_class = MeasuredClient
    town = Town(client=site.app.test_client(), register=site.town.register, clock=site.clock)
    for number in range(trips):
        trip = _trip(town, ("petrol", "methanol")[number % 2])
        _read(town, trip, site.begun)
    return {name: spent.settled() for name, spent in MeasuredClient.spent.items()}


def _read(town: Town, trip: Trip, end: datetime) -> None:
    """Open what reads: arrivals, searches of the log, statistics, a time line."""
    auditor, register = town.account("auditor"), town.register
    day, month = (
        {"from": (end - timedelta(n)).isoformat(), "to": end.isoformat()} for n in (1, 30)
    )
    last = datetime.combine(local_date(end), datetime.min.time(), SHANGHAI)
    days = {"from": (last - timedelta(30)).isoformat(), "to": last.isoformat()}
    plant = {"facility": str(register.facility)}
    counts = "/statistics/counts"
    asked: dict[str, tuple[str, str, dict[str, str]]] = {
        "statistics, day": ("auditor", counts, day | {"by": "outcome"}),
        "statistics, 30 days": ("auditor", counts, month | {"by": "outcome"}),
        "statistics, plant, 30 days": ("auditor", counts, month | plant | {"by": "outcome"}),
        "carriers, 30 whole days": ("auditor", counts, days | {"by": "carrier"}),
        "arrivals of a plant": ("loader", "/waybills", {"status": "issued"} | plant),
        "arrivals": ("loader", "/waybills", {"status": "issued"}),
        "checks of a plant": ("loader", "/checks", {}),
        "waybills of a carrier": ("carrier", "/waybills", {}),
        "search: waybill": ("auditor", "/events", {"waybill": trip.id}),
        "search: plate": ("auditor", "/events", {"plate": trip.case.tractor}),
        "search: plant": ("auditor", "/events", plant),
        "search: plant, day": ("auditor", "/events", day | plant),
        "search: everything": ("auditor", "/events", {}),
    }
    for name, (who, path, query) in asked.items():
        town.client.open(
            API + path,
            method="GET",
            query_string=query,
            headers={"Authorization": f"Bearer {town.account(who).token}"},
            what=name,
        )
    auditor.get(f"/waybills/{trip.id}/story")


def _print(found: dict[int, dict[str, tuple[float, float, float]]]) -> None:
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    click.echo(f"\nload {load}; application ms / database ms / buffers; last: ratio to the first")
    click.echo(f"{'':24}" + "".join(f"{f'{size:,} checks':>26}" for size in found))
    first = next(iter(found.values()))
    for name in sorted(first):
        told = "".join(
            f"{a:>10.2f}{d:>8.2f}{b:>8.0f}"
            for a, d, b in (each[name] for each in found.values() if name in each)
        )
        last = list(found.values())[-1].get(name, first[name])
        ratio = sum(last[:2]) / sum(first[name][:2])
        click.echo(f"{name:24}{told}   ×{ratio:.2f} ×{last[2] / max(1, first[name][2]):.2f}")


if __name__ == "__main__":
    main()
