"""QR codes as pictures: SVG for pages and print, PNG for whoever needs pixels.

The address is a byte segment and the digits a numeric one, so that a digit costs 3.3 bits. The
mask is fixed: choosing the best of eight costs six times the rendering, and readers do not care.
"""

from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from io import BytesIO
from typing import Final

import qrcode
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.util import MODE_8BIT_BYTE, MODE_NUMBER, QRData

QUIET_ZONE_MODULES: Final = 4
"""ISO/IEC 18004 asks for it; readers miss codes without it."""
MASK_PATTERN: Final = 2
MAX_SCALE: Final = 40
SHORT_SEGMENT_DIGITS: Final = 24
CACHED_CODES: Final = 256

DIGITS: Final = "0123456789"

Matrix = tuple[tuple[bool, ...], ...]


class Level(Enum):
    """How much of a damaged code can be restored."""

    M = ERROR_CORRECT_M
    """15 %, for screens: fewer modules, so each is larger for a cheap camera."""
    Q = ERROR_CORRECT_Q
    """25 %, for paper, which gets wet, creased and oily."""


@lru_cache(maxsize=CACHED_CODES)
def qr_matrix(text: str, *, level: Level = Level.M) -> Matrix:
    """Return the modules of a code, row by row, `True` is dark, without the quiet zone.

    Raises:
        ValueError: more text than a QR code holds.
    """
    address = text.rstrip(DIGITS)
    digits = text[len(address) :]
    try:
        return _matrix(address, [digits], level)
    except ValueError:
        # qrcode 8.2 takes the logarithm of zero, glog(0), where a whole block of codewords is zero.
        # A larger version only moves the block; short segments put a header, which is not zero,
        # into each.
        return _matrix(address, _short_segments(digits), level)


def qr_svg(text: str, *, level: Level = Level.M) -> str:
    """Return a code as SVG, one unit per module, to be sized by whoever shows it."""
    matrix = qr_matrix(text, level=level)
    side = len(matrix) + 2 * QUIET_ZONE_MODULES
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img"'
        ' aria-label="二维码 QR code" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path fill="#000" d="{"".join(_runs(matrix))}"/></svg>'
    )


def qr_png(text: str, *, scale: int = 8, level: Level = Level.M) -> bytes:
    """Return a code as PNG with `scale` pixels a module; a camera wants at least five.

    Raises:
        ValueError: a scale outside 1 to 40, or more text than a QR code holds.
    """
    if not 1 <= scale <= MAX_SCALE:
        raise ValueError(f"expected a scale from 1 to {MAX_SCALE}")
    matrix = qr_matrix(text, level=level)
    side = len(matrix) + 2 * QUIET_ZONE_MODULES
    modules = Image.new("L", (len(matrix), len(matrix)))
    modules.putdata([0 if dark else 255 for row in matrix for dark in row])
    picture = Image.new("L", (side, side), 255)
    picture.paste(modules, (QUIET_ZONE_MODULES, QUIET_ZONE_MODULES))
    buffer = BytesIO()
    enlarged = picture.resize((side * scale, side * scale), Image.Resampling.NEAREST)
    enlarged.convert("1").save(buffer, "PNG", optimize=False)
    return buffer.getvalue()


def _matrix(address: str, segments: list[str], level: Level) -> Matrix:
    code = qrcode.QRCode(error_correction=level.value, border=0, mask_pattern=MASK_PATTERN)
    if address:
        code.add_data(QRData(address.encode(), mode=MODE_8BIT_BYTE))
    for digits in filter(None, segments):
        code.add_data(QRData(digits, mode=MODE_NUMBER))
    code.make(fit=True)
    return tuple(tuple(bool(module) for module in row) for row in code.modules)


def _short_segments(digits: str) -> list[str]:
    starts = range(0, len(digits), SHORT_SEGMENT_DIGITS)
    return [digits[start : start + SHORT_SEGMENT_DIGITS] for start in starts]


def _runs(matrix: Matrix) -> Iterator[str]:
    """Yield one rectangle per horizontal run of dark modules."""
    for y, row in enumerate(matrix):
        x = 0
        while x < len(row):
            start = x
            while x < len(row) and row[x]:
                x += 1
            if x > start:
                left, top = start + QUIET_ZONE_MODULES, y + QUIET_ZONE_MODULES
                yield f"M{left} {top}h{x - start}v1h-{x - start}z"
            x += 1
