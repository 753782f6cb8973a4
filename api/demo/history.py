"""Playing past trips through the real services, each step at its own moment and in its order."""

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from time import sleep
from typing import Final
from uuid import UUID

import msgspec
from msgspec import UNSET
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from api.demo.case import Case
from api.demo.cases import CASES
from api.demo.past_trips import PAST_TRIPS, PastTrip
from api.demo.register import Register
from api.demo.trips import (
    Stage,
    draft_of,
    loading_of,
    seen_at_bay,
    waybill_scan,
)
from waybill.clock import SHANGHAI, Clock, FixedClock, local_date
from waybill.document import WaybillContent, parse_waybill
from waybill.registry.access import Actor
from waybill.rules.asking import Asked, asked_questions
from waybill.rules.evidence import AnswerItem, LoadingItem
from waybill.rules.finding import Phase
from waybill.services.checks.deciding import decide_check
from waybill.services.checks.evidence import AddedItem, add_evidence
from waybill.services.checks.opening import open_check
from waybill.services.checks.parts import PARTIAL_SHARE
from waybill.services.checks.queries import get_check
from waybill.services.checks.releasing import release_load
from waybill.services.keys import read_key_ring
from waybill.services.waybills.drafts import create_draft
from waybill.services.waybills.issuing import IssueTerms, issue_waybill
from waybill.settings import Settings
from waybill.storage.session import write_session
from waybill.storage.waybills import WaybillRevisionRow, WaybillRow

REMARKS: Final = "演示：历史运单"
BEFORE_THE_SIGNATURE: Final = timedelta(hours=3)
KILOGRAM_PLACES: Final = 3
Step = tuple[datetime, Callable[[Session], None]]


def write_history(
    sessions: sessionmaker[Session],
    settings: Settings,
    register: Register,
    *,
    clock: Clock,
    pause_s: float = 0,
) -> int:
    """Play every past trip once and return how many were written, none where they are there.

    Each step is a transaction of its own, and `pause_s` lets others write between two of them:
    SQLite has one writer at a time and does not let them queue.
    """
    now = clock.now()
    then = FixedClock(now - timedelta(days=max(past.days_ago for past in PAST_TRIPS) + 1))
    with write_session(sessions) as session:
        if _written(session):
            return 0
        keys = read_key_ring(session, settings.key_dir, at=now)
    terms = IssueTerms(
        keys=keys, issuer=settings.issuer, public_url=settings.public_url, clock=then
    )
    stage = Stage(register=register, terms=terms)
    cases = {case.key: case for case in CASES}
    waiting = []
    for number, past in enumerate(PAST_TRIPS):
        trip = _Trip(stage=stage, case=cases[past.case], past=past)
        steps = trip.steps(_moment(past, now))
        moment, step = next(steps)
        waiting.append((moment, number, step, steps))
    heapq.heapify(waiting)
    while waiting:
        moment, number, step, steps = heapq.heappop(waiting)
        then.advance(moment - then.now())
        with write_session(sessions) as session:
            step(session)
        sleep(pause_s)
        following = next(steps, None)
        if following is not None:
            heapq.heappush(waiting, (following[0], number, following[1], steps))
    return len(PAST_TRIPS)


def _written(session: Session) -> bool:
    """Say whether a past trip is there: its remarks name it."""
    drafts = session.scalars(select(WaybillRow.draft).order_by(WaybillRow.created_at).limit(1))
    return any(draft.get("remarks") == REMARKS for draft in drafts)


def _moment(past: PastTrip, now: datetime) -> datetime:
    day = local_date(now) - timedelta(days=past.days_ago)
    return datetime.combine(day, time.fromisoformat(past.at), SHANGHAI).astimezone(UTC)


