"""Adding to a check what was scanned or seen; each addition is judged at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import Insert, insert
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue, new_id
from waybill.registry.access import Actor
from waybill.rules.evidence import EvidenceItem, PlateItem, PresenceItem, ScanItem
from waybill.rules.finding import Phase
from waybill.services.checks.reading import normalised, read_check, refuse_closed
from waybill.services.facts import facts_of
from waybill.services.keys import KeyRing
from waybill.services.verdicts import Verdict, judge
from waybill.storage.events import (
    Event,
    EventKind,
    Subject,
    SubjectKey,
    event_statements,
    plate_subject,
)
from waybill.storage.facts_query import OF_CHECK
from waybill.storage.waybills import CheckEvidenceRow
from waybill.storage.write import write_together

SeenItem = TypeVar("SeenItem", ScanItem, PlateItem, PresenceItem)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedEvidence:
    """What was added, and how the check stands with it.

    The verdict is not kept: nothing is decided by a scan.
    """

    item: EvidenceItem
    verdict: Verdict


def add_evidence(
    session: Session,
    actor: Actor,
    check_id: UUID,
    item: ScanItem | PlateItem | PresenceItem,
    *,
    keys: KeyRing,
    clock: Clock,
) -> AddedEvidence:
    """Keep one scan or answer of an open check and judge the check as it now stands.

    A scan that contradicts the waybill is kept like one that matches: it is evidence.

    Raises:
        NotFoundError: there is no such check at the actor's organisation.
        StateError: the check is decided, given up or too old.
    """
    now = clock.now()
    kept = normalised(item) if isinstance(item, ScanItem) else item
    dossier, check = read_check(session, actor, check_id, OF_CHECK, added=(kept,))
    refuse_closed(check, "add", now)
    facts = facts_of(dossier, keys.table, at=now, added=(kept,))
    verdict = judge(facts, at=now, phase=Phase.BEFORE_LOADING)
    event = _event(actor, kept, check_id=check_id, waybill_id=dossier.waybill.id, at=now)
    event_id = new_id()
    write_together(
        session,
        [*event_statements(event, event_id), evidence_insert(actor, check_id, kept, event_id, now)],
    )
    return AddedEvidence(item=kept, verdict=verdict)


def evidence_insert(
    actor: Actor, check_id: UUID, item: EvidenceItem, event_id: UUID, at: datetime
) -> Insert:
    """Return the insert that keeps a piece of evidence."""
    return insert(CheckEvidenceRow).values(
        id=new_id(),
        check_id=check_id,
        recorded_at=at,
        recorded_by=actor.user_id,
        item=msgspec.to_builtins(item),
        event_id=event_id,
    )


def _event(
    actor: Actor, item: EvidenceItem, *, check_id: UUID, waybill_id: UUID, at: datetime
) -> Event:
    stored: JsonValue = msgspec.to_builtins(item)
    plates = (
        (plate_subject(item.plate, item.plate_colour.value),) if isinstance(item, PlateItem) else ()
    )
    return Event(
        kind=EventKind.CODE_SCANNED if isinstance(item, ScanItem) else EventKind.EVIDENCE_ADDED,
        at=at,
        actor=actor,
        data={"check": str(check_id), "waybill": str(waybill_id), "item": stored},
        subjects=(
            Subject(SubjectKey.WAYBILL, str(waybill_id)),
            Subject(SubjectKey.CHECK, str(check_id)),
            *plates,
        ),
    )
