"""Photos that records name and that come later, when there is a network again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.errors import NotFoundError
from waybill.registry.access import Actor
from waybill.registry.cases import CaseSubject
from waybill.registry.devices import Device
from waybill.rules.evidence import Photo, PhotoItem
from waybill.services.cases.opening import contradict_case
from waybill.services.checks.photos import find_other_use, photo_insert
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
from waybill.storage.personal import PersonalVault
from waybill.storage.waybills import LoadingCheckRow
from waybill.storage.write import write_together


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedPhoto:
    """A photo that a record had named: as it was sent and as it is kept."""

    sha256: str
    kept_sha256: str
    received_at: datetime


def receive_photo(
    session: Session,
    device: Device,
    sha256: str,
    photo: Photo,
    *,
    vault: PersonalVault,
    clock: Clock,
) -> ReceivedPhoto:
    """Keep a photo for whatever names it; sent again it is answered again and kept once.

    A picture that was used before counted by the word of its record until now: it is not kept
    again, and people have to look.

    Args:
        session: the caller's.
        device: who sends it; only what its own records name is taken.
        sha256: of the bytes that were sent, as the record names them.
        photo: the picture as it is kept.
        vault: keeps the words of a case.
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
            event_id = _keep(session, device, row, photo, now)
            if event_id is not None:
                _open_case(session, device, row, event_id, vault=vault, clock=clock)
    first = rows[0]
    return ReceivedPhoto(
        sha256=sha256,
        kept_sha256=first.kept_sha256 or photo.sha256,
        received_at=first.received_at or now,
    )


def _keep(
    session: Session, device: Device, row: OfflinePhotoRow, photo: Photo, now: datetime
) -> UUID | None:
    """Keep a photo for what names it; return the event of one that was used before."""
    person = session.get(UserRow, row.person_id) if row.person_id else None
    check = session.get(LoadingCheckRow, row.check_id) if row.check_id else None
    row.received_at = now
    row.kept_sha256 = photo.sha256
    session.flush()
    if person is None or check is None:
        return None
    actor = actor_of(person, device_id=device.id)
    return _keep_for_check(session, actor, check, row, photo, now=now)


def _keep_for_check(
    session: Session,
    actor: Actor,
    check: LoadingCheckRow,
    row: OfflinePhotoRow,
    photo: Photo,
    *,
    now: datetime,
) -> UUID | None:
    used = find_other_use(session, check.id, row.shows, photo)
    data: dict[str, JsonValue] = {
        "check": str(check.id),
        "waybill": str(check.waybill_id),
        "shows": row.shows,
        "sha256": row.sha256,
        "kept_sha256": photo.sha256,
        **({"problem": used.code} if used else {}),
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
    kept = photo_insert(actor, check.id, item, photo, event_id=event_id, at=now)
    write_together(session, [*event_statements(event, event_id), *([] if used else [kept])])
    return event_id if used else None


def _open_case(
    session: Session,
    device: Device,
    row: OfflinePhotoRow,
    event_id: UUID,
    *,
    vault: PersonalVault,
    clock: Clock,
) -> None:
    check = session.get_one(LoadingCheckRow, row.check_id)
    text = (
        f"平板补传的照片（{row.shows}）此前已在别处用过，不能作为本次查验的照片。\n"
        f"A photo that a tablet sent later ({row.shows}) was used elsewhere before: "
        "it is none of this check."
    )
    contradict_case(
        session,
        text,
        about=(CaseSubject.WAYBILL, check.waybill_id),
        organisation_id=device.organisation_id,
        event_ids=[event_id],
        vault=vault,
        clock=clock,
    )
