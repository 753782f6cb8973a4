"""Photos of a check: each is taken for it alone, kept, and shown by right."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NoReturn
from uuid import UUID

from msgspec import UNSET
from sqlalchemy import Insert, insert, or_, select
from sqlalchemy.orm import Session, undefer

from waybill.codec import new_id
from waybill.errors import FieldProblem, InvalidFieldError, NotFoundError
from waybill.registry.access import Actor, Permission
from waybill.rules.evidence import EvidenceItem, Photo, PhotoItem, Presentation, ScanItem
from waybill.services.checks.told import Told
from waybill.services.personal.photos import refuse_erased_photo, refuse_restricted_photo
from waybill.services.registry.validation import Complaint
from waybill.storage.offline import OfflinePhotoRow
from waybill.storage.plant_items import CheckPhotoRow
from waybill.storage.registry import FacilityRow
from waybill.storage.session import lock_names
from waybill.storage.waybills import LoadingCheckRow

SHOWN_FOR_ANOTHER: Final = Complaint(
    "photo-shown-for-another",
    "这张照片已用于本次查验的另一项，请另拍一张。",
    "This photo shows something else in this check already. Take one for this.",
)
SHOWN_BEFORE: Final = Complaint(
    "photo-shown-before",
    "这张照片在另一次查验中已经用过，请在现场重新拍摄。",
    "This photo was used in another check already. Take a new one here.",
)

NO_SUCH_PHOTO: Final = Complaint(
    "no-such-photo",
    "先拍下无法读取的码（拍摄对象选“code”），再手工输入其编号。",
    "First add a photo of the code that cannot be read (it shows `code`), then type its number.",
)
UNREADABLE_CODE: Final = "code"
"""What a photo shows that stands for a code which no scanner reads."""


def find_other_use(session: Session, check_id: UUID, shows: str, photo: Photo) -> Complaint | None:
    """Return why a picture is not taken: it was kept for another check, or for something else here.

    It is the same picture if what is kept of it is the same to the byte. It stays locked until the
    caller's transaction ends, so that of two who send it at once the second is noticed. Whether it
    is sent again after a lost answer is not for its content to say but for its key, as with all
    that tablets send: the record of a check knows by keys what came alone.
    """
    lock_names(session, [f"photo {photo.sha256}"])
    used = session.execute(
        select(CheckPhotoRow.check_id, CheckPhotoRow.shows).where(
            CheckPhotoRow.sha256 == photo.sha256
        )
    ).all()
    if any(row.check_id != check_id for row in used):
        return SHOWN_BEFORE
    return SHOWN_FOR_ANOTHER if any(row.shows != shows for row in used) else None


def refuse_other_use(session: Session, check_id: UUID, shows: str, photo: Photo) -> None:
    """Refuse a picture that was kept for another check or for something else in this one.

    Raises:
        InvalidFieldError: says where it was used.
    """
    complaint = find_other_use(session, check_id, shows, photo)
    if complaint is not None:
        _refuse_photo("/picture", complaint)


def refuse_named_before(
    session: Session, told: Told, check_id: UUID, item: PhotoItem, before: Sequence[EvidenceItem]
) -> None:
    """Refuse a picture that a tablet will send and has named for something else before.

    Raises:
        InvalidFieldError: says where it was used.
    """
    here = (i for i in before if isinstance(i, PhotoItem) and i.sha256 == item.sha256)
    if any(other.shows != item.shows for other in here):
        _refuse_photo("/sha256", SHOWN_FOR_ANOTHER)
    elsewhere = (
        select(OfflinePhotoRow.id)
        .where(
            OfflinePhotoRow.device_id == told.device_id,
            OfflinePhotoRow.sha256 == item.sha256,
            OfflinePhotoRow.check_id != check_id,
        )
        .limit(1)
    )
    if session.scalar(elsewhere) is not None:
        _refuse_photo("/sha256", SHOWN_BEFORE)


def refuse_unphotographed(
    session: Session,
    check_id: UUID,
    scan: ScanItem,
    before: Sequence[EvidenceItem],
    *,
    later: bool = False,
) -> None:
    """Refuse a typed number whose photo this check does not have, or has for another code.

    A photo that is sent `later` counts as soon as a tablet has named it.

    Raises:
        InvalidFieldError: says what is wrong with the photo.
    """
    sha256 = scan.photo_sha256
    if sha256 is UNSET:
        return
    known = session.scalar(
        select(CheckPhotoRow.id)
        .where(
            CheckPhotoRow.check_id == check_id,
            CheckPhotoRow.sha256 == sha256,
            CheckPhotoRow.shows == UNREADABLE_CODE,
        )
        .limit(1)
    )
    named = later and any(
        isinstance(i, PhotoItem) and (i.shows, i.sha256) == (UNREADABLE_CODE, sha256)
        for i in before
    )
    others = (i for i in before if isinstance(i, ScanItem) and i.photo_sha256 == sha256)
    if not (known or named) or scan.presentation is not Presentation.TYPED:
        _refuse_photo("/photo_sha256", NO_SUCH_PHOTO)
    if any((other.kind, other.subject) != (scan.kind, scan.subject) for other in others):
        _refuse_photo("/photo_sha256", SHOWN_FOR_ANOTHER)


def _refuse_photo(pointer: str, complaint: Complaint) -> NoReturn:
    raise InvalidFieldError(
        [
            FieldProblem(
                pointer=pointer,
                code=complaint.code,
                message_zh=complaint.message_zh,
                message_en=complaint.message_en,
            )
        ]
    )


def photo_insert(
    actor: Actor,
    check_id: UUID,
    item: EvidenceItem,
    photo: Photo,
    *,
    event_id: UUID,
    at: datetime,
) -> Insert:
    """Return the insert that keeps a photo."""
    if not isinstance(item, PhotoItem):
        raise TypeError("a photo is kept with its own evidence")
    return insert(CheckPhotoRow).values(
        id=new_id(),
        check_id=check_id,
        shows=item.shows,
        sha256=photo.sha256,
        media_type=photo.media_type,
        content=photo.content,
        recorded_at=at,
        recorded_by=actor.user_id,
        event_id=event_id,
    )


def get_photo(session: Session, actor: Actor, check_id: UUID, sha256: str) -> Photo:
    """Return a photo of a check of the actor's organisation, or any to oversight.

    One that a tablet sent later is found by the digest of what it sent, too.

    Raises:
        NotFoundError: there is none that the account may see.
        StateError: it was erased, or is under restriction.
    """
    actor.require(Permission.READ_CHECK)
    sent_later = select(OfflinePhotoRow.kept_sha256).where(
        OfflinePhotoRow.check_id == check_id, OfflinePhotoRow.sha256 == sha256
    )
    named = or_(CheckPhotoRow.sha256 == sha256, CheckPhotoRow.sha256.in_(sent_later))
    statement = (
        select(CheckPhotoRow)
        .options(undefer(CheckPhotoRow.content))
        .where(CheckPhotoRow.check_id == check_id, named)
        .order_by(CheckPhotoRow.id)
        .limit(1)
    )
    if not actor.oversees:
        statement = (
            statement.join(LoadingCheckRow, LoadingCheckRow.id == CheckPhotoRow.check_id)
            .join(FacilityRow, FacilityRow.id == LoadingCheckRow.facility_id)
            .where(FacilityRow.organisation_id == actor.organisation_id)
        )
    row = session.scalar(statement)
    if row is None:
        raise NotFoundError("photo", sha256)
    refuse_erased_photo(row)
    refuse_restricted_photo(row)
    return Photo(content=row.content, media_type=row.media_type, sha256=row.sha256)
