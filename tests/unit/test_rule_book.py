"""The rule book: every rule says what it asks, what it looks at, and what its figures are."""

from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import get_args, get_type_hints

import pytest
from click.testing import CliRunner

from api.cli import main
from waybill.rules.book import (
    FIGURES_OF,
    LIMITS_OF,
    UnknownRuleError,
    answers_of,
    figures_of,
    rules_on,
    versions_of,
    what_it_asks,
)
from waybill.rules.evidence import Evidence
from waybill.rules.facts import Facts
from waybill.rules.figures import Figure, figure_editions, figures_in_force
from waybill.rules.finding import Outcome, Phase
from waybill.rules.limits import LIMITS
from waybill.rules.register import EDITIONS, REGISTER, current_edition, rules_in_force
from waybill.rules.wording import LOCALES, Locale, catalogue

DAY = date(2026, 11, 26)
CODES = list(dict.fromkeys(rule.code for rule in REGISTER))


def readable() -> set[str]:
    """Return every name of a fact, as `tank.capacity_l`."""
    names = {"figures"}
    for name, hint in get_type_hints(Facts).items():
        for kind in (hint, *get_args(hint)):
            if kind is Evidence:
                names |= {f"{name}.{member}" for member in dir(Evidence) if member[0] != "_"}
            elif is_dataclass(kind):
                names |= {f"{name}.{field.name}" for field in fields(kind)}
    return names


@pytest.mark.parametrize("locale", LOCALES)
def test_every_rule_says_what_it_asks(locale: Locale) -> None:
    assert [code for code in CODES if not what_it_asks(code, locale)] == []


def test_the_book_has_no_text_of_a_rule_that_there_is_not() -> None:
    assert {locale: sorted(set(catalogue(locale).rules) - set(CODES)) for locale in LOCALES} == {
        "zh": [],
        "en": [],
    }


def test_every_rule_names_what_it_looks_at() -> None:
    assert [(rule.code, rule.version) for rule in REGISTER if not rule.reads] == []


def test_what_a_rule_looks_at_is_there_to_be_looked_at() -> None:
    known = readable()

    unknown = {
        rule.code: names
        for rule in REGISTER
        if (names := [name for name in rule.reads if name not in known])
    }

    assert unknown == {}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_answer_has_its_words(locale: Locale) -> None:
    silent = [
        (rule.code, answer.reason)
        for rule in REGISTER
        for answer in answers_of(rule, locale)
        if not answer.seen
        or (answer.outcome in {"failed", "unknown"} and not (answer.needed and answer.cure))
    ]

    assert silent == []


def test_answers_are_those_that_the_rule_declares() -> None:
    rule = versions_of("GDS-01.carriage")[0]

    assert {answer.reason: Outcome(answer.outcome) for answer in answers_of(rule, "en")} == dict(
        rule.reasons
    )


@pytest.mark.parametrize("edition", [edition.id for edition in EDITIONS])
def test_the_book_shows_the_rules_that_judge(edition: str) -> None:
    for phase in Phase:
        assert rules_on(DAY, edition, phase) == rules_in_force(DAY, phase, edition)
    assert {rule.code for rule in rules_on(DAY, edition)} == {
        rule.code for phase in Phase for rule in rules_in_force(DAY, phase, edition)
    }


def test_an_edition_that_there_is_not_has_no_book() -> None:
    with pytest.raises(ValueError, match="no edition 1999"):
        rules_on(DAY, "1999")


def test_before_any_law_no_rule_is_in_force() -> None:
    assert rules_on(date(2000, 1, 1), current_edition()) == ()


def test_versions_stand_newest_first_and_an_unknown_code_has_none() -> None:
    versions = [rule.version for rule in versions_of("VEH-05.tractor")]

    assert versions == sorted(versions, reverse=True)
    with pytest.raises(UnknownRuleError, match="GDS-99"):
        versions_of("GDS-99")


@pytest.mark.parametrize("locale", LOCALES)
def test_of_a_rule_that_there_is_not_the_book_says_nothing(locale: Locale) -> None:
    assert what_it_asks("GDS-99", locale) == ""
    assert figures_of("GDS-99", DAY) == ()


@pytest.mark.parametrize("locale", LOCALES)
def test_an_answer_has_the_words_of_the_catalogue_each_in_its_place(locale: Locale) -> None:
    rule = versions_of("TNK-03.surge")[0]

    for answer in answers_of(rule, locale):
        templates = [*(catalogue(locale).find_templates(rule.code, answer.reason) or ())]
        words = [answer.seen, answer.needed, answer.cure]
        assert words == templates + [""] * (3 - len(templates))


def test_every_figure_of_the_law_belongs_to_a_rule() -> None:
    claimed = tuple(prefix for prefixes in FIGURES_OF.values() for prefix in prefixes)

    unclaimed = [
        key
        for edition in figure_editions()
        for key in edition.figures
        if not key.startswith(claimed)
    ]

    assert unclaimed == []
    assert set(LIMITS_OF.values()) == set(LIMITS)


def test_a_rule_shows_its_figures_of_the_day() -> None:
    shown = figures_of("TNK-03.volume", DAY)

    in_force = figures_in_force(DAY).figures
    assert [figure.key for figure in shown] == [
        "tank_cap_highly_toxic_l",
        "tank_cap_l",
        "vehicle_cap_kg",
    ]
    assert all(in_force[figure.key] == figure for figure in shown)


def test_limits_of_the_register_are_shown_whatever_the_day() -> None:
    first = figure_editions()[0].in_force_from

    before = figures_of("AFTER-01.seals", first - timedelta(days=1))
    after = figures_of("AFTER-01.seals", first)

    assert before == after
    assert before == (
        Figure(
            key="tank_seals",
            value=Decimal(1),
            unit="seals at least on a loaded tank",
            source_zh="《危险货物道路运输安全管理办法》（交通运输部令 2019 年第 29 号）第 30 条",
            source_en="Measures for the Safety of Road Transport of Dangerous Goods, Order 29/2019,"
            " article 30",
            confirmed=False,
            note="Articles 28 to 30 of Order 29 were not read.",
        ),
    )
    assert figures_of("GDS-01.carriage", DAY) == ()


def test_the_command_line_shows_a_rule_whole() -> None:
    run = CliRunner().invoke

    shown = run(main, ["rules", "show", "TNK-03.volume", "--lang", "en"])
    in_chinese = run(main, ["rules", "show", "GDS-01.carriage"])
    missing = run(main, ["rules", "show", "GDS-99"])

    assert "figure tank_cap_l = " in shown.output
    assert what_it_asks("TNK-03.volume", "en") in shown.output
    assert "reads tank.kind" in shown.output
    assert "prohibited" in in_chinese.output
    assert (shown.exit_code, missing.exit_code) == (0, 1)


def test_the_command_line_lists_one_version_of_each_on_a_day() -> None:
    run = CliRunner().invoke

    listed = run(main, ["rules", "list", "--on", "2026-11-26", "--edition", "2026-11"]).output

    assert listed.startswith("edition 2026-11\n")
    assert listed.count("VEH-05.tractor ") == 1
    assert "AFTER-01.filling" not in listed
