"""Decimals, whole numbers, truth values."""

import re
from decimal import Decimal
from typing import Any

from typing_extensions import override  # typing's own needs Python 3.12

from api.fields.base import StrictField, described, fault
from waybill.units import parse_decimal


class DecimalString(StrictField[Decimal]):
    """A plain decimal as a JSON string: no exponent, no silent rounding, a sign where `signed`.

    A JSON number is refused, because a client may have rounded it before Python sees it; so is
    a digit beyond `places`.
    """

    def __init__(self, *, places: int, signed: bool = False, **options: Any) -> None:  # noqa: ANN401  marshmallow's own options
        super().__init__(**options)
        self.places, self.signed = places, signed
        fraction = rf"(\.[0-9]{{1,{places}}})?" if places else ""
        minus = "-?" if signed else ""
        self.openapi = {"type": "string", "pattern": rf"^{minus}(0|[1-9][0-9]{{0,9}}){fraction}$"}

    @override
    def read(self, value: object) -> Decimal:
        if isinstance(value, str):
            try:
                return parse_decimal(value, places=self.places, signed=self.signed)
            except ValueError:
                pass
        raise fault(
            "decimal",
            f"请以文本填写数字，最多 {self.places} 位小数。",
            f"Write a plain decimal as a string, with at most {self.places} places.",
        )

    @override
    def write(self, value: Decimal) -> str:
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text


class StrictInteger(StrictField[int]):
    """A whole number in bounds, as a JSON number; `true` and `"5"` are none."""

    def __init__(self, *, least: int, most: int, **options: Any) -> None:  # noqa: ANN401  marshmallow's own options
        super().__init__(**options)
        self.least, self.most = least, most
        self.openapi = {"type": "integer", "minimum": least, "maximum": most}

    @override
    def read(self, value: object) -> int:
        if type(value) is int and self.least <= value <= self.most:
            return value
        raise fault(
            "integer",
            f"应为 {self.least} 至 {self.most} 的整数。",
            f"It must be a whole number from {self.least} to {self.most}.",
        )


class QueryInteger(StrictInteger):
    """A whole number in an address, where everything is text: ASCII digits, no leading zero."""

    @override
    def read(self, value: object) -> int:
        digits = isinstance(value, str) and re.fullmatch("0|[1-9][0-9]{0,15}", value)
        return super().read(int(digits[0]) if digits else None)


class StrictBoolean(StrictField[bool]):
    """`true` or `false`; neither 1 nor "yes" is meant."""

    openapi = described(type="boolean")

    @override
    def read(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise fault("boolean", "应为 true 或 false。", "It must be true or false.")
        return value


class QueryFlag(StrictField[bool]):
    """`true` or `false` in an address, where everything is text."""

    openapi = described(type="boolean")

    @override
    def read(self, value: object) -> bool:
        if value not in ("true", "false"):
            raise fault("boolean", "应为 true 或 false。", "It must be true or false.")
        return value == "true"
