"""Events: written with what they tell, salted, pending, and found by what they are about."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.harness.accounts import Accounts, seed_accounts
from tests.harness.line import Line
from tests.harness.trips import seed_yard
from tests.harness.yard_rows import TRACTOR_PLATE, TRAILER_PLATE
from waybill.clock import FixedClock
from waybill.codec import canonical_json, parse_json
from waybill.storage.events import (
    Event,
    EventKind,
    Subject,
    SubjectKey,
    event_body,
    plate_subject,
    record_event,
)
from waybill.storage.log import EventPendingRow, EventRow, EventSubjectRow

ANSWERS_BEFORE = 14
ANSWERS_AFTER = 5
"""How many questions petrol in a tank is asked."""


@pytest.fixture
def accounts(session: Session, clock: FixedClock) -> Accounts:
    """Organisations and accounts."""
    return seed_accounts(session, clock.now())


@pytest.fixture
def line(session: Session, accounts: Accounts, clock: FixedClock) -> Line:
    """A clean petrol trip, nothing of it done yet."""
    return Line(yard=seed_yard(session, accounts, clock.now()), clock=clock)


def kinds(session: Session) -> list[str]:
    """Return the kinds of all events in their order."""
    return list(session.scalars(select(EventRow.kind).order_by(EventRow.id)))


def test_an_event_is_kept_with_its_salt_and_waits_for_the_tree(
    session: Session, accounts: Accounts, clock: FixedClock
) -> None:
    event = Event(
        kind=EventKind.SIGNED_IN,
        at=clock.now(),
        actor=accounts.actor("loader"),
        data={"door": "api"},
    )

    event_id = record_event(session, event)

    row = session.get_one(EventRow, event_id)
    assert (row.kind, row.recorded_at, row.body) == ("signed-in", clock.now(), event_body(event))
    assert len(row.salt) == 32
    assert session.get(EventPendingRow, event_id) is not None


def test_a_body_is_canonical_and_says_who_and_when(accounts: Accounts, clock: FixedClock) -> None:
    actor = accounts.actor("loader")

    body = event_body(Event(kind=EventKind.SIGNED_OUT, at=clock.now(), actor=actor))

    assert body == canonical_json(
        {
            "v": 1,
            "kind": "signed-out",
            "at": "2026-11-22T06:05:00.000+00:00",
            "actor": {
                "user": str(actor.user_id),
                "organisation": str(actor.organisation_id),
                "role": "loader",
            },
            "data": {},
        }
    )


def test_two_events_with_one_body_have_different_salts(session: Session, clock: FixedClock) -> None:
    event = Event(kind=EventKind.SIGNED_OUT, at=clock.now(), actor=None)

    first, second = (session.get_one(EventRow, record_event(session, event)) for _ in range(2))

    assert (first.body, first.salt == second.salt) == (second.body, False)


def test_an_event_is_found_by_each_subject_once_and_by_its_account(
    session: Session, accounts: Accounts, clock: FixedClock
) -> None:
    actor = accounts.actor("carrier")
    plate = plate_subject(TRACTOR_PLATE, "yellow")
    event = Event(kind=EventKind.CARD_ISSUED, at=clock.now(), actor=actor, subjects=(plate, plate))

    event_id = record_event(session, event)

    found = session.execute(
        select(EventSubjectRow.subject_kind, EventSubjectRow.subject_key).where(
            EventSubjectRow.event_id == event_id
        )
    )
    assert {tuple(row) for row in found} == {
        ("plate", "苏H12345/yellow"),
        ("user", str(actor.user_id)),
    }
    assert Subject(SubjectKey.PLATE, "苏H12345/yellow") == plate


def test_an_event_is_gone_with_the_transaction_that_failed(
    session: Session, clock: FixedClock
) -> None:
    before = session.scalar(select(func.count()).select_from(EventRow))
    savepoint = session.begin_nested()
    record_event(session, Event(kind=EventKind.SIGNED_OUT, at=clock.now(), actor=None))

    savepoint.rollback()

    assert session.scalar(select(func.count()).select_from(EventRow)) == before


def test_a_trip_leaves_an_event_of_each_act(session: Session, line: Line) -> None:
    _, check_id = line.cleared(session)
    line.release(session, check_id)

    assert kinds(session) == [
        "waybill-drafted",
        "waybill-issued",
        "check-opened",
        *["code-scanned"] * 5,
        *["evidence-added"] * (4 + ANSWERS_BEFORE),
        "check-decided",
        *["evidence-added"] * ANSWERS_AFTER,
        "load-released",
    ]
    pending = session.scalar(select(func.count()).select_from(EventPendingRow))
    assert pending == len(kinds(session))


def test_a_decision_is_found_by_both_plates_and_names_its_verdict(
    session: Session, line: Line
) -> None:
    _, check_id = line.cleared(session)

    row = session.scalars(
        select(EventRow).where(EventRow.kind == EventKind.CHECK_DECIDED.value)
    ).one()

    subjects = set(
        session.scalars(
            select(EventSubjectRow.subject_key).where(EventSubjectRow.event_id == row.id)
        )
    )
    body = parse_json(row.body)
    assert isinstance(body, dict)
    assert {f"{TRACTOR_PLATE}/yellow", f"{TRAILER_PLATE}/yellow", str(check_id)} <= subjects
    data = body["data"]
    assert isinstance(data, dict)
    assert (data["cleared"], len(str(data["verdict"]))) == (True, 64)


def test_no_event_of_a_trip_holds_a_personal_value(session: Session, line: Line) -> None:
    _, check_id = line.cleared(session)
    line.release(session, check_id)

    bodies = b"".join(session.scalars(select(EventRow.body)))

    for reference in ("8f3a9c27b1 name", "1b2c3d4e90 phone", "5a5a5a5a01 number"):
        assert reference.encode() not in bodies
