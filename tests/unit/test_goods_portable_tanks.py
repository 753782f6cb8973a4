"""Portable tanks: instructions, which stands for which, and what provisions come to."""

from decimal import Decimal

import pytest

from waybill.goods.catalogue import load
from waybill.goods.portable_tanks import (
    BottomOpenings,
    FillingFormula,
    FillingProvision,
    PortableTankInstruction,
    PortableTankProvision,
    ProvisionEffect,
    filling_provision,
    find_instruction,
    find_provisions,
    fit_instruction,
)
from waybill.goods.tables import table
from waybill.goods.tank_codes import Fit, portable_tank_permits

EDITION = "2025"
ENTRIES = load(EDITION).entries
INSTRUCTIONS = [row["instruction"] for row in table(EDITION, "portable_tank_instructions")]


class TestFindInstruction:
    """What an instruction asks, read whole."""

    def test_thickness_of_the_general_clause_is_left_open(self) -> None:
        assert find_instruction("T5", EDITION) == PortableTankInstruction(
            instruction="T5",
            min_test_pressure_bar=Decimal("2.65"),
            min_shell_thickness_mm=None,
            pressure_relief="6.7.2.8.3",
            bottom_openings=BottomOpenings.NOT_ALLOWED,
            decided_by="",
        )

    def test_an_instruction_may_name_its_thickness(self) -> None:
        assert find_instruction("T17", EDITION) == PortableTankInstruction(
            instruction="T17",
            min_test_pressure_bar=Decimal(10),
            min_shell_thickness_mm=Decimal(6),
            pressure_relief="",
            bottom_openings=BottomOpenings.THREE_CLOSURES,
            decided_by="",
        )

    def test_gases_are_decided_by_a_table_of_their_own(self) -> None:
        assert find_instruction("T50", EDITION) == PortableTankInstruction(
            instruction="T50",
            min_test_pressure_bar=None,
            min_shell_thickness_mm=None,
            pressure_relief="",
            bottom_openings=BottomOpenings.DECIDED_ELSEWHERE,
            decided_by="portable_tank_gases",
        )

    def test_there_is_no_t24(self) -> None:
        assert find_instruction("T24", EDITION) is None

    def test_every_instruction_of_the_list_is_there(self) -> None:
        asked = {entry.portable_tank_instruction for entry in ENTRIES} - {""}

        assert [name for name in asked if find_instruction(name, EDITION) is None] == []
        assert len([find_instruction(name, EDITION) for name in INSTRUCTIONS]) == 25


@pytest.mark.parametrize(
    ("tank", "required", "expected"),
    [
        ("T4", "T4", (Fit.YES, "same_instruction")),
        ("T11", "T4", (Fit.YES, "higher_instruction")),
        ("T4", "T11", (Fit.NO, "lower_instruction")),
        ("T22", "T50", (Fit.NO, "lower_instruction")),
        ("T75", "T75", (Fit.YES, "same_instruction")),
        ("T22", "T23", (Fit.NO, "lower_instruction")),
        ("T4", "", (Fit.NO, "no_instruction")),
        ("", "T4", (Fit.UNKNOWN, "instruction_unreadable")),
        ("T4", "T99", (Fit.UNKNOWN, "instruction_unreadable")),
    ],
)
def test_a_tank_fits_by_its_instruction(
    tank: str, required: str, expected: tuple[Fit, str]
) -> None:
    assert fit_instruction(tank, required, EDITION) == expected


@pytest.mark.parametrize("required", INSTRUCTIONS)
def test_it_answers_as_the_first_edition_of_the_rules_does(required: str) -> None:
    for tank in INSTRUCTIONS:
        assert fit_instruction(tank, required, EDITION)[0] is portable_tank_permits(tank, required)


def test_a_higher_instruction_never_asks_for_less_pressure() -> None:
    for required in INSTRUCTIONS:
        need = find_instruction(required, EDITION)
        for tank in INSTRUCTIONS:
            own = find_instruction(tank, EDITION)
            if fit_instruction(tank, required, EDITION)[0] is Fit.YES:
                assert own is not None
                assert need is not None
                assert (own.min_test_pressure_bar or 0) >= (need.min_test_pressure_bar or 0)


