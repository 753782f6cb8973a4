"""Every answer of every rule is told in words that people can read."""

import re
from pathlib import Path

import pytest

from tests.harness.golden import EVERY
from tests.harness.rule_facts import AT
from tests.harness.rule_scenarios import scenario
from waybill.rules import wording
from waybill.rules.assess import RULE_ERROR
from waybill.rules.explain import Explanation, cite, explain
from waybill.rules.finding import Finding, Outcome, Severity
from waybill.rules.register import REGISTER, get_rule
from waybill.rules.rule import RELIEVED, Basis
from waybill.rules.wording import LOCALES, SHARED, Locale, catalogue

STANDING = {Outcome.FAILED, Outcome.UNKNOWN}


def judge(code: str, version: int, reason: str) -> Finding:
    return get_rule(code, version).check(scenario(code, version, reason), AT)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(("code", "version", "reason"), EVERY)
def test_every_answer_is_readable(code: str, version: int, reason: str, locale: Locale) -> None:
    finding = judge(code, version, reason)

    words = explain(finding, locale)

    texts = (words.seen, words.needed, words.cure)
    assert not any(re.search("[—{}]", text) for text in texts)
    assert all(texts) if finding.outcome in STANDING else texts[1:] == ("", "")
    assert all((words.seen, words.title, words.outcome, words.severity, words.basis))


@pytest.mark.parametrize("locale", LOCALES)
def test_a_rule_that_broke_down_is_readable(locale: Locale) -> None:
    broken = Finding(
        code="TNK-03.mass",
        version=1,
        severity=Severity.STOP,
        outcome=Outcome.UNKNOWN,
        reason=RULE_ERROR,
    )

    words = explain(broken, locale)

    assert all((words.seen, words.needed, words.cure))


def test_a_reason_without_words_is_refused() -> None:
    finding = Finding(
        code="TNK-03.mass",
        version=1,
        severity=Severity.STOP,
        outcome=Outcome.FAILED,
        reason="never_declared",
    )

    with pytest.raises(KeyError, match="never_declared"):
        explain(finding, "zh")


def test_both_languages_have_the_same_keys_with_as_many_texts() -> None:
    zh, en = (catalogue(locale) for locale in LOCALES)

    def shape(reasons: dict[str, dict[str, tuple[str, ...]]]) -> dict[str, dict[str, int]]:
        return {
            section: {reason: len(texts) for reason, texts in entries.items()}
            for section, entries in reasons.items()
        }

    assert shape(zh.reasons) == shape(en.reasons)
    assert [list(part) for part in (zh.outcome, zh.severity, zh.verdict)] == [
        list(part) for part in (en.outcome, en.severity, en.verdict)
    ]
    assert {key: list(words) for key, words in zh.words.items()} == {
        key: list(words) for key, words in en.words.items()
    }


def test_no_words_are_left_over() -> None:
    reasons = catalogue("zh").reasons
    used = set()
    declared = {(rule.code, reason) for rule in REGISTER for reason in rule.reasons}
    for code, reason in declared | {("TNK-03.mass", RULE_ERROR), ("TNK-03.mass", RELIEVED)}:
        places = (code, code.partition(".")[0], SHARED)
        used.add(next((place, reason) for place in places if reason in reasons.get(place, {})))

    kept = {(section, reason) for section, entries in reasons.items() for reason in entries}

    assert kept == used


def test_an_expired_escort_qualification_reads_as_people_say_it() -> None:
    finding = judge("ESC-01.qualification", 1, "expired")

    assert explain(finding, "zh") == Explanation(
        code="ESC-01.qualification",
        title="押运员从业资格证",
        outcome="不符合",
        severity="不得装运",
        seen="押运员证已于 2026-11-21 到期。",
        needed="需要在 2026-11-22 有效的证。",
        cure="更换押运员或补传新证后重新查验。",
        basis="《危险货物道路运输安全管理办法》（交通运输部令 2019 年第 29 号）第 27 条第 2 项",
    )


def test_400_kg_too_much_is_said_with_its_figures() -> None:
    words = explain(judge("TNK-03.mass", 1, "over_rated_load"), "en")

    assert words == Explanation(
        code="TNK-03.mass",
        title="Planned mass within the rated loads",
        outcome="not met",
        severity="stop",
        seen="A load of 29,400 kg is 400 kg over the rated load of 苏H·1234挂, 29,000 kg.",
        needed="At most 29,000 kg.",
        cure="Take 400 kg off or take another vehicle, and issue the waybill again.",
        basis="Measures for the Safety of Road Transport of Dangerous Goods, Order 29/2019, "
        "article 23; Measures for the Safety of Road Transport of Dangerous Goods, "
        "Order 29/2019, article 28",
    )


def test_several_articles_are_cited_one_after_another() -> None:
    order = "《危险货物道路运输安全管理办法》（交通运输部令 2019 年第 29 号）"

    basis = explain(judge("TNK-03.mass", 1, "over_rated_load"), "zh").basis

    assert basis == f"{order}第 23 条；{order}第 28 条"


@pytest.mark.parametrize(
    ("article", "zh", "en"),
    [
        ("", "某办法", "Some Measures"),
        ("27", "某办法第 27 条", "Some Measures, article 27"),
        ("27(4)", "某办法第 27 条第 4 项", "Some Measures, article 27 (4)"),
    ],
)
def test_an_article_is_cited_with_its_item(article: str, zh: str, en: str) -> None:
    basis = Basis(regulation_zh="某办法", regulation_en="Some Measures", article=article)

    assert (cite(basis, "zh"), cite(basis, "en")) == (zh, en)


def test_a_fact_that_an_old_finding_lacks_leaves_a_dash() -> None:
    finding = Finding(
        code="DRV-01.licence",
        version=1,
        severity=Severity.STOP,
        outcome=Outcome.FAILED,
        reason="expired",
        facts={"subject": "driver", "valid_until": ""},
    )

    assert explain(finding, "zh").seen == "驾驶人—已于 — 到期。"


def test_every_outcome_and_severity_has_a_word() -> None:
    for locale in LOCALES:
        assert list(catalogue(locale).outcome) == [outcome.value for outcome in Outcome]
        assert list(catalogue(locale).severity) == [severity.value for severity in Severity]


def test_two_files_that_say_the_same_thing_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "en").mkdir()
    for name in ("a.toml", "b.toml"):
        (tmp_path / "en" / name).write_text('[severity]\nSTOP = "Stop"\n', encoding="utf-8")
    monkeypatch.setattr(wording, "_TEXTS", tmp_path)

    with pytest.raises(ValueError, match=r"b\.toml repeats severity: \['STOP'\]"):
        catalogue.__wrapped__("en")
