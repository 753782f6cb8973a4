"""Plots as our own SVG: bars and columns that are links, read without colour and at any width.

Lengths along the page are percentages and all else is in pixels, so that words keep their size on
a phone. Series differ by filling (plain, hatched), figures stand at their bars, and colours come
from the page's own style sheet, so that they follow the theme.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

ROW_PX: Final = 52
BAR_PX: Final = 18
BAR_SHARE: Final = 82
"""How much of the width the longest bar takes, in percent: the figure stands behind it."""
PLOT_PX: Final = 180
TOP_PX: Final = 22
AXIS_PX: Final = 26
LEFT_SHARE: Final = 9.0
"""Left of the columns, in percent, for the figures of the axis."""
FIGURED_COLUMNS: Final = 16
"""Up to so many columns each has its figure on top; more would not be read."""
LABEL_PX: Final = 20
TICKS: Final = 12
WIDE_TICKS: Final = 6
"""How many columns are named: fewer where names are long, so that a phone keeps them apart."""
WIDE: Final = 3
FEW: Final = 8
_STEPS: Final = (1, 2, 4, 6, 8)

FILLINGS: Final = (
    '<svg class="fillings" width="0" height="0" aria-hidden="true" focusable="false"><defs>'
    '<pattern id="filling-1" width="8" height="8" patternUnits="userSpaceOnUse"'
    ' patternTransform="rotate(45)"><rect class="ground" width="8" height="8"/>'
    '<rect class="stroke" width="4" height="8"/></pattern></defs></svg>'
)
"""The filling of the second series, once per page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar or part of a column. `said` is all that it says, for those who do not see it."""

    value: int
    said: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledBar(Bar):
    """A bar with its label above it."""

    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Parts that stand on each other, the first below; `label` stands under the column."""

    label: str
    parts: tuple[Bar, ...]

    @property
    def total(self) -> int:
        """The column's whole."""
        return sum(part.value for part in self.parts)


def bars_svg(bars: Sequence[LabelledBar], label: str, *, series: int = 0) -> str:
    """Return bars that lie under each other, each with its label above and its figure behind."""
    longest = max((bar.value for bar in bars), default=0) or 1
    drawn = "".join(
        _lying(bar, number * ROW_PX, bar.value / longest * BAR_SHARE, series)
        for number, bar in enumerate(bars)
    )
    return _svg(drawn, len(bars) * ROW_PX, label)


def _lying(bar: LabelledBar, top: int, share: float, series: int) -> str:
    base = top + 22
    return (
        f'<foreignObject x="0" y="{top}" width="100%" height="{LABEL_PX}" aria-hidden="true">'
        f'<p xmlns="http://www.w3.org/1999/xhtml" class="label">{escape(bar.label)}</p>'
        "</foreignObject>"
        + (
            _link(bar, f'x="0" y="{base}" width="{share:.2f}%" height="{BAR_PX}"', series)
            if bar.value
            else ""
        )
        + _text(f"{bar.value:,}", f"{share:.2f}%", base + 14, 'class="value" dx="8"')
    )


def columns_svg(columns: Sequence[Column], label: str, *, series: int = 0) -> str:
    """Return standing columns with an axis; `series` is the filling of the lowest part."""
    top = round_up(max((column.total for column in columns), default=0))
    step = (100 - LEFT_SHARE) / max(len(columns), 1)
    longest = max((len(column.label) for column in columns), default=0)
    most = WIDE_TICKS if longest > WIDE and len(columns) > FEW else TICKS
    every = max(-(-len(columns) // most), 1)
    drawn = [_axis(top)]
    for number, column in enumerate(columns):
        left = LEFT_SHARE + number * step
        drawn.append(_standing(column, left + step * 0.12, step * 0.76, top, series))
        middle = f"{left + step / 2:.2f}%"
        if len(columns) <= FIGURED_COLUMNS and column.total:
            y = _y(column.total, top) - 6
            drawn.append(
                _text(f"{column.total:,}", middle, y, 'class="value" text-anchor="middle"')
            )
        if number % every == 0:
            y = TOP_PX + PLOT_PX + 18
            drawn.append(_text(column.label, middle, y, 'text-anchor="middle"'))
    return _svg("".join(drawn), TOP_PX + PLOT_PX + AXIS_PX, label)


def _standing(column: Column, left: float, width: float, top: int, series: int) -> str:
    drawn, below = "", 0
    for number, part in enumerate(column.parts):
        if not part.value:
            continue
        upper, lower = _y(below + part.value, top), _y(below, top)
        box = (
            f'x="{left:.2f}%" y="{upper:.1f}" width="{width:.2f}%"'
            f' height="{max(lower - upper, 2):.1f}"'
        )
        drawn += _link(part, box, series + number)
        below += part.value
    return drawn


def _axis(top: int) -> str:
    lines = ""
    for value in (0, top // 2, top) if top > 1 else (0, top):
        y = _y(value, top)
        lines += f'<line class="grid" x1="{LEFT_SHARE}%" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'
        lines += _text(f"{value:,}", f"{LEFT_SHARE - 1}%", y + 4, 'text-anchor="end"')
    return lines


def round_up(value: int) -> int:
    """Return the round number at which an axis ends: above 1 it has a whole half."""
    power = 1
    while True:
        for step in _STEPS:
            if step * power >= value:
                return step * power
        power *= 10


def _y(value: int, top: int) -> float:
    return TOP_PX + PLOT_PX * (1 - value / top)


def _link(bar: Bar, box: str, series: int) -> str:
    filling = ' fill="url(#filling-1)"' if series == 1 else ""
    return (
        f'<a href="{escape(bar.href)}" aria-label="{escape(bar.said)}">'
        f'<rect class="series-{series}" {box}{filling}/><title>{escape(bar.said)}</title></a>'
    )


def _text(words: str, x: str, y: float, more: str = "") -> str:
    space = f" {more}" if more else ""
    return f'<text x="{x}" y="{y:.1f}" aria-hidden="true"{space}>{escape(words)}</text>'


def _svg(drawn: str, height: int, label: str) -> str:
    return (
        f'<svg class="plot" width="100%" height="{height}" role="group"'
        f' aria-label="{escape(label)}">{drawn}</svg>'
    )
