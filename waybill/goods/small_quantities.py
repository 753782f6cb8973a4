"""Limited and excepted quantities: what the codes of the list allow in one packaging.

Source: ADR 2025, 3.4 (limited quantities), 3.5 (excepted quantities).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

LIMITED_QUANTITY_PACKAGE_KG: Final = Decimal(30)
"""Greatest gross mass of a package of limited quantities. Source: ADR 2025, 3.4.2."""

LIMITED_QUANTITY_TRAY_KG: Final = Decimal(20)
"""The same for a shrink-wrapped or stretch-wrapped tray. Source: ADR 2025, 3.4.3."""

_AMOUNT: Final = re.compile(r"(?P<figure>[1-9][0-9]{0,3}) (?P<unit>L|ml|kg|g)")
_SEE: Final = re.compile(r"[Ss]ee SP ?(?P<provision>[0-9]{1,4})")
_MILLI: Final = Decimal(1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitedQuantity:
    """What one inner packaging or article may hold.

    With both bounds the goods' state decides which counts. `asks` names the special provision
    that decides instead; then nothing is allowed by the code alone.
    """

    allowed: bool
    max_inner_l: Decimal | None = None
    max_inner_kg: Decimal | None = None
    asks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptedQuantity:
    """What one inner packaging and one outer may hold, in g for solids, else in ml.

    For gases the volume is the water capacity of the receptacle. `asks` names the special
    provision that decides instead; then nothing is allowed by the code alone.
    """

    allowed: bool
    inner_g_ml: Decimal = Decimal(0)
    outer_g_ml: Decimal = Decimal(0)
    asks: str = ""


_EXCEPTED: Final[Mapping[str, tuple[int, int]]] = {
    "E1": (30, 1000),
    "E2": (30, 500),
    "E3": (30, 300),
    "E4": (1, 500),
    "E5": (1, 300),
}
"""Inner and outer packaging, g or ml. Source: ADR 2025, 3.5.1.2."""


def parse_limited_quantity(code: str) -> LimitedQuantity | None:
    """Read the column for limited quantities: `5 L`, `500 ml or 500 g`, `0`, `see SP251`.

    Returns:
        `None` where the column is empty: goods that are not carried, or not subject.

    Raises:
        ValueError: the text has none of these shapes.
    """
    if not code:
        return None
    if code == "0":
        return LimitedQuantity(allowed=False)
    if found := _SEE.fullmatch(code):
        return LimitedQuantity(allowed=False, asks=f"SP{found['provision']}")
    amounts = [_parse_amount(part) for part in code.split(" or ")]
    volumes = [figure for unit, figure in amounts if unit == "l"]
    masses = [figure for unit, figure in amounts if unit == "kg"]
    if len(volumes) > 1 or len(masses) > 1:
        raise ValueError(f"expected one volume and one mass, not {code!r}")
    return LimitedQuantity(
        allowed=True,
        max_inner_l=volumes[0] if volumes else None,
        max_inner_kg=masses[0] if masses else None,
    )


def parse_excepted_quantity(code: str) -> ExceptedQuantity:
    """Read the column for excepted quantities: `E0` to `E5`, `see SP340`.

    An empty column allows nothing.

    Raises:
        ValueError: the text has none of these shapes.
    """
    if code in {"", "E0"}:
        return ExceptedQuantity(allowed=False)
    if found := _SEE.fullmatch(code):
        return ExceptedQuantity(allowed=False, asks=f"SP{found['provision']}")
    if code not in _EXCEPTED:
        raise ValueError(f"expected a code for excepted quantities, not {code!r}")
    inner, outer = _EXCEPTED[code]
    return ExceptedQuantity(allowed=True, inner_g_ml=Decimal(inner), outer_g_ml=Decimal(outer))


def excepted_outer_limit_g_ml(codes: Iterable[str]) -> Decimal:
    """Return what one outer packaging may hold of goods with these codes: the lowest of them.

    Goods that are not allowed as excepted quantities make it 0, and so does no code at all.

    Source: ADR 2025, 3.5.1.3.

    Raises:
        ValueError: a code that cannot be read.
    """
    return min((parse_excepted_quantity(code).outer_g_ml for code in codes), default=Decimal(0))


def _parse_amount(text: str) -> tuple[str, Decimal]:
    """Return litres (`l`) or kilograms (`kg`) of an amount such as `500 ml`."""
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise ValueError(f"expected an amount for limited quantities, not {text!r}")
    figure = Decimal(found["figure"])
    unit = found["unit"]
    if unit in {"ml", "g"}:
        figure /= _MILLI
    return ("l" if unit in {"L", "ml"} else "kg"), figure
