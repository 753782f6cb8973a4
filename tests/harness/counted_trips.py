"""A short log with trips that ended well and badly, counted up, for reports and totals."""

from datetime import timedelta

from sqlalchemy.orm import Session

from tests.harness.accounts import seed_accounts
from tests.harness.line import Line, seed_signing_key
from tests.harness.sequenced import counted_up
from tests.harness.trips import Yard, seed_yard
from waybill.clock import FixedClock


def counted_trips(session: Session, clock: FixedClock) -> tuple[Yard, Line]:
    """Write a released trip and one whose check is refused, and carry both over."""
    seed_signing_key(session, clock)
    yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
    line = Line(yard=yard, clock=clock)
    _, check_id = line.cleared(session)
    line.release(session, check_id)
    clock.advance(timedelta(minutes=30))
    refused = line.open(session, line.issued(session).qr_text).check_id
    assert refused is not None
    line.decide(session, refused)
    counted_up(session)
    return yard, line
