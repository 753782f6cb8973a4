"""How far a long command has come, on one line of standard error."""

import time
from dataclasses import dataclass, field
from typing import Final

import click

LINE_EVERY_S: Final = 0.2


@dataclass(slots=True)
class ProgressLine:
    """One line on standard error that is written over and over: how much, how fast."""

    shown: bool
    _first: tuple[float, int] | None = None
    _last_s: float = 0.0
    _open: bool = field(default=False)

    def show(self, done: int, total: int) -> None:
        """Say that so many of all are done."""
        now = time.monotonic()
        if not self.shown:
            return
        if self._first is None:
            self._first = now, done
        if now - self._last_s < LINE_EVERY_S and done < total:
            return
        self._last_s, self._open = now, True
        began_s, began = self._first
        rate = (done - began) / max(now - began_s, 0.001)
        percent = 100 * done / max(total, 1)
        click.echo(f"\r{percent:5.1f} %  {done}/{total}  {rate:,.0f}/s ", nl=False, err=True)

    def end(self) -> None:
        """Leave the line as it stands."""
        if self._open:
            click.echo(err=True)
