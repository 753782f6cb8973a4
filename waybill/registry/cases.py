"""Cases (案件) of the authority as services take and return them, and their states as a table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from waybill.errors import StateError
from waybill.registry.kinds import PlateColour


class CaseStatus(StrEnum):
    """Where a case stands: `waiting` is for the carrier's answer, `open` for the authority."""

    OPEN = "open"
    WAITING = "waiting"
    ANSWERED = "answered"
    DECIDED = "decided"
    CLOSED = "closed"


class CaseAct(StrEnum):
    """What can be done with a case."""

    OPEN = "open"
    COMMENT = "comment"
    ASSIGN = "assign"
    SET_DEADLINE = "set-deadline"
    ASK = "ask"
    WITHDRAW_REQUEST = "withdraw-request"
    ANSWER = "answer"
    ACCEPT_ANSWER = "accept-answer"
    DECIDE = "decide"
    CLOSE = "close"
    REOPEN = "reopen"


class CaseSource(StrEnum):
    """Who noticed it: a pattern, somebody, the public, or the server judging a tablet's record."""

    PATTERN = "pattern"
    HAND = "hand"
    PUBLIC = "public"
    TABLET = "tablet"


class CaseMatter(StrEnum):
    """What a case is about, in one word."""

    LEAK = "leak"
    SIGNS = "signs"
    DRIVING = "driving"
    PARKING = "parking"
    LOADING = "loading"
    PAPERS = "papers"
    OTHER = "other"


class CaseSubject(StrEnum):
    """What kind of thing a case was opened about."""

    EVENT = "event"
    WAYBILL = "waybill"
    ORGANISATION = "organisation"
    FACILITY = "facility"
    VEHICLE = "vehicle"
    TANK = "tank"
    PERSON = "person"


class CaseOutcome(StrEnum):
    """How a case was decided."""

    UNFOUNDED = "unfounded"
    CORRECTED = "corrected"
    WARNED = "warned"
    MEASURE = "measure"
    REFERRED = "referred"


class RequestStatus(StrEnum):
    """Where a request for correction (更正要求) stands."""

    OPEN = "open"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


_AT_WORK: Final = frozenset({CaseStatus.OPEN, CaseStatus.WAITING, CaseStatus.ANSWERED})
_UNCLOSED: Final = _AT_WORK | {CaseStatus.DECIDED}


@dataclass(frozen=True, slots=True)
class CaseMove:
    """From which states an act is possible, and which state it leads to (`None`: no change)."""

    allowed_from: frozenset[CaseStatus]
    leads_to: CaseStatus | None = None


CASE_MOVES: Final[Mapping[CaseAct, CaseMove]] = {
    CaseAct.COMMENT: CaseMove(_UNCLOSED),
    CaseAct.ASSIGN: CaseMove(_UNCLOSED),
    CaseAct.SET_DEADLINE: CaseMove(_UNCLOSED),
    CaseAct.ASK: CaseMove(frozenset({CaseStatus.OPEN, CaseStatus.ANSWERED}), CaseStatus.WAITING),
    CaseAct.WITHDRAW_REQUEST: CaseMove(frozenset({CaseStatus.WAITING}), CaseStatus.OPEN),
    CaseAct.ANSWER: CaseMove(frozenset({CaseStatus.WAITING}), CaseStatus.ANSWERED),
    CaseAct.ACCEPT_ANSWER: CaseMove(frozenset({CaseStatus.ANSWERED}), CaseStatus.OPEN),
    CaseAct.DECIDE: CaseMove(frozenset({CaseStatus.OPEN, CaseStatus.ANSWERED}), CaseStatus.DECIDED),
    CaseAct.CLOSE: CaseMove(frozenset({CaseStatus.DECIDED}), CaseStatus.CLOSED),
    CaseAct.REOPEN: CaseMove(frozenset({CaseStatus.DECIDED, CaseStatus.CLOSED}), CaseStatus.OPEN),
}
"""Every act on a case that exists; how it came to be is `CaseAct.OPEN` and no move."""

