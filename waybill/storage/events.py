"""Writing events: what happened, in the same transaction as what it tells."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from waybill.codec import IdSequence, JsonValue, canonical_json
from waybill.errors import WaybillError
from waybill.registry.access import Actor
from waybill.storage.log import EventRow, EventSubjectRow
from waybill.storage.write import NewRow, new_row, write_together

BODY_VERSION: Final = 1
SALT_BYTES: Final = 32


class EventKind(StrEnum):
    """Everything that is worth an entry in the log."""

    SIGNED_IN = "signed-in"
    SIGN_IN_FAILED = "sign-in-failed"
    SIGNED_OUT = "signed-out"
    TOKEN_REFRESHED = "token-refreshed"  # noqa: S105  a kind, not a secret
    TOKEN_REUSED = "token-reused"  # noqa: S105  a kind, not a secret
    API_KEY_CREATED = "api-key-created"
    API_KEY_REVOKED = "api-key-revoked"
    USER_CREATED = "user-created"
    USER_CHANGED = "user-changed"
    SECOND_STEP_ASKED = "second-step-asked"
    SECOND_STEP_FAILED = "second-step-failed"
    SECOND_FACTOR_ADDED = "second-factor-added"
    SECOND_FACTOR_REMOVED = "second-factor-removed"
    SECOND_FACTOR_RESET = "second-factor-reset"
    RECOVERY_CODES_MADE = "recovery-codes-made"
    IDENTITY_INVITED = "identity-invited"
    IDENTITY_LINKED = "identity-linked"
    IDENTITY_UNLINKED = "identity-unlinked"
    IDENTITY_REFUSED = "identity-refused"
    DEVICE_CODE_MADE = "device-code-made"
    DEVICE_ENROLLED = "device-enrolled"
    DEVICE_ENROLMENT_REFUSED = "device-enrolment-refused"
    DEVICE_REVOKED = "device-revoked"
    BADGE_MADE = "badge-made"
    BADGE_WITHDRAWN = "badge-withdrawn"
    BAY_SIGNED_ON = "bay-signed-on"
    BAY_SIGN_ON_REFUSED = "bay-sign-on-refused"
    BAY_SESSION_ENDED = "bay-session-ended"
    SIGNING_KEY_ADDED = "signing-key-added"
    SIGNING_KEY_REVOKED = "signing-key-revoked"
    PERSONAL_KEY_CHANGED = "personal-key-changed"
    ORGANISATION_REGISTERED = "organisation-registered"
    ORGANISATION_CHANGED = "organisation-changed"
    FACILITY_REGISTERED = "facility-registered"
    FACILITY_CHANGED = "facility-changed"
    BAY_REGISTERED = "bay-registered"
    BAY_CHANGED = "bay-changed"
    PLANT_ITEM_ADDED = "plant-item-added"
    PLANT_ITEM_CHANGED = "plant-item-changed"
    PRESENCE_TAG_ADDED = "presence-tag-added"
    PRESENCE_TAG_RETIRED = "presence-tag-retired"
    VEHICLE_REGISTERED = "vehicle-registered"
    VEHICLE_CHANGED = "vehicle-changed"
    TANK_REGISTERED = "tank-registered"
    TANK_CHANGED = "tank-changed"
    PERSON_REGISTERED = "person-registered"
    PERSON_CHANGED = "person-changed"
    CERTIFICATE_REGISTERED = "certificate-registered"
    CERTIFICATE_CHANGED = "certificate-changed"
    BLACK_LISTED = "black-listed"
    BLACK_LISTING_LIFTED = "black-listing-lifted"
    PERSONAL_VALUE_SHOWN = "personal-value-shown"
    PERSONAL_VALUE_DISCLOSED = "personal-value-disclosed"
    PERSON_SEARCHED = "person-searched"
    ERASURE_REQUESTED = "erasure-requested"
    ERASURE_DECIDED = "erasure-decided"
    PERSONAL_VALUES_RESTRICTED = "personal-values-restricted"
    PERSONAL_VALUES_ERASED = "personal-values-erased"
    RETENTION_RAN = "retention-ran"
    REPORT_ORDERED = "report-ordered"
    REPORT_MADE = "report-made"
    REPORT_FETCHED = "report-fetched"
    DAY_CLOSED = "day-closed"
    CARD_ISSUED = "card-issued"
    WAYBILL_DRAFTED = "waybill-drafted"
    WAYBILL_DRAFT_CHANGED = "waybill-draft-changed"
    WAYBILL_DRAFT_DISCARDED = "waybill-draft-discarded"
    WAYBILL_ISSUED = "waybill-issued"
    ISSUE_BLOCKED = "issue-blocked"
    WAYBILL_CANCELLED = "waybill-cancelled"
    WAYBILL_PRINTED = "waybill-printed"
    WAYBILL_REJUDGED = "waybill-rejudged"
    VERDICTS_REPLAYED = "verdicts-replayed"
    CHECK_OPENED = "check-opened"
    CODE_SCANNED = "code-scanned"
    EVIDENCE_ADDED = "evidence-added"
    PRESENCE_TAG_SCANNED = "presence-tag-scanned"
    CONTROL_ANSWERED = "control-answered"
    CHECK_DECIDED = "check-decided"
    CHECK_ABORTED = "check-aborted"
    OFFLINE_RECORD_RECEIVED = "offline-record-received"
    OFFLINE_PHOTO_RECEIVED = "offline-photo-received"
    LOAD_RELEASED = "load-released"
    RELEASE_REFUSED = "release-refused"
    EVENTS_SEARCHED = "events-searched"
    RECEIPT_GIVEN = "receipt-given"
    LOG_KEY_ADDED = "log-key-added"
    LOG_KEY_RETIRED = "log-key-retired"
    LOG_SUCCEEDED = "log-succeeded"
    LOG_EXPORTED = "log-exported"
    CASE_OPENED = "case-opened"
    CASE_COMMENTED = "case-commented"
    CASE_ASSIGNED = "case-assigned"
    CASE_DEADLINE_SET = "case-deadline-set"
    CORRECTION_ASKED = "correction-asked"
    CORRECTION_WITHDRAWN = "correction-withdrawn"
    CORRECTION_ANSWERED = "correction-answered"
    CORRECTION_ACCEPTED = "correction-accepted"
    CASE_DECIDED = "case-decided"
    CASE_CLOSED = "case-closed"
    CASE_REOPENED = "case-reopened"
    CASE_READ = "case-read"
    MEASURE_PROPOSED = "measure-proposed"
    MEASURE_IMPOSED_AT_ONCE = "measure-imposed-at-once"
    MEASURE_APPROVED = "measure-approved"
    MEASURE_REFUSED = "measure-refused"
    MEASURE_WITHDRAWN = "measure-withdrawn"
    MEASURE_LIFTING_PROPOSED = "measure-lifting-proposed"
    MEASURE_APPEALED = "measure-appealed"
    MEASURE_APPEAL_ANSWERED = "measure-appeal-answered"
    MEASURE_BEGUN = "measure-begun"
    MEASURE_LAPSED = "measure-lapsed"
    MEASURE_EXPIRED = "measure-expired"
    SEARCH_SAVED = "search-saved"
    SEARCH_REMOVED = "search-removed"
    EXPORT_REQUESTED = "export-requested"
    EXPORT_FINISHED = "export-finished"
    EXPORT_FAILED = "export-failed"
    EXPORT_CANCELLED = "export-cancelled"
    EXPORT_DOWNLOADED = "export-downloaded"
    EXPORT_EXPIRED = "export-expired"


class SubjectKey(StrEnum):
    """By what kinds of thing an event can be found."""

    WAYBILL = "waybill"
    PLATE = "plate"
    FACILITY = "facility"
    ORGANISATION = "organisation"
    USER = "user"
    VEHICLE = "vehicle"
    TANK = "tank"
    PERSON = "person"
    CERTIFICATE = "certificate"
    CHECK = "check"
    CASE = "case"
    MEASURE = "measure"
    BAY = "bay"
    DEVICE = "device"
    UN_NUMBER = "un"
    RULE = "rule"
    OUTCOME = "outcome"


class EventResult(StrEnum):
    """How the thing went that an event tells of; the key of its `OUTCOME` subject."""

    CLEARED = "cleared"
    REFUSED = "refused"
    RELEASED = "released"
    RELEASE_REFUSED = "release-refused"
    ISSUE_BLOCKED = "issue-blocked"
    SCAN_REFUSED = "scan-refused"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing an event is about.

    The key of most is an id; of a plate `苏H12345/yellow`, of goods their UN number, of a rule
    the code of one that stood, of an outcome a member of `EventResult`.
    """

    kind: SubjectKey
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened. `data` holds no personal value in clear, only commitments."""

    kind: EventKind
    at: datetime
    actor: Actor | None
    data: Mapping[str, JsonValue] = field(default_factory=dict)
    subjects: tuple[Subject, ...] = ()


_IDS: Final = IdSequence()
_HEARD: Final[ContextVar[list[Event] | None]] = ContextVar("heard", default=None)


def event_id_at(at: datetime) -> UUID:
    """Return a new id of an event: a UUIDv7 of the moment at which the event is recorded.

    So ids follow `recorded_at`, and a span of time is a range of ids, whatever is searched for.
    """
    return _IDS.make(at)


@contextmanager
def hearing() -> Iterator[Sequence[Event]]:
    """Give a list of the events that are written in a block, for whoever counts them."""
    heard: list[Event] = []
    token = _HEARD.set(heard)
    try:
        yield heard
    finally:
        _HEARD.reset(token)


def record_event(session: Session, event: Event) -> UUID:
    """Write an event in the caller's transaction, and return its id.

    The pending row by which the sequencer finds it comes with it, by trigger.
    """
    event_id = event_id_at(event.at)
    write_together(session, event_statements(event, event_id))
    return event_id


def trace_of(error: WaybillError) -> Event | None:
    """Return the event that a refusal leaves behind, `None` for most."""
    return error.trace if isinstance(error.trace, Event) else None


def event_statements(event: Event, event_id: UUID) -> Sequence[NewRow]:
    """Return the rows of an event, for a caller that writes them together with its own."""
    heard = _HEARD.get()
    if heard is not None:
        heard.append(event)
    subjects = dict.fromkeys(event.subjects)
    if event.actor is not None:
        subjects[Subject(SubjectKey.USER, str(event.actor.user_id))] = None
        if event.actor.device_id is not None:
            subjects[Subject(SubjectKey.DEVICE, str(event.actor.device_id))] = None
    return [
        new_row(
            EventRow,
            id=event_id,
            recorded_at=event.at,
            kind=event.kind.value,
            body=event_body(event),
            salt=secrets.token_bytes(SALT_BYTES),
        ),
        *(
            new_row(
                EventSubjectRow,
                subject_kind=subject.kind.value,
                subject_key=subject.key,
                event_id=event_id,
            )
            for subject in subjects
        ),
    ]


def event_body(event: Event) -> bytes:
    """Return the canonical bytes of an event's body.

    `device` stands in it where the actor was signed on at a tablet, and only there: bodies of
    before and of every other door stay as they are.
    """
    actor: JsonValue = None
    device: Mapping[str, JsonValue] = {}
    if event.actor is not None:
        actor = {
            "user": str(event.actor.user_id),
            "organisation": str(event.actor.organisation_id),
            "role": event.actor.role.value,
        }
        if event.actor.device_id is not None:
            device = {"device": str(event.actor.device_id)}
    return canonical_json(
        {
            "v": BODY_VERSION,
            "kind": event.kind.value,
            "at": event.at.isoformat(timespec="milliseconds"),
            "actor": actor,
            "data": event.data,
            **device,
        }
    )


def goods_subjects(un_numbers: Iterable[str]) -> tuple[Subject, ...]:
    """Return the subjects under which goods are found, each UN number once."""
    return tuple(Subject(SubjectKey.UN_NUMBER, number) for number in dict.fromkeys(un_numbers))


def result_subjects(result: EventResult, standing: Iterable[str] = ()) -> tuple[Subject, ...]:
    """Return how it went and which rules stood against it, as subjects."""
    rules = (Subject(SubjectKey.RULE, code) for code in dict.fromkeys(standing))
    return (Subject(SubjectKey.OUTCOME, result.value), *rules)


def plate_subject(plate: str, colour: str) -> Subject:
    """Return the subject under which a plate with its colour is found."""
    return Subject(SubjectKey.PLATE, f"{plate}/{colour}")
