"""What a check will ask so that somebody looks, told to a tablet before there is a check."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.document import WaybillContent
from waybill.registry.kinds import ItemStatus
from waybill.rules.asking import AskedPhoto
from waybill.services.looking.asking import draw_for, drawn_photos
from waybill.services.looking.keys import LookingKey
from waybill.services.looking.reading import (
    ControlQuestion,
    TagToScan,
    asked_photos_of,
    control_question,
    tag_to_scan,
)
from waybill.services.looking.seals import Sealed, seal_of
from waybill.storage.gather import Gathered
from waybill.storage.looking import PresenceTagRow
from waybill.storage.looking_records import AskedControl, LookingRecord, PresenceTagRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class LooksAhead:
    """What a waybill's check will ask, sealed; control questions without their right answers.

    Nobody knows yet who will check, so it is drawn as for somebody new: going without network
    never asks for less.
    """

    seal: str = ""
    photos: tuple[AskedPhoto, ...] = ()
    controls: tuple[ControlQuestion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BayTag:
    """A tag, and at which bay of the facility it hangs."""

    bay_id: UUID
    tag: TagToScan


def looks_ahead(
    key: LookingKey, content: WaybillContent | None, facility_id: UUID, opening: Gathered
) -> LooksAhead:
    """Return what a check of a waybill will ask, by what an opening reads of it."""
    if content is None:
        return LooksAhead()
    drawn = draw_for(key, content, facility_id, opening)
    controls = [
        AskedControl(id=asked.id, right=asked.right, choices=asked.choices)
        for asked in drawn.controls
    ]
    record = LookingRecord(edition=drawn.edition, photos=drawn_photos(drawn), controls=controls)
    sealed = Sealed(edition=drawn.edition, points=drawn.points)
    return LooksAhead(
        seal=seal_of(key.draw, UUID(content.id), facility_id, sealed),
        photos=asked_photos_of(record, ()),
        controls=tuple(control_question(each, None, edition=drawn.edition) for each in controls),
    )


def bay_tags(session: Session, facility_id: UUID) -> tuple[BayTag, ...]:
    """Return the tags that hang at the bays of a facility, in the order in which they were made."""
    rows = session.scalars(
        select(PresenceTagRow)
        .where(
            PresenceTagRow.facility_id == facility_id, PresenceTagRow.status == ItemStatus.ACTIVE
        )
        .order_by(PresenceTagRow.id)
    )
    return tuple(
        BayTag(
            bay_id=row.bay_id,
            tag=tag_to_scan(
                PresenceTagRecord(id=row.id, bay_id=row.bay_id, point=row.point, label=row.label),
                [],
            ),
        )
        for row in rows
    )
