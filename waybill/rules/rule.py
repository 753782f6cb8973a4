"""The shape of a rule: its law, its dates, its check, and every answer it can give."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, NamedTuple, TypeAlias

from waybill.codec import JsonValue
from waybill.rules.facts import Facts, Regime
from waybill.rules.finding import Finding, Outcome, Phase, Severity

Check: TypeAlias = Callable[[Facts, datetime], Finding]
"""Judges facts at an aware moment; never reads a clock, never raises for what people can enter."""

Reasons: TypeAlias = Mapping[str, Outcome]
FindingFacts: TypeAlias = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """The law that a rule stands on; `article` as the law numbers it, empty for the whole text."""

    regulation_zh: str
    regulation_en: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One version of one rule. A version that has judged is never edited: mending adds a version.

    `edition` is the first edition of the register that holds it. `in_force_from` and
    `in_force_until` are calendar dates in Asia/Shanghai, both days in; `None` means until further
    notice. `confirmed` says that the text of the law was read for it; else `confirmed_note` says
    what is only believed. `reasons` are all answers the check can give and what each comes to.
    `reads` names the facts it looks at, as `tank.approved_substances`. Goods that go as ordinary
    goods under a regime in `relieved_by` are not asked about (`waybill.rules.regimes`).
    """

    code: str
    version: int
    title_zh: str
    title_en: str
    basis: tuple[Basis, ...]
    edition: str
    in_force_from: date
    phases: frozenset[Phase]
    confirmed: bool
    reasons: Reasons
    check: Check
    severity: Severity = Severity.STOP
    in_force_until: date | None = None
    confirmed_note: str = ""
    reads: tuple[str, ...] = ()
    relieved_by: frozenset[Regime] = frozenset()

    def in_force(self, on: date) -> bool:
        """Whether the rule holds on a calendar date in Asia/Shanghai."""
        return self.in_force_from <= on and (
            self.in_force_until is None or on <= self.in_force_until
        )

    def finding(self, outcome: Outcome, reason: str, facts: FindingFacts | None = None) -> Finding:
        """Return this rule's answer.

        Raises:
            ValueError: the reason is not declared, or not with this outcome, so that nobody could
                read why.
        """
        if self.reasons.get(reason) is not outcome:
            raise ValueError(f"{self.code} does not declare {reason} as {outcome}")
        return Finding(
            code=self.code,
            version=self.version,
            severity=self.severity,
            outcome=outcome,
            reason=reason,
            facts=dict(facts or {}),
        )


RELIEVED: Final = "relieved"
"""The reason of a rule that small quantities are relieved of (see `Rule.relieved_by`)."""


def relieve(
    rule: Rule,
    *,
    edition: str,
    by: frozenset[Regime],
    phases: frozenset[Phase] | None = None,
    check: Check | None = None,
) -> Rule:
    """Return the next version of a rule, which goods under a regime of quantity are relieved of.

    Whether a trip is relieved is for `assess` to ask, once for all rules. `phases` and `check` are
    those of the new version, `None` leaves them as they are; a check of its own may answer under
    the rule it was written for.
    """
    reasons = {**rule.reasons, RELIEVED: Outcome.NOT_APPLICABLE}
    made = replace(
        _next_version(rule if check is None else replace(rule, check=check), edition),
        relieved_by=by,
        reasons=reasons,
    )
    return made if phases is None else replace(made, phases=phases)


def revise(rule: Rule, *, edition: str, phases: frozenset[Phase]) -> Rule:
    """Return the next version of a rule, which asks the same in other phases."""
    return replace(_next_version(rule, edition), phases=phases)


def _next_version(rule: Rule, edition: str) -> Rule:
    """Return a rule with the same check, whose findings are made under the next version."""
    version = rule.version + 1

    def check(facts: Facts, at: datetime) -> Finding:
        return replace(rule.check(facts, at), version=version)

    return replace(rule, version=version, edition=edition, check=check)


class Judgement(NamedTuple):
    """An answer before a rule has put its name to it: `rule.finding(*judgement)`."""

    outcome: Outcome
    reason: str
    facts: FindingFacts


def passed(reason: str, **facts: JsonValue) -> Judgement:
    """What is asked is fulfilled."""
    return Judgement(Outcome.PASSED, reason, facts)


def failed(reason: str, **facts: JsonValue) -> Judgement:
    """What is asked is not fulfilled."""
    return Judgement(Outcome.FAILED, reason, facts)


def unknown(reason: str, **facts: JsonValue) -> Judgement:
    """It could not be decided, which never lets a load go on."""
    return Judgement(Outcome.UNKNOWN, reason, facts)


def not_applicable(reason: str, **facts: JsonValue) -> Judgement:
    """The rule asks nothing here, for a reason that is itself known."""
    return Judgement(Outcome.NOT_APPLICABLE, reason, facts)


_GRAVITY: Final = (Outcome.NOT_APPLICABLE, Outcome.PASSED, Outcome.UNKNOWN, Outcome.FAILED)


def worst(judgements: Iterable[Judgement]) -> Judgement:
    """Return the gravest of several answers, the first of equals.

    Failed before unknown before passed before not applicable.

    Raises:
        ValueError: there is none, so nothing was judged.
    """
    return max(judgements, key=lambda judgement: _GRAVITY.index(judgement.outcome))


def mildest(judgements: Iterable[Judgement]) -> Judgement:
    """Return the least grave of several answers, the first of equals: one that will do is enough.

    Raises:
        ValueError: there is none, so nothing was judged.
    """
    return min(judgements, key=lambda judgement: _GRAVITY.index(judgement.outcome))
