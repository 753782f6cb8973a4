"""Steps by which a test tries to get a forbidden load cleared."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from tests.harness.line import Line
from waybill.registry.kinds import (
    SubjectKind,
)
from waybill.services.verdicts import Verdict
from waybill.services.waybills.draft import Draft
from waybill.storage.base import Base
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.registry import (
    BlackListingRow,
)

TODAY = date(2026, 11, 22)


def standing(verdict: Verdict) -> list[tuple[str, str]]:
    """Return code and reason of every finding that stands."""
    return [(finding.code, finding.reason) for finding in verdict.assessment.standing]


def shown(session: Session, line: Line, draft: Draft | None = None) -> UUID:
    """Return a check in which everything was shown and nothing decided."""
    check_id = line.open(session, line.issued(session, draft).qr_text).check_id
    assert check_id is not None
    line.show_everything(session, check_id)
    return check_id


def decided(session: Session, line: Line, check_id: UUID) -> list[tuple[str, str]]:
    """Decide a check and return what stands."""
    return standing(line.decide(session, check_id).verdict)


def again(session: Session, row: type[Base], identity: UUID, **changes: object) -> UUID:
    """Register a copy of a record: another, or the same thing under a new owner."""
    found = session.get_one(row, identity)
    left_out = {"id", "version"}
    fields = {c.name: getattr(found, c.name) for c in row.__table__.columns if c.name != "version"}
    made = row(
        **{name: value for name, value in (fields | changes).items() if name not in left_out}
    )
    session.add(made)
    session.flush()
    return UUID(str(getattr(made, "id")))  # noqa: B009  not every table has an id


def bar(session: Session, line: Line, kind: SubjectKind, subject_id: UUID) -> None:
    """Enter somebody or something in the black list from today on."""
    now = line.clock.now()
    event_id = record_event(session, Event(kind=EventKind.BLACK_LISTED, at=now, actor=None))
    session.add(
        BlackListingRow(
            recorded_at=now,
            subject_kind=kind,
            subject_id=subject_id,
            decision_number="淮交执 2026-8",
            reason="伪造证件",
            valid_from=TODAY,
            event_id=event_id,
        )
    )
    session.flush()
