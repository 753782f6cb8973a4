"""Photos that records name and that come later, when there is a network again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.errors import NotFoundError
from waybill.registry.access import Actor
from waybill.registry.devices import Device
from waybill.rules.evidence import Photo, PhotoItem
from waybill.services.checks.photos import photo_insert
from waybill.services.identity.access import actor_of
from waybill.storage.events import (
    Event,
    EventKind,
    Subject,
    SubjectKey,
    event_id_at,
    event_statements,
)
from waybill.storage.identity import UserRow
from waybill.storage.offline import OfflinePhotoRow
from waybill.storage.waybills import LoadingCheckRow
from waybill.storage.write import write_together


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedPhoto:
    """A photo that a record had named: as it was sent and as it is kept."""

    sha256: str
    kept_sha256: str
    received_at: datetime


def receive_photo(
    session: Session, device: Device, sha256: str, photo: Photo, *, clock: Clock
) -> ReceivedPhoto:
    """Keep a photo for whatever names it; sent again it is answered again and kept once.

    Args:
        session: the caller's.
        device: who sends it; only what its own records name is taken.
        sha256: of the bytes that were sent, as the record names them.
        photo: the picture as it is kept.
        clock: says when.

    Raises:
        NotFoundError: no record of this tablet names such a photo.
    """
    rows = session.scalars(
        select(OfflinePhotoRow)
        .where(OfflinePhotoRow.device_id == device.id, OfflinePhotoRow.sha256 == sha256)
        .order_by(OfflinePhotoRow.id)
        .with_for_update()
    ).all()
    if not rows:
        raise NotFoundError("photo", sha256)
    now = clock.now()
    for row in rows:
        if row.received_at is None:
            _keep(session, device, row, photo, now)
    first = rows[0]
    return ReceivedPhoto(
        sha256=sha256,
        kept_sha256=first.kept_sha256 or photo.sha256,
        received_at=first.received_at or now,
    )


def _keep(
    session: Session, device: Device, row: OfflinePhotoRow, photo: Photo, now: datetime
) -> None:
    person = session.get(UserRow, row.person_id) if row.person_id else None
    check = session.get(LoadingCheckRow, row.check_id) if row.check_id else None
    if person is not None and check is not None:
        _keep_for_check(session, actor_of(person, device_id=device.id), check, row, photo, now=now)
    row.received_at = now
    row.kept_sha256 = photo.sha256
    session.flush()


def _keep_for_check(
    session: Session,
    actor: Actor,
    check: LoadingCheckRow,
    row: OfflinePhotoRow,
    photo: Photo,
    *,
    now: datetime,
) -> None:
    data: dict[str, JsonValue] = {
        "check": str(check.id),
        "waybill": str(check.waybill_id),
        "shows": row.shows,
        "sha256": row.sha256,
        "kept_sha256": photo.sha256,
    }
    event = Event(
        kind=EventKind.OFFLINE_PHOTO_RECEIVED,
        at=now,
        actor=actor,
        data=data,
        subjects=(
            Subject(SubjectKey.WAYBILL, str(check.waybill_id)),
            Subject(SubjectKey.CHECK, str(check.id)),
            Subject(SubjectKey.FACILITY, str(check.facility_id)),
            Subject(SubjectKey.BAY, str(check.bay_id)),
        ),
    )
    event_id = event_id_at(now)
    item = PhotoItem(shows=row.shows, sha256=photo.sha256, at=now)
    write_together(
        session,
        [
            *event_statements(event, event_id),
            photo_insert(actor, check.id, item, photo, event_id=event_id, at=now),
        ],
    )
