"""What is asked on a trip in a phase, by the law and by the plant, and what was answered so far."""

from dataclasses import dataclass
from datetime import date

from waybill.rules.facts import Facts, PlantItemFacts
from waybill.rules.finding import Phase
from waybill.rules.looking import Why
from waybill.rules.plant_items import find_overriders, is_overridden
from waybill.rules.questions import (
    PhotoSubject,
    Question,
    all_questions,
    applies,
    given_answer,
    has_photo,
    photos_of,
)
from waybill.rules.regimes import relieving_regimes
from waybill.rules.register import current_edition, rules_in_force


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One thing that is asked: `rule` is the law's, empty for an item of the plant.

    `answer` is `None` as long as none counts. A plant's item may ask for a photo, may let the load
    go on, and names the accounts that have let it pass.
    """

    id: str
    rule: str
    zh: str
    en: str
    answer: bool | None
    source_zh: str = ""
    source_en: str = ""
    photo: bool = False
    photo_taken: bool = False
    stops: bool = True
    overridden_by: tuple[str, ...] = ()
    overridden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPhoto:
    """One thing that a photo is to show, why and when, and whether one does.

    The law's and the plant's are waited for; what risk or chance asks for is never.
    """

    shows: str
    zh: str
    en: str
    taken: bool
    phase: Phase = Phase.AFTER_LOADING
    why: Why = Why.LAW


def asked_questions(facts: Facts, phase: Phase, on: date) -> tuple[Asked, ...]:
    """Return what is asked in a phase, the law's questions first, in the order of asking.

    Rules that are not in force, or that small quantities are relieved of, ask nothing.
    """
    regimes = relieving_regimes(facts)
    rules = {
        rule.code
        for rule in rules_in_force(on, phase, current_edition())
        if not (regimes and regimes <= rule.relieved_by)
    }
    law = [
        _by_law(facts, question)
        for question in all_questions()
        if question.rule in rules and question.phase is phase and applies(question, facts)
    ]
    own = [_by_plant(facts, item) for item in facts.plant_items if item.phase is phase]
    return (*law, *own)


def asked_photos(facts: Facts) -> tuple[AskedPhoto, ...]:
    """Return what must be photographed before the load may leave."""
    return tuple(_photo(facts, subject) for subject in photos_of(facts))


def _by_law(facts: Facts, question: Question) -> Asked:
    return Asked(
        id=question.id,
        rule=question.rule,
        zh=question.zh,
        en=question.en,
        answer=given_answer(facts, question.id, question.phase),
        source_zh=question.source_zh,
        source_en=question.source_en,
    )


def _by_plant(facts: Facts, item: PlantItemFacts) -> Asked:
    return Asked(
        id=item.id,
        rule="",
        zh=item.question_zh,
        en=item.question_en,
        answer=given_answer(facts, item.id, item.phase),
        photo=item.photo,
        photo_taken=has_photo(facts, item.id, item.phase),
        stops=item.stops,
        overridden_by=find_overriders(facts, item.id),
        overridden=is_overridden(facts, item.id),
    )


def _photo(facts: Facts, subject: PhotoSubject) -> AskedPhoto:
    return AskedPhoto(
        shows=subject.shows,
        zh=subject.zh,
        en=subject.en,
        taken=has_photo(facts, subject.shows, subject.phase),
        phase=subject.phase,
    )
