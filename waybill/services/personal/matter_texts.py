"""Texts of cases, public reports and appeals: kept while the matter is open, and then a time.

They may name anybody, so nobody in particular holds them; what they belong to does. A case is over
when it is closed, a measure when it has ended; being reopened holds the texts again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from waybill.clock import local_date
from waybill.codec import JsonValue, parse_json
from waybill.registry.cases import CaseStatus
from waybill.registry.measures import LIVE
from waybill.services.cases.opening import CONTACT, PLACE
from waybill.services.cases.record import CASE_TEXT
from waybill.services.measures.appeals import APPEAL, APPEAL_ANSWER
from waybill.storage.cases import CaseNoteRow, CaseRow
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.log import EventRow, EventSubjectRow, PersonalValueRow
from waybill.storage.measures import MeasureRow, MeasureStepRow
from waybill.storage.personal import erase_value

TEXT_FIELDS: Final = frozenset({CASE_TEXT, PLACE, CONTACT, APPEAL, APPEAL_ANSWER})
_APPEALS: Final[Mapping[str, str]] = {
    EventKind.MEASURE_APPEALED.value: "appeal",
    EventKind.MEASURE_APPEAL_ANSWERED.value: "answer",
}
"""By what name the event of an appeal, and that of its answer, tells the commitment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterText:
    """A text that is still stored, of a matter that is over since `over_on` (Asia/Shanghai)."""

    matter: Subject
    commitment: str
    field: str
    over_on: date


def texts_of_closed_matters(session: Session, *, lock: bool) -> Iterator[MatterText]:
    """Give the stored texts of every closed case and every ended measure, matter by matter.

    With `lock` the rows of the matters stay locked until the caller's transaction ends, so that
    none is reopened while its texts go.
    """
    for matter, over_at, refs in (*_cases(session, lock=lock), *_measures(session, lock=lock)):
        stored = session.execute(
            select(PersonalValueRow.commitment, PersonalValueRow.field)
            .where(PersonalValueRow.commitment.in_(refs), PersonalValueRow.sealed.is_not(None))
            .order_by(PersonalValueRow.recorded_at, PersonalValueRow.commitment)
        )
        for commitment, field in stored:
            yield MatterText(
                matter=matter, commitment=commitment, field=field, over_on=local_date(over_at)
            )


def count_texts(session: Session) -> int:
    """Return how many texts are stored, of open matters too."""
    return (
        session.scalar(
            select(func.count())
            .select_from(PersonalValueRow)
            .where(PersonalValueRow.sealed.is_not(None), PersonalValueRow.field.in_(TEXT_FIELDS))
        )
        or 0
    )


def erase_texts(session: Session, texts: Sequence[MatterText], *, now: datetime) -> None:
    """Destroy texts with their salts; one event a matter. What was logged stays valid."""
    for text in texts:
        erase_value(session, text.commitment, now)
    for matter in dict.fromkeys(text.matter for text in texts):
        told: list[JsonValue] = [
            {"commitment": text.commitment, "field": text.field}
            for text in texts
            if text.matter == matter
        ]
        data: dict[str, JsonValue] = {
            "cause": "retention",
            "holder": matter.kind.value,
            "id": matter.key,
            "values": told,
        }
        kind = EventKind.PERSONAL_VALUES_ERASED
        record_event(session, Event(kind=kind, at=now, actor=None, data=data, subjects=(matter,)))


def _cases(session: Session, *, lock: bool) -> Iterator[tuple[Subject, datetime, set[str]]]:
    closed = select(CaseRow).where(CaseRow.status == CaseStatus.CLOSED).order_by(CaseRow.id)
    for row in session.scalars(closed.with_for_update() if lock else closed).all():
        notes = session.execute(
            select(CaseNoteRow.text_ref, CaseNoteRow.at).where(CaseNoteRow.case_id == row.id)
        ).all()
        refs = {note.text_ref for note in notes} | {row.place_ref, row.contact_ref}
        over_at = max(note.at for note in notes)
        yield Subject(SubjectKey.CASE, str(row.id)), over_at, {ref for ref in refs if ref}


def _measures(session: Session, *, lock: bool) -> Iterator[tuple[Subject, datetime, set[str]]]:
    ended = (
        select(MeasureRow)
        .where(MeasureRow.status.not_in(LIVE), MeasureRow.appeal_ref.is_not(None))
        .order_by(MeasureRow.id)
    )
    for row in session.scalars(ended.with_for_update() if lock else ended).all():
        over_at = session.scalar(
            select(func.max(MeasureStepRow.at)).where(MeasureStepRow.measure_id == row.id)
        )
        matter = Subject(SubjectKey.MEASURE, str(row.id))
        yield matter, over_at or row.proposed_at, _appeals_of(session, matter)


def _appeals_of(session: Session, matter: Subject) -> set[str]:
    """Return the commitments of every appeal of a measure and its answer, earlier ones too.

    The measure's row knows the last ones alone; the log knows all.
    """
    events = session.execute(
        select(EventRow.kind, EventRow.body)
        .join(EventSubjectRow, EventSubjectRow.event_id == EventRow.id)
        .where(
            EventSubjectRow.subject_kind == matter.kind.value,
            EventSubjectRow.subject_key == matter.key,
            EventRow.kind.in_(_APPEALS),
        )
    )
    return {str(_data(body)[_APPEALS[kind]]) for kind, body in events}


def _data(body: bytes) -> Mapping[str, JsonValue]:
    said = parse_json(body)
    data = said.get("data") if isinstance(said, Mapping) else None
    if not isinstance(data, Mapping):
        raise TypeError("an event's body has its data")
    return data
