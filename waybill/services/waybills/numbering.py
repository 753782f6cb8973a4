"""Waybill numbers: one scheme now, another by changing one line.

The scheme was seen in a public system and is not confirmed as national: area (4 digits), last six
digits of the carrier's licence, date, a day sequence of four characters in base 36, three random
digits, one check character (ISO 7064 MOD 37,36): 26 characters. The day sequence is counted per
licence digits and day, so 1,679,615 waybills a day have distinct numbers by construction, before
the random digits, which only keep a number from being guessed.
"""

import secrets
from collections.abc import Callable
from datetime import date
from typing import Final, TypeAlias

from stdnum.iso7064 import mod_37_36

NUMBER_LENGTH: Final = 26
SEQUENCE_CHARACTERS: Final = 4
RANDOM_DIGITS: Final = 3
BASE_36: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MAX_SEQUENCE: Final = 36**SEQUENCE_CHARACTERS - 1

NumberScheme: TypeAlias = Callable[[str, str, date, int], str]
"""(area code, last six digits of the licence, day, sequence) -> number, never the same twice."""


def area_licence_day_number(area_code: str, licence_tail: str, day: date, sequence: int) -> str:
    """Return a number in the default scheme.

    Raises:
        ValueError: more waybills in one day than four base-36 characters can count.
    """
    if not 0 < sequence <= MAX_SEQUENCE:
        raise ValueError(f"expected a sequence of 1 to {MAX_SEQUENCE}")
    random = secrets.randbelow(10**RANDOM_DIGITS)
    body = (
        f"{area_code[:4]:0>4}{licence_tail}{day:%Y%m%d}"
        f"{_base_36(sequence)}{random:0{RANDOM_DIGITS}}"
    )
    return body + str(mod_37_36.calc_check_digit(body))


def _base_36(value: int) -> str:
    digits = ""
    for _ in range(SEQUENCE_CHARACTERS):
        value, digit = divmod(value, len(BASE_36))
        digits = BASE_36[digit] + digits
    return digits
