"""Reload and stop while requests come in: every one is answered."""

import http.client
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.harness.databases import Databases
from tests.harness.installed import environment, installed
from tests.harness.served_by_gunicorn import Served, ask, listening, start
from waybill.clock import SystemClock

CLIENTS = 4


@dataclass(slots=True)
class Load:
    """Clients that ask without pause, and what became of each request."""

    port: int
    outcomes: Counter[str] = field(default_factory=Counter)
    stop: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                self.outcomes[str(ask(self.port, "/readyz"))] += 1
            except (OSError, http.client.HTTPException) as error:
                self.outcomes[type(error).__name__] += 1
            time.sleep(0.005)


@contextmanager
def loaded(port: int) -> Iterator[Load]:
    load = Load(port)
    threads = [threading.Thread(target=load.run) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.stop.set()
        for thread in threads:
            thread.join()


def answered(load: Load, more: int) -> None:
    """Wait until so many more requests have been answered."""
    wanted, limit = load.outcomes["200"] + more, time.monotonic() + 30
    while load.outcomes["200"] < wanted and time.monotonic() < limit:
        time.sleep(0.02)


def workers(served: Served) -> set[str]:
    """Return the numbers of a server's processes."""
    return set(
        Path(f"/proc/{served.process.pid}/task/{served.process.pid}/children").read_text().split()
    )


@pytest.fixture(scope="module")
def environ(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, str]]:
    """The environment of an installation on SQLite, with two workers."""
    url = databases.fresh("sqlite")
    engine = databases.engine(url)
    made = installed(engine, tmp_path_factory.mktemp("keys"), SystemClock())
    engine.dispose()
    yield environment(made.settings) | {"WAYBILL_WORKERS": "2", "WAYBILL_LOG_FORMAT": "json"}
    databases.drop(url)


def test_a_reload_and_a_restart_drop_no_request_and_figures_outlive_the_processes(
    environ: dict[str, str], tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    with listening() as held:
        first = start(held, environ, journal)
        for _ in range(30):
            ask(first.port, "/q")
        with loaded(first.port) as load:
            answered(load, 40)
            before = workers(first)
            first.process.send_signal(signal.SIGHUP)
            limit = time.monotonic() + 60
            while workers(first) & before and time.monotonic() < limit:
                answered(load, 20)
            for _ in range(10):
                ask(first.port, "/q")
            replaced = not workers(first) & before
            told = {asked_in_all(first.port, "public.") for _ in range(6)}

            # The socket is the service manager's: what comes meanwhile waits in it.
            code = first.stop()
            second = start(held, environ, journal)
            answered(load, 40)
        second.stop()

    assert (replaced, code) == (True, 0)
    assert set(load.outcomes) == {"200"}, load.outcomes
    assert load.outcomes["200"] >= 100
    assert told == {40.0}


def asked_in_all(port: int, endpoint: str) -> float:
    """Return how many requests the figures count of the endpoints that begin so."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/metrics")
    lines = connection.getresponse().read().decode().splitlines()
    connection.close()
    wanted = f'waybill_http_requests_total{{endpoint="{endpoint}'
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(wanted))
