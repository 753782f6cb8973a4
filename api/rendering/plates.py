"""Chinese number plates as small SVG drawings, so that a colour is seen and not only read.

Source: GA 36-2018, colours of number plates; the drawing is ours and shows no plate's true size.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Final

from api.rendering.glyphs import SHAPES
from api.rendering.wording import spaced_plate
from waybill.registry.kinds import PlateColour
from waybill.registry.labels import label_of

WIDTH: Final = 200
HEIGHT: Final = 56
GREEN_EDGE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PlateStyle:
    """Ground (and a second one at the left end) and ink of a plate."""

    ground: str
    ink: str
    left: str = ""


STYLES: Final[Mapping[PlateColour, PlateStyle]] = {
    PlateColour(colour): PlateStyle(**style) for colour, style in SHAPES["number_plates"].items()
}


def plate_svg(plate: str, colour: PlateColour) -> str:
    """Return a plate in its colour; the colour's name is its label for those who do not see it."""
    style, label = STYLES[colour], label_of(colour)
    left = (
        f'<path d="M3 9Q3 3 9 3H{GREEN_EDGE}V53H9Q3 53 3 47Z" fill="{style.left}"/>'
        if style.left
        else ""
    )
    said = escape(f"{plate} {label.zh}牌 {label.en}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{said}">'
        f'<rect x="1" y="1" width="{WIDTH - 2}" height="{HEIGHT - 2}" rx="8" fill="{style.ground}"'
        f' stroke="#14181f" stroke-width="2"/>{left}'
        f'<rect x="5" y="5" width="{WIDTH - 10}" height="{HEIGHT - 10}" rx="5" fill="none"'
        f' stroke="{style.ink}" stroke-width="1.5"/>'
        f'<text x="100" y="38" text-anchor="middle" font-size="28" font-weight="700"'
        f' font-family="PingFang SC, Noto Sans CJK SC, Microsoft YaHei, sans-serif"'
        f' textLength="164" lengthAdjust="spacingAndGlyphs" fill="{style.ink}">'
        f"{escape(spaced_plate(plate))}</text></svg>"
    )
