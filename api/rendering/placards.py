"""Orange plates and danger labels as SVG, drawn by us after the shapes of the regulation.

Proportions and colours are true; symbols are simplified. They show what must be seen on a vehicle
(HAND-01); they are no artwork to make placards from.

Source: GB 13392 (not read by us); ADR 2025, 5.2.2.2.2, 5.3.1.7 and 5.3.2.2.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from api.rendering.glyphs import (
    GLYPH_HEIGHT,
    GLYPHS,
    PEN,
    SHAPES,
    SYMBOLS,
    glyph_line,
    line_width,
)
from waybill.goods.entry import DangerousGoodsEntry

PLATE_WIDTH_MM: Final = 400
PLATE_HEIGHT_MM: Final = 300
PLATE_LINE_MM: Final = 15
ORANGE: Final = "#f28c00"
BLACK: Final = "#000"

SIDE: Final = 400
EDGE: Final = 6
INNER: Final = 26
"""Where the line 12.5 mm inside the edge meets the axes, where a side of 250 mm is 274 units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placard:
    """What a danger label looks like: its halves, symbol and figures, and the ink of each."""

    zh: str
    en: str
    upper: str
    figure: str
    lower: str = ""
    symbol: str = ""
    ink: str = BLACK
    figure_ink: str = ""
    stripes: str = ""
    large: str = ""


PLACARDS: Final[Mapping[str, Placard]] = {
    key: Placard(**look) for key, look in SHAPES["placards"].items()
}
SAME_PLACARD: Final[Mapping[str, str]] = {"7X": "7", "7E": "7", "7A": "7", "7B": "7", "7C": "7"}
LOWER_STRIPED: Final = frozenset({"4.1"})


def placards_of(entry: DangerousGoodsEntry) -> tuple[str, ...]:
    """Return the keys of the placards that a row's labels ask for, main hazard first.

    Where the list says to look elsewhere, class and subsidiary hazards stand in.
    """
    named = tuple(SAME_PLACARD.get(label, label) for label in entry.labels)
    if not named or any(label not in PLACARDS for label in named):
        hazards = (entry.division or entry.hazard_class, *entry.subsidiary_hazards)
        named = tuple(_placard_key(hazard) for hazard in hazards)
    return tuple(dict.fromkeys(label for label in named if label in PLACARDS))


def orange_plate_svg(hazard_identification_number: str, un_number: str) -> str:
    """Return the plate with both numbers; without a hazard number the plate is plain orange.

    The picture is in millimetres: 400 × 300, border and line of 15, figures 100 high.
    """
    numbered = hazard_identification_number and set(hazard_identification_number) <= set(GLYPHS)
    said = f"{hazard_identification_number}/{un_number}" if numbered else "无编号 without numbers"
    inset = PLATE_LINE_MM / 2
    frame = (
        f'<rect x="{inset:g}" y="{inset:g}" width="{PLATE_WIDTH_MM - PLATE_LINE_MM}"'
        f' height="{PLATE_HEIGHT_MM - PLATE_LINE_MM}" rx="10" fill="{ORANGE}" stroke="#000"'
        f' stroke-width="{PLATE_LINE_MM}"/>'
    )
    body = ""
    if numbered:
        half = PLATE_HEIGHT_MM / 2
        body = (
            f'<path d="M0 {half:g}H{PLATE_WIDTH_MM}" stroke="#000" stroke-width="{PLATE_LINE_MM}"/>'
            + _plate_line(hazard_identification_number, middle=(PLATE_LINE_MM + half - inset) / 2)
            + _plate_line(un_number, middle=PLATE_HEIGHT_MM - (PLATE_LINE_MM + half - inset) / 2)
        )
    return _svg(PLATE_WIDTH_MM, PLATE_HEIGHT_MM, f"橙色标志牌 orange plate {said}", frame + body)


def placard_svg(key: str, *, division: str = "") -> str:
    """Return a danger label, a square on its point; `division` is shown on class 1 (`1.1D`).

    Raises:
        KeyError: no label has this key.
    """
    placard = PLACARDS[key]
    ink, figure_ink = placard.ink, placard.figure_ink or placard.ink
    middle = SIDE / 2
    inner = (middle - INNER) / (middle - EDGE)
    parts = [
        _diamond(placard.upper),
        _lower_half(placard.lower),
        _stripes(placard, lower=key in LOWER_STRIPED),
        _diamond("none", stroke=ink if not placard.lower else BLACK, scale=inner, width=4),
        _diamond("none", stroke=BLACK, scale=1, width=3),
    ]
    if placard.symbol:
        parts.append(_symbol(placard.symbol, ink, lower=placard.symbol == "battery"))
    if placard.large:
        parts.append(_figures(placard.large, ink, top=110, height=90))
    if key == "1" and division:
        parts.append(_text(division, ink))
    parts.append(_figures(placard.figure, figure_ink, top=306, height=38))
    if key in {"9", "9A"}:
        parts.append('<path d="M182 352H218" stroke="#000" stroke-width="4"/>')
    said = f"{division or key} {placard.zh} {placard.en}"
    return _svg(SIDE, SIDE, said, "".join(parts))


