"""The law's figures: which edition holds when, from where, and what is no edition."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.harness.rule_trips import trip
from waybill.rules.figures import (
    Figure,
    FigureEdition,
    UnknownFigureError,
    add_figure_source,
    figure,
    figure_editions,
    figures_in_force,
    forget_figure_sources,
    read_edition,
)

HEADER = "key,value,unit,source_zh,source_en,confirmed,note\n"
LIMIT = "limit,2.50,kg,某办法第一条,Article 1,yes,read\n"
COMING = date(2099, 1, 1)


def write(folder: Path, name: str, *rows: str) -> Path:
    edition = folder / name
    edition.mkdir(parents=True)
    (edition / "edition.toml").write_text("in_force_from = 2099-01-01\n", encoding="utf-8")
    (edition / "limits.csv").write_text(HEADER + "".join(rows), encoding="utf-8")
    return edition


@pytest.fixture
def coming(tmp_path: Path) -> Iterator[Path]:
    """A folder that holds an edition of a coming law, which counts during one test."""
    write(tmp_path, "2099", LIMIT)
    add_figure_source(tmp_path)
    yield tmp_path
    forget_figure_sources()


def test_an_edition_is_read_whole(tmp_path: Path) -> None:
    rows = (LIMIT, "other,1,L,某办法第二条,Article 2,no,\n")

    assert read_edition(write(tmp_path, "2099", *rows)) == FigureEdition(
        name="2099",
        in_force_from=COMING,
        figures={
            "limit": Figure(
                key="limit",
                value=Decimal("2.50"),
                unit="kg",
                source_zh="某办法第一条",
                source_en="Article 1",
                confirmed=True,
                note="read",
            ),
            "other": Figure(
                key="other",
                value=Decimal(1),
                unit="L",
                source_zh="某办法第二条",
                source_en="Article 2",
                confirmed=False,
            ),
        },
    )


def test_a_figure_stands_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"limits\.csv repeats the figure limit"):
        read_edition(write(tmp_path, "2099", LIMIT, LIMIT))


def test_an_edition_holds_from_its_first_day(coming: Path) -> None:
    add_figure_source(coming)

    assert [edition.name for edition in figure_editions()][-1] == "2099"
    assert figures_in_force(COMING).name == "2099"
    assert figures_in_force(date(2098, 12, 31)).name == "2026-11-26"


@pytest.mark.usefixtures("coming")
def test_a_figure_is_that_of_the_edition_that_the_facts_name() -> None:
    assert figure(trip(figures="2099"), "limit") == Decimal("2.50")
    with pytest.raises(UnknownFigureError, match="edition '2099' has no figure surge_minimum"):
        figure(trip(figures="2099"), "surge_minimum")

    forget_figure_sources()

    with pytest.raises(UnknownFigureError, match="there is no edition '2099' of the figures"):
        figure(trip(figures="2099"), "limit")
    assert [edition.name for edition in figure_editions()] == ["2026-11-26"]


def test_before_the_first_edition_there_are_no_figures() -> None:
    first = figure_editions()[0].in_force_from

    assert figures_in_force(first) == figure_editions()[0]
    with pytest.raises(UnknownFigureError, match="no figures are in force on 1900-01-01"):
        figures_in_force(date(1900, 1, 1))


@pytest.mark.usefixtures("coming")
def test_two_editions_of_one_name_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "more", "2099", LIMIT)
    add_figure_source(tmp_path / "more")

    with pytest.raises(ValueError, match="editions of the figures share a name"):
        figure_editions()
