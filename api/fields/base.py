"""What every field of the API shares: how it refuses, reads, writes and is described."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar

from marshmallow import ValidationError, fields
from typing_extensions import override  # typing's own needs Python 3.12

ValueT = TypeVar("ValueT")


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


def described(**members: object) -> Mapping[str, object]:
    """Return what the description of the API says of a field."""
    return MappingProxyType(members)


class StrictField(fields.Field[ValueT], Generic[ValueT]):
    """Base of the fields here: `read` takes the JSON value or raises, `write` gives it back.

    `openapi` is what the description of the API says of the field.
    """

    openapi: Mapping[str, object] = described()

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
