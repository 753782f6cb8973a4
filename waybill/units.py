"""Quantities that know their unit by type, and plain decimals read from text."""

import re
from decimal import Decimal
from typing import Final, NewType

Litres = NewType("Litres", Decimal)
CubicMetres = NewType("CubicMetres", Decimal)
Kilograms = NewType("Kilograms", Decimal)
KilogramsPerLitre = NewType("KilogramsPerLitre", Decimal)
Celsius = NewType("Celsius", Decimal)
Bar = NewType("Bar", Decimal)
Kilopascals = NewType("Kilopascals", Decimal)
SquareMillimetresPerSecond = NewType("SquareMillimetresPerSecond", Decimal)

LITRES_PER_CUBIC_METRE: Final = Decimal(1000)
KILOGRAMS_PER_TONNE: Final = Decimal(1000)
MAX_INTEGER_DIGITS: Final = 10


def parse_decimal(text: str, *, places: int) -> Decimal:
    """Read a plain decimal: ASCII digits, at most `places` after the point.

    No sign, no exponent, no spaces, no leading zeros, at most ten digits before the point. A
    digit too many is refused, never rounded away. The digits written are kept: "1.50" stays so.

    Raises:
        ValueError: anything else; the message does not repeat the text.
    """
    fraction = rf"(\.[0-9]{{1,{places}}})?" if places else ""
    pattern = rf"(0|[1-9][0-9]{{0,{MAX_INTEGER_DIGITS - 1}}}){fraction}"
    if not re.fullmatch(pattern, text):
        raise ValueError(f"expected a plain decimal with at most {places} places")
    return Decimal(text)


def litres_from_cubic_metres(volume: CubicMetres) -> Litres:
    """Convert exactly: one cubic metre is a thousand litres."""
    return Litres(volume * LITRES_PER_CUBIC_METRE)


def plain_decimal(value: Decimal) -> Decimal:
    """Return the same figure without idle zeros or exponent, whatever a database adds."""
    return Decimal(format(value.normalize(), "f"))
