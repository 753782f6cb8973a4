"""What a scope (经营范围) can name, and whether goods are what it names."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

FIREWORKS: Final = ("0333", "0334", "0335", "0336", "0337")
MEDICAL_WASTE: Final = ("3291",)

_BETWEEN_NAMES: Final = re.compile(r"[，（）()；、,;\s]|或")
_STATE: Final = re.compile(r"^(?:工业|无水|冷冻|压缩|熔融|液化|液态|液体|液|固态|固体|气态)+")
"""The state of a substance: 液氨 may be 无水氨, or may not."""


class Answer(StrEnum):
    """Yes, no, or not to be known from what is written and declared."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class TermKind(StrEnum):
    """How a term of a scope picks out goods."""

    CLASS = "class"
    DIVISION = "division"
    NAME = "name"
    NUMBERS = "numbers"
    HIGHLY_TOXIC = "highly_toxic"
    WASTE = "waste"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsFacts:
    """What is known of goods that a scope must cover.

    `division` as papers show it ("3", "2.3", "1.1D"; empty where it is not fixed), `hazard_class`
    its class ("2"). `names_zh` are the Chinese name and the names of the trade. `highly_toxic` is
    "ask" and `waste` is `None` as long as nobody has declared it.
    """

    un_number: str
    hazard_class: str
    division: str
    names_zh: tuple[str, ...]
    highly_toxic: Literal["yes", "no", "ask"]
    waste: bool | None = None

    @property
    def class_digit(self) -> str:
        """The class alone: "6" of division 6.1."""
        return (self.division or self.hazard_class)[:1]

    @property
    def division_digit(self) -> str:
        """The digit after the point, "3" of 2.3; empty for a class without divisions."""
        return self.division[2:3]

    @property
    def terms_zh(self) -> frozenset[str]:
        """Every single name: alternatives and synonyms are set apart."""
        return single_names(self.names_zh)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One thing that a scope names.

    `hazard_class` and `division` are single digits, `numbers` UN numbers. An `OPEN` term is a
    category that cannot be decided from the goods list, or "everything that is not written out".
    """

    kind: TermKind
    text: str
    hazard_class: str = ""
    division: str = ""
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A term that is permitted, and what is taken away from it.

    `only` narrows the term to named goods. `excluded` surely belongs to this grant; `perhaps`
    may belong to it, since the text leaves open how far an exclusion reaches.
    """

    term: Term
    only: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()
    perhaps: tuple[Term, ...] = ()


def single_names(names_zh: Iterable[str]) -> frozenset[str]:
    """Return every single name that printed names consist of, alternatives set apart."""
    names = tuple(names_zh)
    parts = {part for name in names for part in _BETWEEN_NAMES.split(name)}
    return frozenset(part.casefold() for part in {*parts, *names} if part)


def bare_name(name: str) -> str:
    """Return a name without the words for its state (液, 无水, 压缩 and the like)."""
    return _STATE.sub("", name)


def matches(term: Term, goods: GoodsFacts) -> Answer:
    """Say whether the goods are what a term names."""
    return _MATCHERS[term.kind](term, goods)


def _known(truth: bool) -> Answer:  # noqa: FBT001  it turns a truth into an answer
    return Answer.YES if truth else Answer.NO


def _matches_division(term: Term, goods: GoodsFacts) -> Answer:
    """Compare class, then division; old divisions of a class that has none now are unknown."""
    if term.hazard_class != goods.class_digit:
        return Answer.NO
    if not goods.division_digit:
        return Answer.UNKNOWN
    return _known(term.division == goods.division_digit)


def _matches_name(term: Term, goods: GoodsFacts) -> Answer:
    """Take equal names only; where one contains the other it is not settled what is meant.

    Gases are named in trade by their liquid (液氯) and in the list by the bare element (氯).
    """
    name, terms = term.text.casefold(), goods.terms_zh
    if name in terms or name.removeprefix("液") in terms:
        return Answer.YES
    bare = bare_name(name)
    if any(name in term or term in name or bare == bare_name(term) for term in terms):
        return Answer.UNKNOWN
    return Answer.NO


def _matches_waste(_term: Term, goods: GoodsFacts) -> Answer:
    return Answer.UNKNOWN if goods.waste is None else _known(goods.waste)


_HIGHLY_TOXIC: Final[Mapping[str, Answer]] = {
    "yes": Answer.YES,
    "no": Answer.NO,
    "ask": Answer.UNKNOWN,
}
_MATCHERS: Final[Mapping[TermKind, Callable[[Term, GoodsFacts], Answer]]] = {
    TermKind.CLASS: lambda term, goods: _known(term.hazard_class == goods.class_digit),
    TermKind.DIVISION: _matches_division,
    TermKind.NAME: _matches_name,
    TermKind.NUMBERS: lambda term, goods: _known(goods.un_number in term.numbers),
    TermKind.HIGHLY_TOXIC: lambda _, goods: _HIGHLY_TOXIC[goods.highly_toxic],
    TermKind.WASTE: _matches_waste,
    TermKind.OPEN: lambda _, __: Answer.UNKNOWN,
}
