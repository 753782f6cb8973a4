"""Free texts of cases and appeals: they may name people, so they are kept like personal values."""

import re
from typing import Final

from waybill.services.registry.validation import (
    CONTROL_CHARACTER,
    REQUIRED,
    TOO_LONG,
    UNSEEN,
    Complaint,
    FieldCheck,
)

TEXT_LENGTH: Final = 2000
_CONTROLS: Final = re.compile(rf"[\x00-\x09\x0b-\x1f{UNSEEN}]")


def checked_text(text: str, pointer: str = "/text", *, longest: int = TEXT_LENGTH) -> str:
    """Return a text of one or more lines without outer spaces.

    Raises:
        InvalidFieldError: it is empty, too long or has control characters.
    """
    check = FieldCheck()
    stripped = note_text(check, text, pointer, longest=longest)
    check.settle()
    return stripped


def note_text(
    check: FieldCheck, text: str, pointer: str = "/text", *, longest: int = TEXT_LENGTH
) -> str:
    """Return a text without outer spaces, noting with others what is wrong with it."""
    stripped = text.strip().replace("\r\n", "\n")
    complaint = _complaint(stripped, longest)
    if complaint is not None:
        check.complain(pointer, complaint)
    return stripped


def _complaint(text: str, longest: int) -> Complaint | None:
    if not text:
        return REQUIRED
    if len(text) > longest:
        return TOO_LONG
    return CONTROL_CHARACTER if _CONTROLS.search(text) else None
