"""What breaks while carriers and loaders are at work, and what is counted afterwards.

Real gunicorn, real workers, real PostgreSQL or SQLite. Whatever happens: each acknowledged act is
there once, nothing is there by half, who asks again gets the first answer byte for byte, and the
log verifies. `make faults-long` does the same for minutes and writes what it counted.
"""

import os
import signal
import socket
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from tests.harness.breaking import LONG, ROUNDS, SECONDS, Working, kinds, superuser, tell, wait_for
from tests.harness.database_proxy import Moment
from tests.harness.demo_site import DemoSite
from tests.harness.fault_bureau import bureau
from tests.harness.fault_count import Counting
from tests.harness.fault_site import FaultSite, fault_site
from tests.harness.operator_locks import deadlocks, locking_the_other_way, tell_server
from tests.harness.postgres import PostgresServer, stopped_hard
from tests.harness.restored import PROGRAMS, LogNow, ask_again, run
from tests.harness.slow_disk import SlowDisk
from waybill.sequencing import sequencing
from waybill.settings import Settings
from waybill.storage import commits
from waybill.storage.session import make_engine, read_session

SLOW: Final = 8
"""As many as all workers have threads."""
DISK_MS: Final = 400 if LONG else 200
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
        if site.network is None:
            pytest.skip("SQLite has no server that could be stopped")
        with working() as ledger:
            for _ in range(ROUNDS):
                time.sleep(SECONDS / 2)
                postgres.append(stopped_hard(postgres[-1]))
            time.sleep(SECONDS / 2)
        assert "500" not in ledger.met

    @pytest.mark.parametrize("moment", list(Moment), ids=lambda moment: moment.name.lower())
    def test_connections_are_cut(self, site: FaultSite, moment: Moment, working: Working) -> None:
        if site.network is None:
            pytest.skip("SQLite has no network to it")
        before = site.network.cuts
        with (
            working() as ledger,
            site.network.breaking(moment, 0.05 if moment is Moment.MID_STATEMENT else 0.2),
        ):
            time.sleep(SECONDS)
        assert site.network.cuts > before
        assert "500" not in ledger.met

    def test_it_breaks_off_transactions(self, site: FaultSite, working: Working) -> None:
        with superuser(site) as connection:
            for statement in BREAKING_OFF:
                connection.execute(statement)
            with working() as ledger:
                time.sleep(SECONDS)
                connection.execute("DROP FUNCTION break_off CASCADE")
        assert "500" not in ledger.met

    def test_it_is_slow(self, site: FaultSite, working: Working) -> None:
        if site.network is None:
            pytest.skip("SQLite has no network to it")
        with working() as ledger, site.network.slow(0.03):
            time.sleep(SECONDS)
        assert "500" not in ledger.met

    def test_two_transactions_lock_each_other_out(self, site: FaultSite, working: Working) -> None:
        with superuser(site) as connection, working() as ledger:
            before = deadlocks(connection)
            with bureau(site):
                time.sleep(SECONDS)
            of_its_own = deadlocks(connection) - before
            broken_off = locking_the_other_way(connection, SECONDS)
        assert of_its_own == 0
        assert broken_off > 0
        assert "500" not in ledger.met

    def test_it_confirms_no_commit(
        self, site: FaultSite, working: Working, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(commits, "CONFIRMED_WITHIN_S", 0.5)
        read, told = [], []
        with superuser(site) as connection, working() as ledger:
            for _ in range(ROUNDS):
                time.sleep(SECONDS / 4)
                unanswered = ledger.met["503"]
                tell_server(connection, "synchronous_standby_names", "nobody")
                wait_for(lambda: ledger.met["503"] > unanswered)  # noqa: B023  called here
                read.append(wait_for(lambda: site.is_alive("/blacklist")))
                told.append(wait_for(lambda: not confirms(site)))
                tell_server(connection, "synchronous_standby_names", "")
        assert (read, told) == ([True] * ROUNDS, [True] * ROUNDS)
        assert confirms(site)
        assert "500" not in ledger.met

    def test_its_disk_is_slow(self, disk: SlowDisk | None, working: Working) -> None:
        if disk is None:
            pytest.skip("no C compiler (cc) is here to make a disk slow with")
        with working() as ledger, disk.slow(DISK_MS):
            time.sleep(SECONDS)
        assert disk.waited() > 2
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


class TestBackup:
    def test_what_is_restored_has_all_that_was_acknowledged_before_and_names_the_rest(
        self,
        site: FaultSite,
        elsewhere: tuple[DemoSite, Settings],
        counting: Counting,
        working: Working,
        tmp_path: Path,
    ) -> None:
        counting.begin()
        begun_with, backup, (plant, settings) = counting.before, tmp_path / "backup", elsewhere
        with working() as ledger, sequencing(site.sequencer()):
            wait_for(lambda: "release" in kinds(ledger))
            before = ledger.acknowledged()
            made = run(site.settings, "backup", backup, *PROGRAMS)
            time.sleep(SECONDS / 2)
        was = LogNow.of(site.engines[0])
        (tmp_path / "seen").write_bytes(was.note)

        restored = run(settings, "restore", backup, "--seen", tmp_path / "seen", *PROGRAMS)
        engine = make_engine(settings.database_url)
        found = LogNow.of(engine)
        engine.dispose()
        succeeded = run(settings, "log", "succeed", "--yes", "--reason", "恢复自备份")
        with fault_site(plant, settings.database_url, tmp_path, workers=1) as anew:
            again, first = ask_again(anew, ledger.acknowledged())
            counts = Counting(site=anew, folder=tmp_path, before=begun_with).after(again)

        assert (made.exit_code, restored.exit_code, succeeded.exit_code) == (0, 1, 0)
        assert f"{was.size - found.size} published entries are lost" in restored.output
        assert found.events == was.events[: found.size]
        assert [act for act in before if act not in first] == []
        assert len(first) < len(again.acts)
        if LONG:
            tell("restored, and everything sent again", again, counts)
        assert counts.wrong() == {}


def confirms(site: FaultSite) -> bool:
    """Return what `/readyz` and `waybill check` go by."""
    with read_session(site.sessions) as session:
        return commits.confirms_commits(session)


def fill(room: Path) -> None:
    """Write until there is no room left."""
    with (room / "filler").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(1 << 16))
