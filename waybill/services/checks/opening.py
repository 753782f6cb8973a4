"""Opening a check with a waybill's code (查验)."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Insert, and_, insert, or_, select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue, new_id
from waybill.document import WaybillContent, parse_waybill
from waybill.errors import NotFoundError
from waybill.registry.access import Actor
from waybill.registry.kinds import RecordStatus
from waybill.rules.evidence import ScanItem, ScanKind
from waybill.rules.lifecycle import CheckStatus, WaybillStatus
from waybill.rules.looking.drawing import Drawn
from waybill.services.checks.asking import items_insert, items_to_ask, read_opening
from waybill.services.checks.reading import normalised
from waybill.services.checks.told import Told, told_data
from waybill.services.looking.asking import draw_as_told, draw_data, draw_for, looking_insert
from waybill.services.looking.keys import LookingKey
from waybill.services.trip_data import trip_data
from waybill.storage.events import (
    Event,
    EventKind,
    EventResult,
    Subject,
    SubjectKey,
    event_id_at,
    event_statements,
    record_event,
    result_subjects,
)
from waybill.storage.gather import Gathered
from waybill.storage.looking_records import PresenceTagRecord
from waybill.storage.registry import BayRow, FacilityRow
from waybill.storage.waybills import (
    CheckEvidenceRow,
    LoadingCheckRow,
    WaybillRevisionRow,
    WaybillRow,
)
from waybill.storage.write import write_together

NOT_A_WAYBILL = "not-a-waybill"
NO_SUCH_WAYBILL = "no-such-waybill"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedCheck:
    """What came of a code: a check, or the stable reason why none was opened."""

    check_id: UUID | None
    item: ScanItem | None
    problem: str


def open_check(
    session: Session,
    actor: Actor,
    bay_id: UUID,
    item: ScanItem | None,
    *,
    clock: Clock,
    looking: LookingKey | None = None,
    told: Told | None = None,
    seal: str | None = None,
) -> OpenedCheck:
    """Open a check of the waybill that a scanned code or typed number names.

    Whatever the waybill's state: one that is cancelled or used gets a check that refuses it, so
    that the attempt is recorded with its reasons. A code whose signature does not hold opens
    nothing; the scan alone is recorded. With the key `looking` the check also draws what it asks
    by risk and by chance; without it, it asks what law and plant do. `told` is of a check that a
    tablet began without network, `seal` of what its bundle had told it to ask.

    Raises:
        NotFoundError: the bay is not one of the actor's organisation.
    """
    facility_id = _facility_of(session, actor, bay_id, told)
    item = normalised(item) if item else None
    found = _find_waybill(session, item)
    if item is None or found is None:
        problem = _problem(item) or NO_SUCH_WAYBILL
        place = (facility_id, bay_id)
        _record_refused(session, actor, place, problem=problem, item=item, clock=clock, told=told)
        return OpenedCheck(check_id=None, item=item, problem=problem)
    item = msgspec.structs.replace(item, subject=str(found.waybill.id))
    place = (facility_id, bay_id)
    asking = _Asking(looking, seal)
    return _open(session, actor, found, place, item=item, asking=asking, clock=clock, told=told)


def find_named(session: Session, item: ScanItem | None, told: UUID | None) -> UUID | None:
    """Return the waybill that a code or number names, for whoever opens no check of it.

    Where the code does not hold, or not any more, it is the one that is `told`, if there is one.
    """
    found = _find_waybill(session, normalised(item) if item else None)
    if found is not None:
        return found.waybill.id
    return session.scalar(
        select(WaybillRow.id).where(WaybillRow.id == told, WaybillRow.status != WaybillStatus.DRAFT)
    )


def _facility_of(session: Session, actor: Actor, bay_id: UUID, told: Told | None) -> UUID:
    """Return whose bay it is; a record may tell of one that was closed since: rules judge it."""
    open_now = (
        BayRow.status == RecordStatus.ACTIVE,
        FacilityRow.status == RecordStatus.ACTIVE,
    )
    in_record = told is not None and told.record is not None
    facility_id = session.scalar(
        select(BayRow.facility_id)
        .join(FacilityRow, FacilityRow.id == BayRow.facility_id)
        .where(
            BayRow.id == bay_id,
            FacilityRow.organisation_id == actor.organisation_id,
            *(() if in_record else open_now),
        )
    )
    if facility_id is None:
        raise NotFoundError("bay", bay_id)
    return facility_id


def _problem(item: ScanItem | None) -> str:
    if item is None or item.kind is not ScanKind.WAYBILL:
        return item.problem if item and item.problem else NOT_A_WAYBILL
    return item.problem


class _Found(NamedTuple):
    waybill: WaybillRow
    document: bytes


class _Asking(NamedTuple):
    """With what it is drawn what a check asks, and what was told of it already, if anything was."""

    looking: LookingKey | None
    seal: str | None

    def draw(self, content: WaybillContent, facility_id: UUID, gathered: Gathered) -> Drawn | None:
        if self.looking is None:
            return None
        if self.seal is None:
            return draw_for(self.looking, content, facility_id, gathered)
        return draw_as_told(self.looking, content, facility_id, gathered, self.seal)


def _find_waybill(session: Session, item: ScanItem | None) -> _Found | None:
    """Find by id (from a code) or by number (typed); a draft is its owner's alone."""
    if item is None or _problem(item):
        return None
    named = WaybillRow.number == item.subject
    with suppress(ValueError):
        named = or_(named, WaybillRow.id == UUID(item.subject))
    row = session.execute(
        select(WaybillRow, WaybillRevisionRow.document)
        .join(
            WaybillRevisionRow,
            and_(
                WaybillRevisionRow.waybill_id == WaybillRow.id,
                WaybillRevisionRow.revision == WaybillRow.revision,
            ),
        )
        .where(named, WaybillRow.status != WaybillStatus.DRAFT)
    ).one_or_none()
    return _Found(*row) if row else None


