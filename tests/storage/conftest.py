"""What the tests of services share."""

import pytest
from sqlalchemy.orm import Session

from tests.harness.accounts import seed_accounts
from tests.harness.desk import Desk
from tests.harness.line import Line
from tests.harness.trips import seed_yard
from waybill.clock import FixedClock


@pytest.fixture
def desk(session: Session, clock: FixedClock) -> Desk:
    """The authority's desk beside a plant and a carrier with a clean petrol trip."""
    yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
    return Desk(session=session, line=Line(yard=yard, clock=clock))
