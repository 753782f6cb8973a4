"""An installation of each module's own that is broken again and again, and what counts it."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.harness.breaking import CLIENTS, LONG, Working, kinds, tell, wait_for
from tests.harness.databases import Databases
from tests.harness.demo_site import DemoSite, register_site
from tests.harness.fault_count import EVENTS, Counting
from tests.harness.fault_load import load
from tests.harness.fault_site import FaultSite, fault_site
from tests.harness.good_client import Ledger
from tests.harness.postgres import FOLLOWED, SETTINGS, PostgresServer, start_postgres
from tests.harness.slow_disk import SlowDisk
from waybill.settings import Settings

ROOM_MB: Final = 1500 if LONG else 600
KEPT: Final = {"fsync": "on", "max_wal_size": "64MB"}
"""What this server is told beside the others: it keeps what it has acknowledged."""


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
def disk(room: Path) -> Iterator[SlowDisk | None]:
    """What makes the disk slow for whatever is started from here on; none without a compiler."""
    found = SlowDisk.built(room)
    with pytest.MonkeyPatch.context() as patched:
        for name, value in found.environment.items() if found else ():
            patched.setenv(name, value)
        yield found


@pytest.fixture(scope="module")
def postgres(room: Path, disk: SlowDisk | None, dialect: str) -> Iterator[list[PostgresServer]]:  # noqa: ARG001  the disk is there first
    """A server of this module's own, the last of the list."""
    if dialect == "sqlite":
        yield []
        return
    servers = [start_postgres(room, SETTINGS | FOLLOWED | KEPT)]
    yield servers
    servers[-1].stop()


@pytest.fixture(scope="module")
def databases_here(room: Path, postgres: list[PostgresServer]) -> Databases:
    """The databases on that disk."""
    return Databases(server_url=postgres[0].url if postgres else "", folder=room, run="faults")


@pytest.fixture(scope="module")
def plant(
    databases_here: Databases, dialect: str, tmp_path_factory: pytest.TempPathFactory
) -> DemoSite:
    """The plant that is registered."""
    return register_site(databases_here, dialect, tmp_path_factory.mktemp("plant") / "keys")


@pytest.fixture(scope="module")
def site(
    plant: DemoSite, databases_here: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FaultSite]:
    """The installation that is broken again and again, and each time goes on."""
    folder = tmp_path_factory.mktemp("broken")
    with fault_site(plant, databases_here.copy(plant.url), folder) as made:
        yield made


@pytest.fixture
def elsewhere(
    plant: DemoSite, databases_here: Databases, dialect: str
) -> tuple[DemoSite, Settings]:
    """The plant, and its settings over an empty database."""
    return plant, plant.settings(databases_here.empty(dialect))


@pytest.fixture(scope="module")
def counting(site: FaultSite, tmp_path_factory: pytest.TempPathFactory) -> Counting:
    """Counts what each fault left; its verifier remembers what it saw after the one before."""
    return Counting(site=site, folder=tmp_path_factory.mktemp("counted"))


@pytest.fixture
def working(site: FaultSite, counting: Counting, request: pytest.FixtureRequest) -> Working:
    """A block in which clients are at work; at its end everything is counted."""

    @contextmanager
    def block() -> Iterator[Ledger]:
        with load(site, clients=CLIENTS) as ledger:
            yield ledger
            wait_for(lambda: "release" in kinds(ledger))
        assert ledger.failed == []
        assert ledger.unanswered() == []
        counts = counting.after(ledger)
        if LONG:
            tell(request.node.name, ledger, counts)
        assert counts.wrong() == {}
        assert set(EVENTS) <= kinds(ledger)

    return block