class TestFindProvisions:
    """Provisions in our own words, none lost."""

    def test_a_provision_is_read_whole(self) -> None:
        assert find_provisions(["TP1"], EDITION) == (
            PortableTankProvision(
                code="TP1",
                effect=ProvisionEffect.FILLING,
                formula=FillingFormula.AMBIENT,
                limit_percent=Decimal(97),
                test_pressure_bar=None,
                words_zh="充灌度≤97/(1+α(tr−tf))%",  # noqa: RUF001  the formula's own letters
                words_en="Filled to at most 97/(1+α(tr−tf)) %",  # noqa: RUF001  as above
                reference="4.2.1.9.2",
                confirmed=False,
            ),
        )

    def test_one_that_is_not_recorded_asks(self) -> None:
        assert find_provisions(("TP99", "TP99"), EDITION) == (
            PortableTankProvision(
                code="TP99",
                effect=ProvisionEffect.ASK,
                formula=FillingFormula.NONE,
                limit_percent=None,
                test_pressure_bar=None,
                words_zh="未收录的可移动罐柜特殊规定，须人工核对",
                words_en="A provision that is not recorded here; a person must look",
                reference="",
                confirmed=False,
            ),
        )

    def test_those_of_the_list_are_recorded_and_no_other(self) -> None:
        named = {code for entry in ENTRIES for code in entry.portable_tank_special_provisions}

        found = find_provisions(sorted(named), EDITION)

        assert {p.code for p in found if p.reference} == named
        assert {row["code"] for row in table(EDITION, "portable_tank_provisions")} == named

    def test_a_filling_provision_and_no_other_has_a_formula(self) -> None:
        codes = [row["code"] for row in table(EDITION, "portable_tank_provisions")]

        odd = [
            p.code
            for p in find_provisions(codes, EDITION)
            if (p.effect is ProvisionEffect.FILLING) == (p.formula is FillingFormula.NONE)
        ]

        assert odd == []

    def test_none_claims_to_have_been_read(self) -> None:
        codes = [row["code"] for row in table(EDITION, "portable_tank_provisions")]

        assert not any(p.confirmed for p in find_provisions(codes, EDITION))


@pytest.mark.parametrize(
    ("provisions", "expected"),
    [
        (("TP1",), (FillingFormula.AMBIENT, Decimal(97), ("TP1",))),
        (("TP2", "TP7"), (FillingFormula.AMBIENT, Decimal(95), ("TP2",))),
        (("TP3",), (FillingFormula.HOT, Decimal(95), ("TP3",))),
        (("TP4", "TP6", "TP33"), (FillingFormula.LIMIT, Decimal(90), ("TP4",))),
        (("TP5", "TP22"), (FillingFormula.REFRIGERATED, None, ("TP5",))),
        (("TP33",), (FillingFormula.NONE, None, ())),
        ((), (FillingFormula.NONE, None, ())),
        (("TP1", "TP2"), (FillingFormula.ASK, None, ("TP1", "TP2"))),
        (("TP99",), (FillingFormula.ASK, None, ("TP99",))),
        (("TP1", "TP99"), (FillingFormula.ASK, None, ("TP1", "TP99"))),
    ],
)
def test_how_full_is_said_by_one_provision_or_asked(
    provisions: tuple[str, ...], expected: tuple[FillingFormula, Decimal | None, tuple[str, ...]]
) -> None:
    formula, limit_percent, codes = expected

    assert filling_provision(provisions, EDITION) == FillingProvision(
        formula=formula, limit_percent=limit_percent, codes=codes
    )


def test_no_row_of_the_list_has_two_provisions_about_filling() -> None:
    asked = [
        entry.key
        for entry in ENTRIES
        if filling_provision(entry.portable_tank_special_provisions, EDITION).formula
        is FillingFormula.ASK
    ]

    assert asked == []
