"""Emergency cards: every UN number has one, with three measures and no promise it cannot keep."""

import json
from typing import Final

import pytest

from tests.harness.papers import EDITION
from waybill.goods.catalogue import DATA, load
from waybill.goods.emergency import find_emergency_card, first_measures, measures

LIST: Final = load(EDITION)


def test_every_row_of_the_list_has_three_measures() -> None:
    assert {len(first_measures(entry)) for entry in LIST.entries} == {3}


def test_no_measure_is_written_for_a_hazard_that_the_list_does_not_have() -> None:
    hazards = {entry.division for entry in LIST.entries} | {e.hazard_class for e in LIST.entries}

    assert set(measures()) <= hazards


def test_the_measures_say_that_nobody_confirmed_them() -> None:
    meta = json.loads((DATA / "emergency_measures_2026.meta.json").read_text(encoding="utf-8"))

    assert (meta["confirmed"], "own words" in meta["provenance"]) == (False, True)


def test_an_unknown_number_has_no_card() -> None:
    assert find_emergency_card("9999", LIST) is None


def test_a_card_tells_all_rows_of_its_number() -> None:
    card = find_emergency_card("1203", LIST)

    assert card is not None
    assert (card.names[0][0], card.hazards, card.hazard_identification_numbers, card.guides) == (
        "车用汽油或汽油",
        ("3",),
        ("33",),
        ("128",),
    )
    assert card.measures == measures()["3"]


@pytest.mark.parametrize(
    ("un_number", "no_water"),
    [
        pytest.param("1428", True, id="sodium: 4.3 and X423"),
        pytest.param("1717", True, id="acetyl chloride: X338 without 4.3"),
        pytest.param("1203", False, id="petrol"),
    ],
)
def test_water_is_forbidden_where_it_reacts(un_number: str, no_water: bool) -> None:  # noqa: FBT001
    card = find_emergency_card(un_number, LIST)

    assert card is not None
    assert card.no_water is no_water


def test_explosives_of_any_division_have_the_measures_of_class_1() -> None:
    card = find_emergency_card("0004", LIST)

    assert card is not None
    assert card.measures == measures()["1"]
