"""For what a personal value was used last, which decides how long it is kept.

A value is in use while it stands in the register or its account is active. From the day on which
that ends, its uses count: what it said in the register, and each signed document that names it. A
document names the values that the register held when it was signed.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, func, or_, select, true
from sqlalchemy.orm import Session

from waybill.clock import local_date
from waybill.registry.kinds import RecordStatus, SubjectKind
from waybill.registry.personal import HeldValue
from waybill.registry.retention import Use, UseKind
from waybill.storage.identity import UserRow
from waybill.storage.registry import PersonRow, RegistryVersionRow
from waybill.storage.waybills import ClearanceRow, ReleaseRow, WaybillRevisionRow, WaybillRow

_WASTE_MARKS = ('"waste": true', '"waste_manifest"')
"""What a draft of hazardous waste says, as both dialects write JSON as text."""


def uses_of(session: Session, value: HeldValue) -> tuple[Use, ...] | None:
    """Return the uses of a value with their last days, `None` while it is in use."""
    ended_at = _ended_at(session, value)
    if ended_at is None:
        return None
    uses = [Use(kind=UseKind.REGISTER, last_on=local_date(ended_at))]
    if value.holder.kind is SubjectKind.USER:
        # An account's name stands in waybills as their dispatcher's, to the account's end.
        uses.append(Use(kind=UseKind.WAYBILL, last_on=local_date(ended_at)))
    else:
        uses.extend(_documents(session, value))
    return tuple(uses)


def _ended_at(session: Session, value: HeldValue) -> datetime | None:
    """Return since when a value is no longer in use."""
    if value.replaced_at is not None:
        return value.replaced_at
    holder_id = value.holder.id
    if value.holder.kind is SubjectKind.USER:
        account = session.get(UserRow, holder_id)
        if account is None or account.active:
            return None
        return account.credentials_changed_at or account.created_at
    person = session.get(PersonRow, holder_id)
    if person is None or person.status is not RecordStatus.RETIRED:
        return None
    last = func.max(RegistryVersionRow.recorded_at)
    told = session.scalar(select(last).where(RegistryVersionRow.subject_id == holder_id))
    return told or person.created_at


def _documents(session: Session, value: HeldValue) -> Iterator[Use]:
    person_id = value.holder.id
    crew = or_(WaybillRow.driver_id == person_id, WaybillRow.escort_id == person_id)
    waste = or_(*(cast(WaybillRow.draft, String).contains(mark) for mark in _WASTE_MARKS))
    for kind, named in (
        (UseKind.WAYBILL, crew),
        (UseKind.HAZARDOUS_WASTE, crew & waste),
        (UseKind.LOADING_RECORD, ClearanceRow.supervisor_id == person_id),
    ):
        last = _last_moment(session, named, value.replaced_at)
        if last is not None:
            yield Use(kind=kind, last_on=local_date(last))


def _last_moment(
    session: Session, named: ColumnElement[bool], replaced_at: datetime | None
) -> datetime | None:
    """Return the last moment of the trips that were signed before a value was replaced."""
    signed = WaybillRevisionRow.signed_at
    moments = session.execute(
        select(
            func.max(signed),
            func.max(WaybillRow.valid_until),
            func.max(WaybillRow.cancelled_at),
            func.max(ClearanceRow.cleared_at),
            func.max(ReleaseRow.released_at),
        )
        .join(WaybillRevisionRow, WaybillRevisionRow.waybill_id == WaybillRow.id)
        .outerjoin(ClearanceRow, ClearanceRow.waybill_id == WaybillRow.id)
        .outerjoin(ReleaseRow, ReleaseRow.waybill_id == WaybillRow.id)
        .where(named, true() if replaced_at is None else signed <= replaced_at)
    ).one()
    return max((moment for moment in moments if moment is not None), default=None)
