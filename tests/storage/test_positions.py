"""The last position of a vehicle: the newer report holds, whichever comes last."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from tests.harness.accounts import seed_accounts
from tests.harness.line import Line
from tests.harness.trips import seed_yard
from waybill.clock import FixedClock
from waybill.errors import InvalidFieldError, NotFoundError
from waybill.services.dossier import Dossier
from waybill.services.facts import facts_of
from waybill.services.registry.positions import Position, report_position
from waybill.storage.facts_query import OF_WAYBILL

HERE = (Decimal("33.59"), Decimal("119.021"))


@pytest.fixture
def line(session: Session, clock: FixedClock) -> Line:
    """A clean petrol trip, nothing of it done yet."""
    yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
    return Line(yard=yard, clock=clock)


def report(session: Session, line: Line, *, minutes: int, online: bool = True) -> Position:
    """Report a position of the tractor, some minutes after the one it was seeded with."""
    position = Position(
        reported_at=line.clock.now() + timedelta(minutes=minutes),
        online=online,
        latitude=HERE[0],
        longitude=HERE[1],
    )
    return report_position(session, line.yard.actor("carrier"), line.yard.vehicle_id, position)


def test_the_newer_report_holds_whichever_comes_last(session: Session, line: Line) -> None:
    newest = report(session, line, minutes=30)

    late = report(session, line, minutes=1, online=False)

    assert late == newest


def test_the_position_is_a_fact_of_the_tractor(session: Session, line: Line) -> None:
    reported = report(session, line, minutes=2)
    waybill_id = line.draft(session)
    asked = {
        "waybill_id": waybill_id,
        "actor_id": line.yard.actor("carrier").user_id,
        "supervisor_reference": "",
        "sequence_day": "",
    }

    facts = facts_of(Dossier(OF_WAYBILL.read(session, asked)), line.keys.table, at=line.clock.now())

    assert facts.tractor is not None
    assert facts.trailer is not None
    assert facts.tractor.position is not None
    assert facts.tractor.position.reported_at == reported.reported_at
    assert (facts.tractor.position.latitude, facts.tractor.position.longitude) == HERE
    assert facts.trailer.position is None


@pytest.mark.parametrize(
    ("latitude", "longitude", "field"),
    [
        pytest.param("90.001", "119", "/latitude", id="north of the pole"),
        pytest.param("33", "-180.001", "/longitude", id="round the world"),
        pytest.param("33", None, "/longitude", id="half a position"),
    ],
)
def test_coordinates_that_do_not_exist_are_refused(
    session: Session, line: Line, latitude: str, longitude: str | None, field: str
) -> None:
    position = Position(
        reported_at=line.clock.now(),
        online=True,
        latitude=Decimal(latitude),
        longitude=Decimal(longitude) if longitude else None,
    )

    with pytest.raises(InvalidFieldError) as refused:
        report_position(session, line.yard.actor("carrier"), line.yard.vehicle_id, position)

    assert [problem.pointer for problem in refused.value.problems] == [field]


def test_the_poles_exist(session: Session, line: Line) -> None:
    pole = Position(
        reported_at=line.clock.now(), online=True, latitude=Decimal(-90), longitude=Decimal(180)
    )

    assert report_position(session, line.yard.actor("carrier"), line.yard.vehicle_id, pole) == pole


def test_a_foreign_vehicle_is_as_if_it_were_not(session: Session, line: Line) -> None:
    position = Position(reported_at=line.clock.now(), online=True)

    with pytest.raises(NotFoundError):
        report_position(session, line.yard.actor("other-carrier"), line.yard.vehicle_id, position)
