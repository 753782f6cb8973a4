"""Measures (监管措施) of the authority: suspension, revocation, black list; states as a table.

A measure is proposed by one account and approved by another before it has any effect; its lifting
likewise. An urgent suspension acts at once, for a short time, and ends by itself unless approved.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from waybill.errors import StateError
from waybill.registry.kinds import PlateColour, SubjectKind


class MeasureKind(StrEnum):
    """What a measure does."""

    SUSPENSION = "suspension"
    REVOCATION = "revocation"
    BLACK_LISTING = "black-listing"


class MeasureStatus(StrEnum):
    """Where a measure stands. `interim` acts already and waits for its approval."""

    PROPOSED = "proposed"
    INTERIM = "interim"
    APPROVED = "approved"
    LIFTING_PROPOSED = "lifting-proposed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    LIFTED = "lifted"
    EXPIRED = "expired"


class MeasureAct(StrEnum):
    """What can be done with a measure; the last four the system does by itself or notes."""

    PROPOSE = "propose"
    IMPOSE_AT_ONCE = "impose-at-once"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    PROPOSE_LIFTING = "propose-lifting"
    RECEIVE_APPEAL = "receive-appeal"
    ANSWER_APPEAL = "answer-appeal"
    BEGIN = "begin"
    LAPSE = "lapse"
    EXPIRE = "expire"


class AppealOutcome(StrEnum):
    """How an appeal (申诉) ended. One that is upheld is followed by lifting the measure."""

    UPHELD = "upheld"
    DISMISSED = "dismissed"


APPLIES_TO: Final[Mapping[MeasureKind, frozenset[SubjectKind]]] = {
    MeasureKind.SUSPENSION: frozenset(
        {
            SubjectKind.ORGANISATION,
            SubjectKind.VEHICLE,
            SubjectKind.TANK,
            SubjectKind.PERSON,
            SubjectKind.CERTIFICATE,
        }
    ),
    MeasureKind.REVOCATION: frozenset({SubjectKind.CERTIFICATE}),
    MeasureKind.BLACK_LISTING: frozenset(
        {SubjectKind.ORGANISATION, SubjectKind.VEHICLE, SubjectKind.TANK, SubjectKind.PERSON}
    ),
}
"""To what each kind of measure can apply."""

_S: Final = MeasureStatus
_A: Final = MeasureAct

MEASURE_MOVES: Final[Mapping[tuple[MeasureStatus, MeasureAct], MeasureStatus]] = {
    (_S.PROPOSED, _A.APPROVE): _S.APPROVED,
    (_S.PROPOSED, _A.REFUSE): _S.REFUSED,
    (_S.PROPOSED, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.INTERIM, _A.APPROVE): _S.APPROVED,
    (_S.INTERIM, _A.REFUSE): _S.REFUSED,
    (_S.INTERIM, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.INTERIM, _A.LAPSE): _S.LAPSED,
    (_S.APPROVED, _A.PROPOSE_LIFTING): _S.LIFTING_PROPOSED,
    (_S.APPROVED, _A.RECEIVE_APPEAL): _S.APPROVED,
    (_S.APPROVED, _A.ANSWER_APPEAL): _S.APPROVED,
    (_S.APPROVED, _A.BEGIN): _S.APPROVED,
    (_S.APPROVED, _A.EXPIRE): _S.EXPIRED,
    (_S.LIFTING_PROPOSED, _A.APPROVE): _S.LIFTED,
    (_S.LIFTING_PROPOSED, _A.REFUSE): _S.APPROVED,
    (_S.LIFTING_PROPOSED, _A.WITHDRAW): _S.APPROVED,
    (_S.LIFTING_PROPOSED, _A.RECEIVE_APPEAL): _S.LIFTING_PROPOSED,
    (_S.LIFTING_PROPOSED, _A.ANSWER_APPEAL): _S.LIFTING_PROPOSED,
    (_S.LIFTING_PROPOSED, _A.BEGIN): _S.LIFTING_PROPOSED,
    (_S.LIFTING_PROPOSED, _A.EXPIRE): _S.EXPIRED,
}
"""From which state which act leads where; what is not here is not possible."""

WAITING: Final = frozenset({_S.PROPOSED, _S.INTERIM, _S.LIFTING_PROPOSED})
"""States in which a second pair of eyes is waited for."""
STANDING: Final = frozenset({_S.APPROVED, _S.LIFTING_PROPOSED})
"""States of a measure that was approved and not ended."""
LIVE: Final = WAITING | STANDING


def check_measure_move(status: MeasureStatus, act: MeasureAct) -> MeasureStatus:
    """Return the state that an act leads to.

    Raises:
        StateError: the act is not possible in this state.
    """
    leads_to = MEASURE_MOVES.get((status, act))
    if leads_to is None:
        raise StateError(
            "该措施当前状态不允许此操作。",
            f"This is not possible with a measure that is {status.value}.",
            state=status.value,
            act=act.value,
            next_step_zh="请查看该措施的办理记录。",
            next_step_en="Look at the measure's record of what was done.",
        )
    return leads_to


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureProposal:
    """A measure as somebody proposes it. `valid_until` empty means until lifted.

    `at_once` asks for an urgent suspension; `published` is of the black list alone.
    """

    kind: MeasureKind
    subject_kind: SubjectKind
    subject_id: UUID
    reason: str
    legal_basis: str
    decision_number: str
    valid_from: date
    valid_until: date | None = None
    published: bool = False
    at_once: bool = False
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(MeasureProposal):
    """A measure as it stands; `*_by` are accounts' names.

    `in_effect` says whether it bars its subject now. `interim_until` is when an urgent one ends
    by itself.
    """

    id: UUID
    proposed_at: datetime
    status: MeasureStatus
    in_effect: bool
    version: int
    subject_name: str
    proposed_by: str
    proposer_id: UUID
    approved_by: str = ""
    approved_at: datetime | None = None
    interim_until: datetime | None = None
    lifting_proposed_by: str = ""
    lifting_proposer_id: UUID | None = None
    lifting_reason: str = ""
    lifted_by: str = ""
    ended_at: datetime | None = None
    appeal: str = ""
    appeal_received_at: datetime | None = None
    appeal_outcome: AppealOutcome | None = None
    appeal_answer: str = ""

    @property
    def awaits(self) -> UUID | None:
        """Whose proposal waits for somebody else's approval; `None` where none does."""
        if self.status is MeasureStatus.LIFTING_PROPOSED:
            return self.lifting_proposer_id
        return self.proposer_id if self.status in WAITING else None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureStep:
    """One thing that was done with a measure; `by` is empty where the system did it."""

    at: datetime
    act: MeasureAct
    status: MeasureStatus
    event_id: UUID
    by: str = ""
    role: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureDetail:
    """A measure with everything that was done with it, oldest first."""

    measure: Measure
    steps: tuple[MeasureStep, ...]

    @property
    def version(self) -> int:
        """The measure's version, for its `ETag`."""
        return self.measure.version


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureFilter:
    """Which measures are wanted; all of it must hold."""

    kind: MeasureKind | None = None
    status: MeasureStatus | None = None
    subject_id: UUID | None = None
    case_id: UUID | None = None
    waiting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEntry:
    """An entry of the black list as everybody may read it; never of a person."""

    id: UUID
    subject_kind: SubjectKind
    name: str
    decision_number: str
    reason: str
    legal_basis: str
    valid_from: date
    valid_until: date | None
    appealed: bool
    uscc: str = ""
    plate_colour: PlateColour | None = None
