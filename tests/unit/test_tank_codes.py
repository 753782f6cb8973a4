import csv
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybill.goods.catalogue import DATA, load
from waybill.goods.tank_codes import (
    Fit,
    TankCode,
    parse_tank_code,
    portable_tank_permits,
    tank_code_permits,
)

YES, NO, UNKNOWN = Fit.YES, Fit.NO, Fit.UNKNOWN
IN_TABLE = [
    "LGAV", "LGBV", "LGBF", "L1.5BN", "L4BN", "L4BH", "L4DH", "L10BH", "L10CH", "L10DH", "L15CH",
    "L21DH", "SGAV", "SGAN", "SGAH", "S4AH", "S10AN", "S10AH",
]  # fmt: skip


class TestParseTankCode:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("LGBF", TankCode(kind="L", pressure_bar=None, openings="B", closing="F")),
            ("L1.5BN", TankCode(kind="L", pressure_bar=Decimal("1.5"), openings="B", closing="N")),
            (
                "S2.65AN(+)",
                TankCode(
                    kind="S", pressure_bar=Decimal("2.65"), openings="A", closing="N", alone=True
                ),
            ),
            ("P22DH(M)", TankCode(kind="P", pressure_bar=Decimal(22), openings="D", closing="H")),
            ("PxBN(M)", TankCode(kind="P", pressure_bar=None, openings="B", closing="N")),
            ("RxBN", TankCode(kind="R", pressure_bar=None, openings="B", closing="N")),
        ],
    )
    def test_a_code_is_read_in_its_parts(self, text: str, expected: TankCode) -> None:
        assert parse_tank_code(text) == expected

    @pytest.mark.parametrize("text", ["LGBF", "L1.5BN", "L10CH", "PxBH", "P22DH", "SGAN"])
    def test_its_base_is_what_was_read(self, text: str) -> None:
        assert parse_tank_code(text).base == text

    @pytest.mark.parametrize(
        "text", ["", "lgbf", "LGB", "LGEF", "L0BN", "LxBN", "PGBN", "P22AN", "LGBF ", "L4BN(M)"]
    )
    def test_other_shapes_are_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="expected a tank code"):
            parse_tank_code(text)

    def test_every_code_of_the_list_is_read(self) -> None:
        codes = {code for entry in load("2025").entries for code in entry.tank_codes}

        assert len([parse_tank_code(code) for code in codes]) == len(codes) > 30


