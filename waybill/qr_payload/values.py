"""The types of claims, each checked in one place: as they are read, and as they are built."""

from typing import Final

from waybill.qr_payload.errors import QrError

MAX_TEXT_CHARS: Final = 64
MAX_WHOLE: Final = 10**9
MAX_UNIX_TIME_S: Final = 253_402_300_799
"""The end of the year 9999: later moments are no `datetime`."""


def text(value: object, name: str) -> str:
    """Return printable text of 1 to 64 characters.

    Raises:
        QrError: `bad-claim`, as every function here.
    """
    if isinstance(value, str) and 0 < len(value) <= MAX_TEXT_CHARS and value.isprintable():
        return value
    raise QrError("bad-claim", name)


def text_or_none(value: object, name: str) -> str | None:
    """Return text, or `None` for JSON's null."""
    return None if value is None else text(value, name)


def whole(value: object, name: str) -> int:
    """Return a whole number from 0 to 10^9."""
    return _integer(value, name, lowest=0, highest=MAX_WHOLE)


def count(value: object, name: str) -> int:
    """Return a whole number from 1 to 10^9."""
    return _integer(value, name, lowest=1, highest=MAX_WHOLE)


def unix_time(value: object, name: str) -> int:
    """Return a moment in whole seconds after 1970 began and before the year 10000."""
    return _integer(value, name, lowest=1, highest=MAX_UNIX_TIME_S)


def _integer(value: object, name: str, *, lowest: int, highest: int) -> int:
    # Python counts booleans as integers; JSON does not.
    if isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest:
        return value
    raise QrError("bad-claim", name)
