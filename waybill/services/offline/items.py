"""From what a record tells to evidence of its check, each item once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.errors import WaybillError
from waybill.identifiers import parse_plate
from waybill.identifiers.failure import IdentifierError
from waybill.registry.access import Actor
from waybill.rules.evidence import (
    AnswerItem,
    PhotoItem,
    PlateItem,
    PresenceItem,
    ScanItem,
    ScanKind,
)
from waybill.services.checks.evidence import AddedItem, add_evidence
from waybill.services.checks.told import Told
from waybill.services.keys import KeyRing
from waybill.services.offline.format import (
    OfflineRecord,
    RecordedAnswer,
    RecordedItem,
    RecordedPhoto,
    RecordedPlate,
    RecordedPresence,
    RecordedScan,
)
from waybill.services.offline.timing import Timing
from waybill.storage.identity import IdempotencyKeyRow
from waybill.storage.offline import OfflineItemRow


class ReadCode(Protocol):
    """Reads a text as the scanners do: the evidence it makes, and why it is none."""

    def __call__(
        self, text: str, *, at: datetime, typed: bool, expected: ScanKind | None
    ) -> tuple[ScanItem | None, str]:
        """Return what a text is at a moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """With what the items of one record are kept."""

    actor: Actor
    device_id: UUID
    record: OfflineRecord
    timing: Timing
    read: ReadCode
    keys: KeyRing
    clock: Clock

    def told(self, at: datetime) -> Told:
        """Return how an act of the record is told; `at` by the server's clock."""
        return Told(at=at, record=self.record.number, device_id=self.device_id)


def keep_items(session: Session, keeping: Keeping, check_id: UUID) -> bool:
    """Add the items to a check that it does not have yet; whether all of them could be.

    An item that was sent before, alone or in another record, is known by its id.
    """
    items = [item for item in keeping.record.evidence if not _names_waybill(keeping, item)]
    known = known_items(session, keeping.actor, [item.id for item in items])
    kept = True
    for item in items:
        if item.id not in known:
            kept &= _keep(session, keeping, check_id, item)
    return kept


def known_items(session: Session, actor: Actor, ids: Collection[UUID]) -> frozenset[UUID]:
    """Return which items came in before: in a record, or online under their id as key."""
    in_records = select(OfflineItemRow.id).where(OfflineItemRow.id.in_(ids))
    online = select(IdempotencyKeyRow.key).where(
        IdempotencyKeyRow.principal == str(actor.user_id),
        IdempotencyKeyRow.key.in_([str(each) for each in ids]),
        IdempotencyKeyRow.status.is_not(None),
    )
    sent = {UUID(key) for key in session.scalars(online)}
    return frozenset({*session.scalars(in_records), *sent})


def _names_waybill(keeping: Keeping, item: RecordedItem) -> bool:
    """Whether an item is the scan that opened the check, which opening it keeps."""
    opened_with = keeping.record.waybill
    return isinstance(item, RecordedScan) and item.text == opened_with.text


def _keep(session: Session, keeping: Keeping, check_id: UUID, item: RecordedItem) -> bool:
    at = keeping.timing.settle(item.at)
    try:
        given, problem = _evidence(keeping, item, at)
        add_evidence(
            session,
            keeping.actor,
            check_id,
            given,
            keys=keeping.keys,
            clock=keeping.clock,
            problem=problem,
            told=keeping.told(at),
        )
    except (WaybillError, IdentifierError, msgspec.ValidationError):
        # What the bay would have refused to a hand it refuses to a record: the signed text stays.
        return False
    return True


def _evidence(keeping: Keeping, item: RecordedItem, at: datetime) -> tuple[AddedItem | None, str]:
    match item:
        case RecordedScan():
            return keeping.read(item.text, at=at, typed=item.typed, expected=item.expected)
        case RecordedPlate():
            number = parse_plate(item.plate).number
            seen = PlateItem(
                unit=item.unit, plate=number, plate_colour=item.plate_colour, how=item.how, at=at
            )
            return seen, ""
        case RecordedPresence():
            here = PresenceItem(
                role=item.role, reference=item.reference, present=item.present, at=at
            )
            return here, ""
        case RecordedAnswer():
            given = msgspec.convert(item.answer, Literal["yes", "no"])
            return AnswerItem(question=item.question, answer=given, at=at), ""
        case RecordedPhoto():
            return PhotoItem(shows=item.shows, sha256=item.sha256, at=at), ""
