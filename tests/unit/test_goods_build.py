"""The data file is made by a program; these are its rules on rows made up for the purpose."""

import hashlib
import shutil
from pathlib import Path

import pytest

from waybill.goods.build import Record, build, main, pinyin_of, read_table, write_table
from waybill.goods.catalogue import DATA, editions

COLUMNS = (
    "un_number name_en name_zh name_en_un class division classification_code subsidiary labels",
    "packing_group special_provisions_adr special_provisions_gb limited_quantity",
    "excepted_quantity packing_instruction packing_sp mixed_packing portable_tank_instruction",
    "megc portable_tank_special_provisions bulk_container tank_code tank_special_provisions",
    "vehicle_for_tank_carriage transport_category tunnel_restriction_code v_packages vc_bulk",
    "cv_loading s_operation hazard_identification_number emergency_guide status",
)


def source(**columns: str) -> Record:
    row = dict.fromkeys(" ".join(COLUMNS).split(), "")
    usual = {"un_number": "1230", "name_zh": "甲醇", "name_en": "METHANOL", "class": "3"}
    return row | usual | {"division": "3", "packing_group": "II"} | columns


def made(
    *rows: Record,
    corrections: list[Record] | None = None,
    matches: list[Record] | None = None,
    previous: list[Record] | None = None,
) -> list[Record]:
    return build(
        rows,
        corrections=corrections or [],
        matches=matches or [],
        variants=[{"phrase_en": "more than 110", "phrase_zh": "蒸气压高"}],
        trade_names=[{"un_number": "1230", "alias_zh": "木醇"}],
        previous=previous or [],
    )


class TestKeys:
    def test_a_number_with_one_row_is_its_own_key(self) -> None:
        assert made(source())[0]["key"] == "1230"

    def test_a_packing_group_tells_rows_apart(self) -> None:
        rows = made(source(), source(packing_group="III"))

        assert [row["key"] for row in rows] == ["1230-ii", "1230-iii"]

    def test_a_digest_tells_the_rest_apart_whatever_the_order(self) -> None:
        one, other = source(tank_code="LGBF"), source(tank_code="L4BN")

        forwards = {row["tank_codes"]: row["key"] for row in made(one, other)}
        backwards = {row["tank_codes"]: row["key"] for row in made(other, one)}

        assert forwards == backwards
        assert len(set(forwards.values())) == 2

    def test_a_row_without_packing_group_has_the_digest_alone(self) -> None:
        rows = made(source(packing_group="", labels="2.1"), source(packing_group="", labels="2.2"))

        assert all(row["key"].count("-") == 1 for row in rows)

    def test_a_row_keeps_the_key_of_the_previous_edition(self) -> None:
        previous = made(source())

        rows = made(source(), source(packing_group="III"), previous=previous)

        assert [row["key"] for row in rows] == ["1230", "1230-iii"]

    def test_rows_that_cannot_be_told_apart_are_refused(self) -> None:
        with pytest.raises(ValueError, match="share a key"):
            made(source(), source())


class TestRepairs:
    @pytest.mark.parametrize(
        ("column", "text", "own", "expected"),
        [
            ("labels", "3+6.1", "labels", "3 6.1"),
            ("tank_code", "L2 65CN(+) S2 65AN(+)", "tank_codes", "L2.65CN(+) S2.65AN(+)"),
            ("tank_code", "SGAN+", "tank_codes", "SGAN(+)"),
            ("division", "-", "division", ""),
            ("packing_instruction", "P112 (a) (b)", "packing_instructions", "P112(a) P112(b)"),
            ("packing_instruction", "P132 a) x b)", "packing_instructions", "P132(a) P132(b)"),
            ("packing_instruction", "P001 IBC02", "packing_instructions", "P001 IBC02"),
        ],
    )
    def test_what_the_scan_lost_is_set_right(
        self, column: str, text: str, own: str, expected: str
    ) -> None:
        assert made(source(**{column: text}))[0][own] == expected

    def test_a_correction_changes_the_row_it_names(self) -> None:
        change = {
            "un_number": "1230",
            "packing_group": "II",
            "tank_codes": "",
            "packing_instructions": "",
            "column": "name_zh",
            "wrong": "醇",
            "right": "醛",
        }

        assert made(source(), corrections=[change])[0]["name_zh"] == "甲醛"
        with pytest.raises(ValueError, match="fits 0 rows"):
            made(source(), corrections=[change | {"wrong": "酸"}])


