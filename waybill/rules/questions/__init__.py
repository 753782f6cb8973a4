"""What the loader is asked at the bay, as data: the questions of the law and the photos it takes.

Each edition of the register has its file; a question that has been judged is never edited. Ids
are stable words, by which an answer (`AnswerItem`) or a photo (`PhotoItem`) names its question.
What is not known of the goods makes a question apply, it never lets one fall away.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from waybill.rules.bases import SECOND_EDITION
from waybill.rules.classification import find_hazard_class, highly_toxic
from waybill.rules.facts import Answer, CarriageMode, Facts, GoodsFacts
from waybill.rules.finding import Phase
from waybill.rules.signs import marks_for

_FOLDER: Final = Path(__file__).parent


class Condition(StrEnum):
    """On which trips something is asked."""

    TANK = "tank"
    PACKAGES = "packages"
    FLAMMABLE = "flammable"
    TOXIC = "toxic"
    EXPLOSIVE_OR_HIGHLY_TOXIC = "explosive_or_highly_toxic"
    TEMPERATURE_CONTROLLED = "temperature_controlled"
    MARKED = "marked"
    HIGH_RISK = "high_risk"


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question of the law; "yes" always means that it is as it must be."""

    id: str
    rule: str
    phase: Phase
    zh: str
    en: str
    source_zh: str
    source_en: str
    when: tuple[Condition, ...] = ()


class PhotoSubject(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that a photo must show where the risk asks for photos."""

    shows: str
    phase: Phase
    zh: str
    en: str
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """`<edition>.toml`."""

    question: tuple[Question, ...]
    photo: tuple[PhotoSubject, ...]


@cache
def _read(edition: str) -> _Asked:
    return msgspec.toml.decode((_FOLDER / f"{edition}.toml").read_bytes(), type=_Asked)


def all_questions(edition: str = SECOND_EDITION) -> tuple[Question, ...]:
    """Return every question of an edition, in the order in which they are asked."""
    return _read(edition).question


def all_photos(edition: str = SECOND_EDITION) -> tuple[PhotoSubject, ...]:
    """Return everything that a photo may have to show."""
    return _read(edition).photo


def questions_of(rule: str, facts: Facts, edition: str = SECOND_EDITION) -> tuple[Question, ...]:
    """Return the questions of a rule that apply to a trip."""
    asked = _by_rule(edition).get(rule, ())
    return tuple(question for question in asked if applies(question, facts))


@cache
def _by_rule(edition: str) -> Mapping[str, tuple[Question, ...]]:
    questions = all_questions(edition)
    return {
        rule: tuple(question for question in questions if question.rule == rule)
        for rule in {question.rule for question in questions}
    }


def applies(question: Question | PhotoSubject, facts: Facts) -> bool:
    """Whether something is asked on a trip: all of its conditions hold, or may."""
    return all(_HOLDS[condition](facts) for condition in question.when)


def photos_of(facts: Facts, edition: str = SECOND_EDITION) -> tuple[PhotoSubject, ...]:
    """Return what must be photographed on a trip, nothing where the risk does not ask for it."""
    return tuple(photo for photo in all_photos(edition) if applies(photo, facts))


def counts_from(facts: Facts, phase: Phase) -> datetime | None:
    """Return from when on an answer counts: of what is asked after loading, from its end.

    "Closures shut" says nothing that was said before the load was in. `None` where there is no
    such moment yet.
    """
    if phase is not Phase.AFTER_LOADING:
        return None
    loading = facts.evidence.loading()
    moments = [facts.waybill.cleared_at, loading.finished_at if loading else None]
    return max((moment for moment in moments if moment is not None), default=None)


def given_answer(facts: Facts, question: str, phase: Phase) -> bool | None:
    """Return what was last answered: whether it is as it must be, `None` without an answer."""
    item = facts.evidence.answer(question)
    since = counts_from(facts, phase)
    if item is None or (since is not None and item.at < since):
        return None
    return item.answer == "yes"


def has_photo(facts: Facts, shows: str, phase: Phase) -> bool:
    """Whether a photo was taken that counts."""
    since = counts_from(facts, phase)
    return any(since is None or photo.at >= since for photo in facts.evidence.photos(shows))


def _any(holds: Callable[[GoodsFacts], bool]) -> Callable[[Facts], bool]:
    def judge(facts: Facts) -> bool:
        return not facts.goods or any(holds(line) for line in facts.goods)

    return judge


def _hazards(line: GoodsFacts) -> frozenset[str]:
    return frozenset({line.division, *line.subsidiary_hazards, *line.labels})


def _is_flammable(line: GoodsFacts) -> bool:
    """Whether a charge could light it: gases, liquids, and carbon of packing group II."""
    carbon = line.un_number == "1361" and line.packing_group == "II"
    return not line.division or carbon or not {"2.1", "3"}.isdisjoint(_hazards(line))


def _is_toxic(line: GoodsFacts) -> bool:
    return (
        not line.division
        or highly_toxic(line) is not Answer.NO
        or not {"2.3", "6.1"}.isdisjoint(_hazards(line))
    )


def _is_explosive_or_highly_toxic(line: GoodsFacts) -> bool:
    return find_hazard_class(line) in {None, "1"} or highly_toxic(line) is not Answer.NO


def _is_high_risk(line: GoodsFacts) -> bool:
    toxic = line.division == "2.3" or (line.division == "6.1" and line.packing_group == "I")
    return toxic or _is_explosive_or_highly_toxic(line)


def _is_temperature_controlled(line: GoodsFacts) -> bool:
    return "TEMPERATURE CONTROLLED" in line.name_en.upper()


_HOLDS: Final[Mapping[Condition, Callable[[Facts], bool]]] = {
    Condition.TANK: _any(lambda line: line.mode is CarriageMode.TANK),
    Condition.PACKAGES: _any(lambda line: line.mode is CarriageMode.PACKAGES),
    Condition.FLAMMABLE: _any(_is_flammable),
    Condition.TOXIC: _any(_is_toxic),
    Condition.EXPLOSIVE_OR_HIGHLY_TOXIC: _any(_is_explosive_or_highly_toxic),
    Condition.TEMPERATURE_CONTROLLED: _any(_is_temperature_controlled),
    Condition.MARKED: lambda facts: bool(marks_for(facts)),
    Condition.HIGH_RISK: _any(_is_high_risk),
}
