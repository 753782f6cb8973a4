"""From what a record tells to evidence of its check, each item once."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

import msgspec
from msgspec import UNSET
from msgspec.structs import replace
from sqlalchemy import or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.errors import WaybillError
from waybill.identifiers import parse_plate
from waybill.identifiers.failure import IdentifierError
from waybill.registry.access import Actor, Permission
from waybill.rules.evidence import (
    AnswerItem,
    PhotoItem,
    PlateItem,
    PresenceItem,
    ScanItem,
    ScanKind,
)
from waybill.services.checks.consent import give_consent
from waybill.services.checks.evidence import AddedItem, add_evidence
from waybill.services.checks.told import Told
from waybill.services.devices.bay_sessions import SIGNED_ON_FOR
from waybill.services.identity.access import actor_of
from waybill.services.keys import KeyRing
from waybill.services.looking.keys import LookingKey
from waybill.services.offline.format import (
    OfflineRecord,
    RecordedAnswer,
    RecordedConsent,
    RecordedEvidence,
    RecordedItem,
    RecordedPhoto,
    RecordedPlate,
    RecordedPresence,
    RecordedScan,
    RecordedSight,
)
from waybill.services.offline.signed_on import find_session, runs_at
from waybill.services.offline.timing import Timing
from waybill.storage.devices import BaySessionRow
from waybill.storage.identity import IdempotencyKeyRow, UserRow
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
    looking: LookingKey
    clock: Clock

    def told(self, at: datetime) -> Told:
        """Return how an act of the record is told; `at` by the server's clock."""
        return Told(at=at, record=self.record.number, device_id=self.device_id)

    def settle(self, told: datetime | None) -> datetime | None:
        """Return when something was, by the server's clock, where the tablet said when."""
        return None if told is None else self.timing.settle(told)


def keep_items(session: Session, keeping: Keeping, check_id: UUID) -> tuple[RecordedEvidence, ...]:
    """Add the items to a check that it does not have yet; return those that could not be.

    An item that was sent before, alone or in another record, is known by its id.
    """
    items = [
        item
        for item in keeping.record.evidence
        if isinstance(item, RecordedEvidence) and not _names_waybill(keeping, item)
    ]
    known = known_items(session, keeping, items)
    refused, added = [], False
    for item in _with_own_photos(items, known):
        # A consent that went ahead of what was seen before it is given again, in its place.
        if item.id not in known or (added and isinstance(item, RecordedConsent)):
            if not _keep(session, keeping, check_id, item):
                refused.append(item)
            added = True
    return tuple(refused)


def seen_of(keeping: Keeping, items: Collection[RecordedEvidence]) -> Iterator[AddedItem]:
    """Yield the codes and plates among items as the evidence that they would be."""
    for item in items:
        if isinstance(item, RecordedScan | RecordedPlate):
            with suppress(IdentifierError):
                seen, _ = _evidence(keeping, item, keeping.timing.settle(item.at))
                yield from () if seen is None else (seen,)


def says_no(item: RecordedEvidence) -> bool:
    """Whether somebody said that something is not as it must be."""
    match item:
        case RecordedPresence():
            return not item.present
        case RecordedAnswer():
            return item.answer == "no"
        case RecordedConsent():
            return item.given == "no"
        case _:
            return False


def _with_own_photos(
    items: Collection[RecordedEvidence], known: Collection[UUID]
) -> Iterator[RecordedEvidence]:
    """Leave out of scans which photo they have where that came alone, as it is known otherwise."""
    alone = {i.sha256 for i in items if isinstance(i, RecordedPhoto) and i.id in known}
    for item in items:
        apart = isinstance(item, RecordedScan) and item.photo_sha256 in alone
        yield replace(item, photo_sha256=None) if apart else item


def claim_items(session: Session, keeping: Keeping) -> None:
    """Take the keys under which items may still be on their way by the ordinary way.

    Such a request, which the tablet has given up, would come after what was seen later and count
    as seen last; with its key taken it is refused. One that is being answered is waited for.
    """
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    now, senders = keeping.clock.now(), _senders(session, keeping)
    rows = [
        {
            "principal": sender,
            "key": str(item.id),
            "created_at": now,
            "request_digest": "",
            "headers": "",
        }
        for item in keeping.record.evidence
        for sender in senders
    ]
    if rows:
        session.execute(insert(IdempotencyKeyRow).on_conflict_do_nothing(), rows)


