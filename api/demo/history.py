"""Playing past trips through the real services, each step at its own moment and in its order."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from api.demo.case import Case
from api.demo.cases import CASES
from api.demo.past_trips import PAST_TRIPS, PastTrip
from api.demo.register import Register
from api.demo.trips import (
    Stage,
    answer_everything,
    draft_of,
    loading_of,
    seen_at_bay,
    waybill_scan,
)
from waybill.clock import SHANGHAI, Clock, FixedClock, local_date
from waybill.document import WaybillContent, parse_waybill
from waybill.rules.evidence import LoadingItem
from waybill.rules.finding import Phase
from waybill.services.checks.deciding import decide_check
from waybill.services.checks.evidence import add_evidence
from waybill.services.checks.opening import open_check
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
    sessions: sessionmaker[Session], settings: Settings, register: Register, *, clock: Clock
) -> int:
    """Play every past trip once and return how many were written, none where they are there.

    Each step is a transaction of its own, so that others who write wait for no more than that.
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
        steps = _steps(stage, cases[past.case], past, _moment(past, now))
        moment, step = next(steps)
        waiting.append((moment, number, step, steps))
    heapq.heapify(waiting)
    while waiting:
        moment, number, step, steps = heapq.heappop(waiting)
        then.advance(moment - then.now())
        with write_session(sessions) as session:
            step(session)
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
    return datetime.combine(day, time.fromisoformat(past.at), SHANGHAI)


def _steps(stage: Stage, case: Case, past: PastTrip, begin: datetime) -> Iterator[Step]:
    """Give the steps of one trip, each with its moment; later ones know what came of earlier."""
    loader, keys, clock = stage.register.users["loader"], stage.keys, stage.clock
    opening = begin + timedelta(minutes=past.to_opening)
    trip = _Trip()

    def issue(session: Session) -> None:
        planned = opening + timedelta(minutes=past.to_decision)
        draft = msgspec.structs.replace(draft_of(case, stage.register, planned), remarks=REMARKS)
        carrier = stage.carrier(case)
        waybill_id = create_draft(session, carrier, draft, clock=clock)
        issued = issue_waybill(
            session,
            carrier,
            waybill_id,
            expected_version=1,
            accept_findings=True,
            terms=stage.terms,
        )
        revision = session.get_one(WaybillRevisionRow, (issued.id, issued.revision))
        trip.content = parse_waybill(revision.document)

    def open_it(session: Session) -> None:
        scan = waybill_scan(trip.signed, clock.now())
        bay = stage.register.bays[past.days_ago % len(stage.register.bays)]
        trip.check_id = open_check(session, loader, bay, scan, clock=clock).check_id

    def decide(session: Session) -> None:
        for item in seen_at_bay(trip.signed, stage, clock.now()):
            add_evidence(session, loader, trip.check, item, keys=keys, clock=clock)
        answer_everything(session, stage, trip.check, Phase.BEFORE_LOADING)
        decided = decide_check(session, loader, trip.check, keys=keys, clock=clock)
        trip.cleared = decided.cleared

    def release(session: Session) -> None:
        answer_everything(session, stage, trip.check, Phase.AFTER_LOADING)
        loading = _loaded(trip.signed, past, clock.now())
        if past.late:
            begun = trip.signed.issued_at - BEFORE_THE_SIGNATURE
            early = msgspec.structs.replace(loading, started_at=begun)
            release_load(session, loader, trip.check, early, keys=keys, clock=clock)
        release_load(session, loader, trip.check, loading, keys=keys, clock=clock)

    yield begin, issue
    yield opening, open_it
    decision = opening + timedelta(minutes=past.to_decision)
    yield decision, decide
    if trip.cleared:
        yield decision + timedelta(minutes=past.to_release), release


class _Trip:
    """What is known of a trip so far."""

    content: WaybillContent | None = None
    check_id: UUID | None = None
    cleared: bool = False

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


def _loaded(content: WaybillContent, past: PastTrip, at: datetime) -> LoadingItem:
    planned = loading_of(content, at)
    lines = tuple(
        replace(line, quantity_kg=round(line.quantity_kg * past.share, KILOGRAM_PLACES))
        for line in planned.lines
    )
    return msgspec.structs.replace(planned, lines=lines)
