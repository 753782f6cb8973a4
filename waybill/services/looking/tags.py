"""Tags at the inspection points of a plant's bays: its supervisors make, print and retire them."""

from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.errors import FieldProblem, InvalidFieldError, NotFoundError, StateError
from waybill.registry.access import Actor, Permission
from waybill.registry.kinds import ItemStatus, RecordStatus
from waybill.registry.looking import PresenceTag, PresenceTagParticulars
from waybill.services.registry.facilities import own_facility
from waybill.services.registry.validation import FieldCheck
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.looking import PresenceTagRow
from waybill.storage.registry import BayRow

MOST_AT_A_BAY: Final = 20
_LABEL_LENGTH: Final = 60


def add_presence_tag(
    session: Session,
    actor: Actor,
    facility_id: UUID,
    stated: PresenceTagParticulars,
    *,
    clock: Clock,
) -> PresenceTag:
    """Make a tag for a point of a bay of one's own; it is printed from its id.

    Raises:
        NotFoundError: the caller's organisation has no such facility.
        InvalidFieldError: the bay is not one of the facility's, or the label is too long.
        StateError: as many tags hang at the bay as may.
    """
    actor.require(Permission.WRITE_FACILITIES)
    _own_facility(session, actor, facility_id)
    check = FieldCheck()
    label = check.line("/label", stated.label, longest=_LABEL_LENGTH) if stated.label else ""
    check.settle()
    bay = _bay(session, facility_id, stated.bay_id)
    _refuse_too_many(session, bay.id)
    row = PresenceTagRow(
        facility_id=facility_id,
        bay_id=bay.id,
        point=stated.point,
        label=label,
        created_at=clock.now(),
        created_by=actor.user_id,
    )
    session.add(row)
    session.flush()
    _tell(session, actor, row, EventKind.PRESENCE_TAG_ADDED, clock=clock)
    return _tag(row, bay.name)


def retire_presence_tag(
    session: Session, actor: Actor, place: tuple[UUID, UUID], *, clock: Clock
) -> PresenceTag:
    """Let a tag (of a facility) count no longer, for good: it was lost, copied or hung elsewhere.

    Raises:
        NotFoundError: the caller's organisation has no such tag.
        StateError: it is retired.
    """
    actor.require(Permission.WRITE_FACILITIES)
    facility_id, tag_id = place
    _own_facility(session, actor, facility_id)
    row = session.scalar(
        select(PresenceTagRow)
        .where(PresenceTagRow.id == tag_id, PresenceTagRow.facility_id == facility_id)
        .with_for_update()
    )
    if row is None:
        raise NotFoundError("presence tag", tag_id)
    if row.status is ItemStatus.RETIRED:
        raise StateError(
            "该到位标签已停用。",
            "This tag is retired.",
            state=row.status.value,
            act="retire",
            next_step_zh="如需再用，请新做一张并替换。",
            next_step_en="To use one here again, make a new tag and hang it up.",
        )
    row.status, row.retired_at = ItemStatus.RETIRED, clock.now()
    session.flush()
    _tell(session, actor, row, EventKind.PRESENCE_TAG_RETIRED, clock=clock)
    return _tag(row, session.get_one(BayRow, row.bay_id).name)


def list_presence_tags(
    session: Session, actor: Actor, facility_id: UUID
) -> tuple[PresenceTag, ...]:
    """Return the tags that hang at the bays of a facility of one's own, bay by bay.

    Raises:
        NotFoundError: the caller's organisation has no such facility.
    """
    actor.require(Permission.WRITE_FACILITIES)
    _own_facility(session, actor, facility_id)
    rows = session.execute(
        select(PresenceTagRow, BayRow.name)
        .join(BayRow, BayRow.id == PresenceTagRow.bay_id)
        .where(
            PresenceTagRow.facility_id == facility_id, PresenceTagRow.status == ItemStatus.ACTIVE
        )
        .order_by(BayRow.name, BayRow.id, PresenceTagRow.id)
    )
    return tuple(_tag(row, name) for row, name in rows)


def _own_facility(session: Session, actor: Actor, facility_id: UUID) -> None:
    if session.scalar(own_facility(actor, facility_id)) is None:
        raise NotFoundError("facility", facility_id)


def _bay(session: Session, facility_id: UUID, bay_id: UUID) -> BayRow:
    found = session.scalar(
        select(BayRow).where(
            BayRow.id == bay_id,
            BayRow.facility_id == facility_id,
            BayRow.status == RecordStatus.ACTIVE,
        )
    )
    if found is None:
        problem = FieldProblem(
            pointer="/bay_id",
            code="not-found",
            message_zh="该装货地点没有这个在用的鹤位或站台。",
            message_en="The facility has no such bay in use.",
        )
        raise InvalidFieldError([problem])
    return found


def _refuse_too_many(session: Session, bay_id: UUID) -> None:
    many = session.scalar(
        select(func.count()).where(
            PresenceTagRow.bay_id == bay_id, PresenceTagRow.status == ItemStatus.ACTIVE
        )
    )
    if (many or 0) >= MOST_AT_A_BAY:
        raise StateError(
            f"每个装货位最多 {MOST_AT_A_BAY} 张到位标签。",
            f"A bay has at most {MOST_AT_A_BAY} tags.",
            state="full",
            act="add",
            next_step_zh="请先停用不再需要的标签。",
            next_step_en="Retire what is no longer needed first.",
        )


def _tell(
    session: Session, actor: Actor, row: PresenceTagRow, kind: EventKind, *, clock: Clock
) -> None:
    data: dict[str, JsonValue] = {
        "id": str(row.id),
        "facility": str(row.facility_id),
        "bay": str(row.bay_id),
        "point": row.point.value,
        "label": row.label,
        "status": row.status.value,
    }
    subjects = (
        Subject(SubjectKey.ORGANISATION, str(actor.organisation_id)),
        Subject(SubjectKey.FACILITY, str(row.facility_id)),
        Subject(SubjectKey.BAY, str(row.bay_id)),
    )
    record_event(
        session, Event(kind=kind, at=clock.now(), actor=actor, data=data, subjects=subjects)
    )


def _tag(row: PresenceTagRow, bay_name: str) -> PresenceTag:
    return PresenceTag(
        id=row.id,
        facility_id=row.facility_id,
        bay_id=row.bay_id,
        bay_name=bay_name,
        point=row.point,
        label=row.label,
        created_at=row.created_at,
        status=row.status,
    )
