"""Drawings of plates and labels: well-formed, true in proportion, complete for the whole list."""

import re
from typing import Final
from xml.etree.ElementTree import Element, fromstring

import pytest

from api.rendering.glyphs import GLYPHS, line_width
from api.rendering.placards import (
    PLACARDS,
    orange_plate_svg,
    placard_svg,
    placards_of,
    placards_svg,
)
from api.rendering.plates import STYLES, plate_svg
from tests.harness.papers import EDITION
from waybill.goods.catalogue import load
from waybill.registry.kinds import PlateColour

LIST: Final = load(EDITION)


def parsed(svg: str) -> Element:
    return fromstring(svg)  # noqa: S314  our own drawing


class TestOrangePlate:
    """ADR 5.3.2.2: 400 × 300 mm, border and line of 15 mm, figures 100 mm high."""

    def test_its_proportions_are_true(self) -> None:
        plate = parsed(orange_plate_svg("33", "1203"))

        frame = plate[0]
        line = plate[1]
        assert plate.attrib["viewBox"] == "0 0 400 300"
        assert frame.attrib["stroke-width"] == line.attrib["stroke-width"] == "15"
        assert line.attrib["d"] == "M0 150H400"

    def test_it_says_its_numbers_to_those_who_do_not_see_it(self) -> None:
        plate = parsed(orange_plate_svg("X423", "1428"))

        assert plate.attrib["aria-label"] == "橙色标志牌 orange plate X423/1428"

    def test_goods_without_hazard_number_have_a_plain_plate(self) -> None:
        plate = parsed(orange_plate_svg("", "1139"))

        assert len(plate) == 1

    def test_every_number_of_the_list_fits_between_the_borders(self) -> None:
        numbers = {entry.hazard_identification_number for entry in LIST.entries}

        widest = max(line_width(number) for number in numbers | {"0000"})

        assert widest <= 400 - 2 * 15

    def test_every_hazard_number_of_the_list_is_drawn(self) -> None:
        numbers = {entry.hazard_identification_number for entry in LIST.entries}

        assert {figure for number in numbers for figure in number} <= set(GLYPHS)


class TestPlacards:
    """Labels of the regulation, by the colours and figures that tell them apart."""

    @pytest.mark.parametrize("key", PLACARDS)
    def test_each_is_a_drawing_of_its_own(self, key: str) -> None:
        others = {placard_svg(other) for other in PLACARDS if other != key}

        drawn = placard_svg(key)

        assert parsed(drawn).attrib["viewBox"] == "0 0 400 400"
        assert drawn not in others

    def test_each_row_of_the_list_has_one_at_least(self) -> None:
        bare = [e.key for e in LIST.entries if not placards_of(e) and not e.not_subject]

        # UN 3363 and its like: the list sends the reader to a special provision.
        assert bare == []

    @pytest.mark.parametrize(
        ("un_number", "expected"),
        [
            pytest.param("1203", ("3",), id="petrol"),
            pytest.param("1017", ("2.3", "5.1", "8"), id="chlorine"),
            pytest.param("1098", ("6.1", "3"), id="allyl alcohol"),
            pytest.param("0331", ("1.5",), id="blasting explosive"),
            pytest.param("3480", ("9A",), id="lithium batteries"),
            pytest.param("2912", ("7",), id="low specific activity"),
        ],
    )
    def test_goods_ask_for(self, un_number: str, expected: tuple[str, ...]) -> None:
        assert placards_of(LIST.find(un_number)[0]) == expected

    def test_rows_of_one_number_share_their_placards(self) -> None:
        assert len(LIST.find("1263")) > 1
        assert placards_svg(LIST.find("1263")) == [placard_svg("3")]

    def test_explosives_show_division_and_compatibility_group(self) -> None:
        (drawn,) = placards_svg(LIST.find("0004"))

        assert "1.1D" in drawn


class TestNumberPlate:
    """A plate in its colour, named for those who do not see it."""

    def test_every_colour_has_a_style(self) -> None:
        assert set(STYLES) == set(PlateColour)

    def test_it_says_plate_and_colour(self) -> None:
        plate = parsed(plate_svg("苏H12345", PlateColour.YELLOW))

        assert plate.attrib["aria-label"] == "苏H12345 黄牌 yellow"
        assert plate[-1].text == "苏H·12345"

    def test_a_hostile_plate_stays_text(self) -> None:
        plate = parsed(plate_svg('<b>"&', PlateColour.BLUE))

        assert plate[-1].text == '<b·>"&'

    def test_two_greens_differ_by_more_than_a_name(self) -> None:
        drawn = [plate_svg("苏HD12345", c) for c in (PlateColour.GREEN, PlateColour.YELLOW_GREEN)]

        grounds = [re.findall(r'fill="(#[0-9a-f]+)"', svg) for svg in drawn]
        assert grounds[0] != grounds[1]
