"""How much of a gas a tank may hold, at each edge of its table."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybill.goods.catalogue import load
from waybill.goods.gas_filling import (
    CONDITION_WORDS,
    Filling,
    GasFilling,
    PortableGas,
    find_gas_fillings,
    find_portable_gas,
    is_compressed,
    is_dissolved,
    is_flammable_gas,
    is_liquefied,
    is_refrigerated,
    max_filling_kg_per_litre,
)
from waybill.goods.tables import table

EDITION = "2025"
GASES = sorted({row["un_number"] for row in table(EDITION, "gas_filling")})


def filling(un_number: str, bar: str | None, insulated: bool | None, **more: str) -> Filling:  # noqa: FBT001  as the function has it
    pressure = None if bar is None else Decimal(bar)
    return max_filling_kg_per_litre(un_number, pressure, insulated, EDITION, **more)


def test_a_row_is_read_in_bar() -> None:
    assert find_gas_fillings("1005", EDITION) == (
        GasFilling(
            un_number="1005",
            classification_code="2TC",
            variant="",
            min_test_pressure_insulated_bar=Decimal("26.0"),
            min_test_pressure_uninsulated_bar=Decimal("29.0"),
            max_kg_per_litre=Decimal("0.53"),
            condition="",
        ),
    )


def test_a_row_without_a_figure_says_where_it_is_found() -> None:
    assert find_gas_fillings("1002", EDITION) == (
        GasFilling(
            un_number="1002",
            classification_code="1A",
            variant="",
            min_test_pressure_insulated_bar=None,
            min_test_pressure_uninsulated_bar=None,
            max_kg_per_litre=None,
            condition="see 4.3.3.2.1",
        ),
    )


def test_substances_that_are_no_gas_have_no_row() -> None:
    assert find_gas_fillings("1203", EDITION) == ()


@pytest.mark.parametrize(
    ("un_number", "bar", "insulated", "expected"),
    [
        pytest.param("1005", "29", False, ("0.53", "by_table"), id="exactly enough"),
        pytest.param("1005", "28.9", False, (None, "pressure_too_low"), id="just too low"),
        pytest.param("1005", "26", True, ("0.53", "by_table"), id="exactly enough, insulated"),
        pytest.param("1005", "25.9", True, (None, "pressure_too_low"), id="too low, insulated"),
        pytest.param("1005", "29", None, ("0.53", "by_table"), id="enough for both"),
        pytest.param("1005", "28.9", None, (None, "insulation_unknown"), id="enough for one"),
        pytest.param("1005", "25.9", None, (None, "pressure_too_low"), id="enough for neither"),
        pytest.param("1005", None, None, ("0.53", "single_figure"), id="one figure"),
        pytest.param("1009", None, True, (None, "pressure_unknown"), id="several figures"),
        pytest.param("1009", "42", False, ("1.13", "by_table"), id="the lowest of three"),
        pytest.param("1009", "119.9", False, ("1.13", "by_table"), id="just under the next"),
        pytest.param("1009", "120", False, ("1.44", "by_table"), id="exactly the next"),
        pytest.param("1009", "250", False, ("1.60", "by_table"), id="the highest"),
        pytest.param("1009", "999", False, ("1.60", "by_table"), id="above the highest"),
        pytest.param("1009", "120", True, ("1.50", "by_table"), id="insulated"),
        pytest.param("1009", "120", None, ("1.44", "by_table"), id="the lower of both"),
        pytest.param("1050", "200", None, ("0.69", "by_table"), id="the lower is the insulated"),
        pytest.param("2193", "200", False, ("1.10", "by_table"), id="a row set right"),
        pytest.param("2193", "199.9", False, (None, "pressure_too_low"), id="below it"),
        pytest.param("1010", "10", True, ("0.50", "strictest_variant"), id="isomers"),
        pytest.param("1010", "9.9", True, (None, "pressure_too_low"), id="for no isomer"),
        pytest.param("2073", "11.9", True, (None, "variant_unknown"), id="for one of two"),
        pytest.param("2073", "12", True, ("0.77", "strictest_variant"), id="for both of two"),
        pytest.param("2073", None, True, (None, "variant_unknown"), id="neither is known"),
        pytest.param("1965", "99", True, (None, "variant_unknown"), id="others by calculation"),
        pytest.param("1072", "1", True, (None, "by_pressure"), id="compressed"),
        pytest.param("1073", None, None, (None, "by_degree_of_filling"), id="refrigerated"),
        pytest.param("1075", "99", True, (None, "by_calculation"), id="a mixture"),
        pytest.param("1058", "99", True, (None, "by_filling_pressure"), id="charged"),
        pytest.param("1001", "99", True, (None, "receptacles_only"), id="dissolved acetylene"),
        pytest.param("3553", "99", True, (None, "not_in_table"), id="the table leaves it out"),
    ],
)
def test_filling_follows_the_test_pressure(
    un_number: str,
    bar: str | None,
    insulated: bool | None,  # noqa: FBT001  as above
    expected: tuple[str | None, str],
) -> None:
    figure, word = expected

    answer = filling(un_number, bar, insulated)

    assert answer == (None if figure is None else Decimal(figure), word)


@pytest.mark.parametrize(
    ("variant", "bar", "expected"),
    [
        ("A", "10", (Decimal("0.50"), "by_table")),
        ("C", "26.9", (None, "pressure_too_low")),
        ("C", "27", (Decimal("0.42"), "by_table")),
        ("other", "99", (None, "by_calculation")),
        ("Z", "99", (None, "variant_unknown")),
    ],
)
def test_a_mixture_that_is_named_has_its_own_row(variant: str, bar: str, expected: Filling) -> None:
    assert filling("1965", bar, insulated=False, variant=variant) == expected


@given(
    st.sampled_from(GASES),
    st.decimals(min_value=0, max_value=400, places=1),
    st.decimals(min_value=0, max_value=400, places=1),
    st.sampled_from([True, False, None]),
)
def test_more_pressure_never_means_less_gas(
    un_number: str,
    one: Decimal,
    other: Decimal,
    insulated: bool | None,  # noqa: FBT001  as above
) -> None:
    low, high = sorted((one, other))
    lower = max_filling_kg_per_litre(un_number, low, insulated, EDITION)[0] or Decimal(0)
    higher = max_filling_kg_per_litre(un_number, high, insulated, EDITION)[0] or Decimal(0)

    assert lower <= higher


@given(st.sampled_from(GASES), st.decimals(min_value=0, max_value=400, places=1))
def test_unknown_insulation_never_allows_more_than_either(un_number: str, bar: Decimal) -> None:
    unknown = max_filling_kg_per_litre(un_number, bar, None, EDITION)[0]
    if unknown is not None:
        for insulated in (True, False):
            known = max_filling_kg_per_litre(un_number, bar, insulated, EDITION)[0]
            assert known is not None
            assert unknown <= known


def test_every_row_has_a_pressure_and_a_figure_or_a_condition() -> None:
    rows = [row for number in GASES for row in find_gas_fillings(number, EDITION)]

    odd = [
        row
        for row in rows
        if bool(row.condition)
        == bool(
            row.max_kg_per_litre
            and (row.min_test_pressure_insulated_bar or row.min_test_pressure_uninsulated_bar)
        )
    ]

    assert (len(rows), odd) == (240, [])
    assert {row.condition for row in rows} - {""} == set(CONDITION_WORDS)


def test_every_row_of_a_gas_has_the_code_of_the_list() -> None:
    listed = {(e.un_number, e.classification_code) for e in load(EDITION).entries}

    wrong = [
        (row["un_number"], row["classification_code"])
        for row in table(EDITION, "gas_filling")
        if (row["un_number"], row["classification_code"]) not in listed
    ]

    assert wrong == []


def test_all_gases_that_the_list_allows_in_tanks_but_one_are_in_the_table() -> None:
    gases = {e.un_number for e in load(EDITION).entries if e.hazard_class == "2" and e.tank_codes}

    assert gases - set(GASES) == {"3553"}


def test_every_row_of_the_list_gets_an_answer() -> None:
    numbers = {entry.un_number for entry in load(EDITION).entries}

    assert all(filling(number, None, None)[1] for number in numbers)


class TestGroups:
    """The first digit of a gas's code, and never that of another class."""

    @pytest.mark.parametrize(
        ("code", "expected"),
        [
            ("1A", (True, False, False, False, False)),
            ("1TF", (True, False, False, False, True)),
            ("2F", (False, True, False, False, True)),
            ("2TOC", (False, True, False, False, False)),
            ("3F", (False, False, True, False, True)),
            ("3O", (False, False, True, False, False)),
            ("4F", (False, False, False, True, True)),
            ("5F", (False, False, False, False, True)),
            ("1.1D", (False, False, False, False, False)),
            ("F1", (False, False, False, False, False)),
            ("", (False, False, False, False, False)),
        ],
    )
    def test_a_code_says_how_the_gas_is_kept(self, code: str, expected: tuple[bool, ...]) -> None:
        assert (
            is_compressed(code),
            is_liquefied(code),
            is_refrigerated(code),
            is_dissolved(code),
            is_flammable_gas(code),
        ) == expected

    def test_every_gas_of_the_list_has_a_code_that_is_read(self) -> None:
        unread = [
            entry.classification_code
            for entry in load(EDITION).entries
            if entry.hazard_class == "2"
            and "F" in entry.classification_code
            and not is_flammable_gas(entry.classification_code)
        ]

        assert unread == []


