"""What a scanned or typed text is: one reader per payload format, asked in order.

A new format is one module with a `READER` and one line in `READERS`.
"""

from typing import Final

from scanners.readers import (
    certificate_number,
    digital_link,
    electronic_licence,
    gs1_element_string,
    hazchem_label,
    numbers,
    waybill_qr,
)
from scanners.readers.reading import Reader, Reading, ReadingKind, unreadable
from scanners.readers.verification import VerifiedScan, to_scan_item, verify_reading
from scanners.readers.wedge import clean

__all__ = [
    "MAX_SCAN_CHARS",
    "READERS",
    "Reader",
    "Reading",
    "ReadingKind",
    "VerifiedScan",
    "read_text",
    "to_scan_item",
    "verify_reading",
]

MAX_SCAN_CHARS: Final = 8192
"""Longest text that is looked at; more than the largest QR code holds."""

READERS: Final[tuple[Reader, ...]] = (
    waybill_qr.READER,
    digital_link.READER,
    hazchem_label.READER,
    electronic_licence.READER,
    *numbers.READERS,
    certificate_number.READER,
    gs1_element_string.READER,
)


def read_text(text: str) -> Reading:
    """Say what a text is. Every text has an answer; an unknown one is `UNREADABLE`.

    Nothing is verified: see `verify_reading`.
    """
    if len(text) > MAX_SCAN_CHARS:
        return unreadable("too-long")
    cleaned = clean(text)
    if not cleaned:
        return unreadable("empty")
    for reader in READERS:
        reading = reader.read(cleaned)
        if reading is not None:
            return reading
    return unreadable("unknown-format", value=cleaned)
