"""The worker: what is due is done, by one process at a time."""

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.harness.accounts import seed_accounts
from tests.harness.desk import Desk
from tests.harness.line import Line, seed_signing_key
from tests.harness.rejudged import rejudged
from tests.harness.trips import PLANNED, seed_yard
from waybill import worker
from waybill.clock import Clock, FixedClock
from waybill.registry.kinds import RecordStatus, SubjectKind
from waybill.registry.measures import MeasureStatus
from waybill.registry.terms import INTERIM_SUSPENSION
from waybill.rules.finding import Phase
from waybill.sealing import KeyTable
from waybill.services.measures.in_time import move_in_time
from waybill.services.preclearance import Cause, rejudge_waybill
from waybill.services.verdicts import Verdict
from waybill.storage.measures import MeasureRow
from waybill.storage.registry import TankRow
from waybill.storage.session import session_factory
from waybill.storage.waybills import VerdictRow
from waybill.worker import (
    JOBS,
    Job,
    Worker,
    Workplace,
    leadership,
    move_measures,
    rejudge_due,
)


@pytest.fixture
def place(committing_engine: Engine, clock: FixedClock) -> Workplace:
    return Workplace(
        engine=committing_engine, sessions=session_factory(committing_engine), clock=clock
    )


def test_what_is_due_is_done_and_what_fails_stops_nothing(
    place: Workplace, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with place.sessions() as session, session.begin():
        seed_signing_key(session, clock)
        accounts = seed_accounts(session, clock.now())
        line = Line(yard=seed_yard(session, accounts, clock.now()), clock=clock)
        planned = PLANNED + timedelta(days=1)
        broken = line.issued(session, line.yard.draft(planned_loading_at=planned)).id
        line.issued(session, line.yard.draft(planned_loading_at=planned))
    clock.advance(timedelta(days=1))

    def rejudge(
        session: Session, waybill_id: UUID, keys: KeyTable, *, clock: Clock, cause: Cause
    ) -> Verdict | None:
        if waybill_id == broken:
            raise RuntimeError("cannot be judged")
        return rejudge_waybill(session, waybill_id, keys, clock=clock, cause=cause)

    monkeypatch.setattr(worker, "rejudge_waybill", rejudge)

    assert [rejudge_due(place), rejudge_due(place)] == [1, 0]
    with place.sessions() as session:
        assert [e["verdict"] for e in rejudged(session)] == list(
            session.scalars(select(VerdictRow.digest).where(VerdictRow.phase == Phase.DAY_BEFORE))
        )


def test_a_job_waits_for_its_turn_and_a_failing_one_for_its_next(
    place: Workplace, clock: FixedClock
) -> None:
    def fail(_: Workplace) -> int:
        raise RuntimeError("broken")

    jobs = (
        Job("often", timedelta(minutes=1), lambda _: 1),
        Job("broken", timedelta(minutes=5), fail),
    )
    at_work = Worker(place=place, jobs=jobs)

    rounds = [dict(at_work.round())]
    clock.advance(timedelta(seconds=59))
    rounds.append(dict(at_work.round()))
    clock.advance(timedelta(seconds=1))
    rounds.append(dict(at_work.round()))

    assert rounds == [{"often": 1}, {}, {"often": 1}]
    assert [job.name for job in JOBS] == [
        "pre-clearance",
        "measures",
        "statistics",
        "patterns",
        "retention",
        "reports",
        "daily-totals",
        "exports",
    ]


def test_an_urgent_suspension_lapses_and_one_that_fails_stops_nothing(
    place: Workplace, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with place.sessions() as session, session.begin():
        yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
        desk = Desk(session=session, line=Line(yard=yard, clock=clock))
        broken = desk.propose(desk.senior, at_once=True)
        tank = {"subject_kind": SubjectKind.TANK, "subject_id": yard.tank_id}
        lapsing = desk.propose(desk.senior, at_once=True, **tank)
    clock.advance(INTERIM_SUSPENSION)

    def move(session: Session, measure_id: UUID, *, clock: Clock) -> bool:
        if measure_id == broken:
            raise RuntimeError("cannot be moved")
        return move_in_time(session, measure_id, clock=clock)

    monkeypatch.setattr(worker, "move_in_time", move)

    assert [move_measures(place), move_measures(place)] == [1, 0]
    with place.sessions() as session:
        statuses = {row.id: row.status for row in session.scalars(select(MeasureRow))}
        assert session.get_one(TankRow, yard.tank_id).status is RecordStatus.ACTIVE
    assert statuses == {broken: MeasureStatus.INTERIM, lapsing: MeasureStatus.LAPSED}


def test_what_is_done_aside_holds_up_nothing_and_is_begun_once(
    place: Workplace, clock: FixedClock
) -> None:
    begun, may_end = threading.Semaphore(0), threading.Event()

    def long(_: Workplace) -> int:
        begun.release()
        may_end.wait(10)
        return 1

    jobs = (
        Job("long", timedelta(seconds=1), long, aside=True),
        Job("short", timedelta(0), lambda _: 1),
    )
    at_work = Worker(place=place, jobs=jobs)

    rounds = [dict(at_work.round(wait=False))]
    clock.advance(timedelta(seconds=1))
    rounds.append(dict(at_work.round(wait=False)))
    may_end.set()
    at_work.aside["long"].join(10)

    assert rounds == [{"short": 1}, {"short": 1}]
    assert (begun.acquire(timeout=10), begun.acquire(blocking=False)) == (True, False)
    assert dict(at_work.round()) == {"short": 1}
    clock.advance(timedelta(seconds=1))
    assert dict(at_work.round()) == {"long": 1, "short": 1}


def test_one_worker_leads_and_the_next_follows(place: Workplace) -> None:
    with leadership(place.engine) as first, leadership(place.engine) as second:
        both = (first, second)
    with leadership(place.engine) as third:
        after = third

    assert (both, after) == ((True, False), True)