class TestAddedColumns:
    @pytest.mark.parametrize(
        ("division", "subsidiary", "expected"),
        [("3", "", "no"), ("6.1", "", "ask"), ("2.3", "", "ask"), ("3", "6.1 8", "ask")],
    )
    def test_without_a_match_the_hazards_decide_who_is_asked(
        self, division: str, subsidiary: str, expected: str
    ) -> None:
        row = made(source(division=division, subsidiary=subsidiary))[0]

        assert (row["highly_toxic"], row["highly_toxic_entry"]) == (expected, "")

    def test_a_confirmed_match_decides(self) -> None:
        match = {"un_number": "1230", "catalogue_no": "1022", "highly_toxic": "no"}

        row = made(source(subsidiary="6.1"), matches=[match])[0]

        assert (row["highly_toxic"], row["highly_toxic_entry"]) == ("no", "1022")

    def test_rows_of_one_name_say_what_tells_them_apart(self) -> None:
        rows = made(
            source(name_en="METHANOL more than 110", tank_code="L4BN"),
            source(tank_code="LGBF"),
            source(tank_code=""),
        )

        assert [row["variant_zh"] for row in rows] == ["蒸气压高", "罐体代码 LGBF", ""]

    def test_the_classification_code_tells_rows_apart_where_it_differs(self) -> None:
        rows = made(source(classification_code="F1"), source(classification_code="F2"))

        assert [row["variant_zh"] for row in rows] == ["分类代码 F1", "分类代码 F2"]

    def test_pinyin_is_that_of_every_name(self) -> None:
        row = made(source())[0]

        assert (row["pinyin"], row["pinyin_initials"]) == ("jiachun muchun", "jc mc")
        assert pinyin_of("1,2-二氯乙烷") == ("12erlvyiwan", "12elyw")


def test_a_table_reads_back_as_it_was_written(tmp_path: Path) -> None:
    rows = made(source())

    write_table(rows, tmp_path / "list.csv")

    assert read_table(tmp_path / "list.csv") == rows


def test_the_list_of_2025_has_the_keys_the_program_would_give_it_again() -> None:
    own = {"hazard_class": "class", "subsidiary_hazards": "subsidiary", "tank_codes": "tank_code"}
    own |= {
        "packing_instructions": "packing_instruction",
        "packing_special_provisions": "packing_sp",
    }
    rows = read_table(DATA / "dangerous_goods_2025.csv")
    again = [{own.get(c, c): text for c, text in row.items()} for row in rows]
    for row in again:
        row["labels"] = row["labels"].replace(" ", "+")

    built = build(again, corrections=[], matches=[], variants=[])

    assert [row["key"] for row in built] == [row["key"] for row in rows]


def test_the_command_makes_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("highly_toxic_matches.csv", "variants_zh.csv", "trade_names_zh.csv"):
        shutil.copy(DATA / name, tmp_path)
    (tmp_path / "corrections_next.csv").touch()
    monkeypatch.setattr("waybill.goods.build.DATA", tmp_path)
    origin, one, two = (str(tmp_path / name) for name in ("source.csv", "one.csv", "two.csv"))
    write_table([{"key": ""} | source()], Path(origin))

    main([origin, "next", one])
    main([origin, "next", two, one])

    assert read_table(Path(two)) == read_table(Path(one))


def test_each_edition_has_the_digest_of_its_file() -> None:
    for edition in editions():
        data = (DATA / edition.file).read_bytes()
        assert hashlib.sha256(data).hexdigest() == edition.sha256
