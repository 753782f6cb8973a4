"""The verdict: facts and a moment in, one finding per rule in force out. No clock, no I/O."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, cast

import msgspec

from waybill.clock import local_date
from waybill.codec import JsonValue, canonical_json, parse_json, sha256
from waybill.rules.facts import Facts, Regime
from waybill.rules.finding import Finding, Outcome, Phase, Severity
from waybill.rules.regimes import relieving_regimes
from waybill.rules.register import BLOCKING_AT_ISSUE, rules_in_force
from waybill.rules.rule import RELIEVED, Rule

RULE_ERROR: Final = "rule_error"
"""The reason of a finding whose rule broke down; it is unknown, so it never clears."""

AHEAD: Final = frozenset({Phase.ISSUE, Phase.DAY_BEFORE})
"""Phases that look ahead to the planned loading."""

_BETWEEN: Final = b"\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What every rule in force said about one set of facts.

    `at` is the aware moment of judging. At issue the rules themselves look at the planned moment
    of loading, see `judged_moment`. `law_on` is set where the rules of another day than that of
    `at` were asked, to see beforehand what they will say; such an assessment is never stored.
    """

    edition: str
    phase: Phase
    at: datetime
    findings: tuple[Finding, ...]
    law_on: date | None = None

    @property
    def complete(self) -> bool:
        """Whether there is exactly one finding per rule in force, and any rule at all."""
        on = self.law_on or local_date(self.at)
        rules = rules_in_force(on, self.phase, self.edition)
        asked = sorted((rule.code, rule.version, rule.severity.value) for rule in rules)
        said = sorted((f.code, f.version, f.severity.value) for f in self.findings)
        return bool(asked) and said == asked

    @property
    def clears(self) -> bool:
        """Whether the load may go on: every rule has answered and none stops it."""
        return self.complete and not any(finding.blocks for finding in self.findings)

    @property
    def standing(self) -> tuple[Finding, ...]:
        """The findings somebody has to look at: failed or unknown, and a stop or a warning."""
        return tuple(finding for finding in self.findings if finding.stands)

    @property
    def blocking_at_issue(self) -> tuple[Finding, ...]:
        """The failed findings for which a waybill is not even issued."""
        return tuple(
            finding
            for finding in self.findings
            if finding.code in BLOCKING_AT_ISSUE and finding.outcome is Outcome.FAILED
        )

    def findings_bytes(self) -> bytes:
        """Return the findings as the canonical bytes that are stored."""
        return canonical_json(msgspec.to_builtins(self.findings))


def verdict_digest(facts_bytes: bytes, findings_bytes: bytes) -> str:
    """Return what an event names a verdict by: hex SHA-256 of facts ‖ 0x00 ‖ findings."""
    return sha256(facts_bytes + _BETWEEN + findings_bytes).hex()


def assess(
    facts: Facts, *, at: datetime, phase: Phase, edition: str, law_on: date | None = None
) -> Assessment:
    """Judge facts by every rule in force at a moment.

    A rule that raises leaves an unknown finding in its place and never lets a load pass.

    Args:
        facts: all that may be looked at.
        at: when is judged, aware; its date in Asia/Shanghai decides which rules hold.
        phase: where in the waybill's life is judged.
        edition: by which state of the register.
        law_on: by the rules of which day in Asia/Shanghai; without it, that of `at`. Papers and
            ages are looked at as they are at `at` all the same.

    Raises:
        ValueError: a moment without a zone, or no such edition.
    """
    rules = rules_in_force(law_on or local_date(at), phase, edition)
    moment = judged_moment(facts, at, phase)
    regimes = relieving_regimes(facts)
    findings = tuple(_ask(rule, facts, moment, regimes) for rule in rules)
    return Assessment(edition=edition, phase=phase, at=at, findings=findings, law_on=law_on)


def judged_moment(facts: Facts, at: datetime, phase: Phase) -> datetime:
    """Return the moment rules look at: ahead of loading that of loading, if it is planned later.

    Credentials must hold when the goods are loaded; that they hold today is not enough.
    """
    planned = facts.waybill.planned_loading_at
    if phase not in AHEAD or planned is None or planned.utcoffset() is None:
        return at
    return max(at, planned)


def _ask(rule: Rule, facts: Facts, moment: datetime, regimes: frozenset[Regime]) -> Finding:
    if regimes and regimes <= rule.relieved_by:
        named: list[JsonValue] = [regime.value for regime in sorted(regimes)]
        return rule.finding(Outcome.NOT_APPLICABLE, RELIEVED, {"regimes": named})
    try:
        finding = rule.check(facts, moment)
    except Exception:  # noqa: BLE001  whatever broke, the verdict stands and does not clear
        return _broken(rule)
    if (finding.code, finding.version, finding.severity) != (
        rule.code,
        rule.version,
        rule.severity,
    ):
        return _broken(rule)
    return finding


def _broken(rule: Rule) -> Finding:
    return Finding(
        code=rule.code,
        version=rule.version,
        severity=rule.severity,
        outcome=Outcome.UNKNOWN,
        reason=RULE_ERROR,
    )


class _StoredFinding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A finding as it is read: msgspec knows no recursive type, so `facts` are any JSON."""

    code: str
    version: int
    severity: Severity
    outcome: Outcome
    reason: str
    facts: dict[str, object]

    def to_finding(self) -> Finding:
        return Finding(
            code=self.code,
            version=self.version,
            severity=self.severity,
            outcome=self.outcome,
            reason=self.reason,
            facts=cast("Mapping[str, JsonValue]", self.facts),
        )


def findings_from_bytes(content: bytes) -> tuple[Finding, ...]:
    """Read back what `Assessment.findings_bytes` wrote.

    Raises:
        ValueError: the bytes are not findings of this shape.
    """
    try:
        stored = msgspec.convert(parse_json(content, allow_floats=False), list[_StoredFinding])
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error
    return tuple(finding.to_finding() for finding in stored)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A rule whose stored finding and whose finding today are not equal; `None`: there is none."""

    code: str
    stored: Finding | None
    replayed: Finding | None

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the finding that differ; `finding` where there is only one of the two."""
        before, after = self.stored, self.replayed
        if before is None or after is None:
            return ("finding",)
        names = ("version", "severity", "outcome", "reason", "facts")
        return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def replay(
    facts_bytes: bytes, findings_bytes: bytes, *, phase: Phase, at: datetime, edition: str
) -> tuple[Difference, ...]:
    """Judge stored facts again and return where that differs from what was stored: nowhere.

    Raises:
        ValueError: bytes that cannot be read, or no such edition.
    """
    again = assess(Facts.from_bytes(facts_bytes), at=at, phase=phase, edition=edition)
    return compare(findings_from_bytes(findings_bytes), again)


def compare(stored: Iterable[Finding], again: Assessment) -> tuple[Difference, ...]:
    """Return where stored findings and an assessment of today differ, by code.

    A second finding of one code differs from the one that a rule gives, whatever it says.
    """
    before: dict[str, Finding] = {}
    doubled: list[Difference] = []
    for finding in stored:
        if finding.code in before:
            doubled.append(Difference(code=finding.code, stored=finding, replayed=None))
        before.setdefault(finding.code, finding)
    after = {f.code: f for f in findings_from_bytes(again.findings_bytes())}
    differing = (
        Difference(code=code, stored=before.get(code), replayed=after.get(code))
        for code in sorted({*before, *after})
        if before.get(code) != after.get(code)
    )
    return (*differing, *doubled)
