"""Editions of the list that came after the program: installed before their day, and added."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from tests.harness.editions import META, rewrite_table, write_edition
from waybill.clock import FixedClock
from waybill.goods.catalogue import DATA, catalogue, editions, load
from waybill.goods.controls import find_controls
from waybill.goods.editions import add_editions, clear_editions, install_edition, validate_edition
from waybill.goods.tables import table
from waybill.settings import Settings, read_editions_dir

TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def no_edition_stays() -> Iterator[None]:
    yield
    clear_editions()


class TestAddEditions:
    """What a process does at its start."""

    def test_a_folder_that_is_not_there_adds_none(self, tmp_path: Path) -> None:
        assert add_editions(tmp_path / "none") == ()
        assert [edition.name for edition in editions()] == ["2025"]

    def test_the_newest_in_force_is_the_law(self, tmp_path: Path) -> None:
        add_editions(write_edition(tmp_path).parent)

        assert [edition.name for edition in editions()] == ["2025", "2027"]
        assert catalogue(date(2027, 9, 30)).edition.name == "2025"
        assert catalogue(date(2027, 10, 1)).edition.name == "2027"

    def test_after_its_last_day_the_one_before_counts_again(self, tmp_path: Path) -> None:
        add_editions(write_edition(tmp_path, changes={"in_force_until": "2027-12-31"}).parent)

        assert catalogue(date(2027, 12, 31)).edition.name == "2027"
        assert catalogue(date(2028, 1, 1)).edition.name == "2025"

    def test_it_has_its_own_tables(self, tmp_path: Path) -> None:
        path = write_edition(tmp_path)
        text = (DATA / "gas_filling_2025.csv").read_text(encoding="utf-8").replace("0.53", "0.54")
        rewrite_table(path, table_name="gas_filling", text=text)
        add_editions(tmp_path)

        figures = [
            next(
                r["max_kg_per_litre"]
                for r in table(edition, "gas_filling")
                if r["un_number"] == "1005"
            )
            for edition in ("2025", "2027")
        ]

        assert figures == ["0.53", "0.54"]

    def test_adding_twice_changes_nothing(self, tmp_path: Path) -> None:
        write_edition(tmp_path)

        assert add_editions(tmp_path) == add_editions(tmp_path)
        assert [edition.name for edition in editions()] == ["2025", "2027"]

    @pytest.mark.parametrize("name", ["2025", "2027"])
    def test_a_name_that_is_taken_is_refused(self, tmp_path: Path, name: str) -> None:
        add_editions(write_edition(tmp_path / "one").parent)
        write_edition(tmp_path / "other", name, changes={"in_force_from": "2028-01-01"})

        with pytest.raises(ValueError, match=f"there already is an edition {name}, with other"):
            add_editions(tmp_path / "other")

    def test_an_edition_that_was_altered_stops_the_start(self, tmp_path: Path) -> None:
        write_edition(tmp_path, changes={"sha256": "00"})

        with pytest.raises(ValueError, match="was altered"):
            add_editions(tmp_path)

    def test_cleared_editions_are_forgotten_with_all_that_was_read(self, tmp_path: Path) -> None:
        add_editions(write_edition(tmp_path / "one").parent)
        find_controls(load("2027").entries[0], "2027")
        clear_editions()
        path = write_edition(tmp_path / "other", changes={"in_force_from": "2028-01-01"})
        rewrite_table(path, table_name="control_matches", text="kind,item,un_number,match,ground\n")
        add_editions(tmp_path / "other")

        answers = find_controls(load("2027").find("1294")[0], "2027")

        assert load("2027").edition.in_force_from == date(2028, 1, 1)
        assert [c.ground for c in answers if c.kind == "drug_precursor"] == ["same_name_or_cas"]


class TestInstallEdition:
    """An edition is installed before its day, whole, or not at all."""

    def test_its_files_and_its_description_are_copied(self, tmp_path: Path) -> None:
        path, folder = write_edition(tmp_path / "in"), tmp_path / "var" / "editions"

        edition = install_edition(path, folder, today=TODAY)

        assert {p.name for p in folder.iterdir()} == {p.name for p in path.parent.iterdir()}
        assert add_editions(folder) == (validate_edition(folder / path.name),)
        assert edition == validate_edition(path)

    @pytest.mark.parametrize("today", [date(2027, 10, 1), date(2027, 10, 2)])
    def test_a_day_that_has_come_keeps_its_law(self, tmp_path: Path, today: date) -> None:
        path = write_edition(tmp_path / "in")

        with pytest.raises(ValueError, match="in force from 2027-10-01, which is not after today"):
            install_edition(path, tmp_path / "var", today=today)

        assert not (tmp_path / "var").exists()

    def test_the_eve_of_its_day_is_early_enough(self, tmp_path: Path) -> None:
        path = write_edition(tmp_path / "in")

        assert install_edition(path, tmp_path / "var", today=date(2027, 9, 30)).name == "2027"

    @pytest.mark.parametrize("name", ["2025", "2027"])
    def test_a_name_that_is_taken_is_refused(self, tmp_path: Path, name: str) -> None:
        folder = tmp_path / "var"
        install_edition(write_edition(tmp_path / "in"), folder, today=TODAY)
        again = write_edition(tmp_path / "again", name, changes={"in_force_from": "2028-01-01"})

        with pytest.raises(ValueError, match=f"there already is an edition {name}$"):
            install_edition(again, folder, today=TODAY)

    def test_another_file_of_the_same_name_is_not_overwritten(self, tmp_path: Path) -> None:
        folder = tmp_path / "var"
        folder.mkdir()
        (folder / "gas_filling_2025.csv").write_text("mine", encoding="utf-8")

        with pytest.raises(ValueError, match=r"^gas_filling_2025.csv: another file of this name"):
            install_edition(write_edition(tmp_path / "in"), folder, today=TODAY)

        assert [p.name for p in folder.iterdir()] == ["gas_filling_2025.csv"]

    def test_two_editions_may_share_a_table(self, tmp_path: Path) -> None:
        folder = tmp_path / "var"
        install_edition(write_edition(tmp_path / "in"), folder, today=TODAY)
        later = write_edition(tmp_path / "later", "2029", changes={"in_force_from": "2029-10-01"})
        install_edition(later, folder, today=TODAY)
        clear_editions()

        assert [edition.name for edition in add_editions(folder)] == ["2027", "2029"]

    def test_an_incomplete_edition_is_not_installed(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="names no table"):
            install_edition(
                write_edition(tmp_path / "in", changes={"tables": {}}),
                tmp_path / "var",
                today=TODAY,
            )

        assert not (tmp_path / "var").exists()


class TestCommand:
    """`waybill goods load` and what follows."""

    @pytest.fixture(autouse=True)
    def environment(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("WAYBILL_EDITIONS_DIR", str(tmp_path / "var"))
        clock = FixedClock(datetime(2026, 11, 22, 6, 5, tzinfo=UTC))
        monkeypatch.setattr("api.cli.goods.SystemClock", lambda: clock)

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, ["goods", *arguments])

    def test_an_edition_is_loaded_and_then_listed(self, tmp_path: Path) -> None:
        loaded = self.run("load", str(write_edition(tmp_path / "in")))
        listed = self.run("editions")

        assert loaded.output == (
            "2027: 4 rows, in force from 2027-10-01. Restart the server, so that it reads them.\n"
        )
        assert listed.output == "2025  2025-10-01 – …\n2027  2027-10-01 – …\n"

    def test_an_edition_that_comes_too_late_is_refused_in_words(self, tmp_path: Path) -> None:
        path = write_edition(tmp_path / "in", changes={"in_force_from": "2026-11-22"})

        result = self.run("load", str(path))

        assert (result.exit_code, result.output) == (
            1,
            (
                f"Error: {META}: in force from 2026-11-22, which is not after today (2026-11-22):"
                " what was the law on a day that has passed is not changed\n"
            ),
        )

    def test_a_broken_folder_stops_every_command_of_the_list(self, tmp_path: Path) -> None:
        write_edition(tmp_path / "var", changes={"sha256": "00"})

        result = self.run("editions")

        assert (result.exit_code, result.output) == (
            1,
            "Error: dangerous_goods_2025.csv: the data of edition 2027 was altered\n",
        )


SECRETS = {
    "WAYBILL_SECRET_KEY": "s" * 32,
    "WAYBILL_PII_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
    "WAYBILL_PII_INDEX_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
}


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, Path("var/editions")),
        ({"WAYBILL_EDITIONS_DIR": ""}, Path("var/editions")),
        ({"WAYBILL_EDITIONS_DIR": "/srv/lists"}, Path("/srv/lists")),
    ],
)
def test_the_folder_is_a_setting(environ: dict[str, str], expected: Path) -> None:
    assert read_editions_dir(environ) == expected
    assert Settings.from_env(SECRETS | environ).editions_dir == expected
