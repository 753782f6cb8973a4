"""A clock that can be set wrong from outside while a server goes by it, and that server's entry.

`gunicorn tests.harness.jumping_clock:application()` serves the product as `wsgi.py` does, but by
the machine's clock plus the seconds that stand in a file.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from flask import Flask
from typing_extensions import override

from api import create_app
from waybill.clock import FixedClock, SystemClock
from waybill.settings import Settings
from waybill.storage.commits import ImpatientConnection

CLOCK_FILE: Final = "WAYBILL_TEST_CLOCK"
CONFIRMED_WITHIN_S: Final = 2.0
ENTRY: Final = f"{__name__}:application()"


class JumpingClock(FixedClock):
    """The machine's clock, off by what a file says; every process that has the file agrees."""

    def __init__(self, path: Path) -> None:
        super().__init__(SystemClock().now())
        self._path = path

    @override
    def now(self) -> datetime:
        """Return the moment that the file makes of the present one."""
        return SystemClock().now() + timedelta(seconds=float(self._path.read_text()))

    @override
    def advance(self, step: timedelta) -> None:
        """Do nothing: here a story's steps take the time that they take."""

    def set_off(self, by: timedelta) -> None:
        """Let the clock be off by so much from now on."""
        written = self._path.with_suffix(".new")
        written.write_text(str(by.total_seconds()))
        written.rename(self._path)


def application() -> Flask:
    """Return the product, going by the clock that the environment names.

    It gives up a commit sooner than it otherwise would.
    """
    clock = JumpingClock(Path(os.environ[CLOCK_FILE]))
    ImpatientConnection.confirmed_within_s = CONFIRMED_WITHIN_S
    return create_app(Settings.from_env(os.environ), clock=clock)