class TestPortableGas:
    """The rows of T50."""

    def test_a_row_is_read_whole(self) -> None:
        assert find_portable_gas("1017", EDITION) == (
            PortableGas(
                un_number="1017",
                mawp_small_bar=Decimal("19.0"),
                mawp_bare_bar=Decimal("17.0"),
                mawp_sunshield_bar=Decimal("15.0"),
                mawp_insulated_bar=Decimal("13.5"),
                mawp_condition="",
                openings_below_liquid_allowed=False,
                pressure_relief="6.7.3.7.3",
                max_kg_per_litre=Decimal("1.25"),
                condition="",
            ),
        )

    def test_a_mixture_is_decided_by_the_clauses_it_names(self) -> None:
        assert find_portable_gas("1075", EDITION) == (
            PortableGas(
                un_number="1075",
                mawp_small_bar=None,
                mawp_bare_bar=None,
                mawp_sunshield_bar=None,
                mawp_insulated_bar=None,
                mawp_condition="see 6.7.3.1",
                openings_below_liquid_allowed=True,
                pressure_relief="",
                max_kg_per_litre=None,
                condition="see 4.2.2.7",
            ),
        )

    def test_ethylene_oxide_needs_insulation(self) -> None:
        (row,) = find_portable_gas("1040", EDITION)

        assert (row.mawp_bare_bar, row.mawp_insulated_bar) == (None, Decimal("10.0"))

    def test_every_gas_that_the_list_sends_to_t50_is_there_and_no_other(self) -> None:
        sent = {e.un_number for e in load(EDITION).entries if e.portable_tank_instruction == "T50"}
        rows = table(EDITION, "portable_tank_gases")

        assert {row["un_number"] for row in rows} == sent
        assert len([gas for number in sent for gas in find_portable_gas(number, EDITION)]) == 75
