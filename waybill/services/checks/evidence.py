"""Adding to a check what was scanned or seen; each addition is judged at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue, new_id
from waybill.errors import FieldProblem, InvalidFieldError
from waybill.registry.access import Actor
from waybill.rules.evidence import (
    AnswerItem,
    EvidenceItem,
    OverrideItem,
    Photo,
    PhotoItem,
    PlateItem,
    PresenceItem,
    ScanItem,
    ScanKind,
)
from waybill.rules.facts import Facts
from waybill.rules.finding import Phase
from waybill.services.checks.against import contradicts, counts_from, speaks_against
from waybill.services.checks.answering import (
    GivenItem,
    refuse_untimely,
    settle_given,
)
from waybill.services.checks.photos import (
    photo_insert,
    refuse_named_before,
    refuse_other_use,
    refuse_unphotographed,
)
from waybill.services.checks.reading import lock_waybill_of, normalised, read_check
from waybill.services.checks.told import Told, told_data
from waybill.services.dossier import SUPERVISOR_MARK, Dossier
from waybill.services.facts import facts_of
from waybill.services.keys import KeyRing
from waybill.services.looking.timing import took_ms
from waybill.services.verdicts import Verdict, judge
from waybill.storage.events import (
    Event,
    EventKind,
    EventResult,
    Subject,
    SubjectKey,
    event_id_at,
    event_statements,
    plate_subject,
    result_subjects,
)
from waybill.storage.facts_query import OF_CHECK
from waybill.storage.records import CheckRecord, PlantItemRecord
from waybill.storage.registry import PersonRow
from waybill.storage.waybills import CheckEvidenceRow, LoadingCheckRow
from waybill.storage.write import NewRow, new_row, write_together

SeenItem: TypeAlias = ScanItem | PlateItem | PresenceItem
AddedItem: TypeAlias = SeenItem | GivenItem

CARD_SUPERSEDED: Final = "card-superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedEvidence:
    """What was added, and how the check stands with it.

    `item` is `None` for a text that named nothing. The verdict is not kept: nothing is decided by
    a scan. What is answered after loading is judged with what is known of it so far.
    """

    item: EvidenceItem | None
    facts: Facts
    verdict: Verdict


def add_evidence(
    session: Session,
    actor: Actor,
    check_id: UUID,
    item: AddedItem | None,
    *,
    keys: KeyRing,
    clock: Clock,
    problem: str = "",
    photo: Photo | None = None,
    shown_at: datetime | None = None,
    told: Told | None = None,
) -> AddedEvidence:
    """Keep one scan or answer of a check and judge the check as it now stands.

    A scan that contradicts the waybill is kept like one that matches: it is evidence. Of a text
    that names nothing (`None`) the log keeps the `problem` alone. Presence without a reference is
    that of the driver or escort whom the waybill names, or of the supervisor who is signed in. A
    supervisor's card that holds shows its holder present. A `PhotoItem` comes with its `photo`, but
    one that is `told` by a tablet, which sends the picture later. `shown_at` is when the item was
    put before the person: the time it took is recorded beside it.

    Raises:
        NotFoundError: there is no such check at the actor's organisation.
        StateError: the check is decided or too old; or it is not cleared, and what is given
            belongs after loading.
        ForbiddenError: the account may not let an item of the plant pass.
        InvalidFieldError: no supervisor is named and the account belongs to none; nothing that is
            asked here is named, or it is not this account's to give; the photo was used before.
    """
    now = clock.now()
    asked = _named(session, actor, item)
    if speaks_against(item):
        # Beside a decision or a release it is heeded, or refused as too late; it is never missed.
        lock_waybill_of(session, check_id)
    dossier, check = read_check(session, actor, check_id, OF_CHECK, added=asked)
    kept, phase = _kept(actor, dossier, check, asked)
    told = told.since(check.opened_at) if told else None
    at = told.at if told else now
    if item is not None:
        counts = counts_from(item, dossier, told)
        kept = tuple(msgspec.structs.replace(i, at=counts) for i in kept)
    refuse_untimely(check, phase, "add", at)
    if isinstance(item, PhotoItem) and photo is not None:
        refuse_other_use(session, check_id, item.shows, photo)
    elif isinstance(item, PhotoItem) and told is not None:
        refuse_named_before(session, told, check_id, item, dossier.evidence())
    elif isinstance(item, ScanItem):
        refuse_unphotographed(session, check_id, item, dossier.evidence(), later=told is not None)
    facts = facts_of(dossier, keys.table, at=at, added=kept)
    verdict = judge(facts, at=at, phase=phase)
    if isinstance(item, ScanItem | PresenceItem) and contradicts(verdict):
        _refuse_decided_meanwhile(session, check, phase, at)
    took = took_ms(shown_at, at)
    event = _event(actor, dossier, check, kept, problem=problem, at=now, told=told)
    event_id = event_id_at(event.at)
    write_together(
        session,
        [
            *event_statements(event, event_id),
            *(evidence_insert(actor, check_id, each, event_id, now, took=took) for each in kept),
            *(
                [photo_insert(actor, check_id, kept[0], photo, event_id=event_id, at=now)]
                if photo
                else []
            ),
        ],
    )
    return AddedEvidence(item=kept[0] if kept else None, facts=facts, verdict=verdict)


def _refuse_decided_meanwhile(
    session: Session, check: CheckRecord, phase: Phase, at: datetime
) -> None:
    """Lock the waybill late, for what turned out to contradict it, and look at its check again."""
    lock_waybill_of(session, check.id)
    now = session.scalars(select(LoadingCheckRow.status).where(LoadingCheckRow.id == check.id))
    refuse_untimely(msgspec.structs.replace(check, status=now.one()), phase, "add", at)


def _named(session: Session, actor: Actor, item: AddedItem | None) -> tuple[AddedItem, ...]:
    """Return what was handed in, in its stored spelling, with the supervisor named."""
    if item is None:
        return ()
    if isinstance(item, ScanItem):
        return (normalised(item),)
    if isinstance(item, PresenceItem) and item.role == "supervisor" and not item.reference:
        return (msgspec.structs.replace(item, reference=_own_reference(session, actor)),)
    return (item,)


def _own_reference(session: Session, actor: Actor) -> str:
    own = select(PersonRow.reference).where(
        PersonRow.id == actor.person_id, PersonRow.organisation_id == actor.organisation_id
    )
    reference = session.scalar(own) if actor.person_id else None
    if reference is None:
        raise InvalidFieldError(
            [
                FieldProblem(
                    pointer="/reference",
                    code="required",
                    message_zh="请扫描装卸管理人员卡，或填写其编号。",
                    message_en="Scan the loading supervisor's card or give the reference.",
                )
            ]
        )
    return SUPERVISOR_MARK + reference


def _kept(
    actor: Actor, dossier: Dossier, check: CheckRecord, asked: tuple[AddedItem, ...]
) -> tuple[tuple[AddedItem, ...], Phase]:
    """Return what is kept, now that the waybill and its people are known, and for which phase."""
    if not asked:
        return (), Phase.BEFORE_LOADING
    (item,) = asked
    if isinstance(item, AnswerItem | PhotoItem | OverrideItem):
        own = dossier.gathered.all(PlantItemRecord)
        given, phase = settle_given(actor, check, own, item)
        return (given,), phase
    return _settled(dossier, item), Phase.BEFORE_LOADING


def _settled(dossier: Dossier, item: SeenItem) -> tuple[AddedItem, ...]:
    if isinstance(item, PresenceItem) and not item.reference and dossier.content is not None:
        crew = {"driver": dossier.content.driver, "escort": dossier.content.escort}
        return (msgspec.structs.replace(item, reference=crew[item.role].reference),)
    if isinstance(item, ScanItem) and item.kind is ScanKind.SUPERVISOR and not item.problem:
        return _supervisor(dossier, item)
    return (item,)


def _supervisor(dossier: Dossier, scan: ScanItem) -> tuple[AddedItem, ...]:
    person = dossier.supervisor(scan.subject)
    known = person is not None and scan.card_version in (None, person.card_version)
    if person is not None and not known:
        return (normalised(msgspec.structs.replace(scan, problem=CARD_SUPERSEDED)),)
    present = PresenceItem(role="supervisor", reference=scan.subject, present=True, at=scan.at)
    return (scan, present)


def evidence_insert(
    actor: Actor,
    check_id: UUID,
    item: EvidenceItem,
    event_id: UUID,
    at: datetime,
    *,
    took: int | None = None,
) -> NewRow:
    """Return the row that keeps a piece of evidence; `took` is in milliseconds, if told."""
    return new_row(
        CheckEvidenceRow,
        id=new_id(),
        check_id=check_id,
        recorded_at=at,
        recorded_by=actor.user_id,
        item=msgspec.to_builtins(item),
        event_id=event_id,
        took_ms=took,
    )


def _event(
    actor: Actor,
    dossier: Dossier,
    check: CheckRecord,
    kept: tuple[AddedItem, ...],
    *,
    problem: str,
    at: datetime,
    told: Told | None,
) -> Event:
    items: list[JsonValue] = [msgspec.to_builtins(item) for item in kept]
    data: dict[str, JsonValue] = {
        "check": str(check.id),
        "waybill": str(dossier.waybill.id),
        "items": items,
        **told_data(told),
    }
    scanned = not kept or isinstance(kept[0], ScanItem)
    plates = (
        plate_subject(item.plate, item.plate_colour.value)
        for item in kept
        if isinstance(item, PlateItem)
    )
    return Event(
        kind=EventKind.CODE_SCANNED if scanned else EventKind.EVIDENCE_ADDED,
        at=at,
        actor=actor,
        data=data | {"problem": problem} if problem else data,
        subjects=(
            Subject(SubjectKey.WAYBILL, str(dossier.waybill.id)),
            Subject(SubjectKey.CHECK, str(check.id)),
            Subject(SubjectKey.FACILITY, str(check.facility_id)),
            Subject(SubjectKey.BAY, str(check.bay_id)),
            *plates,
            *(result_subjects(EventResult.SCAN_REFUSED) if problem else ()),
        ),
    )
