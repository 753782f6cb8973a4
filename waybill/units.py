"""Plain decimals: read from text, shown without idle zeros, and the factors between units."""

import re
from decimal import Decimal
from typing import Final, overload

LITRES_PER_CUBIC_METRE: Final = Decimal(1000)
MAX_INTEGER_DIGITS: Final = 10


def parse_decimal(text: str, *, places: int, signed: bool = False) -> Decimal:
    """Read a plain decimal: ASCII digits, at most `places` after the point.

    No exponent, no spaces, no leading zeros, at most ten digits before the point; a minus sign
    only where `signed`. A digit too many is refused, never rounded away. The digits written are
    kept: "1.50" stays so.

    Raises:
        ValueError: anything else; the message does not repeat the text.
    """
    fraction = rf"(\.[0-9]{{1,{places}}})?" if places else ""
    minus = "-?" if signed else ""
    pattern = rf"{minus}(0|[1-9][0-9]{{0,{MAX_INTEGER_DIGITS - 1}}}){fraction}"
    if not re.fullmatch(pattern, text):
        raise ValueError(f"expected a plain decimal with at most {places} places")
    return Decimal(text)


@overload
def plain_decimal(value: Decimal) -> Decimal: ...
@overload
def plain_decimal(value: None) -> None: ...
@overload
def plain_decimal(value: Decimal | None) -> Decimal | None: ...
def plain_decimal(value: Decimal | None) -> Decimal | None:
    """Return the same figure without idle zeros or exponent, whatever a database adds."""
    return None if value is None else Decimal(format(value.normalize(), "f"))
