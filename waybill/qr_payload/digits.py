"""Bytes as decimal digits: seven bytes are seventeen digits.

QR codes hold digits in 3.3 bits each, so this is nearly as small as raw bytes, and every scanner,
keyboard layout and phone passes digits through unharmed. Each group is the little-endian number
of its bytes, padded with leading zeros; one text stands for one sequence of bytes.
"""

import re
from collections.abc import Mapping
from typing import Final

from waybill.qr_payload.errors import QrError

GROUP_BYTES: Final = 7
GROUP_DIGITS: Final = 17
DIGITS_BY_BYTES: Final[Mapping[int, int]] = {1: 3, 2: 5, 3: 8, 4: 10, 5: 13, 6: 15, 7: 17}
BYTES_BY_DIGITS: Final[Mapping[int, int]] = {d: b for b, d in DIGITS_BY_BYTES.items()}

_DIGITS: Final = re.compile("[0-9]+")  # a class of its own: \d would match full-width digits


def encode_digits(data: bytes) -> str:
    """Return the digits of any bytes."""
    groups = (data[at : at + GROUP_BYTES] for at in range(0, len(data), GROUP_BYTES))
    return "".join(
        str(int.from_bytes(group, "little")).zfill(DIGITS_BY_BYTES[len(group)]) for group in groups
    )


def decode_digits(digits: str) -> bytes:
    """Return the bytes of digits; the caller has bounded their number.

    Raises:
        QrError: `no-digits`, `not-ascii-digits`, `bad-length` (the last group has a number of
            digits that no number of bytes makes), `group-out-of-range`.
    """
    if not digits:
        raise QrError("no-digits")
    if not _DIGITS.fullmatch(digits):
        raise QrError("not-ascii-digits")
    groups = [digits[at : at + GROUP_DIGITS] for at in range(0, len(digits), GROUP_DIGITS)]
    return b"".join(_decode_group(group) for group in groups)


def _decode_group(group: str) -> bytes:
    length = BYTES_BY_DIGITS.get(len(group))
    if length is None:
        raise QrError("bad-length")
    try:
        return int(group).to_bytes(length, "little")
    except OverflowError:
        raise QrError("group-out-of-range") from None
