"""Whether a permit's scope (经营范围) covers the goods: for the carrier and for each unit."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final, TypeAlias

from waybill.clock import local_date
from waybill.codec import JsonValue
from waybill.registry import scope as registry_scope
from waybill.registry.kinds import CertificateKind
from waybill.rules.classification import find_hazard_class, highly_toxic
from waybill.rules.facts import CarriageMode, Facts, GoodsFacts
from waybill.rules.finding import Outcome
from waybill.rules.rule import Judgement, Reasons, failed, passed, unknown
from waybill.rules.subjects import (
    HOLDER_REASONS,
    Subject,
    describe,
    find_holding,
    judge_holder,
    record_of,
)

SCOPE_REASONS: Final[Reasons] = {
    **{reason: outcome for reason, outcome in HOLDER_REASONS.items() if reason != "valid"},
    "covered": Outcome.PASSED,
    "not_covered": Outcome.FAILED,
    "scope_unclear": Outcome.UNKNOWN,
    "no_goods": Outcome.UNKNOWN,
}


Covers: TypeAlias = Callable[[str, GoodsFacts], registry_scope.Answer]
"""Says whether a scope covers a goods line."""


def judge_scope(
    facts: Facts,
    subject: Subject,
    kind: CertificateKind,
    at: datetime,
    *,
    covered_by: Covers | None = None,
) -> Judgement:
    """Judge that a record and its certificate hold, and its scope covers every goods line.

    `covered_by` is how scopes are read; `None` stands for `covers`.
    """
    record = record_of(facts, subject)
    if record is None:
        return unknown("not_registered", subject=subject.value)
    held = judge_holder(facts, subject, kind, at)
    if held.outcome is not Outcome.PASSED:
        return held
    if not facts.goods:
        return unknown("no_goods")
    own = [c for c in record.certificates if c.kind is kind]
    certificate = find_holding(own, local_date(at))
    scope = certificate.scope if certificate else ""
    answers = [(line, (covered_by or covers)(scope, line)) for line in facts.goods]
    about = describe(subject, record) | {"certificate": kind.value, "scope": scope}
    return _judge_answers(answers, about)


def _judge_answers(
    answers: Sequence[tuple[GoodsFacts, registry_scope.Answer]], about: dict[str, JsonValue]
) -> Judgement:
    refused = [line.un_number for line, answer in answers if answer is registry_scope.Answer.NO]
    if refused:
        return failed("not_covered", **about, un_numbers=refused)
    unclear = [
        line.un_number for line, answer in answers if answer is registry_scope.Answer.UNKNOWN
    ]
    if unclear:
        return unknown("scope_unclear", **about, un_numbers=unclear)
    return passed("covered", **about, un_numbers=[line.un_number for line, _ in answers])


def covers(scope: str, line: GoodsFacts) -> registry_scope.Answer:
    """Say whether a scope covers a goods line, by its names and also by its technical name.

    A technical name can only narrow: it may fall under an exclusion, but grants nothing.
    """
    names = (line.name_zh, *line.aliases_zh)
    answers = {_answer(scope, line, names)}
    if line.technical_name:
        answers.add(_answer(scope, line, (*names, line.technical_name)))
    for answer in (registry_scope.Answer.NO, registry_scope.Answer.UNKNOWN):
        if answer in answers:
            return answer
    return registry_scope.Answer.YES


def _answer(scope: str, line: GoodsFacts, names_zh: tuple[str, ...]) -> registry_scope.Answer:
    goods = registry_scope.GoodsFacts(
        un_number=line.un_number,
        hazard_class=find_hazard_class(line) or "",
        division=line.division,
        names_zh=names_zh,
        highly_toxic=highly_toxic(line).value,
        in_tank=line.mode is CarriageMode.TANK,
    )
    return _covers(scope, goods)


@lru_cache(maxsize=4096)
def _covers(scope: str, goods: registry_scope.GoodsFacts) -> registry_scope.Answer:
    """Read the same few scopes for the same few goods once: every scan asks for them again."""
    return _read(scope).covers(goods).answer


@lru_cache(maxsize=4096)
def _read(scope: str) -> registry_scope.Scope:
    return registry_scope.parse_scope(scope)