def placards_svg(entries: Iterable[DangerousGoodsEntry]) -> list[str]:
    """Return the placards of several rows, each once, in the order in which they come."""
    wanted: dict[str, str] = {}
    for entry in entries:
        for key in placards_of(entry):
            wanted.setdefault(key, entry.division if key == "1" else "")
    return [placard_svg(key, division=division) for key, division in wanted.items()]


def _placard_key(hazard: str) -> str:
    plain = hazard.rstrip("ABCDEFGHJKLNS")
    return "1" if plain in {"1.1", "1.2", "1.3"} else plain


def _plate_line(text: str, *, middle: float) -> str:
    left = (PLATE_WIDTH_MM - line_width(text)) / 2
    top = middle - GLYPH_HEIGHT / 2
    return (
        f'<g transform="translate({left:g} {top:g})" fill="none" stroke="#000"'
        f' stroke-width="{PEN}" stroke-linejoin="round">{glyph_line(text)}</g>'
    )


def _diamond(fill: str, *, stroke: str = "", scale: float = 1, width: float = 0) -> str:
    middle, reach = SIDE / 2, (SIDE / 2 - EDGE) * scale
    near, far = middle - reach, middle + reach
    line = f' stroke="{stroke}" stroke-width="{width:g}"' if stroke else ""
    path = f"M{middle:g} {near:g}L{far:g} {middle:g}L{middle:g} {far:g}L{near:g} {middle:g}Z"
    return f'<path d="{path}" fill="{fill}"{line}/>'


def _lower_half(fill: str) -> str:
    middle = SIDE / 2
    path = f"M{EDGE} {middle:g}H{SIDE - EDGE}L{middle:g} {SIDE - EDGE}Z"
    return f'<path d="{path}" fill="{fill}"/>' if fill else ""


def _stripes(placard: Placard, *, lower: bool) -> str:
    """Return seven upright stripes as wide as their gaps, cut to the label or its upper half."""
    if not placard.stripes:
        return ""
    width, middle = 26.0, SIDE / 2
    parts = []
    for number in range(-3, 4):
        left = middle + number * 2 * width - width / 2
        heights = [middle - EDGE - abs(x - middle) for x in (left, left + width)]
        tops, bottoms = [middle - h for h in heights], [middle + h for h in heights]
        peak = f"L{middle:g} {EDGE}" if number == 0 else ""
        foot = f"L{middle:g} {SIDE - EDGE}" if number == 0 and lower else ""
        ends = bottoms if lower else [middle, middle]
        parts.append(
            f"M{left:g} {tops[0]:g}{peak}L{left + width:g} {tops[1]:g}"
            f"L{left + width:g} {ends[1]:g}{foot}L{left:g} {ends[0]:g}Z"
        )
    return f'<path d="{"".join(parts)}" fill="{placard.stripes}"/>'


def _symbol(name: str, ink: str, *, lower: bool) -> str:
    place = "translate(150 205)" if lower else "translate(132 56) scale(1.36)"
    return f'<g transform="{place}" fill="currentColor" color="{ink}">{SYMBOLS[name]}</g>'


def _figures(text: str, ink: str, *, top: float, height: float) -> str:
    scale = height / GLYPH_HEIGHT
    left = (SIDE - line_width(text) * scale) / 2
    return (
        f'<g transform="translate({left:g} {top:g}) scale({scale:g})" fill="none" stroke="{ink}"'
        f' stroke-width="{PEN}" stroke-linejoin="round">{glyph_line(text)}</g>'
    )


def _text(text: str, ink: str) -> str:
    return (
        f'<text x="200" y="262" font-size="58" font-weight="700" text-anchor="middle"'
        f' font-family="Arial, sans-serif" fill="{ink}">{escape(text)}</text>'
    )


def _svg(width: int, height: int, label: str, body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        f' aria-label="{escape(label)}">{body}</svg>'
    )
