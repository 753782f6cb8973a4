"""The Chinese lists of controlled chemicals: whether goods are on them.

Lists name chemicals, by CAS number and concentration; the dangerous goods list names rows by UN
number. What joins them is `data/control_matches_2025.csv` and the confirmed matches with the
catalogue; `no` is said only of a row that names goods of its own and that nothing joins.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final, Literal, TypeAlias

from waybill.goods.entry import DangerousGoodsEntry
from waybill.goods.tables import Row, table

ControlAnswer: TypeAlias = Literal["yes", "no", "ask"]


class ControlKind(StrEnum):
    """The lists: what a chemical is controlled as.

    `HAZARDOUS_CHEMICAL` 危险化学品, `EXPLOSIVE_PRECURSOR` 易制爆, `DRUG_PRECURSOR` 易制毒,
    `SPECIAL_CONTROL` 特别管控, `KEY_SUPERVISED` 重点监管.
    """

    HAZARDOUS_CHEMICAL = "hazardous_chemical"
    EXPLOSIVE_PRECURSOR = "explosive_precursor"
    DRUG_PRECURSOR = "drug_precursor"
    SPECIAL_CONTROL = "special_control"
    KEY_SUPERVISED = "key_supervised"


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """What one list says of a row.

    `entries` are the list's own numbers of what may be meant, `names_zh` their names,
    `condition` the concentration or form as printed. `ground` says why: `listed` and
    `listed_from_memory` (yes); `conditional`, `possible`, `same_name_or_cas`, `candidate`,
    `not_otherwise_specified`, `no_match` (ask); `not_listed` (no). `confirmed` holds for a yes
    whose list and match both are.
    """

    kind: ControlKind
    answer: ControlAnswer
    entries: tuple[str, ...]
    names_zh: tuple[str, ...]
    confirmed: bool
    condition: str
    ground: str


_EXACT: Final = "exact"
_MEMORY: Final = "memory"
_CANDIDATE: Final = "candidate"
_BRACKETED: Final = re.compile(r"\[(?P<condition>[^\]]*)\]")
_NAME_ENDS: Final = re.compile(r"[，,](?=[\u4e00-\u9fff])|[、（）()]|或|\s")
_UNSPECIFIED: Final = ("N.O.S", "未另作规定")
_EXCEPTING: Final = "除外"
_ORGANIC_PEROXIDES: Final = "5.2"


def find_controls(entry: DangerousGoodsEntry, edition: str) -> tuple[Control, ...]:
    """Return what each list says of a row: one answer per list, none ever missing.

    Goods that a row does not name on its own (not otherwise specified) are on a list or not by
    their technical name, so they ask, and so does a concentration that the row does not settle.
    """
    return tuple(
        _hazardous_chemical(entry, edition)
        if kind is ControlKind.HAZARDOUS_CHEMICAL
        else _listed(kind, entry, edition)
        for kind in ControlKind
    )


def forget() -> None:
    """Read the tables again when they are next asked for."""
    _rows.cache_clear()


def is_unspecified(entry: DangerousGoodsEntry) -> bool:
    """Whether a row stands for goods that only a technical name tells (N.O.S., class 5.2)."""
    named = f"{entry.name_en} {entry.name_zh}"
    return (
        entry.needs_technical_name
        or entry.hazard_class == _ORGANIC_PEROXIDES
        or any(mark in named for mark in _UNSPECIFIED)
    )


def _hazardous_chemical(entry: DangerousGoodsEntry, edition: str) -> Control:
    matches = _rows(edition, "highly_toxic_matches", "un_number").get(entry.un_number, ())
    candidates = _rows(edition, "catalogue_candidates", "un_number").get(entry.un_number, ())
    numbers = dict.fromkeys(row["catalogue_no"] for row in (*matches, *candidates))
    catalogue = _rows(edition, "hazchem_catalogue", "catalogue_no")
    certain = [row["catalogue_no"] for row in matches if row["ground"] != _CANDIDATE]
    shown = [catalogue[number][0] for number in certain or numbers]
    condition = "；".join(
        found["condition"] for row in shown if (found := _BRACKETED.search(row["name_zh"]))
    )
    answer, ground = _judge_catalogue(entry, certain=bool(certain), condition=condition)
    if not shown:
        ground = "no_match"
    return Control(
        kind=ControlKind.HAZARDOUS_CHEMICAL,
        answer=answer,
        entries=tuple(row["catalogue_no"] for row in shown),
        names_zh=tuple(row["name_zh"] for row in shown),
        confirmed=answer == "yes",
        condition=condition,
        ground=ground,
    )


def _judge_catalogue(
    entry: DangerousGoodsEntry, *, certain: bool, condition: str
) -> tuple[ControlAnswer, str]:
    if is_unspecified(entry):
        return "ask", "not_otherwise_specified"
    if not certain:
        return "ask", "candidate"
    return ("ask", "conditional") if condition else ("yes", "listed")


def _listed(kind: ControlKind, entry: DangerousGoodsEntry, edition: str) -> Control:
    items = [row for row in table(edition, "control_items") if row["kind"] == kind]
    matches = [
        row
        for row in _rows(edition, "control_matches", "un_number").get(entry.un_number, ())
        if row["kind"] == kind
    ]
    exact = [row for row in matches if row["match"] == _EXACT]
    alike = {row["item"] for row in _find_alike(items, entry, edition)}
    meant = {row["item"] for row in exact or matches} or alike
    shown = [item for item in items if item["item"] in meant]
    answer, ground = _judge(entry, exact=exact, possible=bool(matches), alike=bool(alike))
    if answer == "yes" and any(_EXCEPTING in item["condition"] for item in shown):
        answer, ground = "ask", "conditional"
    return Control(
        kind=kind,
        answer=answer,
        entries=tuple(dict.fromkeys(item["item"] for item in shown)),
        names_zh=tuple(dict.fromkeys(item["name_zh"] for item in shown)),
        confirmed=ground == "listed" and all(item["confirmed"] == "yes" for item in shown),
        condition="；".join(item["condition"] for item in shown if item["condition"]),
        ground=ground,
    )


def _judge(
    entry: DangerousGoodsEntry, *, exact: list[Row], possible: bool, alike: bool
) -> tuple[ControlAnswer, str]:
    if exact:
        from_memory = all(row["ground"] == _MEMORY for row in exact)
        return "yes", "listed_from_memory" if from_memory else "listed"
    if possible:
        return "ask", "possible"
    if alike:
        return "ask", "same_name_or_cas"
    if is_unspecified(entry):
        return "ask", "not_otherwise_specified"
    return "no", "not_listed"


def _find_alike(items: Iterable[Row], entry: DangerousGoodsEntry, edition: str) -> tuple[Row, ...]:
    """Return the items with a name of the row or the CAS number of a chemical it may be."""
    names = {part for name in (entry.name_zh, *entry.aliases_zh) for part in _split(name)}
    numbers = _cas_numbers(entry.un_number, edition)
    return tuple(
        item
        for item in items
        if not names.isdisjoint(_split(item["name_zh"]))
        or not numbers.isdisjoint(item["cas"].split())
    )


def _cas_numbers(un_number: str, edition: str) -> frozenset[str]:
    catalogue = _rows(edition, "hazchem_catalogue", "catalogue_no")
    return frozenset(
        cas
        for name in ("highly_toxic_matches", "catalogue_candidates")
        for row in _rows(edition, name, "un_number").get(un_number, ())
        for cas in catalogue[row["catalogue_no"]][0]["cas"].split()
    )


def _split(name: str) -> frozenset[str]:
    """Return a name and its parts; a comma between the digits of a position parts nothing."""
    return frozenset({name, *_NAME_ENDS.split(name)} - {""})


@cache
def _rows(edition: str, name: str, column: str) -> dict[str, tuple[Row, ...]]:
    """Return the rows of a table by one of its columns."""
    found: dict[str, tuple[Row, ...]] = {}
    for row in table(edition, name):
        found[row[column]] = (*found.get(row[column], ()), row)
    return found
