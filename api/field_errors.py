"""marshmallow's tree of messages as a flat list of JSON Pointers with words in both languages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from api.fields import Fault

WORDS: Final[Mapping[str, Fault]] = {
    "Missing data for required field.": Fault("required", "必填。", "This is required."),
    "Field may not be null.": Fault("null", "不能为空。", "It must not be null."),
    "Unknown field.": Fault("unknown-field", "没有这个字段。", "There is no such field."),
    "Invalid input type.": Fault("not-an-object", "应为对象。", "It must be an object."),
    "Invalid value.": Fault("invalid", "内容无效。", "It is not valid."),
    "Invalid type.": Fault("not-an-object", "应为对象。", "It must be an object."),
}
"""What marshmallow itself says, and what we say instead."""

LOCATIONS: Final[Mapping[str, str]] = {
    "json": "body",
    "query": "query",
    "querystring": "query",
    "headers": "header",
    "form": "body",
    "files": "body",
    "path": "path",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """One field that is refused. `place` says in which part of the request it stands."""

    pointer: str
    code: str
    message_zh: str
    message_en: str
    place: str = "body"

    def body(self) -> dict[str, str]:
        """Return the members as they stand in a problem's `errors`."""
        return {
            "in": self.place,
            "pointer": self.pointer,
            "code": self.code,
            "message_zh": self.message_zh,
            "message_en": self.message_en,
        }


def field_errors(messages: object, *, place: str = "body") -> tuple[FieldError, ...]:
    """Flatten marshmallow's messages; `place` is the part of the request they are about."""
    return tuple(_walk(messages, "", place))


def _walk(messages: object, pointer: str, place: str) -> Iterator[FieldError]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from _walk(
                inner, pointer if key == "_schema" else f"{pointer}/{_token(key)}", place
            )
    elif isinstance(messages, list | tuple):
        for message in messages:
            yield from _walk(message, pointer, place)
    else:
        found = messages if isinstance(messages, Fault) else WORDS.get(str(messages))
        words = found or Fault("invalid", "内容无效。", str(messages))
        yield FieldError(
            pointer=pointer,
            code=words.code,
            message_zh=words.message_zh,
            message_en=words.message_en,
            place=place,
        )


def _token(key: object) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")
