"""Made-up numbers with right check digits."""

from collections.abc import Callable
from typing import Final

from waybill.identifiers import (
    validate_id_number,
    validate_iso6346,
    validate_uscc,
    validate_vin,
)

USCC_CHARACTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
DIGITS: Final = "0123456789"


def uscc(number: int) -> str:
    """Return the n-th made-up unified social credit code."""
    return _completed(
        lambda check: f"91320800MAD{number:06}{check}", USCC_CHARACTERS, validate_uscc
    )


def id_number(number: int) -> str:
    """Return the n-th made-up identity number, of an adult."""
    head = f"320800{1970 + number % 28}{1 + number % 12:02}{1 + number % 27:02}{number % 1000:03}"
    return _completed(lambda check: head + check, DIGITS + "X", validate_id_number)


def vin(number: int) -> str:
    """Return the n-th made-up vehicle identification number."""
    return _completed(lambda check: f"LDEMTR00{check}NA{number:06}", DIGITS + "X", validate_vin)


def container_number(number: int) -> str:
    """Return the n-th made-up tank-container number (ISO 6346)."""
    return _completed(lambda check: f"DEMU{number:06}{check}", DIGITS, validate_iso6346)


def _completed(text: Callable[[str], str], characters: str, validate: Callable[[str], str]) -> str:
    """Return the text with the one check character that the validator accepts."""
    for character in characters:
        try:
            return validate(text(character))
        except ValueError:
            continue
    raise ValueError(f"no check character fits {text('?')}")
