"""The whole line through the services, on both databases."""

import pytest
from sqlalchemy.orm import Session

from tests.harness.accounts import seed_accounts
from tests.harness.line import Line
from tests.harness.trips import seed_yard
from waybill.clock import FixedClock
from waybill.rules.lifecycle import WaybillStatus
from waybill.services.waybills.queries import get_waybill


@pytest.fixture
def line(session: Session, clock: FixedClock) -> Line:
    """A clean petrol trip, nothing of it done yet."""
    yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
    return Line(yard=yard, clock=clock)


def test_a_clean_trip_is_issued_without_findings(session: Session, line: Line) -> None:
    issued = line.issue(session, line.draft(session))

    assert [f.code for f in issued.verdict.assessment.standing] == []


def test_a_clean_trip_is_cleared_and_released(session: Session, line: Line) -> None:
    issued, check_id = line.cleared(session)

    release = line.release(session, check_id)

    assert [f.code for f in release.verdict.assessment.standing] == []
    session.expire_all()
    found = get_waybill(session, line.yard.actor("carrier"), issued.id)
    assert found.summary.status is WaybillStatus.RELEASED
