"""Fields of the API that take exactly one spelling of each value.

marshmallow's own are generous: `Decimal(places=1)` rounds silently, `Integer` takes `"5"` and
`true`, `Boolean` takes `"yes"`, `DateTime` takes a moment without a zone. These do not, and each
says in the API's description what it takes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from marshmallow import ValidationError, fields
from typing_extensions import override  # typing's own needs Python 3.12

from waybill.units import parse_decimal

ValueT = TypeVar("ValueT")
EnumT = TypeVar("EnumT", bound=Enum)

MAX_TEXT_CHARACTERS: Final = 2000
MAX_LIST_ITEMS: Final = 200
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
_CONTROL_BUT_LINES: Final = re.compile(
    _CONTROL.pattern.replace(r"\x00-\x1f", r"\x00-\x09\x0b-\x1f")
)
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a field is refused: a code for programs, words for people. marshmallow carries it."""

    code: str
    message_zh: str
    message_en: str


def fault(code: str, message_zh: str, message_en: str) -> ValidationError:
    """Return the error that refuses a field."""
    return ValidationError([Fault(code, message_zh, message_en)])


NOT_TEXT: Final = ("not-text", "应为文本。", "Write it as text.")


def _described(**members: object) -> Mapping[str, object]:
    """Return what the description of the API says of a field."""
    return MappingProxyType(members)


class StrictField(fields.Field[ValueT], Generic[ValueT]):
    """Base of the fields here: `read` takes the JSON value or raises, `write` gives it back.

    `openapi` is what the description of the API says of the field.
    """

    openapi: Mapping[str, object] = _described()

    def __init__(self, *, description: str = "", **options: Any) -> None:  # noqa: ANN401  marshmallow's own options
        metadata = {"description": description} if description else {}
        super().__init__(metadata=metadata | options.pop("metadata", {}), **options)

    def read(self, value: object) -> ValueT:
        """Return the value that was sent.

        Raises:
            marshmallow.ValidationError: carries a `Fault`.
        """
        raise NotImplementedError

    def write(self, value: ValueT) -> object:
        """Return what JSON holds for a value."""
        return value

    @override
    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any
    ) -> ValueT:
        return self.read(value)

    @override
    def _serialize(self, value: ValueT | None, attr: str | None, obj: Any, **_: Any) -> object:
        return None if value is None else self.write(value)


class Text(StrictField[str]):
    """Text without control characters and without space around it; `lines` allows line breaks."""

    def __init__(
        self,
        *,
        least: int = 1,
        most: int = 200,
        lines: bool = False,
        **options: Any,  # noqa: ANN401  marshmallow's own options
    ) -> None:
        super().__init__(**options)
        self.least, self.most, self.lines = least, most, lines
        self.openapi = {"type": "string", "minLength": least, "maxLength": most}

    @override
    def read(self, value: object) -> str:
        if not isinstance(value, str):
            raise fault(*NOT_TEXT)
        if not self.least <= len(value) <= self.most:
            raise fault(
                "length",
                f"长度应为 {self.least} 至 {self.most} 个字符。",
                f"It has {self.least} to {self.most} characters.",
            )
        if (_CONTROL_BUT_LINES if self.lines else _CONTROL).search(value):
            raise fault("control-character", "含有控制字符。", "It holds a control character.")
        if value != value.strip():
            raise fault("surrounding-space", "首尾不能有空格。", "No space at either end.")
        return value


class Secret(Text):
    """A password or token: any text, space included; never written out again."""

    def __init__(self, *, most: int = 200, **options: Any) -> None:  # noqa: ANN401  marshmallow's own options
        super().__init__(most=most, load_only=True, **options)
        self.openapi = {**self.openapi, "format": "password"}

    @override
    def read(self, value: object) -> str:
        if not isinstance(value, str):
            raise fault(*NOT_TEXT)
        if not self.least <= len(value) <= self.most:
            raise fault(
                "length",
                f"长度应为 {self.least} 至 {self.most} 个字符。",
                f"It has {self.least} to {self.most} characters.",
            )
        return value


class Code(StrictField[str]):
    """Text of a fixed shape: `pattern` must match all of it. Write digits as `[0-9]`."""

    def __init__(self, pattern: str, **options: Any) -> None:  # noqa: ANN401  marshmallow's own options
        super().__init__(**options)
        self._shape = re.compile(pattern)
        self.openapi = {"type": "string", "pattern": f"^(?:{pattern})$"}

    @override
    def read(self, value: object) -> str:
        if not isinstance(value, str):
            raise fault(*NOT_TEXT)
        if not self._shape.fullmatch(value):
            raise fault("shape", "格式不正确。", f"It must match {self._shape.pattern}.")
        return value


