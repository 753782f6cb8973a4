"""Figures and symbols of plates and placards as lines, the same on every screen and printer.

A figure is a centre line in a box of 45 × 85 to be drawn with a pen of 15: 60 × 100 outside, the
proportions of the regulation's figures (100 mm high, 15 mm thick; ADR 2025, 5.3.2.2.2).
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

SHAPES: Final[Mapping[str, Any]] = json.loads(
    (Path(__file__).parent / "shapes.json").read_text(encoding="utf-8")
)
"""Every figure, symbol and colour of plates and placards; the bay tablet draws from the same."""

PEN: Final[int] = SHAPES["figure"]["pen"]
GLYPH_WIDTH: Final[int] = SHAPES["figure"]["width"]
GLYPH_HEIGHT: Final[int] = SHAPES["figure"]["height"]
GLYPH_GAP: Final[int] = SHAPES["figure"]["gap"]

GLYPHS: Final[Mapping[str, str]] = SHAPES["figure"]["lines"]

SYMBOLS: Final[Mapping[str, str]] = SHAPES["symbols"]
"""Simple shapes of our own in a box of 100 × 100, in the current colour."""


def glyph_line(text: str) -> str:
    """Return the path elements of a line of figures, its left upper corner at the origin.

    Raises:
        KeyError: a character that no plate carries.
    """
    parts, left = [], 0.0
    for character in text:
        x, y = left + PEN / 2, PEN / 2
        parts.append(f'<path transform="translate({x:g} {y:g})" d="{GLYPHS[character]}"/>')
        left += _width(character) + GLYPH_GAP
    return "".join(parts)


def line_width(text: str) -> int:
    """Return how wide a line of figures is, in the same unit as its height of 100."""
    return sum(_width(character) + GLYPH_GAP for character in text) - GLYPH_GAP if text else 0


def _width(character: str) -> int:
    return PEN if character == "." else GLYPH_WIDTH
