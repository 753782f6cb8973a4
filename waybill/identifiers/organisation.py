"""Numbers of enterprises and of the licences that let them carry dangerous goods."""

import re
from typing import Final

from stdnum.cn import uscc

from waybill.identifiers.failure import IdentifierError

# Characters 3 to 8 are the administrative division; a first character 0 is given to nobody, and
# without that rule eighteen zeros would pass the check digit.
_USCC: Final = re.compile(r"[1-9A-HJ-NP-RTUWXY][0-9A-HJ-NP-RTUWXY][0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}")
_LICENCE: Final = re.compile(r"[0-9]{12}")
_CERTIFICATE: Final = re.compile(r"(?:[\u4e00-\u9fff]{1,12}字)?第?(?P<digits>[0-9]{12})号?")


def validate_uscc(text: str) -> str:
    """Return a unified social credit code (统一社会信用代码) in capitals.

    Source: GB 32100-2015, 18 characters without I, O, S, V, Z, check character modulo 31.

    Raises:
        IdentifierError: `uscc-shape` or `uscc-check-digit`.
    """
    number = text.upper() if text.isascii() else text
    if not _USCC.fullmatch(number):
        raise IdentifierError(
            "uscc-shape",
            "统一社会信用代码应为 18 位数字或大写字母（不含 I、O、S、V、Z）。",
            "A unified social credit code has 18 digits or letters without I, O, S, V, Z.",
        )
    if uscc.calc_check_digit(number[:-1]) != number[-1]:
        raise IdentifierError(
            "uscc-check-digit",
            "统一社会信用代码校验位不符，请核对。",
            "The check character of the unified social credit code does not match.",
        )
    return number


def validate_licence_number(text: str) -> str:
    """Return the 12 digits of a carrier licence (道路运输经营许可证).

    Raises:
        IdentifierError: `licence-number-shape`.
    """
    if not _LICENCE.fullmatch(text):
        raise IdentifierError(
            "licence-number-shape",
            "道路运输经营许可证号应为 12 位数字。",
            "A carrier licence number has 12 digits.",
        )
    return text


def validate_transport_certificate_number(text: str) -> str:
    """Return the 12 digits of a road transport certificate (道路运输证).

    What the paper prints around them (issuer 字, 号) is taken and dropped: the digits alone are
    the number.

    Raises:
        IdentifierError: `transport-certificate-number-shape`.
    """
    found = _CERTIFICATE.fullmatch(text)
    if found is None:
        raise IdentifierError(
            "transport-certificate-number-shape",
            "道路运输证号应为 12 位数字，可带“字”“号”。",
            "A road transport certificate number has 12 digits.",
        )
    return found["digits"]
