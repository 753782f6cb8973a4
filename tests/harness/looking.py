"""A bay at which somebody is asked to look: its key, its tags, and checks opened with the draw."""

from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.harness.line import Line
from waybill.codec import new_id, parse_json
from waybill.registry.kinds import TagPoint
from waybill.registry.looking import PresenceTag, PresenceTagParticulars
from waybill.services.checks.opening import open_check
from waybill.services.checks.queries import get_check
from waybill.services.looking.keys import LookingKey
from waybill.services.looking.reading import Looks
from waybill.services.looking.seeing import SeenTag, scan_presence_tag
from waybill.services.looking.tags import add_presence_tag
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.log import EventRow
from waybill.storage.looking import CheckLookingRow
from waybill.storage.registry import BayRow

KEY: Final = LookingKey.of(b"the secret of an installation...")


def opened(line: Line, session: Session, text: str) -> UUID:
    """Open a check that draws what it asks, and return its id."""
    made = open_check(
        session,
        line.yard.actor("loader"),
        line.yard.bay_id,
        line.read(text),
        clock=line.clock,
        looking=KEY,
    )
    if made.check_id is None:
        raise AssertionError(made.problem)
    return made.check_id


def tag(
    line: Line, session: Session, point: TagPoint = TagPoint.CAB, bay_id: UUID | None = None
) -> PresenceTag:
    """Hang a tag at the bay of the yard, or at another of its bays."""
    return add_presence_tag(
        session,
        line.yard.actor("supervisor"),
        line.yard.facility_id,
        PresenceTagParticulars(bay_id=bay_id or line.yard.bay_id, point=point),
        clock=line.clock,
    )


def another_bay(line: Line, session: Session) -> UUID:
    """Add a bay to the yard's facility."""
    row = BayRow(facility_id=line.yard.facility_id, created_at=line.clock.now(), name="2 号鹤位")
    session.add(row)
    record_event(session, Event(kind=EventKind.BAY_REGISTERED, at=line.clock.now(), actor=None))
    session.flush()
    return row.id


def asked(session: Session, check_id: UUID) -> CheckLookingRow:
    """Return what a check asks."""
    return session.scalars(
        select(CheckLookingRow).where(CheckLookingRow.check_id == check_id)
    ).one()


def someone() -> UUID:
    """Return an id that is nobody's."""
    return new_id()


def looks(line: Line, session: Session, check_id: object) -> Looks:
    """Read what a check asks, as the loader sees it."""
    return get_check(
        session,
        line.yard.actor("loader"),
        check_id,  # type: ignore[arg-type]  # an id
        keys=line.keys,
        clock=line.clock,
    ).looks


def scan(line: Line, session: Session, check_id: object, text: str, **more: object) -> SeenTag:
    """Scan a tag as the loader."""
    return scan_presence_tag(
        session,
        line.yard.actor("loader"),
        check_id,  # type: ignore[arg-type]  # an id
        text,
        looking=KEY,
        clock=line.clock,
        **more,  # type: ignore[arg-type]  # moments
    )


def body(session: Session, kind: str) -> dict[str, object]:
    """Return the data of the newest event of a kind."""
    row = session.scalars(
        select(EventRow).where(EventRow.kind == kind).order_by(EventRow.id.desc())
    ).first()
    assert row is not None
    data = parse_json(row.body)
    assert isinstance(data, dict)
    found = data["data"]
    assert isinstance(found, dict)
    return dict(found)
