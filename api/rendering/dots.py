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
    """The axis: its end, the words at its end and at the line to compare with."""

    top: float
    top_label: str
    line: float | None
    line_label: str


def dots_svg(dots: Sequence[Dot], label: str, scale: Scale, *, first: str, last: str) -> str:
    """Return a strip of dots between two dates, with the line that they are compared with."""
    drawn = [
        f'<line class="grid" x1="{LEFT_SHARE}%" x2="100%" y1="{BASE_PX}" y2="{BASE_PX}"/>',
        _text(scale.top_label, f"{LEFT_SHARE - 1}%", TOP_PX + 5, "end"),
        _text("0", f"{LEFT_SHARE - 1}%", BASE_PX + 5, "end"),
        _text(first, f"{LEFT_SHARE}%", HEIGHT_PX - 6, "start"),
        _text(last, "100%", HEIGHT_PX - 6, "end"),
    ]
    if scale.line is not None:
        y = _y(scale.line, scale.top)
        drawn.append(
            f'<line class="compare" x1="{LEFT_SHARE}%" x2="100%" y1="{y:.1f}" y2="{y:.1f}"/>'
        )
        drawn.append(_text(scale.line_label, "100%", y - 5, "end"))
    drawn += [_dot(dot, scale.top) for dot in dots]
    return (
        f'<svg class="plot dots" width="100%" height="{HEIGHT_PX}" role="group"'
        f' aria-label="{escape(label)}">{"".join(drawn)}</svg>'
    )


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
