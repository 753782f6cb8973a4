"""Fails a run that measures coverage when a part of the product falls below its floor."""

from collections.abc import Generator, Mapping
from io import StringIO
from typing import Final, Protocol

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
UNMEASURED: Final = frozenset({"browser", "workflows"})
"""Folders of tests that go whole ways through what the others test piece by piece."""
UNMEASURED_FILES: Final = "test_pages_"
"""Tests of pages alone: no floor but that of all is about pages, and it holds without them."""
FALLEN: Final = pytest.StashKey[list[str]]()


class Controller(Protocol):
    """What pytest-cov hands over of its measuring."""

    started: bool

    def pause(self) -> None:
        """Stop measuring for a while."""

    def resume(self) -> None:
        """Go on measuring."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put what is measured first: what a process imports or reads once is then measured too."""
    if config.getoption("cov_source", default=None):
        items.sort(key=lambda item: not _measured(item))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(
    item: pytest.Item, nextitem: pytest.Item | None
) -> Generator[None, object, object]:
    """Measure what a test runs, unless another test runs the same lines for certain.

    Measuring doubles the time a test takes. What runs in both dialects is measured in
    PostgreSQL's run; whole stories, pages and browsers not at all, nor made-up requests: no line
    may depend on luck.
    """
    plugin = item.config.pluginmanager.getplugin("_cov")
    controller: Controller | None = getattr(plugin, "cov_controller", None)
    if controller is None:
        return (yield)
    if controller.started and not _measured(item):
        controller.pause()
    elif not controller.started and _measured(item):
        controller.resume()
    try:
        return (yield)
    finally:
        if nextitem is None and not controller.started:
            controller.resume()


def _measured(item: pytest.Item) -> bool:
    callspec = getattr(item, "callspec", None)
    dialect = None if callspec is None else callspec.params.get("dialect")
    if dialect == "sqlite" or item.get_closest_marker("made_up"):
        return False
    if item.path.name.startswith(UNMEASURED_FILES):
        return False
    return UNMEASURED.isdisjoint(item.path.relative_to(item.config.rootpath).parts)


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