def _record_refused(
    session: Session,
    actor: Actor,
    place: tuple[UUID, UUID],
    *,
    problem: str,
    item: ScanItem | None,
    clock: Clock,
    told: Told | None,
) -> None:
    data: dict[str, JsonValue] = {
        "problem": problem,
        "claims": msgspec.to_builtins(item) if item else None,
        **told_data(told),
    }
    facility_id, bay_id = place
    subjects = (
        Subject(SubjectKey.FACILITY, str(facility_id)),
        Subject(SubjectKey.BAY, str(bay_id)),
        Subject(SubjectKey.ORGANISATION, str(actor.organisation_id)),
        *result_subjects(EventResult.SCAN_REFUSED),
    )
    record_event(
        session,
        Event(
            kind=EventKind.CODE_SCANNED,
            at=clock.now(),
            actor=actor,
            data=data,
            subjects=subjects,
        ),
    )


def _open(
    session: Session,
    actor: Actor,
    found: _Found,
    place: tuple[UUID, UUID],
    *,
    item: ScanItem,
    asking: _Asking,
    clock: Clock,
    told: Told | None,
) -> OpenedCheck:
    facility_id, bay_id = place
    waybill, now = found.waybill, clock.now()
    check_id, event_id = new_id(), event_id_at(now)
    content = parse_waybill(found.document)
    opened_at = told.at if told else now
    gathered = read_opening(session, actor, waybill, place, at=opened_at)
    asked = items_to_ask(gathered)
    drawn = asking.draw(content, facility_id, gathered)
    # What is told late was seen when the check began, before all that was seen in it.
    seen = msgspec.structs.replace(item, at=opened_at)
    stored: dict[str, JsonValue] = msgspec.to_builtins(seen)
    data: dict[str, JsonValue] = {
        "scan": stored,
        "plant_items": [{"id": str(each.id), "version": each.version} for each in asked],
        "trip": trip_data(content, waybill.carrier_id),
        **({"looking": draw_data(drawn)} if drawn else {}),
        **told_data(told),
    }
    event = _opened(actor, waybill, (check_id, facility_id, bay_id), data, at=now)
    write_together(
        session,
        [
            *event_statements(event, event_id),
            insert(LoadingCheckRow).values(
                id=check_id,
                waybill_id=waybill.id,
                revision=waybill.revision,
                facility_id=facility_id,
                bay_id=bay_id,
                opened_by=actor.user_id,
                opened_at=opened_at,
                event_id=event_id,
                status=CheckStatus.OPEN,
                version=1,
            ),
            insert(CheckEvidenceRow).values(
                id=new_id(),
                check_id=check_id,
                recorded_at=now,
                recorded_by=actor.user_id,
                item=stored,
                event_id=event_id,
            ),
            *([items_insert(check_id, asked)] if asked else []),
            *_looking(check_id, drawn, gathered, event_id),
        ],
    )
    return OpenedCheck(check_id=check_id, item=seen, problem="")


def _looking(
    check_id: UUID, drawn: Drawn | None, gathered: Gathered, event_id: UUID
) -> list[Insert]:
    if drawn is None:
        return []
    tags = len(gathered.all(PresenceTagRecord))
    return [looking_insert(check_id, drawn, tags=tags, event_id=event_id)]


def _opened(
    actor: Actor,
    waybill: WaybillRow,
    ids: tuple[UUID, UUID, UUID],
    more: Mapping[str, JsonValue],
    *,
    at: datetime,
) -> Event:
    """Return the event of an opening; `ids` are those of check, facility and bay."""
    check_id, facility_id, bay_id = map(str, ids)
    return Event(
        kind=EventKind.CHECK_OPENED,
        at=at,
        actor=actor,
        data={
            "check": check_id,
            "waybill": str(waybill.id),
            "revision": waybill.revision,
            "facility": facility_id,
            "bay": bay_id,
            **more,
        },
        subjects=(
            Subject(SubjectKey.WAYBILL, str(waybill.id)),
            Subject(SubjectKey.CHECK, check_id),
            Subject(SubjectKey.FACILITY, facility_id),
            Subject(SubjectKey.BAY, bay_id),
            Subject(SubjectKey.ORGANISATION, str(actor.organisation_id)),
        ),
    )
