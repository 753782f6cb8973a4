"""What a finding and a verdict say to people, in Chinese and English."""

from dataclasses import dataclass
from typing import Final

from waybill.rules.assess import Assessment
from waybill.rules.finding import Finding, Outcome, Phase
from waybill.rules.register import get_rule
from waybill.rules.rule import Basis
from waybill.rules.wording import Locale, catalogue, fill

_STAGES: Final = {
    Phase.ISSUE: "issue",
    Phase.DAY_BEFORE: "issue",
    Phase.BEFORE_LOADING: "before",
    Phase.AFTER_LOADING: "after",
    Phase.ROADSIDE: "roadside",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A finding in one language. `needed` and `cure` are empty where nothing is asked for."""

    code: str
    title: str
    outcome: str
    severity: str
    seen: str
    needed: str
    cure: str
    basis: str


def explain(finding: Finding, locale: Locale) -> Explanation:
    """Return the words of a finding, also of one that an older version of a rule made.

    Raises:
        KeyError: the register never had this rule, or the catalogue lacks the reason.
    """
    rule = get_rule(finding.code, finding.version)
    words = catalogue(locale)
    templates = words.find_templates(finding.code, finding.reason)
    if templates is None:
        raise KeyError(finding.reason)
    texts = [fill(template, finding, locale) for template in templates]
    seen, needed, cure = texts if len(texts) > 1 else (*texts, "", "")
    return Explanation(
        code=finding.code,
        title=rule.title_zh if locale == "zh" else rule.title_en,
        outcome=words.outcome[finding.outcome.value],
        severity=words.severity[finding.severity.value],
        seen=seen,
        needed=needed,
        cure=cure,
        basis=("；" if locale == "zh" else "; ").join(cite(b, locale) for b in rule.basis),
    )


def cite(basis: Basis, locale: Locale) -> str:
    """Return a legal basis as it is cited: 第 27 条第 4 项, or article 27 (4)."""
    regulation = basis.regulation_zh if locale == "zh" else basis.regulation_en
    if not basis.article:
        return regulation
    article, _, item = basis.article.rstrip(")").partition("(")
    if locale == "zh":
        return f"{regulation}第 {article} 条" + (f"第 {item} 项" if item else "")
    return f"{regulation}, article {article}" + (f" ({item})" if item else "")


def verdict_word(assessment: Assessment, locale: Locale) -> str:
    """Return the one word of a verdict: cleared, refused, or not proven.

    Refused means that something failed; where nothing failed and something is unknown, or a rule
    has not answered, it is not proven, and the load does not go on either.
    """
    words, stage = catalogue(locale).verdict, _STAGES[assessment.phase]
    if assessment.clears:
        return words[f"{stage}_cleared"]
    if any(f.blocks and f.outcome is Outcome.FAILED for f in assessment.findings):
        return words[f"{stage}_refused"]
    return words["not_proven"]
