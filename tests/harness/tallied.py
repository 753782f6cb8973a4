"""Tallies of an imagined log, and what patterns find in them."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from tests.harness.accounts import Accounts
from tests.harness.sequenced import sequence
from waybill.clock import SHANGHAI, FixedClock
from waybill.codec import new_id
from waybill.rules.finding import Outcome, Severity
from waybill.services.paging import PageRequest
from waybill.services.patterns.finding import (
    FindingFilter,
    PatternFinding,
    list_findings,
    look_for_patterns,
)
from waybill.services.statistics.projecting import TALLIES
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.patterns import PatternEventRow
from waybill.storage.tally import ProjectionRow, TallyAct, TallyOutcome, TallyRow, TallyRuleRow

AT: Final = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
CARRIER, WAYBILL, OTHER_WAYBILL = new_id(), new_id(), new_id()
VEHICLE: Final = "苏H12345/yellow"


class Tallies:
    """Writes tallies past the log's own bodies, each with an event and its place."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.places = count()

    def add(
        self,
        act: str,
        outcome: str = "passed",
        *,
        minutes: float = 0,
        failed: tuple[str, ...] = (),
        severity: Severity = Severity.STOP,
        **more: object,
    ) -> int:
        """Write one and return its place in the log."""
        at = AT + timedelta(minutes=minutes)
        event = Event(kind=EventKind.CHECK_DECIDED, at=at, actor=None)
        event_id = record_event(self.session, event)
        sequence(self.session)
        index = next(self.places)
        values = {"waybill_id": WAYBILL, "carrier_id": CARRIER, "vehicle": "", **more}
        local = at.astimezone(SHANGHAI)
        row = TallyRow(
            log_index=index,
            event_id=event_id,
            recorded_at=at,
            day=local.date(),
            hour=local.hour,
            act=TallyAct(act),
            outcome=TallyOutcome(outcome),
            kind="check-decided",
            **values,  # type: ignore[arg-type]  # the test's own columns
        )
        self.session.add(row)
        self.session.flush()
        for code in failed:
            self.session.execute(
                insert(TallyRuleRow).values(
                    log_index=index, code=code, outcome=Outcome.FAILED, severity=severity
                )
            )
        cursor = self.session.get(ProjectionRow, TALLIES)
        if cursor is None:
            self.session.add(ProjectionRow(name=TALLIES, next_index=index + 1))
        else:
            cursor.next_index = index + 1
        self.session.flush()
        return index


def found(session: Session, accounts: Accounts, code: str = "") -> list[PatternFinding]:
    """Look, and return what was found of a pattern."""
    look_for_patterns(session, clock=FixedClock(AT))
    page = list_findings(
        session, accounts.actor("auditor"), FindingFilter(code=code), PageRequest(limit=50)
    )
    return list(page.items)


def indices(session: Session, finding: PatternFinding) -> list[int]:
    """Return the places in the log of what is behind a finding."""
    row = PatternEventRow
    return list(
        session.scalars(
            select(row.log_index).where(row.finding_id == finding.id).order_by(row.log_index)
        )
    )
