"""Items of a plant: its supervisors add, change and retire them; each change stands in the log.

A check asks them as they stood when it was opened (`services/checks/asking.py`): no change here
reaches a check that is open.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.errors import NotFoundError, PreconditionFailedError, StateError
from waybill.registry.access import Actor, Permission
from waybill.registry.kinds import ItemStatus
from waybill.registry.plant_items import PlantItem, PlantItemParticulars
from waybill.rules.finding import Phase
from waybill.services.registry.facilities import own_facility
from waybill.services.registry.validation import FieldCheck
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.plant_items import PlantItemRow
from waybill.storage.registry import FacilityRow

MAX_ACTIVE: Final = 50
"""How many items a facility may ask: a check list that nobody can walk through is none."""
_QUESTION_LENGTH: Final = 200


def add_plant_item(
    session: Session,
    actor: Actor,
    facility_id: UUID,
    particulars: PlantItemParticulars,
    *,
    clock: Clock,
) -> PlantItem:
    """Ask something new at a facility of one's own, in checks that are opened from now on.

    Raises:
        NotFoundError: the caller's organisation has no such facility.
        InvalidFieldError: names every field that cannot be accepted.
        StateError: the facility asks as much as it may already.
    """
    actor.require(Permission.WRITE_FACILITIES)
    _own_facility(session, actor, facility_id)
    stated = _settle(particulars)
    _refuse_too_many(session, facility_id)
    row = PlantItemRow(
        facility_id=facility_id,
        created_at=clock.now(),
        created_by=actor.user_id,
        phase=_phase(stated),
        question_zh=stated.question_zh,
        question_en=stated.question_en,
        photo=stated.photo,
        stops=stated.stops,
        asked_of=stated.asked_of,
    )
    session.add(row)
    session.flush()
    _tell(session, actor, row, EventKind.PLANT_ITEM_ADDED, clock=clock)
    return _item(row)


def change_plant_item(
    session: Session,
    actor: Actor,
    place: tuple[UUID, UUID],
    particulars: PlantItemParticulars,
    *,
    expected_version: int,
    clock: Clock,
) -> PlantItem:
    """Replace what an item asks; open checks and verdicts keep the version they have.

    Args:
        session: the caller's transaction.
        actor: who changes it.
        place: facility and item.
        particulars: what it asks from now on.
        expected_version: the version that its writer saw.
        clock: gives the moment.

    Raises:
        NotFoundError: the caller's organisation has no such item.
        PreconditionFailedError: it was changed since.
        StateError: it is retired.
        InvalidFieldError: names every field that cannot be accepted.
    """
    actor.require(Permission.WRITE_FACILITIES)
    row = _take(session, actor, place, expected_version)
    stated = _settle(particulars)
    row.phase = _phase(stated)
    row.question_zh, row.question_en = stated.question_zh, stated.question_en
    row.photo, row.stops, row.asked_of = stated.photo, stated.stops, stated.asked_of
    if session.is_modified(row):
        session.flush()
        _tell(session, actor, row, EventKind.PLANT_ITEM_CHANGED, clock=clock)
    return _item(row)


def retire_plant_item(
    session: Session,
    actor: Actor,
    place: tuple[UUID, UUID],
    *,
    expected_version: int,
    clock: Clock,
) -> PlantItem:
    """Ask an item (of a facility) no longer, for good; open checks still ask it.

    Raises:
        NotFoundError: the caller's organisation has no such item.
        PreconditionFailedError: it was changed since.
        StateError: it is retired already.
    """
    actor.require(Permission.WRITE_FACILITIES)
    row = _take(session, actor, place, expected_version)
    row.status = ItemStatus.RETIRED
    session.flush()
    _tell(session, actor, row, EventKind.PLANT_ITEM_CHANGED, clock=clock)
    return _item(row)


def list_plant_items(
    session: Session, actor: Actor, facility_id: UUID, *, retired: bool = False
) -> tuple[PlantItem, ...]:
    """Return what a facility of one's own asks (any, to oversight), in the order of asking.

    Raises:
        NotFoundError: there is no such facility that the account may see.
    """
    actor.require(Permission.READ_CHECK)
    if not actor.oversees:
        _own_facility(session, actor, facility_id)
    elif session.get(FacilityRow, facility_id) is None:
        raise NotFoundError("facility", facility_id)
    statement = select(PlantItemRow).where(PlantItemRow.facility_id == facility_id)
    if not retired:
        statement = statement.where(PlantItemRow.status == ItemStatus.ACTIVE)
    return tuple(map(_item, session.scalars(statement.order_by(PlantItemRow.id))))


def get_plant_item(session: Session, actor: Actor, facility_id: UUID, item_id: UUID) -> PlantItem:
    """Return an item of a facility of one's own (of any, to oversight), retired or not.

    Raises:
        NotFoundError: there is none that the account may see.
    """
    found = list_plant_items(session, actor, facility_id, retired=True)
    item = next((each for each in found if each.id == item_id), None)
    if item is None:
        raise NotFoundError("plant item", item_id)
    return item


def _own_facility(session: Session, actor: Actor, facility_id: UUID) -> None:
    if session.scalar(own_facility(actor, facility_id)) is None:
        raise NotFoundError("facility", facility_id)


def _take(
    session: Session, actor: Actor, place: tuple[UUID, UUID], expected_version: int
) -> PlantItemRow:
    facility_id, item_id = place
    _own_facility(session, actor, facility_id)
    row = session.scalar(
        select(PlantItemRow)
        .where(PlantItemRow.id == item_id, PlantItemRow.facility_id == facility_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFoundError("plant item", item_id)
    if row.version != expected_version:
        raise PreconditionFailedError(
            f"当前版本为 {row.version}，您看到的是 {expected_version}。",
            f"It is at version {row.version}; you saw {expected_version}.",
            current_version=row.version,
        )
    if row.status is ItemStatus.RETIRED:
        raise StateError(
            "该自查项已停用。",
            "This item is retired.",
            state=row.status.value,
            act="change",
            next_step_zh="如需再次提问，请新增一项。",
            next_step_en="To ask it again, add a new item.",
        )
    return row


def _refuse_too_many(session: Session, facility_id: UUID) -> None:
    asked = session.scalar(
        select(func.count()).where(
            PlantItemRow.facility_id == facility_id, PlantItemRow.status == ItemStatus.ACTIVE
        )
    )
    if (asked or 0) >= MAX_ACTIVE:
        raise StateError(
            f"每个装货地点最多 {MAX_ACTIVE} 项自查项。",
            f"A facility asks at most {MAX_ACTIVE} items.",
            state="full",
            act="add",
            next_step_zh="请先停用不再需要的自查项。",
            next_step_en="Retire what is no longer needed first.",
        )


def _settle(stated: PlantItemParticulars) -> PlantItemParticulars:
    check = FieldCheck()
    settled = PlantItemParticulars(
        question_zh=check.line("/question_zh", stated.question_zh, longest=_QUESTION_LENGTH),
        question_en=check.line("/question_en", stated.question_en, longest=_QUESTION_LENGTH),
        after_loading=stated.after_loading,
        photo=stated.photo,
        stops=stated.stops,
        asked_of=stated.asked_of,
    )
    check.settle()
    return settled


def _phase(stated: PlantItemParticulars) -> Phase:
    return Phase.AFTER_LOADING if stated.after_loading else Phase.BEFORE_LOADING


def _tell(
    session: Session, actor: Actor, row: PlantItemRow, kind: EventKind, *, clock: Clock
) -> None:
    data: dict[str, JsonValue] = {
        "id": str(row.id),
        "version": row.version,
        "facility": str(row.facility_id),
        "phase": row.phase.value,
        "question_zh": row.question_zh,
        "question_en": row.question_en,
        "photo": row.photo,
        "stops": row.stops,
        "asked_of": row.asked_of.value,
        "status": row.status.value,
    }
    subjects = (
        Subject(SubjectKey.ORGANISATION, str(actor.organisation_id)),
        Subject(SubjectKey.FACILITY, str(row.facility_id)),
    )
    record_event(
        session, Event(kind=kind, at=clock.now(), actor=actor, data=data, subjects=subjects)
    )


def _item(row: PlantItemRow) -> PlantItem:
    return PlantItem(
        id=row.id,
        facility_id=row.facility_id,
        created_at=row.created_at,
        status=row.status,
        version=row.version,
        question_zh=row.question_zh,
        question_en=row.question_en,
        after_loading=row.phase is Phase.AFTER_LOADING,
        photo=row.photo,
        stops=row.stops,
        asked_of=row.asked_of,
    )
