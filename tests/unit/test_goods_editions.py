"""An edition of the list is believed once it is whole and as it is described."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.harness.editions import META, ROWS, rewrite_table, write_edition
from waybill.codec import sha256
from waybill.goods.catalogue import DATA, Edition, editions
from waybill.goods.editions import check_complete, validate_edition


class TestValidateEdition:
    """A description is believed once every file is as it says."""

    def test_a_whole_edition_is_returned(self, tmp_path: Path) -> None:
        own = editions()[0]

        assert validate_edition(write_edition(tmp_path)) == Edition(
            name="2027",
            file=own.file,
            in_force_from=date(2027, 10, 1),
            in_force_until=None,
            row_count=4,
            sha256=sha256(ROWS.encode()).hex(),
            folder=tmp_path,
            tables=own.tables,
        )

    def test_that_of_the_package_is_valid(self) -> None:
        assert validate_edition(DATA / "dangerous_goods_2025.meta.json") == editions()[0]

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"row_count": 1}, "dangerous_goods_2025.csv: edition 2027 has 4 rows"),
            ({"sha256": "00"}, "dangerous_goods_2025.csv: the data of edition 2027 was altered"),
            ({"file": "gone.csv"}, "gone.csv: cannot be read"),
            ({"file": "../x.csv"}, "../x.csv: must be a plain file name"),
            ({"in_force_from": "soon"}, f"{META}: Invalid isoformat string: 'soon'"),
            ({"in_force_until": "2027-09-30"}, f"{META}: it would end before it begins"),
            ({"edition": "20 27"}, f"{META}: the edition's name must be letters, digits, . _ -"),
            ({"tables": {"a": {"file": "x"}}}, f"{META}: Object missing required field"),
            (
                {"tables": {"a": {"file": "gas_filling_2025.csv", "sha256": "00"}}},
                "gas_filling_2025.csv: is not the file that was described",
            ),
        ],
    )
    def test_what_cannot_be_is_refused_by_name(
        self, tmp_path: Path, changes: dict[str, object], reason: str
    ) -> None:
        path = write_edition(tmp_path, changes=changes)

        with pytest.raises(ValueError) as refused:  # noqa: PT011  compared whole below
            validate_edition(path)

        assert str(refused.value).startswith(reason)

    def test_an_edition_may_be_in_force_for_one_day(self, tmp_path: Path) -> None:
        path = write_edition(tmp_path, changes={"in_force_until": "2027-10-01"})

        assert validate_edition(path).in_force_until == date(2027, 10, 1)

    def test_a_missing_value_is_named(self, tmp_path: Path) -> None:
        path = write_edition(tmp_path)
        meta = json.loads(path.read_text(encoding="utf-8"))
        del meta["row_count"]
        path.write_text(json.dumps(meta), encoding="utf-8")

        with pytest.raises(ValueError, match=rf"^{META}: row_count is missing$"):
            validate_edition(path)

    @pytest.mark.parametrize("text", ["[]", "{", '"x"'])
    def test_what_is_no_description_is_refused(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / META
        path.write_text(text, encoding="utf-8")

        with pytest.raises(ValueError, match=rf"^{META}: "):
            validate_edition(path)

    def test_a_description_that_is_not_there_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match=rf"^{META}: "):
            validate_edition(tmp_path / META)

    def test_a_description_by_another_name_would_not_be_found(self, tmp_path: Path) -> None:
        path = write_edition(tmp_path).rename(tmp_path / "list.json")

        with pytest.raises(ValueError, match=r"^list.json: must be named dangerous_goods_\*"):
            validate_edition(path)

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            (lambda text: text.replace("name_zh", "name_cn", 1), "column name_zh is missing"),
            (lambda text: text + text.splitlines()[-1] + "\n", "two rows have one key"),
            (lambda text: text.replace(",III,", ",IV,", 1), "'IV' is not a valid PackingGroup"),
        ],
    )
    def test_rows_that_cannot_be_read_are_refused(
        self, tmp_path: Path, change: Callable[[str], str], reason: str
    ) -> None:
        path = write_edition(tmp_path, rows=change(ROWS))

        with pytest.raises(ValueError, match=f"^dangerous_goods_2025.csv: {reason}$"):
            validate_edition(path)

    def test_a_table_that_is_no_text_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "x.csv").write_bytes(b"\xff")
        tables = {"x": {"file": "x.csv", "sha256": sha256(b"\xff").hex()}}
        path = write_edition(tmp_path, changes={"tables": tables})

        with pytest.raises(ValueError, match=r"^x.csv: is not UTF-8$"):
            validate_edition(path)


class TestCheckComplete:
    """An edition has every table and column that rules look up."""

    def test_a_table_too_few_is_named(self, tmp_path: Path) -> None:
        edition = validate_edition(write_edition(tmp_path, changes={"tables": {}}))

        with pytest.raises(ValueError, match=r"the edition names no table [a-z_]+$"):
            check_complete(edition)

    def test_a_column_too_few_is_named(self, tmp_path: Path) -> None:
        path = write_edition(tmp_path)
        rewrite_table(path, table_name="gas_filling", text="un_number,condition\n1001,\n")

        with pytest.raises(
            ValueError,
            match=r"^gas_filling_2025.csv: columns are missing: classification_code, max_kg",
        ):
            check_complete(validate_edition(path))

    def test_an_empty_table_lacks_every_column(self, tmp_path: Path) -> None:
        path = write_edition(tmp_path)
        rewrite_table(path, table_name="gas_filling", text="")

        with pytest.raises(ValueError, match=r"^gas_filling_2025.csv: columns are missing"):
            check_complete(validate_edition(path))

    def test_a_whole_edition_is_let_in(self, tmp_path: Path) -> None:
        check_complete(validate_edition(write_edition(tmp_path)))
