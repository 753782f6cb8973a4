"""The pages about rules and terms say what the code says."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from tests.harness.rule_tables import PAGE, render
from waybill.goods.entry import EntryStatus, PackingGroup
from waybill.registry import kinds
from waybill.registry.labels import LABELS, label_of
from waybill.rules import evidence, facts, finding, lifecycle, subjects

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
CLOSED_LISTS: tuple[type[StrEnum], ...] = (
    *(getattr(kinds, name) for name in vars(kinds) if name[0].isupper() and name != "StrEnum"),
    PackingGroup,
    EntryStatus,
    facts.CarriageMode,
    facts.Answer,
    subjects.Subject,
    evidence.ScanKind,
    evidence.Presentation,
    lifecycle.WaybillStatus,
    lifecycle.CheckStatus,
    lifecycle.Aboard,
    lifecycle.Act,
    finding.Outcome,
    finding.Severity,
    finding.Phase,
)


def sections() -> dict[str, list[tuple[str, ...]]]:
    """Return the rows of each table of the glossary by its heading."""
    found: dict[str, list[tuple[str, ...]]] = {}
    heading = ""
    for line in GLOSSARY.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading = line.strip("# `")
        elif re.match(r"\| [^-]", line):
            found.setdefault(heading, []).append(
                tuple(c.strip(" `") for c in line.split("|")[1:-1])
            )
    return {heading: rows[1:] for heading, rows in found.items()}


def test_the_page_of_the_rules_shows_the_register_as_it_is() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert page == render(page)


@pytest.mark.parametrize("members", CLOSED_LISTS, ids=lambda members: members.__name__)
def test_every_member_of_a_closed_list_stands_in_the_glossary(members: type[StrEnum]) -> None:
    rows = sections()[members.__name__]

    assert [row[0] for row in rows] == [member.value or "(empty)" for member in members]
    assert all(row[1] and row[2] for row in rows)


@pytest.mark.parametrize("members", LABELS, ids=lambda members: members.__name__)
def test_the_glossary_uses_the_words_on_the_screen(members: type[StrEnum]) -> None:
    rows = sections()[members.__name__]

    assert [row[1:] for row in rows] == [
        (label_of(member).zh, label_of(member).en) for member in members
    ]


def test_one_chinese_term_is_one_line() -> None:
    terms = [row[0] for row in sections()["Terms"]]

    assert sorted(set(terms)) == sorted(terms)
