"""Findings as people and machines are shown them: the record beside its words in both languages."""

from dataclasses import asdict

from waybill.codec import JsonValue
from waybill.rules.explain import explain
from waybill.rules.finding import Finding


def presented(finding: Finding) -> dict[str, JsonValue]:
    """Return a finding with its explanation, `zh` and `en` side by side."""
    return {
        "code": finding.code,
        "version": finding.version,
        "severity": finding.severity.value,
        "outcome": finding.outcome.value,
        "reason": finding.reason,
        "facts": dict(finding.facts),
        "zh": asdict(explain(finding, "zh")),
        "en": asdict(explain(finding, "en")),
    }
