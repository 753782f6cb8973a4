"""How answers of the bay are judged: yes passes, no fails, and silence is unknown."""

from typing import Final

from waybill.codec import JsonValue
from waybill.rules.facts import Facts
from waybill.rules.finding import Outcome
from waybill.rules.questions import given_answer, questions_of
from waybill.rules.rule import Judgement, Reasons, failed, not_applicable, passed, unknown

ANSWER_REASONS: Final[Reasons] = {
    "as_asked": Outcome.PASSED,
    "answered_no": Outcome.FAILED,
    "not_answered": Outcome.UNKNOWN,
}
NOT_ASKED: Final[Reasons] = {"not_asked": Outcome.NOT_APPLICABLE}


def judge_answers(rule: str, facts: Facts, **seen: JsonValue) -> Judgement:
    """Judge the answers to all questions of a rule that apply to a trip.

    The finding names the questions that decided: those answered no, else those not answered, else
    all that were asked. A rule none of whose questions applies is not applicable.
    """
    asked = questions_of(rule, facts)
    if not asked:
        return not_applicable("not_asked")
    answers = {each.id: given_answer(facts, each.id, each.phase) for each in asked}
    refused = _named(answers, answer=False)
    if refused:
        return failed("answered_no", questions=refused, **seen)
    missing = _named(answers, answer=None)
    if missing:
        return unknown("not_answered", questions=missing, **seen)
    return passed("as_asked", questions=_named(answers, answer=True), **seen)


def _named(answers: dict[str, bool | None], *, answer: bool | None) -> list[JsonValue]:
    return [question for question, given in answers.items() if given is answer]
