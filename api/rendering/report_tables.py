"""A report's figures as tables for people: the same on the page, on paper and in a workbook."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias

from waybill.rules.register import REGISTER
from waybill.services.reports.stated import StatedFigure, StatedReport

NOT_KNOWN: Final = "—"


class Words(NamedTuple):
    """Chinese and English of one thing."""

    zh: str
    en: str


Cell: TypeAlias = str | Words | int | Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One section. The first `labels` columns are text, the others figures; masses are kg."""

    name: str
    title: Words
    columns: tuple[Words, ...]
    labels: int
    rows: tuple[tuple[Cell, ...], ...]


class _Column(NamedTuple):
    """A column of a table by key: which act and outcomes it counts, or the loaded mass."""

    words: Words
    act: str
    outcomes: frozenset[str]
    mass: bool = False


_COLUMNS: Final = (
    _Column(Words("签发", "issued"), "issue", frozenset({"passed"})),
    _Column(Words("未签发", "not issued"), "issue", frozenset({"refused", "unproven"})),
    _Column(Words("准装", "cleared"), "check", frozenset({"passed"})),
    _Column(Words("不准装", "refused"), "check", frozenset({"refused"})),
    _Column(Words("未能核实", "not proven"), "check", frozenset({"unproven"})),
    _Column(Words("放行", "released"), "release", frozenset({"passed"})),
    _Column(Words("不放行", "release refused"), "release", frozenset({"refused", "unproven"})),
    _Column(Words("装货量 kg", "loaded kg"), "release", frozenset({"passed"}), mass=True),
)
_ACTS: Final[Mapping[str, Words]] = {
    "issue": Words("签发", "issue"),
    "arrival": Words("到场", "arrival"),
    "scan": Words("扫码被拒", "code refused"),
    "check": Words("查验", "check"),
    "release": Words("放行", "release"),
    "cancel": Words("作废", "cancelled"),
}
_OUTCOMES: Final = ("passed", "refused", "unproven")
_KEYED: Final[Mapping[str, tuple[Words, Words]]] = {
    "months": (Words("按月份", "By month"), Words("月份", "Month")),
    "districts": (
        Words("按地区（装货地行政区划代码）", "By district (area code of the loading place)"),
        Words("地区", "District"),
    ),
    "carriers": (Words("按承运人", "By carrier"), Words("承运人", "Carrier")),
    "classes": (Words("按类别、项别", "By class or division"), Words("类别", "Class")),
}


def report_tables(report: StatedReport) -> tuple[Table, ...]:
    """Return the tables of a report, in its order."""
    tables = []
    for section in report.sections:
        if section.name == "acts":
            tables.append(_acts(section.figures))
        elif section.name == "rules":
            tables.append(_rules(section.figures))
        else:
            label = _label_of(report, section.name)
            tables.append(_keyed(section.name, section.figures, label))
    return tuple(tables)


def _acts(figures: Sequence[StatedFigure]) -> Table:
    found = {figure.keys: figure for figure in figures}
    rows: list[tuple[Cell, ...]] = []
    for act, words in _ACTS.items():
        of_act = [found.get((act, outcome)) for outcome in _OUTCOMES]
        counts = [0 if figure is None else figure.count for figure in of_act]
        known = [figure for figure in of_act if figure is not None]
        planned_kg = sum((Decimal(f.planned_kg or 0) for f in known), Decimal(0))
        loaded_kg = sum((Decimal(f.loaded_kg or 0) for f in known), Decimal(0))
        rows.append((words, *counts, sum(counts), planned_kg, loaded_kg))
    return Table(
        name="acts",
        title=Words("总数", "Totals"),
        columns=(
            Words("环节", "Step"),
            Words("通过", "passed"),
            Words("不通过", "refused"),
            Words("未能核实", "not proven"),
            Words("合计", "all"),
            Words("计划量 kg", "planned kg"),
            Words("装货量 kg", "loaded kg"),
        ),
        labels=1,
        rows=tuple(rows),
    )


def _keyed(name: str, figures: Sequence[StatedFigure], label: Callable[[str | None], str]) -> Table:
    title, heading = _KEYED[name]
    keys = list(dict.fromkeys(figure.keys[0] for figure in figures))
    found = {figure.keys: figure for figure in figures}
    return Table(
        name=name,
        title=title,
        columns=(heading, *(column.words for column in _COLUMNS)),
        labels=1,
        rows=tuple(
            (label(key), *(_cell(column, key, found) for column in _COLUMNS)) for key in keys
        ),
    )


def _cell(
    column: _Column, key: str | None, found: Mapping[tuple[str | None, ...], StatedFigure]
) -> int | Decimal:
    places = ((key, column.act, outcome) for outcome in column.outcomes)
    counted = [found[place] for place in places if place in found]
    if column.mass:
        return sum((Decimal(figure.loaded_kg or 0) for figure in counted), Decimal(0))
    return sum(figure.count for figure in counted)


def _rules(figures: Sequence[StatedFigure]) -> Table:
    found = {figure.keys: figure.count for figure in figures}
    titles = {rule.code: Words(rule.title_zh, rule.title_en) for rule in REGISTER}
    codes = list(dict.fromkeys(figure.keys[0] or NOT_KNOWN for figure in figures))
    return Table(
        name="rules",
        title=Words(
            "按规则（查验时不符合或未能核实）", "By rule (at checks, not met or not proven)"
        ),
        columns=(
            Words("规则", "Rule"),
            Words("内容", "What it asks"),
            Words("不符合", "not met"),
            Words("未能核实", "not proven"),
        ),
        labels=2,
        rows=tuple(
            (
                code,
                titles.get(code, Words(NOT_KNOWN, "")),
                found.get((code, "failed"), 0),
                found.get((code, "unknown"), 0),
            )
            for code in codes
        ),
    )


def _label_of(report: StatedReport, section: str) -> Callable[[str | None], str]:
    if section == "carriers":
        return lambda key: report.carriers.get(key or "", key or NOT_KNOWN)
    return lambda key: key or NOT_KNOWN
