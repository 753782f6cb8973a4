"""A trip loaded at several bays in turn, and partial loads: nothing leaves before all is in."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.harness.bay import Bay, answer, problem, standing
from tests.harness.two_bays import (
    arrive,
    cleared_of_two_lines,
    closing_list,
    last,
    line,
    part,
    record,
    release,
    second_bay,
)
from waybill.clock import FixedClock
from waybill.document import parse_loading_record
from waybill.rules.limits import CLEARANCE_LIFETIME
from waybill.storage.log import EventRow
from waybill.storage.waybills import ReleaseRow


@pytest.fixture
def check_id(bay: Bay, database: Session) -> str:
    """A cleared check of two goods lines."""
    return cleared_of_two_lines(bay, database)


@pytest.fixture
def other_bay(bay: Bay, database: Session) -> UUID:
    """Another bay of the facility."""
    return second_bay(bay, database)


def data_of(body: bytes) -> dict[str, Any]:
    """What an event says."""
    data: dict[str, Any] = json.loads(body)["data"]
    return data


def refusal(
    bay: Bay, check_id: str, path: str, body: object
) -> tuple[int, str, list[tuple[str, str]]]:
    return problem(bay.post(f"/checks/{check_id}/{path}", body))


class TestInTurn:
    """Line 1 at the first bay, line 2 at the second."""

    def test_a_part_says_by_how_much_the_clock_was_wrong(
        self, bay: Bay, database: Session, check_id: str
    ) -> None:
        record(bay, check_id, part(bay.line.yard.bay_id, line(1)) | {"clock_offset_ms": -7_000})

        bodies = database.scalars(select(EventRow.body).where(EventRow.kind == "evidence-added"))
        (told,) = [data for data in map(data_of, bodies) if "clock_offset_ms" in data]
        assert told["clock_offset_ms"] == -7_000
        assert told["items"][0]["type"] == "loading_part"

    def test_the_release_comes_with_the_last_line_and_covers_all(
        self, bay: Bay, database: Session, check_id: str, other_bay: UUID
    ) -> None:
        first = record(bay, check_id, part(bay.line.yard.bay_id, line(1)))
        arrive(bay, check_id, other_bay, closing_list(bay, check_id))
        second = record(bay, check_id, part(other_bay, line(2)))

        released = release(bay, check_id, last())

        assert (first["lines_out"], second["lines_out"]) == ([2], [])
        assert (released["released"], standing(released["verdict"])) == (True, [])
        row = database.scalars(select(ReleaseRow)).one()
        signed = parse_loading_record(row.loading_record)
        assert [(i.position, str(i.quantity_kg), i.bay_id) for i in signed.loaded] == [
            (1, "12900", str(bay.line.yard.bay_id)),
            (2, "12900", str(other_bay)),
        ]
        assert signed.seals == ("P0001", "L0001")

    def test_the_last_line_may_come_with_the_release(
        self, bay: Bay, check_id: str, other_bay: UUID
    ) -> None:
        arrive(bay, check_id, other_bay, closing_list(bay, check_id))
        record(bay, check_id, part(other_bay, line(2)))

        assert release(bay, check_id, last(line(1)))["released"]

    @pytest.mark.parametrize("lines", [[], [1], [1, 1], [3], [1, 2]], ids=str)
    def test_nothing_leaves_with_a_line_missing_foreign_or_twice(
        self, bay: Bay, check_id: str, lines: list[int]
    ) -> None:
        record(bay, check_id, part(bay.line.yard.bay_id, line(1)))
        bay.answer_everything(check_id)

        refused = refusal(bay, check_id, "release", last(*(line(n) for n in lines)))

        assert refused[0] == 422
        assert bay.check(check_id)["summary"]["status"] == "cleared"

    def test_the_weighbridge_is_held_against_all_of_it(self, bay: Bay, check_id: str) -> None:
        record(bay, check_id, part(bay.line.yard.bay_id, line(1)))

        released = release(bay, check_id, last(line(2), gross_mass_kg="32900"))

        assert ("AFTER-01.weighbridge", "masses_contradict") in standing(released["verdict"])

    def test_too_much_at_the_first_bay_stops_the_release_at_the_second(
        self, bay: Bay, check_id: str
    ) -> None:
        told = record(bay, check_id, part(bay.line.yard.bay_id, line(1, "13100")))

        released = release(bay, check_id, last(line(2)))

        assert ("AFTER-01.quantity", "over_planned") in standing(told["verdict"])
        assert not released["released"]


class TestArrival:
    """At each further bay the closing list is seen anew before anything goes in."""

    def test_nothing_goes_in_before(self, bay: Bay, check_id: str, other_bay: UUID) -> None:
        refused = refusal(bay, check_id, "loading-parts", part(other_bay, line(2)))

        assert refused[:2] == (409, "wrong-state")

    def test_a_loading_that_began_before_it_is_refused(
        self, bay: Bay, check_id: str, other_bay: UUID, clock: FixedClock
    ) -> None:
        clock.advance(timedelta(minutes=10))
        arrive(bay, check_id, other_bay, closing_list(bay, check_id))
        early = part(other_bay, line(2))

        assert refusal(bay, check_id, "loading-parts", early)[:2] == (409, "wrong-state")

    def test_a_vehicle_that_comes_back_arrives_anew(
        self, bay: Bay, check_id: str, other_bay: UUID, clock: FixedClock
    ) -> None:
        listed, first = closing_list(bay, check_id), bay.line.yard.bay_id
        clock.advance(timedelta(minutes=2))
        arrive(bay, check_id, other_bay, listed)
        clock.advance(timedelta(minutes=2))
        now = {"started_at": clock.now().isoformat(), "finished_at": clock.now().isoformat()}
        back, whole = part(first, line(1)) | now, last(line(1), line(2)) | now

        assert refusal(bay, check_id, "loading-parts", back)[:2] == (409, "wrong-state")
        assert refusal(bay, check_id, "release", whole)[:2] == (409, "wrong-state")

        arrive(bay, check_id, first, listed)
        assert record(bay, check_id, back)["lines_out"] == [2]

    def test_what_went_in_before_it_left_is_recorded_late(
        self, bay: Bay, check_id: str, other_bay: UUID, clock: FixedClock
    ) -> None:
        clock.advance(timedelta(minutes=2))
        arrive(bay, check_id, other_bay, closing_list(bay, check_id))

        assert record(bay, check_id, part(bay.line.yard.bay_id, line(1)))["lines_out"] == [2]

    def test_all_of_the_list_is_confirmed(self, bay: Bay, check_id: str, other_bay: UUID) -> None:
        listed = closing_list(bay, check_id)
        body = {"bay_id": str(other_bay), "confirmed": listed[1:]}

        refused = refusal(bay, check_id, "bays", body)

        assert len(listed) > 3
        assert refused == (422, "invalid-field", [("/confirmed", "not-confirmed")])

    def test_a_bay_of_another_place_is_not_found(self, bay: Bay, check_id: str) -> None:
        body = {
            "bay_id": "01a21acd-23b7-72b6-a146-df11fbdbbd53",
            "confirmed": closing_list(bay, check_id),
        }

        assert refusal(bay, check_id, "bays", body)[0] == 404

    def test_it_is_between_clearance_and_release(self, bay: Bay, other_bay: UUID) -> None:
        check_id = bay.opened(bay.issued()["qr_text"])
        body = {"bay_id": str(other_bay), "confirmed": []}

        assert refusal(bay, check_id, "bays", body)[:2] == (409, "wrong-state")
        parts = part(bay.line.yard.bay_id, line(1))
        assert refusal(bay, check_id, "loading-parts", parts)[:2] == (409, "wrong-state")


class TestTimes:
    """The whole begins with its first part; each part is held to the clearance by itself."""

    @pytest.mark.parametrize(
        ("started", "finished", "code"),
        [
            ("14:05", "14:04", "ends-before-start"),
            ("14:05", "14:06", "in-future"),
            ("14:04", "14:05", "before-clearance"),
        ],
    )
    def test_an_impossible_part_is_refused(
        self, bay: Bay, check_id: str, started: str, finished: str, code: str
    ) -> None:
        body = part(bay.line.yard.bay_id, line(1)) | {
            "started_at": f"2026-11-22T{started}:00+08:00",
            "finished_at": f"2026-11-22T{finished}:00+08:00",
        }

        assert refusal(bay, check_id, "loading-parts", body)[2][0][1] == code

    @pytest.mark.parametrize("as_part", [True, False], ids=["part", "release"])
    def test_nothing_goes_in_when_the_clearance_is_too_old(
        self, bay: Bay, check_id: str, clock: FixedClock, *, as_part: bool
    ) -> None:
        record(bay, check_id, part(bay.line.yard.bay_id, line(1)))
        clock.advance(timedelta(hours=CLEARANCE_LIFETIME.value, minutes=2))
        bay.tokens.clear()
        late = {
            "started_at": clock.now().isoformat(),
            "finished_at": clock.now().isoformat(),
        }
        body = part(bay.line.yard.bay_id, line(2)) if as_part else last(line(2))

        refused = refusal(bay, check_id, "loading-parts" if as_part else "release", body | late)

        assert refused[2] == [("/started_at", "clearance-outdated")]


class TestCorrection:
    """A part that was recorded wrongly is recorded again; the log keeps both."""

    def test_the_later_record_holds(self, bay: Bay, check_id: str) -> None:
        record(bay, check_id, part(bay.line.yard.bay_id, line(1, "13100")))
        fixed = line(1, "12800", short_reason="流量计读数更正")
        told = record(bay, check_id, part(bay.line.yard.bay_id, fixed))

        assert told["lines_out"] == [2]
        assert release(bay, check_id, last(line(2)))["released"]

    def test_less_than_before_needs_a_reason(self, bay: Bay, check_id: str) -> None:
        record(bay, check_id, part(bay.line.yard.bay_id, line(1)))

        less = part(bay.line.yard.bay_id, line(1, "12800"))

        assert refusal(bay, check_id, "loading-parts", less)[2] == [
            ("/lines/0/short_reason", "reason-needed")
        ]

    def test_a_line_is_loaded_at_one_bay(self, bay: Bay, check_id: str, other_bay: UUID) -> None:
        record(bay, check_id, part(bay.line.yard.bay_id, line(1)))
        arrive(bay, check_id, other_bay, closing_list(bay, check_id))

        topped = refusal(bay, check_id, "loading-parts", part(other_bay, line(1, "13000")))

        assert topped[2] == [("/lines/0/position", "recorded-elsewhere")]


class TestPartial:
    """Less than planned goes with its reason; nothing at all is an abort."""

    def test_a_partial_load_without_a_reason_is_refused(self, bay: Bay, check_id: str) -> None:
        bay.answer_everything(check_id)

        refused = refusal(bay, check_id, "release", last(line(1), line(2, "12349")))

        assert refused[2] == [("/lines/1/short_reason", "reason-needed")]

    def test_its_reason_is_signed(self, bay: Bay, database: Session, check_id: str) -> None:
        short = line(2, "6000", short_reason="二号仓只装一半：客户减量")

        released = release(bay, check_id, last(line(1), short))

        assert (released["released"], standing(released["verdict"])) == (True, [])
        row = database.scalars(select(ReleaseRow)).one()
        signed = parse_loading_record(row.loading_record).loaded
        assert [(str(i.quantity_kg), i.short_reason) for i in signed] == [
            ("12900", ""),
            ("6000", "二号仓只装一半：客户减量"),
        ]
        claims = answer(bay.get(f"/checks/{check_id}/release-code"), 200)["claims"]
        assert [each[2] for each in claims["gds"]] == [12900, 6000]

    def test_exactly_95_per_cent_is_no_partial_load(self, bay: Bay, check_id: str) -> None:
        assert release(bay, check_id, last(line(1), line(2, "12350")))["released"]

    def test_a_line_of_which_nothing_went_in_is_not_released(self, bay: Bay, check_id: str) -> None:
        bay.answer_everything(check_id)
        nothing = line(2, "0", short_reason="没有装入任何货物")

        assert refusal(bay, check_id, "release", last(line(1), nothing))[2] == [
            ("/lines/1/quantity_kg", "positive")
        ]