class TestTankCodePermits:
    @pytest.mark.parametrize(
        ("tank", "required", "expected"),
        [
            pytest.param("LGBF", "LGBF", YES, id="the very code"),
            pytest.param("L4BH", "LGBF", YES, id="better in every part"),
            pytest.param("L4BN", "L4BH", NO, id="not hermetically closed"),
            pytest.param("LGBF", "L1.5BN", NO, id="too low a pressure"),
            pytest.param("L4BH", "L4DH", NO, id="bottom openings"),
            pytest.param("L10CN", "L4BN", YES, id="a code outside the table"),
            pytest.param("L4BN", "SGAN", UNKNOWN, id="a liquid's tank for a solid"),
            pytest.param("SGAN", "LGBF", NO, id="a solid's tank for a liquid"),
            pytest.param("S10AH", "S4AH", UNKNOWN, id="better, but left out of the table"),
            pytest.param("L10BN", "L10BN(+)", YES, id="the very code of marked goods"),
            pytest.param("L15DH", "L10BN(+)", UNKNOWN, id="a better tank for marked goods"),
            pytest.param("L4BN", "L10BN(+)", NO, id="a worse tank for marked goods"),
            pytest.param("L4BH", "SGAH L4BH", YES, id="one of two codes"),
            pytest.param("L4BN", "SGAH L4BH", NO, id="neither of two codes"),
            pytest.param("L4DH", "SGAH L10BH", UNKNOWN, id="perhaps one of two codes"),
            pytest.param("LGBF", "", NO, id="no tank is allowed"),
            pytest.param("", "LGBF", UNKNOWN, id="no code known"),
            pytest.param("LGBF", "see 4.3", UNKNOWN, id="the column cannot be read"),
            pytest.param("P22DH", "LGBF", NO, id="a gas tank for a liquid"),
            pytest.param("L21DH", "P22DH(M)", NO, id="a liquid's tank for a gas"),
            pytest.param("P22DH", "P22DH(M)", YES, id="chlorine"),
            pytest.param("P21DH", "P22DH(M)", NO, id="a bar too low"),
            pytest.param("P22CH", "P22DH(M)", NO, id="openings below the liquid"),
            pytest.param("PxDH", "P22DH(M)", UNKNOWN, id="a tank of unknown pressure"),
            pytest.param("R22BN", "P22BN", NO, id="another kind of gas tank"),
        ],
    )
    def test_a_tank_fits_by_its_code(self, tank: str, required: str, expected: Fit) -> None:
        assert tank_code_permits(tank, required) is expected

    @pytest.mark.parametrize(
        ("tank", "un_number", "expected"),
        [
            pytest.param("P23BN", "1978", YES, id="propane, enough without insulation"),
            pytest.param("P22BN", "1978", UNKNOWN, id="propane, enough only with insulation"),
            pytest.param("P20BN", "1978", NO, id="propane, too low"),
            pytest.param("P99BN", "1002", UNKNOWN, id="a gas whose pressure the table leaves open"),
            pytest.param("P99BN", "9999", UNKNOWN, id="no such gas"),
            pytest.param("P99BN", None, UNKNOWN, id="gas not said"),
        ],
    )
    def test_an_open_pressure_is_the_gases_own(
        self, tank: str, un_number: str | None, expected: Fit
    ) -> None:
        assert tank_code_permits(tank, "PxBN(M)", un_number=un_number) is expected

    @pytest.mark.parametrize(("tank", "required"), list(product(IN_TABLE, repeat=2)))
    def test_it_never_goes_beyond_the_table(self, tank: str, required: str) -> None:
        with (DATA / "tank_hierarchy_2025.csv").open(encoding="utf-8", newline="") as lines:
            table = {row["code"]: row["others"].split() for row in csv.DictReader(lines)}
        permitted = required == tank or required in table[tank]

        assert (tank_code_permits(tank, required) is YES) == permitted


CODES = st.builds(
    "{}{}{}{}".format,
    st.sampled_from("LS"),
    st.sampled_from(["G", "1.5", "2.65", "4", "10", "15", "21"]),
    st.sampled_from("ABCD"),
    st.sampled_from("VFNH"),
)


@given(CODES)
def test_every_tank_carries_what_asks_for_its_own_code(code: str) -> None:
    assert tank_code_permits(code, code) is YES


@given(CODES, CODES, CODES)
def test_a_worse_tank_is_never_let_in_by_way_of_a_third(a: str, b: str, c: str) -> None:
    if tank_code_permits(a, b) is YES and tank_code_permits(b, c) is YES:
        assert tank_code_permits(a, c) is not NO


class TestPortableTankPermits:
    @pytest.mark.parametrize(
        ("tank", "required", "expected"),
        [
            pytest.param("T4", "T4", YES, id="the very instruction"),
            pytest.param("T11", "T4", YES, id="a higher instruction"),
            pytest.param("T4", "T11", NO, id="a lower instruction"),
            pytest.param("T6", "T5", NO, id="a higher number is not always better"),
            pytest.param("T50", "T50", YES, id="a gas in its own tank"),
            pytest.param("T22", "T50", NO, id="a gas in a tank for liquids"),
            pytest.param("T22", "T23", NO, id="organic peroxides stand alone"),
            pytest.param("T4", "", NO, id="no portable tank is allowed"),
            pytest.param("", "T4", UNKNOWN, id="no instruction known"),
            pytest.param("T99", "T4", UNKNOWN, id="no such instruction"),
        ],
    )
    def test_a_tank_fits_by_its_instruction(self, tank: str, required: str, expected: Fit) -> None:
        assert portable_tank_permits(tank, required) is expected

    @pytest.mark.parametrize("number", range(1, 22))
    def test_t22_carries_everything_below_it(self, number: int) -> None:
        assert portable_tank_permits("T22", f"T{number}") is YES