@dataclass(slots=True, kw_only=True)
class _Trip:
    """One past trip and what is known of it so far; each of its steps takes a session."""

    stage: Stage
    case: Case
    past: PastTrip
    content: WaybillContent | None = None
    check_id: UUID | None = None
    cleared: bool = False
    asked: Sequence[Asked] = ()

    def steps(self, begin: datetime) -> Iterator[Step]:
        """Give the steps, each with its moment; later ones know what came of earlier."""
        yield begin, self.issue
        opening = begin + timedelta(minutes=self.past.to_opening)
        yield opening, self.open
        decision = opening + timedelta(minutes=self.past.to_decision)
        for item in seen_at_bay(self.signed, self.stage, decision):
            yield decision, partial(self.add, item)
        yield from self._answers(decision, Phase.BEFORE_LOADING)
        yield decision, self.decide
        if self.cleared:
            leaving = decision + timedelta(minutes=self.past.to_release)
            yield from self._answers(leaving, Phase.AFTER_LOADING)
            yield leaving, self.release

    def _answers(self, moment: datetime, phase: Phase) -> Iterator[Step]:
        yield moment, partial(self.ask, phase)
        for asked in self.asked:
            yield moment, partial(self.add, AnswerItem(question=asked.id, answer="yes", at=moment))

    @property
    def signed(self) -> WaybillContent:
        """The signed waybill."""
        if self.content is None:
            raise RuntimeError("the trip was not issued yet")
        return self.content

    @property
    def check(self) -> UUID:
        """The check that was opened."""
        if self.check_id is None:
            raise RuntimeError("no check was opened")
        return self.check_id

    @property
    def loader(self) -> Actor:
        """The account at the bay."""
        return self.stage.register.users["loader"]

    def issue(self, session: Session) -> None:
        """Write and sign the waybill."""
        stage, carrier = self.stage, self.stage.carrier(self.case)
        minutes = self.past.to_opening + self.past.to_decision
        planned = stage.clock.now() + timedelta(minutes=minutes)
        draft = msgspec.structs.replace(
            draft_of(self.case, stage.register, planned), remarks=REMARKS
        )
        waybill_id = create_draft(session, carrier, draft, clock=stage.clock)
        issued = issue_waybill(
            session,
            carrier,
            waybill_id,
            expected_version=1,
            accept_findings=True,
            terms=stage.terms,
        )
        revision = session.get_one(WaybillRevisionRow, (issued.id, issued.revision))
        self.content = parse_waybill(revision.document)

    def open(self, session: Session) -> None:
        """Open the check at one of the bays."""
        stage = self.stage
        scan = waybill_scan(self.signed, stage.clock.now())
        bay = stage.register.bays[self.past.days_ago % len(stage.register.bays)]
        self.check_id = open_check(session, self.loader, bay, scan, clock=stage.clock).check_id

    def add(self, item: AddedItem, session: Session) -> None:
        """Show or answer one thing."""
        keys, clock = self.stage.keys, self.stage.clock
        add_evidence(session, self.loader, self.check, item, keys=keys, clock=clock)

    def ask(self, phase: Phase, session: Session) -> None:
        """Learn what is asked in a phase."""
        keys, clock = self.stage.keys, self.stage.clock
        check = get_check(session, self.loader, self.check, keys=keys, clock=clock)
        self.asked = asked_questions(check.facts, phase, local_date(clock.now()))

    def decide(self, session: Session) -> None:
        """Decide the check."""
        keys, clock = self.stage.keys, self.stage.clock
        decided = decide_check(session, self.loader, self.check, keys=keys, clock=clock)
        self.cleared = decided.cleared

    def release(self, session: Session) -> None:
        """Release the load, at a late issue only after a first try."""
        keys, clock = self.stage.keys, self.stage.clock
        loading = _loaded(self.signed, self.past, clock.now())
        if self.past.late:
            begun = self.signed.issued_at - BEFORE_THE_SIGNATURE
            early = msgspec.structs.replace(loading, started_at=begun)
            release_load(session, self.loader, self.check, early, keys=keys, clock=clock)
        release_load(session, self.loader, self.check, loading, keys=keys, clock=clock)


SHORT_REASON: Final = "托运人要求减量"


def _loaded(content: WaybillContent, past: PastTrip, at: datetime) -> LoadingItem:
    planned = loading_of(content, at)
    why = SHORT_REASON if past.share < PARTIAL_SHARE else UNSET
    lines = tuple(
        replace(
            line,
            quantity_kg=round(line.quantity_kg * past.share, KILOGRAM_PLACES),
            short_reason=why,
        )
        for line in planned.lines
    )
    return msgspec.structs.replace(planned, lines=lines)
