"""Which lists of controlled chemicals a row is on: yes, no, or a person must say."""

from collections import Counter
from dataclasses import replace

import pytest

from waybill.goods.catalogue import load
from waybill.goods.controls import (
    Control,
    ControlAnswer,
    ControlKind,
    find_controls,
    forget,
    is_unspecified,
)
from waybill.goods.entry import DangerousGoodsEntry
from waybill.goods.tables import table

EDITION = "2025"
LIST = load(EDITION)
HAZARDOUS, EXPLOSIVE, DRUG, SPECIAL, KEY = ControlKind


def row(un_number: str) -> DangerousGoodsEntry:
    return LIST.find(un_number)[0]


def control(entry: DangerousGoodsEntry, kind: ControlKind) -> Control:
    (found,) = [c for c in find_controls(entry, EDITION) if c.kind is kind]
    return found


def test_every_row_has_one_answer_of_each_list() -> None:
    assert {
        tuple(control.kind for control in find_controls(entry, EDITION)) for entry in LIST.entries
    } == {tuple(ControlKind)}


def test_every_answer_has_its_ground_and_names_what_it_means() -> None:
    found = [control for entry in LIST.entries for control in find_controls(entry, EDITION)]

    assert {(c.answer, c.ground) for c in found} == {
        ("yes", "listed"),
        ("yes", "listed_from_memory"),
        ("ask", "conditional"),
        ("ask", "possible"),
        ("ask", "same_name_or_cas"),
        ("ask", "candidate"),
        ("ask", "not_otherwise_specified"),
        ("ask", "no_match"),
        ("no", "not_listed"),
    }
    assert [c for c in found if c.answer == "yes" and not (c.entries and c.names_zh)] == []
    assert [c for c in found if c.answer == "no" and (c.entries or c.condition)] == []
    assert [c for c in found if c.confirmed and c.answer != "yes"] == []


def test_chlorine_is_a_hazardous_chemical_by_a_confirmed_match() -> None:
    assert control(row("1017"), HAZARDOUS) == Control(
        kind=HAZARDOUS,
        answer="yes",
        entries=("1381",),
        names_zh=("氯",),
        confirmed=True,
        condition="",
        ground="listed",
    )


def test_an_unconfirmed_list_makes_no_confirmed_answer() -> None:
    assert control(row("1017"), SPECIAL) == Control(
        kind=SPECIAL,
        answer="yes",
        entries=("5",),
        names_zh=("氯",),
        confirmed=False,
        condition="",
        ground="listed",
    )


def test_nitric_acid_is_an_explosive_precursor_though_nobody_confirmed_the_match() -> None:
    assert control(row("2031"), EXPLOSIVE) == Control(
        kind=EXPLOSIVE,
        answer="yes",
        entries=("1.1",),
        names_zh=("硝酸",),
        confirmed=False,
        condition="",
        ground="listed_from_memory",
    )


def test_toluene_is_a_drug_precursor_by_a_confirmed_match() -> None:
    assert control(row("1294"), DRUG) == Control(
        kind=DRUG,
        answer="yes",
        entries=("3-1",),
        names_zh=("甲苯",),
        confirmed=True,
        condition="",
        ground="listed",
    )


def test_weak_hydrogen_peroxide_asks_for_its_concentration() -> None:
    assert control(row("2984"), EXPLOSIVE) == Control(
        kind=EXPLOSIVE,
        answer="ask",
        entries=("6.1",),
        names_zh=("过氧化氢溶液",),
        confirmed=False,
        condition="含量>8%",
        ground="possible",
    )


def test_petrol_is_no_explosive_precursor() -> None:
    assert control(row("1203"), EXPLOSIVE) == Control(
        kind=EXPLOSIVE,
        answer="no",
        entries=(),
        names_zh=(),
        confirmed=False,
        condition="",
        ground="not_listed",
    )


def test_goods_not_otherwise_specified_ask_on_every_list() -> None:
    answers = [(c.answer, c.ground) for c in find_controls(row("1993"), EDITION)]

    assert answers == [("ask", "no_match"), *[("ask", "not_otherwise_specified")] * 4]


