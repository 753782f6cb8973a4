"""GS1 element strings: what GS1 DataMatrix, GS1-128 and GS1 QR codes carry on packages.

Source: GS1 General Specifications, section 3. Read are GTIN (01) and, behind it, the serial number
(21), between fields of fixed length and those that end with the separator; also the form printed
for people, with brackets. It identifies a product and is no evidence.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from stdnum import ean

from scanners.readers.reading import Reader, Reading, ReadingKind, unreadable

NAME: Final = "gs1_element_string"
SEPARATOR: Final = "\x1d"

_FIXED: Final[Mapping[str, int]] = {
    "00": 18,
    "01": 14,
    "02": 14,
    "11": 6,
    "13": 6,
    "15": 6,
    "17": 6,
}
"""Lengths of the fields that need no separator behind them."""
_BRACKETED: Final = re.compile(r"\(([0-9]{2,4})\)([^()]{1,90})")
_PRINTED: Final = re.compile(r"(?:\([0-9]{2,4}\)[^()]{1,90})+")
_GTIN: Final = re.compile("[0-9]{14}")
_BARE: Final = re.compile(r"01[0-9]{14}(?:(?:1[0-9]|2[01])[!-~\x1d]*)?")


def read(text: str) -> Reading | None:
    """Read GTIN and serial number as `(01)09521234543213(21)12345`."""
    if _PRINTED.fullmatch(text):
        found = dict(_BRACKETED.findall(text))
    elif _BARE.fullmatch(text):
        found = dict(_fields(text))
    else:
        return None
    gtin = found.get("01", "")
    if not _GTIN.fullmatch(gtin):
        return None
    if ean.calc_check_digit(gtin[:-1]) != gtin[-1]:
        return unreadable("gtin-check-digit", reader=NAME, value=text)
    serial = f"(21){found['21']}" if "21" in found else ""
    return Reading(reader=NAME, kind=ReadingKind.DIGITAL_LINK, value=f"(01){gtin}{serial}")


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """Yield application identifiers of two digits with their values, as far as they are known."""
    rest = text
    while len(rest) > 2:  # noqa: PLR2004  an identifier has two digits
        name, rest = rest[:2], rest[2:]
        if name in _FIXED:
            value, rest = rest[: _FIXED[name]], rest[_FIXED[name] :].removeprefix(SEPARATOR)
        else:
            value, _, rest = rest.partition(SEPARATOR)
        yield name, value


READER: Final = Reader(name=NAME, read=read)
