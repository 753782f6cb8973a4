"""Text, codes, identities and closed lists."""

import re
from enum import Enum
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from typing_extensions import override  # typing's own needs Python 3.12

from api.fields.base import NOT_TEXT, StrictField, described, fault
from waybill.services.registry.validation import UNSEEN

EnumT = TypeVar("EnumT", bound=Enum)


_CONTROL: Final = re.compile(rf"[\x00-\x1f{UNSEEN}]")


_CONTROL_BUT_LINES: Final = re.compile(rf"[\x00-\x09\x0b-\x1f{UNSEEN}]")


_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


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


class Identity(StrictField[UUID]):
    """The id of a record: a UUID in its hyphened spelling."""

    openapi = described(type="string", format="uuid")

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
