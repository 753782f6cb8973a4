"""A waybill's whole story: everything that happened to it, with what each act signed or judged."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.errors import NotFoundError
from waybill.registry.access import Actor, Permission
from waybill.rules.assess import findings_from_bytes
from waybill.rules.finding import Finding, Phase
from waybill.rules.lifecycle import WaybillStatus
from waybill.sealing import DOCUMENT_TYPE, KeyTable, SealError, verify_bytes
from waybill.services.checks.releasing import RECORD_TYPE
from waybill.services.event_search import FoundEvent, read_events
from waybill.services.event_views import EventOutcome, event_outcome
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.log import EventSubjectRow
from waybill.storage.plant_items import CheckPhotoRow
from waybill.storage.waybills import ReleaseRow, VerdictRow, WaybillRevisionRow, WaybillRow

MAX_EVENTS: Final = 1000


class Signed(NamedTuple):
    """Bytes with their detached signature, when it was made and what it must be about."""

    document: bytes
    jws: str
    signed_at: datetime
    typ: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedPaper:
    """Signed bytes and what became of looking at their signature now.

    `revision` is the waybill's, `None` for a loading record. `problem` is `None` while
    the signature holds, else what is wrong with it.
    """

    revision: int | None
    size: int
    digest: str
    kid: str
    problem: SealError | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryVerdict:
    """A verdict that an event names, with every finding and the facts it judged."""

    phase: Phase
    edition: str
    clears: bool
    digest: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPhoto:
    """A photo of a check, by what it shows and by its SHA-256. Erased, it is only told of."""

    check_id: UUID
    shows: str
    sha256: str
    shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One thing that happened, and what came with it."""

    event: FoundEvent
    outcome: EventOutcome | None
    paper: SignedPaper | None
    verdict: StoryVerdict | None
    photos: tuple[StoryPhoto, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A waybill's story, oldest first. `whole` is false where there is more than is shown."""

    waybill_id: UUID
    number: str
    status: WaybillStatus
    chapters: tuple[Chapter, ...]
    whole: bool


def waybill_story(
    session: Session,
    actor: Actor,
    waybill_id: UUID,
    keys: KeyTable,
    *,
    source: Session,
    clock: Clock,
) -> Story:
    """Return everything that happened to an issued waybill, and record that it was looked at.

    `source` is what is read, which may be a replica; the record is written to `session`.

    Raises:
        ForbiddenError: the account does not read the log.
        NotFoundError: there is no such waybill, or it is a draft and its owner's alone.
    """
    actor.require(Permission.READ_EVENTS)
    row = source.get(WaybillRow, waybill_id)
    if row is None or row.number is None:
        raise NotFoundError("waybill", waybill_id)
    ids = source.scalars(
        select(EventSubjectRow.event_id)
        .where(
            EventSubjectRow.subject_kind == SubjectKey.WAYBILL.value,
            EventSubjectRow.subject_key == str(waybill_id),
        )
        .order_by(EventSubjectRow.event_id)
        .limit(MAX_EVENTS + 1)
    ).all()
    events = read_events(source, ids[:MAX_EVENTS])
    papers = _papers(source, waybill_id, keys)
    verdicts = _verdicts(source, waybill_id)
    photos = _photos(source, ids)
    chapters = tuple(
        Chapter(
            event=event,
            outcome=event_outcome(event.kind, event.body),
            paper=papers.get(event.id),
            verdict=verdicts.get(event.id),
            photos=tuple(photos.get(event.id, ())),
        )
        for event in events
    )
    _record_look(session, actor, waybill_id, clock=clock)
    return Story(
        waybill_id=waybill_id,
        number=row.number,
        status=row.status,
        chapters=chapters,
        whole=len(ids) <= MAX_EVENTS,
    )


def _papers(session: Session, waybill_id: UUID, keys: KeyTable) -> Mapping[UUID, SignedPaper]:
    revisions = session.scalars(
        select(WaybillRevisionRow).where(WaybillRevisionRow.waybill_id == waybill_id)
    )
    papers = {}
    for row in revisions:
        signed = Signed(row.document, row.document_jws, row.signed_at, DOCUMENT_TYPE)
        papers[row.event_id] = SignedPaper(
            revision=row.revision,
            size=len(row.document),
            digest=row.digest,
            kid=row.kid,
            problem=_problem(signed, keys),
        )
    release = session.get(ReleaseRow, waybill_id)
    if release is not None:
        record = release.loading_record
        signed = Signed(record, release.document_jws, release.released_at, RECORD_TYPE)
        papers[release.event_id] = SignedPaper(
            revision=None,
            size=len(record),
            digest=release.digest,
            kid=release.kid,
            problem=_problem(signed, keys),
        )
    return papers


def _problem(signed: Signed, keys: KeyTable) -> SealError | None:
    try:
        verify_bytes(signed.jws, signed.document, keys, signed_at=signed.signed_at, typ=signed.typ)
    except SealError as error:
        return error
    return None


def _verdicts(session: Session, waybill_id: UUID) -> Mapping[UUID, StoryVerdict]:
    rows = session.scalars(select(VerdictRow).where(VerdictRow.waybill_id == waybill_id))
    return {
        row.event_id: StoryVerdict(
            phase=row.phase,
            edition=row.edition,
            clears=row.clears,
            digest=row.digest,
            findings=tuple(findings_from_bytes(row.findings)),
        )
        for row in rows
    }


def _photos(session: Session, event_ids: Sequence[UUID]) -> Mapping[UUID, list[StoryPhoto]]:
    photos: dict[UUID, list[StoryPhoto]] = defaultdict(list)
    rows = session.scalars(
        select(CheckPhotoRow)
        .where(CheckPhotoRow.event_id.in_(event_ids))
        .order_by(CheckPhotoRow.id)
    )
    for row in rows:
        photo = StoryPhoto(
            check_id=row.check_id,
            shows=row.shows,
            sha256=row.sha256,
            shown=row.erased_at is None and row.restricted_until is None,
        )
        photos[row.event_id].append(photo)
    return photos


def _record_look(session: Session, actor: Actor, waybill_id: UUID, *, clock: Clock) -> None:
    data: dict[str, JsonValue] = {"filters": {"story": str(waybill_id)}}
    record_event(
        session,
        Event(
            kind=EventKind.EVENTS_SEARCHED,
            at=clock.now(),
            actor=actor,
            data=data,
            subjects=(Subject(SubjectKey.WAYBILL, str(waybill_id)),),
        ),
    )
