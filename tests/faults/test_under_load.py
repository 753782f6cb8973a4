"""What breaks while carriers and loaders are at work, and what is counted afterwards.

Real gunicorn, real workers, real PostgreSQL or SQLite. Whatever happens: each acknowledged act is
there once, nothing is there by half, who asks again gets the first answer byte for byte, and the
log verifies. `make faults-long` does the same for minutes and writes what it counted.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

import psycopg
import pytest

from tests.harness.database_proxy import Moment
from tests.harness.databases import Databases
from tests.harness.demo_site import register_site
from tests.harness.fault_count import Counting, Counts
from tests.harness.fault_load import load
from tests.harness.fault_site import FaultSite, fault_site
from tests.harness.good_client import Ledger
from tests.harness.postgres import PostgresServer, start_postgres, stopped_hard
from tests.harness.verifying import REPOSITORY
from waybill.sequencing import sequencing

LONG: Final = os.environ.get("FAULTS") == "long"
SECONDS: Final = 40.0 if LONG else 2.0
ROUNDS: Final = 12 if LONG else 1
SLOW: Final = 8
"""As many as all workers have threads."""
SILENCE_S: Final = 8.0
"""Longer than the server lets a client be silent."""
HALF_REQUESTS: Final = (
    b"POST /api/v1/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Type: app",
    (
        b"POST /api/v1/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b'Content-Length: 100\r\n\r\n{"username"'
    ),
    b"",
)
BREAKING_OFF: Final = (
    (
        "CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF random() < 0.05 THEN RAISE EXCEPTION 'forced' USING ERRCODE = TG_ARGV[0]; END IF;"
        " RETURN NEW; END $$"
    ),
    "CREATE TRIGGER at_once AFTER INSERT ON event FOR EACH ROW EXECUTE FUNCTION break_off('40P01')",
    (
        "CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON event DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION break_off('40001')"
    ),
)
"""Of twenty transactions one is broken off as by a deadlock, one as not serialisable."""
ROOM_MB: Final = 600
PATIENCE_S: Final = 60
"""How long it may take at most, on a machine that does much else, until something is done again."""
CLIENTS: Final = 6 if LONG else 3


@pytest.fixture(scope="module")
def room() -> Iterator[Path]:
    """A disk of the database's own, so that it can be full; a mere folder without root."""
    folder = Path(tempfile.mkdtemp(prefix="waybill-room-", dir="/tmp"))
    folder.chmod(0o755)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM_MB}m,mode=755", "tmpfs", str(folder)]
    subprocess.run(mount, check=False, capture_output=True)
    yield folder
    if folder.is_mount():
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607  the system's own
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def postgres(room: Path, dialect: str) -> Iterator[list[PostgresServer]]:
    """A server of this module's own, the last of the list; it keeps what it has acknowledged."""
    if dialect == "sqlite":
        yield []
        return
    servers = [start_postgres(room)]
    with psycopg.connect(conninfo(servers), autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET synchronous_commit = on")
        connection.execute("ALTER SYSTEM SET max_wal_size = '64MB'")
        connection.execute("ALTER SYSTEM SET deadlock_timeout = '200ms'")
        connection.execute("SELECT pg_reload_conf()")
    yield servers
    servers[-1].stop()


@pytest.fixture(scope="module")
def site(
    room: Path,
    postgres: list[PostgresServer],
    dialect: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[FaultSite]:
    """The installation that is broken again and again, and each time goes on."""
    folder = tmp_path_factory.mktemp("broken")
    databases = Databases(server_url=postgres[0].url if postgres else "", folder=room, run="faults")
    plant = register_site(databases, dialect, folder / "keys")
    with fault_site(plant, databases.copy(plant.url), folder) as made:
        yield made


@pytest.fixture(scope="module")
def counting(site: FaultSite, tmp_path_factory: pytest.TempPathFactory) -> Counting:
    """Counts what each fault left; its verifier remembers what it saw after the one before."""
    return Counting(site=site, folder=tmp_path_factory.mktemp("counted"))


Working = Callable[[], AbstractContextManager[Ledger]]


@pytest.fixture
def working(site: FaultSite, counting: Counting, request: pytest.FixtureRequest) -> Working:
    """A block in which clients are at work; at its end everything is counted."""

    @contextmanager
    def block() -> Iterator[Ledger]:
        with load(site, clients=CLIENTS) as ledger:
            yield ledger
            wait_for(lambda: bool(ledger.acknowledged()))
        assert ledger.failed == []
        assert ledger.unanswered() == []
        counts = counting.after(ledger)
        if LONG:
            tell(request.node.name, ledger, counts)
        assert counts.wrong() == {}
        assert counts.acknowledged > 0

    return block


def wait_for(happens: Callable[[], bool]) -> None:
    """Give something the time that it takes on a machine that does much else."""
    until = time.monotonic() + PATIENCE_S
    while not happens() and time.monotonic() < until:
        time.sleep(0.1)


def tell(name: str, ledger: Ledger, counts: Counts) -> None:
    """Write a line of the table in docs/faults.md."""
    met = ", ".join(f"{many} × {what}" for what, many in ledger.met.most_common())
    figures = [counts.acknowledged, counts.lost.total(), counts.doubled.total()]
    figures += [counts.halves.total(), counts.answered_otherwise]
    slowest = max(ledger.took_s)
    with (REPOSITORY / "var" / "faults.md").open("a") as file:
        told = " | ".join(map(str, figures))
        file.write(f"| {name} | {told} | {slowest:.1f} s | {met} |\n")


def conninfo(servers: list[PostgresServer], site: FaultSite | None = None) -> str:
    """Return how a superuser reaches the server, or the installation's database in it."""
    url = site.settings.database_url if site else servers[-1].url
    return url.replace("+psycopg", "")


def on_postgresql(site: FaultSite) -> None:
    if site.network is None:
        pytest.skip("SQLite has no server and no network to it")


class TestServer:
    def test_workers_are_killed(self, site: FaultSite, working: Working) -> None:
        with working() as ledger:
            for _ in range(ROUNDS):
                time.sleep(SECONDS / 2)
                for worker in site.workers()[:1] if not LONG else site.workers():
                    os.kill(worker, signal.SIGKILL)
                site.wait_until_served()
            time.sleep(SECONDS / 2)
        assert "500" not in ledger.met

    @pytest.mark.skipif(not LONG, reason="starting the server anew takes longer than all the rest")
    def test_the_whole_server_is_killed_and_started_again(
        self, site: FaultSite, working: Working
    ) -> None:
        with working() as ledger:
            for _ in range(ROUNDS if LONG else 1):
                time.sleep(SECONDS / 2)
                site.stop(signal.SIGKILL)
                site.start()
        assert "500" not in ledger.met

    @pytest.mark.skipif(not LONG, reason="to be hung up on takes longer than most of the rest")
    def test_slow_clients_and_half_requests_hold_up_nobody(
        self, site: FaultSite, working: Working
    ) -> None:
        halves = [socket.create_connection(("127.0.0.1", site.port)) for _ in range(SLOW)]
        for number, half in enumerate(halves):
            half.sendall(HALF_REQUESTS[number % len(HALF_REQUESTS)])
        with working() as ledger:
            time.sleep(max(SECONDS, SILENCE_S))
        for half in halves:
            half.close()
        assert "500" not in ledger.met


class TestDatabase:
    def test_it_is_stopped_hard(
        self, site: FaultSite, postgres: list[PostgresServer], working: Working
    ) -> None:
        on_postgresql(site)
        with working() as ledger:
            for _ in range(ROUNDS):
                time.sleep(SECONDS / 2)
                postgres.append(stopped_hard(postgres[-1]))
            time.sleep(SECONDS / 2)
        assert "500" not in ledger.met

    @pytest.mark.parametrize("moment", list(Moment), ids=lambda moment: moment.name.lower())
    def test_connections_are_cut(self, site: FaultSite, moment: Moment, working: Working) -> None:
        on_postgresql(site)
        assert site.network is not None
        before = site.network.cuts
        with (
            working() as ledger,
            site.network.breaking(moment, 0.05 if moment is Moment.MID_STATEMENT else 0.2),
        ):
            time.sleep(SECONDS)
        assert site.network.cuts > before
        assert "500" not in ledger.met

    def test_it_breaks_off_transactions(
        self, site: FaultSite, postgres: list[PostgresServer], working: Working
    ) -> None:
        on_postgresql(site)
        with psycopg.connect(conninfo(postgres, site), autocommit=True) as connection:
            for statement in BREAKING_OFF:
                connection.execute(statement)
            with working() as ledger:
                time.sleep(SECONDS)
                connection.execute("DROP FUNCTION break_off CASCADE")
        assert "500" not in ledger.met

    def test_it_is_slow(self, site: FaultSite, working: Working) -> None:
        on_postgresql(site)
        assert site.network is not None
        with working() as ledger, site.network.slow(0.03):
            time.sleep(SECONDS)
        assert "500" not in ledger.met

    def test_its_disk_is_full(
        self, room: Path, postgres: list[PostgresServer], working: Working
    ) -> None:
        if not room.is_mount():
            pytest.skip("a small disk is mounted by root only")
        with working() as ledger:
            for _ in range(ROUNDS):
                time.sleep(SECONDS / 4)
                fill(room)
                time.sleep(SECONDS / 2)
                wait_for(lambda: ledger.met["503"] > 0)
                (room / "filler").unlink()
                if postgres and postgres[-1].process.poll() is not None:
                    postgres.append(stopped_hard(postgres[-1]))
                time.sleep(SECONDS / 4)
        assert "500" not in ledger.met
        assert ledger.met["503"] > 0


class TestOutside:
    def test_the_clock_jumps(self, site: FaultSite, working: Working) -> None:
        with working() as ledger:
            for hours in (2, -1, 0) * (ROUNDS if LONG else 1):
                time.sleep(SECONDS / 3)
                site.clock.set_off(timedelta(hours=hours))
        assert "500" not in ledger.met

    def test_the_sequencer_is_dead_for_ten_minutes_and_two_come_back(
        self, site: FaultSite, working: Working
    ) -> None:
        with working() as ledger:
            time.sleep(SECONDS / 2)
            site.clock.set_off(timedelta(minutes=10))
            with sequencing(site.sequencer()) as one, sequencing(site.sequencer()) as other:
                time.sleep(SECONDS / 2)
        site.clock.set_off(timedelta())
        assert (one.refusal, other.refusal) == (None, None)
        assert "500" not in ledger.met


def fill(room: Path) -> None:
    """Write until there is no room left."""
    with (room / "filler").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(1 << 16))
