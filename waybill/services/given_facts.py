"""Facts that somebody wrote by hand, read strictly: a slip must not become a silent "unknown"."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import msgspec

from waybill.errors import FieldProblem, InvalidFieldError
from waybill.rules.facts import Facts

YEARS: Final = range(1950, 2100)
MAX_ITEMS: Final = 200
MAX_CHARACTERS: Final = 2000
MAX_DIGITS: Final = 12
MAX_PLACES: Final = 6
MAX_PROBLEMS: Final = 50
_WHERE: Final = re.compile(r"^(.*) - at `\$(.*)`$", re.DOTALL)
_STEP: Final = re.compile(r"\.([A-Za-z_0-9]+)|\[([0-9]+|\.\.\.)\]")


def read_facts(given: Mapping[str, object], pointer: str) -> Facts:
    """Return facts from the JSON object of `waybill.rules.facts.Facts`.

    Args:
        given: the object, read from JSON.
        pointer: where it stands in the request, as a JSON Pointer.

    Raises:
        InvalidFieldError: names every member that is unknown, or the first that is of a wrong
            shape, or every value that no fact can have.
    """
    try:
        facts = msgspec.convert(given, Facts)
    except msgspec.ValidationError as error:
        raise InvalidFieldError([_shape(str(error), pointer)]) from error
    problems = [*_unknown(given, msgspec.to_builtins(facts), pointer), *_values(facts, pointer)]
    if problems:
        raise InvalidFieldError(problems[:MAX_PROBLEMS])
    return facts


def _shape(message: str, pointer: str) -> FieldProblem:
    """Return msgspec's complaint with its path as a JSON Pointer."""
    found = _WHERE.match(message)
    words, path = (found[1], found[2]) if found else (message, "")
    steps = "".join(f"/{name or index}" for name, index in _STEP.findall(path))
    return FieldProblem(
        pointer=pointer + steps,
        code="shape",
        message_zh=f"内容不符合要求：{words}",
        message_en=words,
    )


def _unknown(given: object, kept: object, pointer: str) -> Iterator[FieldProblem]:
    """Name members that nothing was read from, and numbers that were rounded on their way."""
    if isinstance(given, float):
        words = ("请以文本填写小数。", "Write a decimal as a string.")
        yield _problem(pointer, "decimal", *words)
    elif isinstance(given, Mapping) and isinstance(kept, Mapping):
        for name, value in given.items():
            at = f"{pointer}/{_token(str(name))}"
            if name in kept:
                yield from _unknown(value, kept[name], at)
            else:
                yield _problem(at, "unknown-field", "没有这个字段。", "There is no such field.")
    elif isinstance(given, Sequence) and isinstance(kept, Sequence) and not isinstance(given, str):
        for number, (value, read) in enumerate(zip(given, kept, strict=True)):
            yield from _unknown(value, read, f"{pointer}/{number}")


def _values(value: object, pointer: str) -> Iterator[FieldProblem]:
    """Name values that no fact can have: without a zone, without end, or beyond reason."""
    if isinstance(value, tuple):
        if len(value) > MAX_ITEMS:
            yield _problem(pointer, "list-length", "列表太长。", "The list is too long.")
        for number, item in enumerate(value):
            yield from _values(item, f"{pointer}/{number}")
    elif isinstance(value, msgspec.Struct) or is_dataclass(value):
        for name in _names(value):
            yield from _values(getattr(value, name), f"{pointer}/{name}")
    elif isinstance(value, str) and len(value) > MAX_CHARACTERS:
        yield _problem(pointer, "length", "文本太长。", "The text is too long.")
    elif isinstance(value, Decimal) and not _is_plain(value):
        yield _problem(pointer, "decimal", "数字超出合理范围。", "The number is beyond reason.")
    elif isinstance(value, datetime) and value.utcoffset() is None:
        yield _problem(pointer, "instant", "时间缺少时区。", "The moment has no zone.")
    elif isinstance(value, date) and value.year not in YEARS:
        yield _problem(pointer, "out-of-range", "年份不合理。", "The year is beyond reason.")


def _names(value: object) -> tuple[str, ...]:
    if isinstance(value, msgspec.Struct):
        return value.__struct_fields__
    return tuple(field.name for field in fields(value))  # type: ignore[arg-type]  # it is one


def _is_plain(value: Decimal) -> bool:
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -MAX_PLACES and value.adjusted() < MAX_DIGITS


def _token(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _problem(pointer: str, code: str, zh: str, en: str) -> FieldProblem:
    return FieldProblem(pointer=pointer, code=code, message_zh=zh, message_en=en)
