"""The rule book as pages: what each rule asks, its law, and what its answers mean."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from api.auth import requires
from api.language import language
from api.page_forms import FormReader, messages_of
from api.runtime import runtime
from api.wording import catalogue
from waybill.clock import local_date
from waybill.errors import InvalidFieldError, NotFoundError
from waybill.registry.access import Permission
from waybill.rules.book import (
    UnknownRuleError,
    answers_of,
    figures_of,
    rules_on,
    versions_of,
    what_it_asks,
)
from waybill.rules.explain import cite
from waybill.rules.figures import Figure
from waybill.rules.finding import Phase
from waybill.rules.notes import note_in
from waybill.rules.register import current_edition
from waybill.rules.rule import Rule
from waybill.rules.wording import Locale

ZH: Final[Locale] = "zh"
EN: Final[Locale] = "en"

blueprint = Blueprint("rule_pages", __name__, url_prefix="/rules")


@blueprint.get("")
@requires(Permission.READ_GOODS)
def index() -> ResponseReturnValue:
    """Show the rules that hold on a day, by what they are about."""
    reader, messages = FormReader(form=request.args), {}
    on, phase = reader.day("on"), reader.optional_choice("phase", Phase)
    try:
        reader.settle()
    except InvalidFieldError as error:
        messages = dict(messages_of(error.problems, language()))
    day = on or local_date(runtime().clock.now())
    rules = rules_on(day, current_edition(), phase)
    return render_template(
        "rules/index.html",
        groups=_grouped(rules),
        count=len(rules),
        unread=sum(not rule.confirmed for rule in rules),
        on=day,
        phase=phase,
        phases=tuple(Phase),
        edition=current_edition(),
        messages=messages,
        values=request.args,
    )


@blueprint.get("/<string:code>")
@requires(Permission.READ_GOODS)
def show(code: str) -> ResponseReturnValue:
    """Show a rule with its law, its answers, its figures and its history."""
    try:
        versions = versions_of(code)
    except UnknownRuleError:
        raise NotFoundError("rule", code) from None
    day, locale = local_date(runtime().clock.now()), _locale()
    newest = versions[0]
    return render_template(
        "rules/show.html",
        rule=_shown(newest),
        answers=sorted(answers_of(newest, locale), key=lambda a: _ORDER.index(a.outcome)),
        reads=newest.reads,
        figures=[_in_words(figure) for figure in figures_of(code, day)],
        versions=[_shown(rule) for rule in versions],
        group=_group_name(code.partition("-")[0]),
        on=day,
    )


_ORDER: Final = ("failed", "unknown", "passed", "not_applicable")


def _locale() -> Locale:
    return ZH if language() == ZH else EN


def _grouped(rules: Iterable[Rule]) -> list[tuple[str, str, list[Mapping[str, object]]]]:
    """Return the rules under the names of what they are about, each group once."""
    ordered = list(rules)
    names = list(dict.fromkeys(_group(rule) for rule in ordered))
    found = []
    for name, members in groupby(sorted(ordered, key=lambda r: names.index(_group(r))), _group):
        found.append((name, _group_name(name), [_shown(rule) for rule in members]))
    return found


def _group(rule: Rule) -> str:
    return rule.code.partition("-")[0]


def _group_name(group: str) -> str:
    """Return what a group of rules is about; an unknown one by its own letters."""
    return catalogue(language()).get(f"rule_group.{group}", group)


def _shown(rule: Rule) -> Mapping[str, object]:
    locale = _locale()
    return {
        "code": rule.code,
        "version": rule.version,
        "title": rule.title_zh if locale == ZH else rule.title_en,
        "asks": what_it_asks(rule.code, locale),
        "basis": [cite(basis, locale) for basis in rule.basis],
        "severity": rule.severity,
        "edition": rule.edition,
        "in_force_from": rule.in_force_from,
        "in_force_until": rule.in_force_until,
        "phases": [phase for phase in Phase if phase in rule.phases],
        "confirmed": rule.confirmed,
        "note": note_in(rule.confirmed_note, locale),
        "relieved_by": sorted(rule.relieved_by),
    }


def _in_words(figure: Figure) -> Figure:
    """Return a figure with its unit and note in the reader's language."""
    locale = _locale()
    return replace(figure, unit=note_in(figure.unit, locale), note=note_in(figure.note, locale))
