"""Numbers of people: identity, certificates, telephones. All of them are personal data."""

import re
from datetime import date
from typing import Final

from stdnum.cn import ric

from waybill.identifiers.failure import IdentifierError

_ID_NUMBER: Final = re.compile(r"[1-9][0-9]{16}[0-9X]")
_EARLIEST_BIRTH_YEAR: Final = 1900
_MASK_START: Final = 3
_MASK_END: Final = 4
_CERTIFICATE_NUMBER: Final = re.compile(
    r"[0-9A-Za-z\u4e00-\u9fff](?:[0-9A-Za-z\u4e00-\u9fff ()（）\u3014\u3015\[\]/.-]{2,38})"
    r"[0-9A-Za-z\u4e00-\u9fff)）\u3015\]]"
)
_PHONES: Final = (
    re.compile(r"1[3-9][0-9]{9}"),
    re.compile(r"0[1-9][0-9]{1,2}-?[1-9][0-9]{6,7}(?:-[0-9]{1,6})?"),
    re.compile(r"[48]00-?[0-9]{3}-?[0-9]{4}"),
    re.compile(r"\+[1-9][0-9]{6,14}"),
)


def validate_id_number(text: str) -> str:
    """Return an identity number (公民身份号码) with a capital X.

    The area code is only asked not to begin with 0: areas are merged and renamed, and people
    keep their number.

    Source: GB 11643-1999, 18 characters, ISO 7064 MOD 11-2, a birth date that exists.

    Raises:
        IdentifierError: `id-number-shape`, `id-number-date` or `id-number-check-digit`.
    """
    number = text.upper() if text.isascii() else text
    if not _ID_NUMBER.fullmatch(number):
        raise IdentifierError(
            "id-number-shape",
            "身份证号应为 18 位，末位可为 X。",
            "An identity number has 17 digits and a digit or X.",
        )
    if not _is_birth_date(number[6:14]):
        raise IdentifierError(
            "id-number-date",
            "身份证号中的出生日期不存在。",
            "The birth date in the identity number does not exist.",
        )
    if ric.calc_check_digit(number) != number[-1]:
        raise IdentifierError(
            "id-number-check-digit",
            "身份证号校验位不符，请核对。",
            "The check character of the identity number does not match.",
        )
    return number


def _is_birth_date(digits: str) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return born.year >= _EARLIEST_BIRTH_YEAR


def mask_id_number(number: str) -> str:
    """Return the number as screens show it: the first three and last four characters."""
    hidden = len(number) - _MASK_START - _MASK_END
    if hidden <= 0:
        return "*" * len(number)
    return number[:_MASK_START] + "*" * hidden + number[-_MASK_END:]


def validate_certificate_number(text: str) -> str:
    """Return the number of a qualification certificate as printed.

    Many are the holder's identity number, older ones have forms of their own, so only the
    characters and the length (4 to 40) are judged.

    Raises:
        IdentifierError: `certificate-number-shape`.
    """
    if not _CERTIFICATE_NUMBER.fullmatch(text):
        raise IdentifierError(
            "certificate-number-shape",
            "证件号应为 4 至 40 个汉字、字母或数字。",
            "A certificate number has 4 to 40 letters, digits or Chinese characters.",
        )
    return text


def validate_phone(text: str) -> str:
    """Return a telephone number that can be dialled, without spaces.

    Mainland mobile, land line with area code (extension after a hyphen), 400 and 800 numbers,
    or an international number with +. A mobile number's +86 is dropped.

    Raises:
        IdentifierError: `phone-shape`.
    """
    number = text.replace(" ", "")
    if re.fullmatch(r"\+?86-?1[3-9][0-9]{9}", number):
        number = number[-11:]
    if not any(shape.fullmatch(number) for shape in _PHONES):
        raise IdentifierError(
            "phone-shape",
            "电话号码格式不正确；固定电话请加区号。",
            "This is no telephone number; a land line needs its area code.",
        )
    return number