@pytest.mark.parametrize(
    ("un_number", "kind", "answer", "ground"),
    [
        ("1090", HAZARDOUS, "ask", "candidate"),
        ("0222", HAZARDOUS, "ask", "no_match"),
        ("0222", SPECIAL, "ask", "possible"),
        ("0222", KEY, "yes", "listed"),
        ("1203", KEY, "yes", "listed_from_memory"),
        ("1155", DRUG, "yes", "listed_from_memory"),
        ("1744", DRUG, "ask", "possible"),
        ("1604", EXPLOSIVE, "yes", "listed_from_memory"),
        ("1498", EXPLOSIVE, "yes", "listed"),
        ("2555", EXPLOSIVE, "yes", "listed_from_memory"),
        ("1170", SPECIAL, "ask", "possible"),
        ("3055", SPECIAL, "ask", "same_name_or_cas"),
        ("1150", KEY, "no", "not_listed"),
        ("3109", EXPLOSIVE, "ask", "not_otherwise_specified"),
    ],
)
def test_a_row_is_listed_or_asks(
    un_number: str, kind: ControlKind, answer: ControlAnswer, ground: str
) -> None:
    found = control(row(un_number), kind)

    assert (found.answer, found.ground) == (answer, ground)


def test_a_catalogue_entry_limited_by_concentration_asks() -> None:
    found = [c for e in LIST.entries if (c := control(e, HAZARDOUS)).ground == "conditional"]

    assert found
    assert all(c.answer == "ask" and c.condition and c.entries for c in found)


def test_a_certain_match_of_unspecified_goods_asks_all_the_same() -> None:
    chlorine = replace(row("1017"), special_provisions_adr=("274",))

    found = control(chlorine, HAZARDOUS)

    assert (found.answer, found.ground, found.confirmed) == (
        "ask",
        "not_otherwise_specified",
        False,
    )


def test_an_item_with_an_exception_asks_though_the_row_is_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    matches = [
        {**match, "match": "exact"} if match["un_number"] == "0222" else match
        for match in table(EDITION, "control_matches")
    ]
    forget()
    monkeypatch.setattr(
        "waybill.goods.controls.table",
        lambda edition, name: matches if name == "control_matches" else table(edition, name),
    )

    found = control(row("0222"), SPECIAL)

    forget()
    assert (found.answer, found.ground, found.condition) == (
        "ask",
        "conditional",
        "(钝化)改性硝酸铵除外",
    )


def test_a_name_of_the_trade_is_enough_to_ask() -> None:
    goods = replace(row("1203"), un_number="9999", name_zh="某物", aliases_zh=("溴素",))

    found = control(goods, DRUG)

    assert (found.answer, found.ground, found.entries) == ("ask", "same_name_or_cas", ("2-7",))


def test_a_cas_number_of_a_candidate_is_enough_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    forget()
    monkeypatch.setattr(
        "waybill.goods.controls.table",
        lambda edition, name: () if name == "control_matches" else table(edition, name),
    )
    goods = replace(row("1090"), name_zh="某物", aliases_zh=())

    found = control(goods, DRUG)

    forget()
    assert (found.answer, found.ground, found.names_zh) == ("ask", "same_name_or_cas", ("丙酮",))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, False),
        ({"special_provisions_adr": ("318",)}, True),
        ({"hazard_class": "5.2"}, True),
        ({"name_en": "ACIDS, N.O.S."}, True),
        ({"name_zh": "酸，未另作规定的"}, True),
    ],
)
def test_goods_are_unspecified_by_each_of_its_marks(
    change: dict[str, object],
    expected: bool,  # noqa: FBT001  a parameter of the test
) -> None:
    assert is_unspecified(replace(row("1203"), **change)) is expected  # type: ignore[arg-type]


def test_every_match_names_an_item_and_a_row_that_are_there() -> None:
    items = {(item["kind"], item["item"]) for item in table(EDITION, "control_items")}
    matches = table(EDITION, "control_matches")

    assert [m for m in matches if (m["kind"], m["item"]) not in items] == []
    assert [m for m in matches if not LIST.find(m["un_number"])] == []
    assert Counter(m["match"] for m in matches) == {"exact": 186, "possible": 199}
    assert {m["ground"] for m in matches} == {"same_cas", "same_name", "memory"}


def test_the_lists_are_whole() -> None:
    numbers = {
        kind: len(
            {item["item"] for item in table(EDITION, "control_items") if item["kind"] == kind}
        )
        for kind in ControlKind
    }

    assert numbers == {HAZARDOUS: 0, EXPLOSIVE: 74, DRUG: 38, SPECIAL: 20, KEY: 74}
    assert len(table(EDITION, "hazchem_catalogue")) == 2833
