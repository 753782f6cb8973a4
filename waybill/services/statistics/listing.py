"""The rows behind a figure: the same conditions, asked one event at a time."""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.registry.access import Actor, Permission
from waybill.services.statistics.counting import count
from waybill.services.statistics.dimensions import Where, conditions
from waybill.services.statistics.projecting import tallied_size
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.registry import FacilityRow
from waybill.storage.tally import TallyAct, TallyOutcome, TallyRow
from waybill.storage.waybills import WaybillRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedEvent:
    """One event behind a figure, with the names of what it is about as the registry has them."""

    log_index: int
    event_id: UUID
    recorded_at: datetime
    kind: str
    act: TallyAct
    outcome: TallyOutcome
    waybill_id: UUID | None
    number: str
    vehicle: str
    facility: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedEvents:
    """A page of them, newest first; `total` is the figure, of a tree of `size`."""

    rows: tuple[CountedEvent, ...]
    total: int
    size: int
    next_before: int | None


def list_counted(
    session: Session,
    actor: Actor,
    *,
    from_at: datetime,
    to_at: datetime,
    where: Where,
    before: int | None,
    limit: int,
    source: Session,
    clock: Clock,
) -> CountedEvents:
    """Return the events that a figure counts, and record that they were looked at.

    `before` is the place in the log before which the page begins, `None` for the newest. `source`
    is what is read, which may be a replica; the record is written to `session`.
    """
    actor.require(Permission.READ_STATISTICS)
    size = tallied_size(source)
    within = (
        TallyRow.recorded_at >= from_at,
        TallyRow.recorded_at < to_at,
        TallyRow.log_index < size,
        *conditions(where),
    )
    total = count(source, from_at=from_at, to_at=to_at, where=where, size=size).total
    statement = (
        select(TallyRow, WaybillRow.number, FacilityRow.name)
        .outerjoin(WaybillRow, WaybillRow.id == TallyRow.waybill_id)
        .outerjoin(FacilityRow, FacilityRow.id == TallyRow.facility_id)
        .where(*within)
    )
    if before is not None:
        statement = statement.where(TallyRow.log_index < before)
    found = source.execute(statement.order_by(TallyRow.log_index.desc()).limit(limit + 1)).all()
    rows = tuple(_counted(row, number, facility) for row, number, facility in found[:limit])
    _record_look(session, actor, (from_at, to_at), where, len(rows), clock.now())
    more = len(found) > limit
    return CountedEvents(
        rows=rows, total=total, size=size, next_before=rows[-1].log_index if more else None
    )


def _counted(row: TallyRow, number: str | None, facility: str | None) -> CountedEvent:
    return CountedEvent(
        log_index=row.log_index,
        event_id=row.event_id,
        recorded_at=row.recorded_at,
        kind=row.kind,
        act=row.act,
        outcome=row.outcome,
        waybill_id=row.waybill_id,
        number=number or "",
        vehicle=row.vehicle,
        facility=facility or "",
    )


def _record_look(  # noqa: PLR0917  all of them are what a look is
    session: Session,
    actor: Actor,
    period: tuple[datetime, datetime],
    where: Where,
    shown: int,
    now: datetime,
) -> None:
    given = {f.name: getattr(where, f.name) for f in fields(where)}
    filters: dict[str, JsonValue] = {
        name: _text(value) for name, value in given.items() if value not in (None, "", ())
    }
    filters |= {"from_at": period[0].isoformat(), "to_at": period[1].isoformat()}
    data: dict[str, JsonValue] = {"filters": filters, "figure": True, "shown": shown}
    record_event(session, Event(kind=EventKind.EVENTS_SEARCHED, at=now, actor=actor, data=data))


def _text(value: object) -> JsonValue:
    if isinstance(value, tuple):
        return [_text(member) for member in value]
    return str(value.value if isinstance(value, Enum) else value)
