"""What starting, serving and drawing cost: `make bench-costs`.

Printed are the time until a process of the server is ready and the memory that each of its workers
holds, new and after a thousand requests, loaded before and after the fork; and what a QR code and
a printed page take of processor time. Memory is what a worker alone would give back (private) and
that plus its share of what it has in common with others (proportional).
"""

import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import click
from flask.testing import FlaskClient

from tests.benchmarks.product_load import Product, product
from tests.harness.accounts_http import API
from tests.harness.page_user import PageUser
from tests.harness.postgres import start_postgres
from tests.harness.served_by_gunicorn import ROOT, Served, listening, start

REQUESTS: Final = 1000
WORKERS: Final = 2
RUNS: Final = 30
READY: Final = """
import resource, time
begun = time.perf_counter()
import wsgi
used = resource.getrusage(resource.RUSAGE_SELF)
print(time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


@click.command()
@click.option("--requests", default=REQUESTS, help="How many are made before memory is read again.")
def main(requests: int) -> None:
    """Measure and print."""
    server = start_postgres()
    try:
        with tempfile.TemporaryDirectory() as name:
            made = product(server.url, Path(name))
            load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
            click.echo(f"{os.cpu_count()} processors, load {load}")
            _ready(made.environ)
            for preloaded in (False, True):
                _memory(made, requests, Path(name), preloaded=preloaded)
            _drawn(made)
    finally:
        server.stop()


def _ready(environ: Mapping[str, str]) -> None:
    """Say what a new process takes until it could answer."""
    told = [
        subprocess.run(
            [sys.executable, "-c", READY],
            env={**environ, "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for _ in range(5)
    ]
    wall_s, busy_s, mib = (statistics.median(map(float, each)) for each in zip(*told, strict=True))
    click.echo(f"ready after {wall_s:.2f} s, {busy_s:.2f} s of processor time, with {mib:.0f} MiB")


def _memory(made: Product, requests: int, folder: Path, *, preloaded: bool) -> None:
    """Serve as installed, and say what master and workers hold before and after requests."""
    environ = made.environ | {"WAYBILL_WORKERS": str(WORKERS)}
    environ |= {"GUNICORN_CMD_ARGS": "--preload"} if preloaded else {}
    begun = time.perf_counter()
    with listening() as held:
        served = start(held, environ, folder / "journal.txt")
        took_s = time.perf_counter() - begun
        try:
            new = _told(served)
            _ask(made, served.port, requests)
            click.echo(
                f"{'loaded before the fork' if preloaded else 'as installed'}: first answer after"
                f" {took_s:.1f} s; {new}; after {requests} requests {_told(served)}"
            )
        finally:
            served.stop()


def _told(served: Served) -> str:
    """Return the memory of master and workers, in MiB."""
    master = served.process.pid
    children = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()
    workers = [_held_mib(int(child)) for child in children]
    whole = sum(shared for _, shared in (_held_mib(master), *workers))
    each = " and ".join(f"{own:.0f} ({shared:.0f})" for own, shared in workers)
    return f"workers {each} MiB private (proportional), all processes {whole:.0f}"


def _held_mib(process: int) -> tuple[float, float]:
    text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    lines = re.findall(r"^(\w+):\s+(\d+) kB", text, re.MULTILINE)
    kib = {name: int(value) for name, value in lines}
    return (kib["Private_Clean"] + kib["Private_Dirty"]) / 1024, kib["Pss"] / 1024


def _ask(made: Product, port: int, requests: int) -> None:
    """Scan and list by turns, each connection used for twenty requests."""
    lines, headers = made.lines("scan"), made.headers()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for number in range(requests):
        if number % 20 == 0:
            connection.close()
        path, body = lines[number % len(lines)].split("\t")
        if number % 2:
            connection.request("POST", path, body=body, headers=headers)
        else:
            connection.request("GET", f"{API}/waybills", headers=headers)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status >= http.HTTPStatus.BAD_REQUEST:
            raise ValueError(json.loads(said))
    connection.close()


def _drawn(made: Product) -> None:
    """Say what it costs to draw a code and to typeset a page."""
    trip = made.town.issue("petrol")
    client, loader = made.app.test_client(), made.town.carrier("anda")
    signed = {"Authorization": f"Bearer {loader.token}"}
    pages = made.app.test_client()
    PageUser(client=pages).sign_in("carrier")
    path = f"{API}/waybills/{trip.id}"
    for what, act in {
        "QR code, SVG": _get(client, f"{path}/qr.svg", signed),
        "QR code, PNG": _get(client, f"{path}/qr.png", signed),
        "waybill, read": _get(client, path, signed),
        "waybill, PDF": _get(pages, f"/waybills/{trip.id}/print.pdf", {}),
    }.items():
        first_ms, octets = act()
        rest = statistics.median(act()[0] for _ in range(RUNS))
        click.echo(f"{what:16}{first_ms:>8.1f} ms first, then {rest:.1f} ms; {octets:,} bytes")


def _get(
    client: FlaskClient, path: str, headers: Mapping[str, str]
) -> Callable[[], tuple[float, int]]:
    def get() -> tuple[float, int]:
        begun = time.process_time()
        answer = client.get(path, headers=dict(headers))
        if answer.status_code != http.HTTPStatus.OK:
            raise ValueError(answer.get_data(as_text=True))
        return (time.process_time() - begun) * 1000, len(answer.get_data())

    return get


if __name__ == "__main__":
    main()