class DecimalString(StrictField[Decimal]):
    """A plain decimal as a JSON string: no sign, no exponent, no silent rounding.

    A JSON number is refused, because a client may have rounded it before Python sees it; so is
    a digit beyond `places`.
    """

    def __init__(self, *, places: int, **options: Any) -> None:  # noqa: ANN401  marshmallow's own options
        super().__init__(**options)
        self.places = places
        fraction = rf"(\.[0-9]{{1,{places}}})?" if places else ""
        self.openapi = {"type": "string", "pattern": rf"^(0|[1-9][0-9]{{0,9}}){fraction}$"}

    @override
    def read(self, value: object) -> Decimal:
        if isinstance(value, str):
            try:
                return parse_decimal(value, places=self.places)
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
        digits = isinstance(value, str) and re.fullmatch("0|[1-9][0-9]{0,8}", value)
        return super().read(int(digits[0]) if digits else None)


class StrictBoolean(StrictField[bool]):
    """`true` or `false`; neither 1 nor "yes" is meant."""

    openapi = _described(type="boolean")

    @override
    def read(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise fault("boolean", "应为 true 或 false。", "It must be true or false.")
        return value


class Instant(StrictField[datetime]):
    """A moment with its zone (RFC 3339), kept in UTC to the millisecond and written with `Z`."""

    openapi = _described(type="string", format="date-time")

    @override
    def read(self, value: object) -> datetime:
        if isinstance(value, str) and _INSTANT.fullmatch(value):
            try:
                return datetime.fromisoformat(value).astimezone(UTC)
            except (ValueError, OverflowError):
                pass
        raise fault(
            "instant",
            "应为带时区的时间，例如 2026-11-22T14:05:00+08:00。",
            "Write a moment with its zone, such as 2026-11-22T14:05:00+08:00.",
        )

    @override
    def write(self, value: datetime) -> str:
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class LocalDate(StrictField[date]):
    """A calendar date, meant in Asia/Shanghai."""

    openapi = _described(type="string", format="date")

    @override
    def read(self, value: object) -> date:
        if isinstance(value, str) and _DATE.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        raise fault(
            "date", "应为日期，例如 2026-11-22。", "Write a calendar date, such as 2026-11-22."
        )

    @override
    def write(self, value: date) -> str:
        return value.isoformat()


class Identity(StrictField[UUID]):
    """The id of a record: a UUID in its hyphened spelling."""

    openapi = _described(type="string", format="uuid")

    @override
    def read(self, value: object) -> UUID:
        if not isinstance(value, str) or not _UUID.fullmatch(value):
            raise fault("uuid", "应为记录编号（UUID）。", "It must be a record's id (UUID).")
        return UUID(value)

    @override
    def write(self, value: UUID) -> str:
        return str(value)


class Choice(StrictField[EnumT], Generic[EnumT]):
    """One value of a closed list, by the value that is stored."""

    def __init__(self, choices: type[EnumT], **options: Any) -> None:  # noqa: ANN401  marshmallow's own options
        super().__init__(**options)
        self._members = {str(member.value): member for member in choices}
        values: list[str | None] = list(self._members)
        if self.allow_none:
            values.append(None)
        self.openapi = {"type": "string", "enum": values}

    @override
    def read(self, value: object) -> EnumT:
        member = self._members.get(value) if isinstance(value, str) else None
        if member is None:
            listed = "、".join(self._members)
            raise fault(
                "choice", f"只能是：{listed}。", f"It must be one of {', '.join(self._members)}."
            )
        return member

    @override
    def write(self, value: EnumT) -> str:
        return str(value.value)


class Many(fields.List[ValueT], Generic[ValueT]):
    """A list with bounds; what it holds is loaded one by one and becomes a tuple."""

    def __init__(
        self,
        item: fields.Field[ValueT],
        *,
        least: int = 0,
        most: int = MAX_LIST_ITEMS,
        description: str = "",
        **options: Any,  # noqa: ANN401  marshmallow's own options
    ) -> None:
        self.least, self.most = least, most
        bounds = {"minItems": least, "maxItems": most}
        super().__init__(item, metadata={"description": description} | bounds, **options)

    @override
    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        if not isinstance(value, list):
            raise fault("not-a-list", "应为列表。", "It must be a list.")
        if not self.least <= len(value) <= self.most:
            raise fault(
                "list-length",
                f"应有 {self.least} 至 {self.most} 项。",
                f"It must hold {self.least} to {self.most} items.",
            )
        return tuple(super()._deserialize(value, attr, data, **options))


class Json(StrictField[object]):
    """Any JSON value, written as it is; for answers only."""

    openapi = _described()

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  marshmallow's own options
        super().__init__(dump_only=True, **options)
