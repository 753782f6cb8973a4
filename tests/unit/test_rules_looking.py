"""The draw: what follows from it, what it asks of which trip, and how often."""

from collections import Counter
from dataclasses import replace
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.harness.papers import goods_item as goods
from tests.harness.papers import waybill_content as content
from waybill.document import WaybillContent
from waybill.registry.kinds import PlateColour
from waybill.rules.finding import Phase
from waybill.rules.looking import (
    EDITION,
    Factor,
    On,
    Why,
    catalogue,
    control_text,
    find_photo_to_take,
)
from waybill.rules.looking.drawing import (
    ControlAsked,
    History,
    draw_looks,
    draw_of,
    draw_photos,
    find_factors,
)
from waybill.rules.looking.known import Trip, right_answers
from waybill.rules.questions import all_photos

KNOWN = catalogue()
WAYBILL, FACILITY = UUID(int=1), UUID(int=2)
KEY = b"k" * 32
SEASONED = History(own_checks=20, own_refused=1, driver_visits=1)
"""Of whom nothing makes a trip worth a closer look."""


def draws(many: int) -> list[bytes]:
    """Return draws of as many waybills."""
    return [draw_of(KEY, UUID(int=number), FACILITY) for number in range(many)]


class TestCatalogue:
    """The data is whole and agrees with the law's own questions."""

    def test_ids_are_unique_and_have_words(self) -> None:
        photos = [photo.shows for photo in KNOWN.photo]
        controls = [control.id for control in KNOWN.control]

        assert len(set(photos)) == len(photos)
        assert len(set(controls)) == len(controls)
        assert all((photo.zh, photo.en) for photo in KNOWN.photo)
        assert all((c.zh, c.en, c.hint_zh, c.hint_en) for c in KNOWN.control)

    def test_a_subject_of_the_laws_is_taken_in_the_laws_phase(self) -> None:
        law = {photo.shows: photo.phase for photo in all_photos()}
        shared = {photo.shows: photo.phase for photo in KNOWN.photo if photo.shows in law}

        assert shared == {
            "orange_plates": Phase.BEFORE_LOADING,
            "closures": Phase.AFTER_LOADING,
        }
        assert all(law[shows] is phase for shows, phase in shared.items())

    def test_every_factor_has_points(self) -> None:
        assert set(KNOWN.points) == set(Factor)

    def test_every_place_is_used(self) -> None:
        assert {photo.when for photo in KNOWN.photo} == set(On)

    def test_what_is_found_by_name(self) -> None:
        assert find_photo_to_take("valve_box") in KNOWN.photo
        assert find_photo_to_take("nothing") is None
        assert control_text("un_number") is KNOWN.control[0]


class TestDraw:
    """One draw for a waybill at a facility, and nothing but the key tells it beforehand."""

    def test_it_is_what_it_was_said_to_be(self) -> None:
        assert draw_of(KEY, WAYBILL, FACILITY).hex() == (
            "48d41dcc3951cc0baef924a015ab6db413b498a9d0d799cb56acd91f02e01e21"
        )

    def test_key_waybill_and_facility_each_make_another(self) -> None:
        made = {
            draw_of(KEY, WAYBILL, FACILITY),
            draw_of(b"x" * 32, WAYBILL, FACILITY),
            draw_of(KEY, FACILITY, FACILITY),
            draw_of(KEY, WAYBILL, WAYBILL),
        }

        assert len(made) == 4

    def test_all_else_follows_from_it(self) -> None:
        draw, trip = draw_of(KEY, WAYBILL, FACILITY), Trip(content=content(), compartments=3)

        one, other = (draw_looks(draw, trip, SEASONED, edition=EDITION) for _ in range(2))

        assert one == other
        assert (one.edition, one.draw, one.factors, one.points) == (EDITION, draw.hex(), (), 0)


class TestFactors:
    """Each at its edge, alone."""

    @pytest.mark.parametrize(
        ("history", "factors"),
        [
            pytest.param({}, [], id="none"),
            pytest.param({"carrier_refused": 1}, ["carrier_refused"], id="a refusal"),
            pytest.param({"driver_visits": 0}, ["first_visit"], id="never here"),
            pytest.param({"own_checks": 9}, ["new_colleague"], id="nine checks"),
            pytest.param({"own_checks": 10}, [], id="ten checks"),
            pytest.param({"own_checks": 29, "own_refused": 0}, [], id="29, none refused"),
            pytest.param(
                {"own_checks": 30, "own_refused": 0}, ["never_refused"], id="30, none refused"
            ),
            pytest.param({"own_checks": 30, "own_refused": 1}, [], id="30, one refused"),
        ],
    )
    def test_of_history(self, history: dict[str, int], factors: list[str]) -> None:
        found = find_factors(content(), replace(SEASONED, **history), KNOWN)

        assert [factor.value for factor in found] == factors

    @pytest.mark.parametrize(
        ("hazard_class", "packing_group", "high"),
        [
            ("3", "II", False),
            ("3", "I", True),
            ("2.1", "", True),
            ("1.4S", "", True),
            ("8", "II", False),
        ],
    )
    def test_of_the_goods(self, hazard_class: str, packing_group: str, high: bool) -> None:  # noqa: FBT001
        line = goods(hazard_class=hazard_class, packing_group=packing_group)

        found = find_factors(content(goods=(line,)), SEASONED, KNOWN)

        assert (Factor.HIGH_HAZARD in found) is high