def known_items(
    session: Session, keeping: Keeping, items: Collection[RecordedItem]
) -> frozenset[UUID]:
    """Return which items came in before: in a record, or online under their id as key."""
    ids = [item.id for item in items]
    in_records = select(OfflineItemRow.id).where(OfflineItemRow.id.in_(ids))
    online = select(IdempotencyKeyRow.key).where(
        IdempotencyKeyRow.principal.in_(_senders(session, keeping)),
        IdempotencyKeyRow.key.in_([str(each) for each in ids]),
        IdempotencyKeyRow.status.is_not(None),
    )
    sent = {UUID(key) for key in session.scalars(online)}
    return frozenset({*session.scalars(in_records), *sent})


def _senders(session: Session, keeping: Keeping) -> Sequence[str]:
    """Return in whose name items may have been sent: all who were signed on at the tablet then.

    One begins a check, another goes on with it, and the record holds what both have seen.
    """
    begun_at = keeping.timing.opened_at
    signed_on = select(BaySessionRow.user_id).where(
        BaySessionRow.device_id == keeping.device_id,
        BaySessionRow.started_at > begun_at - SIGNED_ON_FOR,
        or_(BaySessionRow.ended_at.is_(None), BaySessionRow.ended_at >= begun_at),
    )
    return sorted({str(user) for user in (keeping.actor.user_id, *session.scalars(signed_on))})


def _names_waybill(keeping: Keeping, item: RecordedItem) -> bool:
    """Whether an item is the scan that opened the check, which opening it keeps."""
    opened_with = keeping.record.waybill
    return isinstance(item, RecordedScan) and item.text == opened_with.text


def _keep(session: Session, keeping: Keeping, check_id: UUID, item: RecordedEvidence) -> bool:
    if isinstance(item, RecordedConsent):
        return _keep_consent(session, keeping, check_id, item)
    at = keeping.timing.settle(item.at)
    actor = actor_at(session, keeping, item.person, item.own_session, at)
    if actor is None:
        return False
    try:
        given, problem = _evidence(keeping, item, at)
        add_evidence(
            session,
            actor,
            check_id,
            given,
            keys=keeping.keys,
            clock=keeping.clock,
            problem=problem,
            shown_at=keeping.settle(item.shown_at),
            told=keeping.told(at),
        )
    except (WaybillError, IdentifierError, msgspec.ValidationError):
        # What the bay would have refused to a hand it refuses to a record: the signed text stays.
        # A photo is then missing where law or plant ask for it; what chance asked is no reason.
        return isinstance(item, RecordedPhoto)
    return True


def actor_at(
    session: Session, keeping: Keeping, user_id: UUID | None, session_id: UUID | None, at: datetime
) -> Actor | None:
    """Return who gave an item: whoever the record is of, or who was signed on at the tablet then.

    `None` is somebody who was not, or may do nothing at a bay any more.
    """
    if user_id is None:
        return keeping.actor
    signed_on = find_session(session, keeping.device_id, session_id, user_id)
    person = session.get(UserRow, user_id)
    if signed_on is None or person is None or not person.active or not runs_at(signed_on, at):
        return None
    actor = actor_of(person, device_id=keeping.device_id)
    return actor if Permission.CHECK_LOADING in actor.permissions else None


def _keep_consent(
    session: Session, keeping: Keeping, check_id: UUID, item: RecordedConsent
) -> bool:
    """Keep a consent of somebody who was signed on at this tablet then, by badge and PIN."""
    at = keeping.timing.settle(item.at)
    actor = actor_at(session, keeping, item.by, item.session, at)
    if actor is None:
        return False
    try:
        give_consent(
            session,
            actor,
            check_id,
            given=item.given,
            clock=keeping.clock,
            told=keeping.told(at),
        )
    except WaybillError:
        return False
    return True


def _evidence(keeping: Keeping, item: RecordedSight, at: datetime) -> tuple[AddedItem | None, str]:
    match item:
        case RecordedScan():
            scan, problem = keeping.read(item.text, at=at, typed=item.typed, expected=item.expected)
            return scan and replace(scan, photo_sha256=item.photo_sha256 or UNSET), problem
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
