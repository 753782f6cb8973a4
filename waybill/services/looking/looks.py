"""Reading the check that somebody looks in, and keeping what was seen: one read and one write."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from waybill.codec import JsonValue, new_id
from waybill.errors import NotFoundError, StateError
from waybill.registry.access import Actor, Permission
from waybill.rules.lifecycle import CheckStatus
from waybill.storage.events import (
    Event,
    EventKind,
    Subject,
    SubjectKey,
    event_id_at,
    event_statements,
)
from waybill.storage.looking import CheckLookingRow, CheckLookRow, PresenceTagRow
from waybill.storage.looking_records import AskedControl
from waybill.storage.registry import BayRow, FacilityRow
from waybill.storage.waybills import LoadingCheckRow
from waybill.storage.write import write_together

SKEW: Final = timedelta(minutes=2)
"""How far ahead of the server a tablet's clock may be."""
OVER: Final = frozenset({CheckStatus.RELEASED})


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedCheck:
    """A check as its looks know it."""

    id: UUID
    facility_id: UUID
    bay_id: UUID
    organisation_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A check, what it asks, and the tag that was named, with the name of its bay."""

    check: LookedCheck
    tag: PresenceTagRow | None
    tag_bay: str
    edition: str | None
    controls: tuple[AskedControl, ...]


def read_looked(session: Session, actor: Actor, check_id: UUID, tag_id: UUID | None) -> Found:
    """Read a check, what it asks, and a tag of the same organisation, in one statement.

    Raises:
        NotFoundError: there is no such check at the actor's organisation.
        StateError: the vehicle was released already.
    """
    actor.require(Permission.CHECK_LOADING)
    tag = (
        select(PresenceTagRow.id, BayRow.name, FacilityRow.organisation_id)
        .join(BayRow, BayRow.id == PresenceTagRow.bay_id)
        .join(FacilityRow, FacilityRow.id == PresenceTagRow.facility_id)
        .where(PresenceTagRow.id == tag_id)
        .subquery()
    )
    found = session.execute(
        select(LoadingCheckRow, FacilityRow.organisation_id, CheckLookingRow, PresenceTagRow, tag)
        .join(FacilityRow, FacilityRow.id == LoadingCheckRow.facility_id)
        .outerjoin(CheckLookingRow, CheckLookingRow.check_id == LoadingCheckRow.id)
        .outerjoin(tag, tag.c.organisation_id == FacilityRow.organisation_id)
        .outerjoin(PresenceTagRow, PresenceTagRow.id == tag.c.id)
        .where(LoadingCheckRow.id == check_id)
    ).one_or_none()
    if found is None or found[1] != actor.organisation_id:
        raise NotFoundError("check", check_id)
    check, organisation_id, looking, tag_row = found[:4]
    if check.status in OVER:
        raise StateError(
            "车辆已放行，查验已经结束。",
            "The vehicle was released; the check is over.",
            state=check.status.value,
            act="add",
            next_step_zh="无需再做。",
            next_step_en="There is nothing left to do.",
        )
    controls = looking.controls if looking else []
    return Found(
        check=LookedCheck(
            id=check.id,
            facility_id=check.facility_id,
            bay_id=check.bay_id,
            organisation_id=organisation_id,
        ),
        tag=tag_row,
        tag_bay=found.name or "",
        edition=looking.edition if looking else None,
        controls=tuple(msgspec.convert(controls, list[AskedControl])),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A look as it is kept and told: columns of `check_look`, and the data of its event."""

    kind: EventKind
    at: datetime
    columns: Mapping[str, object]
    data: Mapping[str, JsonValue]


def write_look(
    session: Session, actor: Actor, check: LookedCheck, look: Look, *, now: datetime
) -> None:
    """Keep a look with its event. It is none of the waybill's: a carrier does not read of it."""
    event_id = event_id_at(now)
    event = Event(
        kind=look.kind,
        at=now,
        actor=actor,
        data={"check": str(check.id), **look.data},
        subjects=(
            Subject(SubjectKey.CHECK, str(check.id)),
            Subject(SubjectKey.FACILITY, str(check.facility_id)),
            Subject(SubjectKey.BAY, str(check.bay_id)),
            Subject(SubjectKey.ORGANISATION, str(check.organisation_id)),
        ),
    )
    kept = insert(CheckLookRow).values(
        id=new_id(),
        check_id=check.id,
        recorded_at=now,
        recorded_by=actor.user_id,
        at=look.at,
        event_id=event_id,
        **look.columns,
    )
    write_together(session, [*event_statements(event, event_id), kept])


def moment_of(at: datetime | None, now: datetime) -> datetime:
    """Return when something was seen, as the tablet says; a moment that lies ahead becomes now."""
    return at if at is not None and at <= now + SKEW else now
