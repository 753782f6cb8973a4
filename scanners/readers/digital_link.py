"""GS1 Digital Link: a web address whose path names a product by its GTIN.

Source: GS1 Digital Link Standard: URI Syntax. Read are the key 01 (GTIN of 8, 12, 13 or 14 digits)
and the serial number 21; other qualifiers and the query are left alone. It identifies a product
and is no evidence for a vehicle, person or waybill.
"""

import re
from typing import Final
from urllib.parse import unquote, urlsplit

from stdnum import ean

from scanners.readers.reading import Reader, Reading, ReadingKind, unreadable

NAME: Final = "digital_link"
GTIN_DIGITS: Final = 14

_GTIN: Final = re.compile("[0-9]{8}|[0-9]{12,14}")
_SERIAL: Final = re.compile(r"[!-~]{1,20}")


def read(text: str) -> Reading | None:
    """Read GTIN and serial number as `(01)09521234543213(21)12345`, the GTIN with 14 digits."""
    try:
        address = urlsplit(text)
    except ValueError:
        return None
    segments = address.path.split("/")
    if address.scheme not in ("http", "https") or "01" not in segments:
        return None
    key = segments.index("01")
    gtin = segments[key + 1] if key + 1 < len(segments) else ""
    if not _GTIN.fullmatch(gtin):
        return None
    if ean.calc_check_digit(gtin[:-1]) != gtin[-1]:
        return unreadable("gtin-check-digit", reader=NAME, value=text)
    value = f"(01){gtin.zfill(GTIN_DIGITS)}{_serial(segments[key + 2 :])}"
    return Reading(reader=NAME, kind=ReadingKind.DIGITAL_LINK, value=value)


def _serial(qualifiers: list[str]) -> str:
    for name, value in zip(qualifiers[::2], qualifiers[1::2], strict=False):
        serial = unquote(value)
        if name == "21" and _SERIAL.fullmatch(serial):
            return f"(21){serial}"
    return ""


READER: Final = Reader(name=NAME, read=read)
