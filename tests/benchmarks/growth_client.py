"""A client that notes what each request took of processor time and of the database's buffers."""

import re
import statistics
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import psycopg
from flask.testing import FlaskClient
from typing_extensions import override

from api.runtime import EXTENSION
from tests.harness.accounts_http import API

SETTLED: Final = 11
"""So many of a kind come first: a statement is prepared, and planned once for all values."""
ACTS: Final[dict[str, str]] = {
    rf"POST {API}/waybills": "draft",
    rf"POST {API}/waybills/[^/]+/issue": "issue",
    rf"POST {API}/checks": "open",
    rf"POST {API}/checks/[^/]+/scans": "scan",
    rf"POST {API}/checks/[^/]+/answers": "answer",
    rf"POST {API}/checks/[^/]+/decision": "decide",
    rf"POST {API}/checks/[^/]+/release": "release",
    rf"GET {API}/waybills/[^/]+": "waybill",
    rf"GET {API}/checks/[^/]+": "check",
    rf"GET {API}/waybills/[^/]+/story": "time line",
}


@dataclass(slots=True)
class Spent:
    """What requests of one kind took, one by one."""

    application_ms: list[float] = field(default_factory=list)
    database_ms: list[float] = field(default_factory=list)
    buffers: list[int] = field(default_factory=list)

    def settled(self) -> tuple[float, float, float]:
        """Return the medians of all but the first."""
        first = min(SETTLED, len(self.buffers) // 2)
        kept = (each[first:] for each in (self.application_ms, self.database_ms, self.buffers))
        application_ms, database_ms, buffers = (statistics.median(each) for each in kept)
        return application_ms, database_ms, buffers


class Measure:
    """What of processor time and buffers the database's processes took so far."""

    def __init__(self, conninfo: str) -> None:
        """Look at the server through a connection of its own."""
        self._look = psycopg.connect(conninfo, autocommit=True)

    def backends(self) -> list[int]:
        """Return the processes that serve the application."""
        rows = self._look.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'waybill'"
        )
        return [pid for (pid,) in rows]

    def taken(self) -> tuple[int, int]:
        """Return nanoseconds and buffers, hits and reads, of all that serve the application."""
        pids = self.backends()
        ns = sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in pids)
        row = self._look.execute(
            "SELECT coalesce(sum(coalesce(hits, 0) + coalesce(reads, 0)), 0)"
            " FROM unnest(%s::int[]) AS pid, pg_stat_get_backend_io(pid)",
            (pids,),
        ).fetchone()
        return ns, int(row[0]) if row else 0


class MeasuredClient(FlaskClient):
    """A client that notes what each request took, by its kind."""

    measure: Measure
    spent: defaultdict[str, Spent]

    @override
    def open(self, *args: Any, **kwargs: Any) -> Any:
        what = str(kwargs.pop("what", "")) or self._kind(args, kwargs)
        before_ns, before = self._settle()
        begun = time.process_time_ns()
        answer = super().open(*args, **kwargs)
        own_ns = time.process_time_ns() - begun
        after_ns = self._busy_ns()
        _, after = self._settle()
        if answer.status_code < HTTPStatus.BAD_REQUEST:
            spent = self.spent[what]
            spent.application_ms.append(own_ns / 1e6)
            spent.database_ms.append((after_ns - before_ns) / 1e6)
            spent.buffers.append(after - before)
        return answer

    def _busy_ns(self) -> int:
        return self.measure.taken()[0]

    def _settle(self) -> tuple[int, int]:
        """Let the server's process tell what it counted, and return what it has taken."""
        engine = self.application.extensions[EXTENSION].engine
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT pg_stat_force_next_flush()")
        return self.measure.taken()

    @staticmethod
    def _kind(args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
        path = str(args[0] if args else kwargs.get("path", "")).partition("?")[0]
        asked = f"{kwargs.get('method', 'GET')} {path}"
        return next((name for way, name in ACTS.items() if re.fullmatch(way, asked)), "other")
