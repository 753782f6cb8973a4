"""Plain numbers, typed or in a bar code: anybody can print them, so they name and prove nothing.

Chinese input methods type full-width letters and digits; for plain numbers, which a person or a
keyboard wrote, these are taken as the half-width ones they look like.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from scanners.readers.reading import Reader, Reading, ReadingKind
from waybill.identifiers import parse_plate, validate_iso6346, validate_uscc

_HALF_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_WAYBILL_NUMBER: Final = re.compile(
    r"[0-9]{4}[0-9]{6}(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})[0-9A-Z]{4}[0-9]{3}[0-9A-Z]"
)


def validate_waybill_number(text: str) -> str:
    """Return a waybill number in capitals: by its shape and date; the register knows the rest.

    Area (4), end of the carrier's licence (6), date of issue (8), sequence of the day (4), random
    digits (3), check character (1). The scheme is replaceable, so the last is not judged here.

    Raises:
        ValueError: another shape or no such day.
    """
    match = _WAYBILL_NUMBER.fullmatch(text.upper())
    if match is None:
        raise ValueError("not a waybill number")
    date(int(match["year"]), int(match["month"]), int(match["day"]))
    return match[0]


def _plate_number(text: str) -> str:
    return parse_plate(text).number


def _reader(name: str, kind: ReadingKind, validate: Callable[[str], str]) -> Reader:
    def read(text: str) -> Reading | None:
        try:
            number = validate(text.translate(_HALF_WIDTH))
        except ValueError:
            return None
        return Reading(reader=name, kind=kind, value=number)

    return Reader(name=name, read=read)


READERS: Final = (
    _reader("plate", ReadingKind.PLATE, _plate_number),
    _reader("tank_container_number", ReadingKind.TANK_CONTAINER, validate_iso6346),
    _reader("waybill_number", ReadingKind.WAYBILL_NUMBER, validate_waybill_number),
    _reader("uscc", ReadingKind.USCC, validate_uscc),
)
