"""Findings as people and machines are shown them: the record beside its words in both languages."""

from dataclasses import fields
from functools import lru_cache
from typing import Final

import msgspec

from waybill.codec import JsonValue
from waybill.rules.assess import findings_from_bytes
from waybill.rules.explain import Explanation, explain
from waybill.rules.finding import Finding
from waybill.rules.wording import Locale

# `asdict` copies what it is given to the last character, which is most of what an answer costs.
_WORDS: Final = tuple(field.name for field in fields(Explanation))
_REMEMBERED: Final = 4096
"""Findings; what stands in the way of one load stands in its next answer too."""


def presented(finding: Finding) -> dict[str, JsonValue]:
    """Return a finding with its explanation, `zh` and `en` side by side. Not to be changed."""
    return _presented(msgspec.json.encode(finding))


@lru_cache(maxsize=_REMEMBERED)
def _presented(content: bytes) -> dict[str, JsonValue]:
    """Present a finding by its JSON: equal findings have equal words."""
    (finding,) = findings_from_bytes(b"[" + content + b"]")
    return {
        "code": finding.code,
        "version": finding.version,
        "severity": finding.severity.value,
        "outcome": finding.outcome.value,
        "reason": finding.reason,
        "facts": dict(finding.facts),
        "zh": _said(finding, "zh"),
        "en": _said(finding, "en"),
    }


def _said(finding: Finding, locale: Locale) -> dict[str, JsonValue]:
    explanation = explain(finding, locale)
    return {name: getattr(explanation, name) for name in _WORDS}
