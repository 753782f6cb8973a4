"""The tablets of a plant: which there are, when each was heard of last, and taking one out."""

from typing import Final
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.errors import NotFoundError, StateError
from waybill.registry.access import Actor, Permission
from waybill.registry.devices import Device, DeviceState, DeviceStatus, Heartbeat
from waybill.services.devices.bay_sessions import end_sessions
from waybill.services.devices.telling import device_subjects, tell
from waybill.services.paging import Page, PageRequest, page_of
from waybill.services.registry.validation import checked_reason
from waybill.storage.devices import BaySessionRow, DeviceRow
from waybill.storage.events import EventKind
from waybill.storage.registry import FacilityRow

FIRST_PAGE: Final = PageRequest()


def list_devices(
    session: Session,
    actor: Actor,
    *,
    facility_id: UUID | None = None,
    status: DeviceStatus | None = None,
    page: PageRequest = FIRST_PAGE,
) -> Page[DeviceState]:
    """Return the tablets of one's own organisation (all, to oversight), newest first."""
    actor.require(Permission.READ_DEVICES)
    wanted = _seen_by(actor)
    if facility_id is not None:
        wanted = wanted.where(DeviceRow.facility_id == facility_id)
    if status is not None:
        wanted = wanted.where(DeviceRow.status == status)
    if page.after is not None:
        wanted = wanted.where(DeviceRow.id < page.after)
    rows = session.execute(wanted.order_by(DeviceRow.id.desc()).limit(page.limit + 1)).all()
    return page_of(rows, page, item=lambda row: _state(row[0], row[1]), key=lambda row: row[0].id)


def get_device(session: Session, actor: Actor, device_id: UUID) -> DeviceState:
    """Return a tablet of one's own organisation (any, to oversight).

    Raises:
        NotFoundError: there is none that the account may see.
    """
    actor.require(Permission.READ_DEVICES)
    row = session.execute(_seen_by(actor).where(DeviceRow.id == device_id)).one_or_none()
    if row is None:
        raise NotFoundError("device", device_id)
    return _state(row[0], row[1])


def revoke_device(
    session: Session, actor: Actor, device_id: UUID, reason: str, *, clock: Clock
) -> DeviceState:
    """Take a tablet of one's own out of use, at once and for ever, with all that is open at it.

    Raises:
        ForbiddenError: the account may not keep tablets.
        NotFoundError: the caller's organisation has no such tablet.
        StateError: it is revoked already.
        InvalidFieldError: no readable reason.
    """
    actor.require(Permission.WRITE_DEVICES)
    row = session.scalar(
        select(DeviceRow)
        .where(DeviceRow.id == device_id, DeviceRow.organisation_id == actor.organisation_id)
        .with_for_update()
    )
    if row is None:
        raise NotFoundError("device", device_id)
    if row.status is DeviceStatus.REVOKED:
        raise StateError(
            "该平板已停用。", "The tablet is revoked already.", state="revoked", act="revoke"
        )
    settled, now = checked_reason(reason), clock.now()
    row.status, row.revoked_at, row.revoked_reason = DeviceStatus.REVOKED, now, settled
    session.flush()
    end_sessions(session, BaySessionRow.device_id == device_id, now)
    facility = session.get_one(FacilityRow, row.facility_id)
    data = {"device": str(device_id), "label": row.label, "reason": settled}
    subjects = device_subjects(device_id)
    tell(session, EventKind.DEVICE_REVOKED, actor, data, facility, at=now, also=subjects)
    return _state(row, facility.name)


def note_heartbeat(session: Session, device: Device, said: Heartbeat, *, clock: Clock) -> None:
    """Keep what a tablet says of itself and when; what it said before is overwritten."""
    session.execute(
        update(DeviceRow)
        .where(DeviceRow.id == device.id)
        .values(
            last_seen_at=clock.now(),
            app_version=said.app_version,
            storage_used_bytes=said.storage_used_bytes,
            storage_quota_bytes=said.storage_quota_bytes,
            unsent=said.unsent,
            battery=said.battery,
        )
    )


def _seen_by(actor: Actor) -> Select[DeviceRow, str]:
    wanted = select(DeviceRow, FacilityRow.name).join(
        FacilityRow, FacilityRow.id == DeviceRow.facility_id
    )
    if actor.oversees:
        return wanted
    return wanted.where(DeviceRow.organisation_id == actor.organisation_id)


def _state(row: DeviceRow, facility_name: str) -> DeviceState:
    return DeviceState(
        id=row.id,
        organisation_id=row.organisation_id,
        facility_id=row.facility_id,
        facility_name=facility_name,
        label=row.label,
        prefix=row.prefix,
        status=row.status,
        enrolled_at=row.enrolled_at,
        enrolled_by=row.enrolled_by,
        revoked_at=row.revoked_at,
        revoked_reason=row.revoked_reason,
        last_seen_at=row.last_seen_at,
        app_version=row.app_version,
        storage_used_bytes=row.storage_used_bytes,
        storage_quota_bytes=row.storage_quota_bytes,
        unsent=row.unsent,
        battery=row.battery,
    )
