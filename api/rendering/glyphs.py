"""Figures and symbols of plates and placards as lines, the same on every screen and printer.

A figure is a centre line in a box of 45 × 85 to be drawn with a pen of 15: 60 × 100 outside, the
proportions of the regulation's figures (100 mm high, 15 mm thick; ADR 2025, 5.3.2.2.2).
"""

from collections.abc import Mapping
from typing import Final

PEN: Final = 15
GLYPH_WIDTH: Final = 60
GLYPH_HEIGHT: Final = 100
GLYPH_GAP: Final = 20

GLYPHS: Final[Mapping[str, str]] = {
    "0": "M0 22.5A22.5 22.5 0 0 1 45 22.5V62.5A22.5 22.5 0 0 1 0 62.5Z",
    "1": "M8 20L26 4V92.5",
    "2": "M0 24C0 9 9 0 22.5 0C36 0 45 9 45 22C45 42 8 60 2 85H52",
    "3": "M1 16C5 5 13 0 22.5 0C35 0 43 8 43 20C43 32 34 40 18 40C36 40 45 49 45 62"
    "C45 76 35 85 22.5 85C11 85 4 79 0 68",
    "4": "M34 92.5V-3L2 60H52",
    "5": "M45 0H7L3 40C8 34 15 31 22.5 31C36 31 45 42 45 57C45 74 36 85 22 85C11 85 4 80 0 70",
    "6": "M42 14C38 5 31 0 23 0C8 0 0 14 0 42V60C0 75 9 85 22.5 85C36 85 45 75 45 59"
    "C45 44 36 35 23 35C11 35 3 42 0 54",
    "7": "M-5 0H43L14 92.5",
    "8": "M22.5 0C35 0 42 8 42 20C42 32 34 40 22.5 40C11 40 3 32 3 20C3 8 10 0 22.5 0Z"
    "M22.5 40C36 40 45 49 45 62C45 76 36 85 22.5 85C9 85 0 76 0 62C0 49 9 40 22.5 40Z",
    "9": "M3 71C7 80 14 85 22 85C37 85 45 71 45 43V25C45 10 36 0 22.5 0C9 0 0 10 0 26"
    "C0 41 9 50 22 50C34 50 42 43 45 31",
    "X": "M-2 -4L47 89M47 -4L-2 89",
    "D": "M0 0H14C36 0 45 18 45 42.5C45 67 36 85 14 85H0Z",
    ".": "M-7.5 85H7.5",
}

SYMBOLS: Final[Mapping[str, str]] = {
    "flame": '<path d="M51 0C58 20 80 34 80 61C80 78 67 88 50 88C33 88 20 78 20 61C20 46 29 39'
    ' 34 25C37 37 41 41 45 42C50 28 48 14 51 0Z"/><path d="M14 94H86V101H14Z"/>',
    "flame_over_circle": '<path d="M50 -4C55 8 70 18 70 35C70 40 69 43 66 46C62 42 56 39 50 39'
    "C44 39 38 42 34 46C31 43 30 40 30 35C30 26 36 20 39 12C41 19 44 22 46 22C49 14 48 5 50 -4Z"
    '"/><circle cx="50" cy="66" r="22" fill="none" stroke="currentColor" stroke-width="8"/>'
    '<path d="M14 94H86V101H14Z"/>',
    "cylinder": '<g transform="rotate(-32 50 50)">'
    '<rect x="4" y="37" width="72" height="26" rx="12"/>'
    '<rect x="74" y="44" width="10" height="12"/><rect x="84" y="40" width="7" height="20"/></g>',
    "skull": '<path d="M50 2C27 2 16 17 16 33C16 45 22 51 30 55V68H70V55C78 51 84 45 84 33'
    'C84 17 73 2 50 2Z"/><g fill="#fff"><ellipse cx="36" cy="36" rx="9" ry="10"/>'
    '<ellipse cx="64" cy="36" rx="9" ry="10"/><path d="M50 46L45 56H55Z"/>'
    '<path d="M39 61H42V68H39ZM48 61H52V68H48ZM58 61H61V68H58Z"/></g>'
    '<path d="M10 74L90 98M90 74L10 98" fill="none" stroke="currentColor" stroke-width="9"'
    ' stroke-linecap="round"/>',
    "corrosion": '<g transform="rotate(-24 28 20)">'
    '<rect x="6" y="12" width="44" height="15" rx="7"/></g>'
    '<g transform="rotate(24 74 20)"><rect x="52" y="12" width="44" height="15" rx="7"/></g>'
    '<path d="M49 34V44M44 36V50M55 36V50M50 52V58" fill="none" stroke="currentColor"'
    ' stroke-width="4"/><path d="M4 66H30C32 74 40 74 42 66H46V78H4Z"/>'
    '<path d="M54 74C64 62 74 60 78 66L96 62V72L84 80C74 88 62 84 54 82Z"/>',
    "bomb": '<circle cx="42" cy="66" r="22"/><path d="M58 44L70 30M74 18V4M82 24L96 14M84 36H100'
    'M66 22L56 8M22 44L10 30M14 58L0 52M30 36L28 18M68 84L84 94M72 68L92 72" fill="none"'
    ' stroke="currentColor" stroke-width="7"/>',
    "trefoil": '<circle cx="50" cy="50" r="9"/><path d="M50 50L73 10.2A46 46 0 0 0 27 10.2Z'
    'M50 50L4 50A46 46 0 0 0 27 89.8ZM50 50L73 89.8A46 46 0 0 0 96 50Z"/>'
    '<circle cx="50" cy="50" r="14" fill="none" stroke="#fff" stroke-width="6"/>',
    "biohazard": '<g fill="none" stroke="currentColor" stroke-width="9">'
    '<path d="M36 8A24 24 0 1 0 64 8"/><path d="M92 54A24 24 0 1 0 76 82"/>'
    '<path d="M24 82A24 24 0 1 0 8 54"/>'
    '<circle cx="50" cy="50" r="20" stroke-width="6"/></g><circle cx="50" cy="50" r="6"/>',
    "battery": '<g fill="none" stroke="currentColor" stroke-width="5">'
    '<rect x="12" y="52" width="46" height="34"/><path d="M20 52V44H30V52M40 52V44H50V52"/></g>'
    '<path d="M76 40C80 52 92 58 92 72'
    "C92 82 85 88 76 88C67 88 60 82 60 72C60 64 66 60 68 52C70 58 72 60 74 60C77 52 75 46 76 40Z"
    '"/>',
}
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
