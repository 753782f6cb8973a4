from dataclasses import replace

import pytest

from waybill.goods import tables
from waybill.goods.catalogue import TableFile, UnknownEditionError, editions
from waybill.goods.tables import UnknownTableError, table


def test_a_table_has_the_rows_of_its_file() -> None:
    assert table("2025", "gas_filling")[0]["un_number"] == "1001"


@pytest.mark.parametrize("name", sorted(editions()[0].tables))
def test_every_table_of_the_edition_is_there_and_unaltered(name: str) -> None:
    assert table("2025", name)


def test_a_table_that_the_edition_does_not_name_is_unknown() -> None:
    with pytest.raises(UnknownTableError, match="no table moon_phases"):
        table("2025", "moon_phases")


def test_an_edition_that_never_was_is_unknown() -> None:
    with pytest.raises(UnknownEditionError, match="no edition 1999"):
        table("1999", "gas_filling")


def test_an_altered_table_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    forged = replace(
        editions()[0],
        name="forged",
        tables={"gas_filling": TableFile(file="gas_filling_2025.csv", sha256="00")},
    )
    monkeypatch.setattr(tables, "editions", lambda: (forged,))

    with pytest.raises(ValueError, match="altered"):
        table("forged", "gas_filling")
