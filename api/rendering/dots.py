"""Dots over time as our own SVG: each a link, filled or hollow, beside a line to compare with.

Places along the page are percentages and heights pixels, as in `plots`; colours are the page's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

HEIGHT_PX: Final = 132
TOP_PX: Final = 14
BASE_PX: Final = 104
"""The line on which a dot without a value stands."""
LEFT_SHARE: Final = 7.0
RIGHT_SHARE: Final = 97.0
LINE_PX: Final = 16
"""How far figures of the axis must be from each other."""
RADIUS_PX: Final = 7
TARGET_PX: Final = 22
"""How far around a dot a finger still hits it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One dot: where in the period (0 to 1), its value if it has one, and where it leads."""

    share: float
    value: float | None
    filled: bool
    said: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The axis: its end, and the line to compare with; `unit` stands behind their figures."""

    top: float
    line: float | None
    unit: str


def dots_svg(dots: Sequence[Dot], label: str, scale: Scale, *, first: str, last: str) -> str:
    """Return a strip of dots between two dates, with the line that they are compared with."""
    drawn = [
        f'<line class="grid" x1="{LEFT_SHARE}%" x2="100%" y1="{BASE_PX}" y2="{BASE_PX}"/>',
        *_figures(scale),
        _text(first, f"{LEFT_SHARE}%", HEIGHT_PX - 6, "start"),
        _text(last, "100%", HEIGHT_PX - 6, "end"),
    ]
    if scale.line is not None:
        y = _y(scale.line, scale.top)
        drawn.append(
            f'<line class="compare" x1="{LEFT_SHARE}%" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'
        )
    drawn += [_dot(dot, scale.top) for dot in dots]
    return (
        f'<svg class="plot dots" width="100%" height="{HEIGHT_PX}" role="group"'
        f' aria-label="{escape(label)}">{"".join(drawn)}</svg>'
    )


def _figures(scale: Scale) -> list[str]:
    """Return the figures of the axis; one too near to the compared one gives way to it."""
    values = [0, scale.top]
    if scale.line is not None:
        line = _y(scale.line, scale.top)
        far = [each for each in values if abs(_y(each, scale.top) - line) > LINE_PX]
        values = [*far, scale.line]
    return [
        _text(f"{each:.1f} {scale.unit}", f"{LEFT_SHARE - 1}%", _y(each, scale.top) + 5, "end")
        for each in values
    ]


def _dot(dot: Dot, top: float) -> str:
    x = LEFT_SHARE + dot.share * (RIGHT_SHARE - LEFT_SHARE)
    y = BASE_PX if dot.value is None else _y(dot.value, top)
    kind = "filled" if dot.filled else "hollow"
    return (
        f'<a href="{escape(dot.href)}" aria-label="{escape(dot.said)}">'
        f'<circle class="target" cx="{x:.2f}%" cy="{y:.1f}" r="{TARGET_PX}"/>'
        f'<circle class="{kind}" cx="{x:.2f}%" cy="{y:.1f}" r="{RADIUS_PX}"/>'
        f"<title>{escape(dot.said)}</title></a>"
    )


def _y(value: float, top: float) -> float:
    return BASE_PX - min(value / top, 1) * (BASE_PX - TOP_PX)


def _text(words: str, x: str, y: float, anchor: str) -> str:
    return (
        f'<text x="{x}" y="{y:.1f}" text-anchor="{anchor}" aria-hidden="true">'
        f"{escape(words)}</text>"
    )
