"""What every bay of a facility is told of trips that are being loaded, and where they go next."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from api.runtime import Runtime
from tests.harness.bay import API, Bay, answer, problem
from tests.harness.offline_tablet import Tablet
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
from waybill.services.checks.under_way import SHOWN_FOR


@pytest.fixture
def tablet(bay: Bay, runtime: Runtime) -> Tablet:
    """A tablet of the plant."""
    return Tablet(bay=bay, sessions=runtime.sessions, settings=runtime.settings).enrol()


def under_way(tablet: Tablet) -> list[dict[str, Any]]:
    """Ask as a tablet what is being loaded."""
    path = f"{API}/tablet/under-way"
    asked = tablet.bay.client.get(path, headers=tablet.assertion())
    found: list[dict[str, Any]] = answer(asked, 200)["items"]
    return found


def test_a_trip_is_seen_by_every_bay_from_its_clearance_to_its_release(
    bay: Bay, tablet: Tablet, database: Session
) -> None:
    first, second = bay.line.yard.bay_id, second_bay(bay, database)
    assert under_way(tablet) == []
    check_id = cleared_of_two_lines(bay, database)
    seen = [under_way(tablet)]
    record(bay, check_id, part(first, line(1)) | {"next_bay_id": str(second)})
    seen.append(under_way(tablet))
    arrive(bay, check_id, second, closing_list(bay, check_id))
    seen.append(under_way(tablet))
    record(bay, check_id, part(second, line(2)))
    seen.append(under_way(tablet))
    release(bay, check_id, last())

    assert [
        (each["check_id"], each["bay_id"], each["next_bay_id"], each["lines_out"])
        for (each,) in seen
    ] == [
        (check_id, str(first), None, [1, 2]),
        (check_id, str(first), str(second), [2]),
        (check_id, str(second), None, [2]),
        (check_id, str(second), None, []),
    ]
    assert under_way(tablet) == []


def test_one_that_nobody_released_is_not_shown_for_ever(
    bay: Bay, tablet: Tablet, database: Session, clock: FixedClock
) -> None:
    cleared_of_two_lines(bay, database)
    clock.advance(SHOWN_FOR + timedelta(seconds=1))

    assert under_way(tablet) == []


def test_the_next_bay_is_another_one_of_the_facility_with_something_left_to_load(
    bay: Bay, database: Session
) -> None:
    first, second = bay.line.yard.bay_id, second_bay(bay, database)
    check_id = cleared_of_two_lines(bay, database)

    def refused(next_bay: UUID | str, *lines: int) -> tuple[int, str, list[tuple[str, str]]]:
        body = part(first, *(line(each) for each in lines)) | {"next_bay_id": str(next_bay)}
        return problem(bay.post(f"/checks/{check_id}/loading-parts", body))

    assert refused("01a21acd-23b7-72b6-a146-df11fbdbbd53", 1)[0] == 404
    assert refused(first, 1)[2] == [("/next_bay_id", "nothing-further")]
    assert refused(second, 1, 2)[2] == [("/next_bay_id", "nothing-further")]


def test_what_is_seen_anew_at_each_bay_is_told_once_it_is_cleared(
    bay: Bay, database: Session
) -> None:
    opened = bay.opened(bay.issued()["qr_text"])
    cleared = cleared_of_two_lines(bay, database)

    assert bay.check(opened)["closing_list"] == []
    listed = bay.check(cleared)["closing_list"]
    assert [each["id"] for each in listed] == closing_list(bay, cleared)
    assert {each["rule"] for each in listed} == {"HAND-02.before"}