class TestPhotos:
    """How many photos are asked for, why, and of which trips."""

    @pytest.mark.parametrize(
        ("points", "by_risk"), [(0, 0), (1, 0), (2, 1), (3, 1), (4, 2), (7, 2)]
    )
    def test_the_risk_asks_for_more(self, points: int, by_risk: int) -> None:
        for draw in draws(20):
            photos = draw_photos(draw, content(), points, KNOWN)

            assert [why for _, why in photos][:by_risk] == [Why.RISK] * by_risk
            assert len([why for _, why in photos if why is Why.RANDOM]) <= 1

    def test_chance_asks_as_often_as_is_said(self) -> None:
        """Seven photos of a tank trip, 12 % each, at most one: about 59 of 100 checks."""
        asked = [draw_photos(draw, content(), 0, KNOWN) for draw in draws(2000)]

        share = sum(map(bool, asked)) / len(asked)
        assert 0.55 < share < 0.63
        shown = Counter(shows for photos in asked for shows, _ in photos)
        assert len(shown) == 7
        assert min(shown.values()) > 100

    def test_nothing_is_asked_twice(self) -> None:
        for draw in draws(200):
            shown = [shows for shows, _ in draw_photos(draw, content(), 9, KNOWN)]

            assert len(set(shown)) == len(shown)

    def test_packages_have_no_valve_box(self) -> None:
        packed = content(goods=(goods(mode="packages"),), tank=None, trailer=None)
        shown = {shows for draw in draws(300) for shows, _ in draw_photos(draw, packed, 4, KNOWN)}

        assert shown == {"orange_plates", "extinguishers", "load_secured", "closures"}


class TestRightAnswers:
    """What is known for certain is asked; what is not, is not."""

    def test_of_a_tank_trip(self) -> None:
        assert right_answers(Trip(content=content(), compartments=3)) == {
            "un_number": "1203",
            "hazard_number": "33",
            "hazard_class": "3",
            "plate_colour": "yellow",
            "trailer_plate_colour": "yellow",
            "plate_ending": "45",
            "tank_number_ending": "01",
            "compartments": "3",
        }

    def test_without_trailer_tank_and_register(self) -> None:
        bare = content(trailer=None, tank=None)

        assert right_answers(Trip(content=bare)).keys() == {
            "un_number",
            "hazard_number",
            "hazard_class",
            "plate_colour",
            "plate_ending",
        }

    @pytest.mark.parametrize(
        "lines",
        [
            pytest.param((goods(), goods("1202", position=2)), id="two kinds"),
            pytest.param((goods(mode="packages"),), id="packages"),
        ],
    )
    def test_no_single_plate_no_question(self, lines: tuple[object, ...]) -> None:
        found = right_answers(Trip(content=content(goods=lines)))

        assert found.keys().isdisjoint({"un_number", "hazard_number"})

    @pytest.mark.parametrize(
        "line",
        [
            pytest.param(goods(subsidiary_hazards=("6.1",)), id="subsidiary"),
            pytest.param(goods(hazard_class="1.4S"), id="explosive"),
        ],
    )
    def test_no_single_placard_no_question(self, line: object) -> None:
        assert "hazard_class" not in right_answers(Trip(content=content(goods=(line,))))

    @pytest.mark.parametrize("plate", ["苏HA123挂", "苏H1234学", "1"])
    def test_an_ending_of_other_characters_is_not_asked(self, plate: str) -> None:
        unit = msgspec.structs.replace(content().vehicle, plate=plate)

        assert "plate_ending" not in right_answers(Trip(content=content(vehicle=unit)))

    def test_a_plate_has_its_own_colour(self) -> None:
        unit = msgspec.structs.replace(content().vehicle, plate_colour=PlateColour.GREEN)

        assert right_answers(Trip(content=content(vehicle=unit)))["plate_colour"] == "green"


@given(st.binary(min_size=32, max_size=32))
def test_of_every_draw_the_choices_hold_the_right_answer_once(draw: bytes) -> None:
    drawn = draw_looks(draw, Trip(content=content(), compartments=3), SEASONED, edition=EDITION)

    assert len({asked.id for asked in drawn.controls}) == 2
    for asked in drawn.controls:
        assert asked.choices.count(asked.right) == 1
        assert len(set(asked.choices)) == len(asked.choices) == 4


def test_every_question_and_every_place_of_the_right_answer_is_drawn() -> None:
    asked: list[ControlAsked] = []
    trip = Trip(content=content(), compartments=3)
    for draw in draws(400):
        asked += draw_looks(draw, trip, SEASONED, edition=EDITION).controls

    assert {each.id for each in asked} == {each.id for each in KNOWN.control}
    places = Counter(each.choices.index(each.right) for each in asked)
    assert min(places.values()) > 150


def test_a_waybill_without_anything_known_still_draws() -> None:
    bare: WaybillContent = content(
        goods=(goods(mode="packages", hazard_class="1.4S"),), tank=None, trailer=None
    )

    drawn = draw_looks(
        draw_of(KEY, WAYBILL, FACILITY), Trip(content=bare), SEASONED, edition=EDITION
    )

    assert {each.id for each in drawn.controls} == {"plate_colour", "plate_ending"}
