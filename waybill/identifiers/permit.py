"""Numbers of goods and of the permits for them."""

import re
from typing import Final

from waybill.identifiers.failure import IdentifierError

_UN_NUMBER: Final = re.compile(r"(?!0000)[0-9]{4}")
_PASS: Final = re.compile(r"[1-9][0-9]{8}")


def validate_un_number(text: str) -> str:
    """Return a UN number: four digits as text, without the letters UN.

    Whether goods with this number exist is the goods list's to say.

    Raises:
        IdentifierError: `un-number-shape`.
    """
    if not _UN_NUMBER.fullmatch(text):
        raise IdentifierError(
            "un-number-shape",
            "联合国编号应为 4 位数字。",
            "A UN number has four digits.",
        )
    return text


def validate_pass_number(text: str) -> str:
    """Return the number of a pass for highly toxic goods: two digits province, seven serial.

    Raises:
        IdentifierError: `pass-number-shape`.
    """
    if not _PASS.fullmatch(text):
        raise IdentifierError(
            "pass-number-shape",
            "剧毒化学品公路运输通行证号应为 9 位数字。",
            "A pass for highly toxic goods has nine digits.",
        )
    return text
