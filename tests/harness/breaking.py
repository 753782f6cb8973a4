"""What every test that breaks something under load goes by, and what it writes down."""

import os
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Final

import psycopg
import pytest

from tests.harness.fault_count import Counts
from tests.harness.fault_site import FaultSite
from tests.harness.good_client import Ledger
from tests.harness.verifying import REPOSITORY

LONG: Final = os.environ.get("FAULTS") == "long"
SECONDS: Final = 40.0 if LONG else 2.0
ROUNDS: Final = 12 if LONG else 1
CLIENTS: Final = 6 if LONG else 3
PATIENCE_S: Final = 60
"""How long it may take at most, on a machine that does much else, until something is done again."""

Working = Callable[[], AbstractContextManager[Ledger]]


def wait_for(happens: Callable[[], bool]) -> bool:
    """Give something the time that it takes on a machine that does much else; say if it did."""
    until = time.monotonic() + PATIENCE_S
    while not (so := happens()) and time.monotonic() < until:
        time.sleep(0.1)
    return so


def tell(name: str, ledger: Ledger, counts: Counts) -> None:
    """Write a line of the table in docs/faults.md."""
    met = ", ".join(f"{many} × {what}" for what, many in ledger.met.most_common())
    figures = [counts.acknowledged, counts.lost.total(), counts.doubled.total()]
    figures += [counts.halves.total(), counts.answered_otherwise]
    slowest = max(ledger.took_s)
    with (REPOSITORY / "var" / "faults.md").open("a") as file:
        told = " | ".join(map(str, figures))
        file.write(f"| {name} | {told} | {slowest:.1f} s | {met} |\n")


def kinds(ledger: Ledger) -> set[str]:
    """Return the kinds of acts of which some were acknowledged."""
    return {act.kind for act in ledger.acknowledged()}


def superuser(site: FaultSite) -> psycopg.Connection:
    """Connect to the installation's database beside its network; skip where there is no server."""
    if site.network is None:
        pytest.skip("SQLite has no server and no network to it")
    return psycopg.connect(site.settings.database_url.replace("+psycopg", ""), autocommit=True)