_NEXT_STEPS: Final[Mapping[CaseStatus, tuple[str, str]]] = {
    CaseStatus.OPEN: (
        "可要求承运人更正，或作出处理决定。",
        "Ask the carrier for a correction, or decide the case.",
    ),
    CaseStatus.WAITING: (
        "等待承运人答复，或撤回更正要求。",
        "Wait for the carrier's answer, or withdraw the request.",
    ),
    CaseStatus.ANSWERED: (
        "请接受答复、再次要求更正或作出处理决定。",
        "Accept the answer, ask again, or decide the case.",
    ),
    CaseStatus.DECIDED: ("请结案，或重新办理。", "Close the case, or reopen it."),
    CaseStatus.CLOSED: ("如需继续，请重新办理。", "Reopen the case to go on."),
}


def check_case_move(status: CaseStatus, act: CaseAct) -> CaseStatus:
    """Return the state that an act leads to.

    Raises:
        StateError: the act is not possible in this state; it says what is.
    """
    move = CASE_MOVES[act]
    if status not in move.allowed_from:
        step_zh, step_en = _NEXT_STEPS[status]
        raise StateError(
            "案件当前状态不允许此操作。",
            f"This is not possible with a case that is {status.value}.",
            state=status.value,
            act=act.value,
            next_step_zh=step_zh,
            next_step_en=step_en,
        )
    return status if move.leads_to is None else move.leads_to


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpening:
    """What somebody states when a case is opened. `text` may name people; it is kept as such.

    `about` is the kind and id of one thing. A pattern gives its code and the events it saw.
    """

    matter: CaseMatter
    text: str
    about: tuple[CaseSubject, UUID] | None = None
    pattern_code: str | None = None
    event_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicReport:
    """What somebody of the public saw. `contact` is theirs to give or not."""

    matter: CaseMatter
    text: str
    place: str
    seen_at: datetime
    plate: str = ""
    plate_colour: PlateColour | None = None
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFilter:
    """Which cases are wanted; all of it must hold. `closed` is whether closed ones are meant."""

    status: CaseStatus | None = None
    source: CaseSource | None = None
    matter: CaseMatter | None = None
    organisation_id: UUID | None = None
    assigned_to: UUID | None = None
    overdue: bool = False
    closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as a list shows it.

    `next_due_on` is the earlier of the case's own last day and that of the open request;
    `overdue` says whether it has passed. `about_name` and `organisation_name` are what people call
    them, a person's name masked.
    """

    id: UUID
    number: str
    opened_at: datetime
    source: CaseSource
    matter: CaseMatter
    status: CaseStatus
    due_on: date
    next_due_on: date
    overdue: bool
    version: int
    about_kind: CaseSubject | None = None
    about_id: UUID | None = None
    about_name: str = ""
    organisation_id: UUID | None = None
    organisation_name: str = ""
    plate: str | None = None
    plate_colour: PlateColour | None = None
    assigned_to: UUID | None = None
    assignee: str = ""
    outcome: CaseOutcome | None = None
    pattern_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNote:
    """One thing that happened to a case. `text` is empty where none was written or it was erased.

    `by` is an account's name, empty for the public; `detail` is what the act settled.
    """

    at: datetime
    act: CaseAct
    event_id: UUID
    role: str = ""
    by: str = ""
    text: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAsking:
    """What a carrier is asked, and the last day on which it may answer."""

    organisation_id: UUID
    text: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAnswer:
    """What a carrier answers, with the waybill or certificate that shows it."""

    text: str
    waybill_id: UUID | None = None
    certificate_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRequest:
    """A request for correction with its answer, as both sides see it."""

    id: UUID
    case_id: UUID
    case_number: str
    organisation_id: UUID
    asked_at: datetime
    text: str
    due_on: date
    overdue: bool
    status: RequestStatus
    version: int
    answer: str = ""
    answered_at: datetime | None = None
    waybill_id: UUID | None = None
    certificate_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDetail:
    """A case whole: its time line, its requests, and of a report where and when it was seen."""

    case: Case
    notes: tuple[CaseNote, ...]
    requests: tuple[CorrectionRequest, ...]
    event_ids: tuple[UUID, ...] = ()
    place: str = ""
    seen_at: datetime | None = None
    contact_given: bool = False

    @property
    def version(self) -> int:
        """The case's version, for its `ETag`."""
        return self.case.version
