"""Fails a run that measures coverage when a part of the product falls below its floor."""

from collections.abc import Generator, Mapping
from io import StringIO
from typing import Final

import pytest
from coverage import Coverage
from coverage.exceptions import NoDataError

# Percent, branches included, of the modules whose path begins so, or of a package and all in it.
# What decides, seals or reads is tested whole; the rest nearly so.
FLOORS: Final[Mapping[str, float]] = {
    "waybill/codec": 100,
    "waybill/document": 100,
    "waybill/goods/tank_codes": 100,
    "waybill/identifiers": 100,
    "waybill/qr_payload": 100,
    "waybill/registry/scope": 100,
    "waybill/rules": 100,
    "waybill/sealing": 100,
    "waybill/transparency": 100,
    "waybill/verifier": 100,
    "scanners": 100,
    ".": 90,
}
FALLEN: Final = pytest.StashKey[list[str]]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, bool, bool]:
    """Compare with the floors after pytest-cov, inside this wrapper, has put the data together."""
    ran = yield
    measured = session.config.getoption("cov_source", default=None)
    if measured and not hasattr(session.config, "workerinput"):
        fallen = _fallen()
        session.config.stash[FALLEN] = fallen
        session.testsfailed += len(fallen)
    return ran


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say which floors did not hold, after the table that shows where."""
    for line in terminalreporter.config.stash.get(FALLEN, []):
        terminalreporter.write_line(line, red=True, bold=True)


def _fallen() -> list[str]:
    coverage = Coverage()
    coverage.load()
    lines = []
    for part, floor in FLOORS.items():
        include = None if part == "." else [f"{part}*.py", f"{part}/**"]
        try:
            percent = coverage.report(include=include, file=StringIO())
        except NoDataError:
            percent = 0.0  # a part that went away or was renamed does not pass for tested
        if percent < floor:
            lines.append(f"FAILED coverage of {part}: {percent:.2f} %, expected {floor:g} %")
    return lines
