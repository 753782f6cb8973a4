"""What a hardware scanner adds when it types a code like a keyboard.

Scanners frame a code with carriage return, line feed, tab or STX and ETX, may put the AIM symbology
identifier before it (ISO/IEC 15424, such as `]Q1` for a QR code), and browsers or input methods
leave byte order marks and zero-width characters at its ends. Only the ends are cleaned: a change
inside a code is damage, and damage must be seen.
"""

import re
from typing import Final

_FRAME: Final = "".join(map(chr, range(0x21))) + "\x7f\u00a0\u200b\u200c\u200d\u2060\u3000\ufeff"
_SYMBOLOGY: Final = re.compile(r"\][A-Za-z][0-9A-Za-z]")
SYMBOLOGY_CHARS: Final = 3


def clean(text: str) -> str:
    """Return the text without what surrounds it; it may become empty."""
    stripped = text.strip(_FRAME)
    if _SYMBOLOGY.match(stripped):
        return stripped[SYMBOLOGY_CHARS:].strip(_FRAME)
    return stripped
