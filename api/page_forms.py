"""Forms of the pages: what was typed becomes typed values, or a list of what is wrong.

Every field that cannot be read is named at once, with the pointer the services use too, so that a
page can link each message to its field and keep what was typed.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

from werkzeug.datastructures import MultiDict

from waybill.clock import SHANGHAI
from waybill.errors import FieldProblem, InvalidFieldError
from waybill.units import parse_decimal

EnumT = TypeVar("EnumT", bound=StrEnum)
T = TypeVar("T")

MAX_TEXT_CHARACTERS: Final = 10_000
USUAL_PLACES: Final = 3

_GROUPED: Final = re.compile(r"(?<=[0-9])[,，](?=[0-9]{3})")
_MINUS: Final = re.compile(r"^[−－–]")  # noqa: RUF001  as Chinese keyboards write it
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?", re.ASCII)
_WHOLE: Final = re.compile(r"0|[1-9][0-9]{0,8}")

Words = tuple[str, str, str]

REQUIRED: Final[Words] = ("required", "请填写此项。", "Fill this in.")
CHOOSE: Final[Words] = ("choose", "请从列表中选择。", "Choose one of the list.")
WHOLE: Final[Words] = ("whole-number", "请填写整数，如 4。", "Write a whole number, such as 4.")
DAY: Final[Words] = ("day", "请填写日期，如 2026-11-22。", "Write a date such as 2026-11-22.")
MOMENT: Final[Words] = (
    "moment",
    "请填写日期和时间，如 2026-11-22 14:05。",
    "Write date and time such as 2026-11-22 14:05.",
)
POSITIVE: Final[Words] = ("positive", "须大于 0。", "It must be more than 0.")
TOO_LONG: Final[Words] = ("too-long", "内容过长。", "This is too long.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One field of a form as the page draws it.

    `kind` is `text`, `area`, `choice`, `many`, `number`, `day` or `moment`. `label` and `hint` are
    keys of the catalogue. `options` are pairs of value and words. `unit` stands behind the box.
    """

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    unit: str = ""
    required: bool = False
    options: Sequence[tuple[str, str]] = ()
    mono: bool = False


@dataclass(slots=True, kw_only=True)
class FormReader:
    """Reads one form; `settle` refuses it if anything could not be read.

    A value that could not be read comes out as something harmless, so that all of the form is
    read before it is refused.
    """

    form: MultiDict[str, str]
    problems: list[FieldProblem] = field(default_factory=list)

    def text(self, name: str, *, required: bool = False, most: int = MAX_TEXT_CHARACTERS) -> str:
        """Return a text without outer spaces; browsers end lines their own way."""
        value = self.form.get(name, "").strip().replace("\r\n", "\n")
        if required and not value:
            self.complain(name, REQUIRED)
        if len(value) > most:
            self.complain(name, TOO_LONG)
        return value

    def choice(self, name: str, kind: type[EnumT]) -> EnumT:
        """Return the member that was chosen."""
        return self.optional_choice(name, kind) or self._none(name, CHOOSE, next(iter(kind)))

    def optional_choice(self, name: str, kind: type[EnumT]) -> EnumT | None:
        """Return the member that was chosen, `None` for no choice."""
        return self._read(name, kind, CHOOSE)

    def choices(self, name: str, kind: type[EnumT]) -> tuple[EnumT, ...]:
        """Return all members that were ticked, in the list's own order."""
        ticked = set(self.form.getlist(name))
        return tuple(member for member in kind if member.value in ticked)

    def number(
        self, name: str, *, places: int = USUAL_PLACES, signed: bool = False
    ) -> Decimal | None:
        """Return an exact number; a comma between thousands is taken, a minus where `signed`."""
        words = _number_words(places, signed=signed)
        return self._read(name, partial(_number, places=places, signed=signed), words)

    def needed_number(self, name: str) -> Decimal:
        """Return an exact number that must be given."""
        value = self.number(name)
        return self._none(name, REQUIRED, Decimal(0)) if value is None else value

    def whole(self, name: str) -> int | None:
        """Return a whole number."""
        return self._read(name, _whole, WHOLE)

    def day(self, name: str) -> date | None:
        """Return a calendar date."""
        return self._read(name, _day, DAY)

    def needed_day(self, name: str) -> date:
        """Return a calendar date that must be given."""
        return self.day(name) or self._none(name, REQUIRED, date.min)

    def moment(self, name: str) -> datetime | None:
        """Return a moment; what people write is meant in Asia/Shanghai."""
        return self._read(name, _moment, MOMENT)

    def needed_moment(self, name: str) -> datetime:
        """Return a moment that must be given."""
        least = datetime.min.replace(tzinfo=SHANGHAI)
        return self.moment(name) or self._none(name, REQUIRED, least)

    def identity(self, name: str) -> UUID | None:
        """Return the id that was chosen, `None` for no choice."""
        return self._read(name, UUID, CHOOSE)

    def complain(self, name: str, words: Words) -> None:
        """Note what is wrong with a field, once."""
        pointer = f"/{name}"
        if any(problem.pointer == pointer for problem in self.problems):
            return
        code, zh, en = words
        self.problems.append(FieldProblem(pointer=pointer, code=code, message_zh=zh, message_en=en))

    def settle(self) -> None:
        """Refuse the form if anything was noted.

        Raises:
            InvalidFieldError: names every field at once.
        """
        if self.problems:
            raise InvalidFieldError(self.problems)

    def _read(self, name: str, parse: Callable[[str], T], words: Words) -> T | None:
        text = self.form.get(name, "").strip()
        if not text:
            return None
        try:
            return parse(text)
        except ValueError:
            self.complain(name, words)
            return None

    def _none(self, name: str, words: Words, harmless: T) -> T:
        self.complain(name, words)
        return harmless


def messages_of(problems: Sequence[FieldProblem], locale: str) -> Mapping[str, str]:
    """Return the first message of each field, by the field's name; `""` is the form as a whole.

    A pointer such as `/goods/0/quantity_kg` belongs to the field `goods-0-quantity_kg`.
    """
    found: dict[str, str] = {}
    for problem in problems:
        words = problem.message_zh if locale == "zh" else problem.message_en
        found.setdefault(problem.pointer.lstrip("/").replace("/", "-"), words)
    return found


def _number(text: str, *, places: int, signed: bool) -> Decimal:
    return parse_decimal(_MINUS.sub("-", _GROUPED.sub("", text)), places=places, signed=signed)


def _number_words(places: int, *, signed: bool) -> Words:
    example = "-12.5" if signed else "28500"
    return (
        "number",
        f"请填写数字，最多 {places} 位小数，如 {example}。",
        f"Write a number with at most {places} decimals, such as {example}.",
    )


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError(text)
    return int(text)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _moment(text: str) -> datetime:
    if not _MOMENT.fullmatch(text):
        raise ValueError(text)
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
