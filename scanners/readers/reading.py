"""What a reader makes of a text, and the shape that every reader has."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from waybill.qr_payload import SealedPayload

MAX_SHOWN_CHARS: Final = 64


class ReadingKind(StrEnum):
    """What a text was recognised as."""

    SEALED = "sealed"
    PLATE = "plate"
    TANK_CONTAINER = "tank_container"
    WAYBILL_NUMBER = "waybill_number"
    USCC = "uscc"
    HAZCHEM_LABEL = "hazchem_label"
    DIGITAL_LINK = "digital_link"
    ELECTRONIC_LICENCE = "electronic_licence"
    CERTIFICATE_NUMBER = "certificate_number"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a text was recognised as; nothing about it is verified.

    Attributes:
        reader: name of the reader that answered, empty where none did.
        kind: what was recognised.
        value: the number in its stored spelling; for sealed codes empty, for unreadable texts the
            beginning of the text as it came.
        sealed: the contents of a sealed code, else `None`.
        reason: why a text is unreadable, kebab-case, else empty.
    """

    reader: str
    kind: ReadingKind
    value: str = ""
    sealed: SealedPayload | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if (self.kind is ReadingKind.SEALED) != (self.sealed is not None):
            raise ValueError("a sealed reading, and no other, has its contents")
        if (self.kind is ReadingKind.UNREADABLE) != bool(self.reason):
            raise ValueError("an unreadable text, and no other, has its reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One payload format.

    `read` returns `None` for a text that is not of this format. A text that is of this format but
    damaged is answered with an unreadable `Reading`, so that no later reader guesses at it.
    """

    name: str
    read: Callable[[str], Reading | None]


def unreadable(reason: str, *, reader: str = "", value: str = "") -> Reading:
    """Return the answer for a text that cannot be used, with at most 64 characters of it."""
    return Reading(
        reader=reader,
        kind=ReadingKind.UNREADABLE,
        value=value[:MAX_SHOWN_CHARS],
        reason=reason,
    )
