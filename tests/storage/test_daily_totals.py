"""Daily totals: a day is closed once, signed, and never changes; all days are the whole log."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.exc import DBAPIError

from tests.harness.accounts import seed_accounts
from tests.harness.counted_trips import counted_trips
from tests.harness.report_maker import (
    Sessions,
    compact,
    keys,
    rolled_back_sessions,
    verified,
)
from tests.harness.sequenced import counted_up
from waybill.clock import FixedClock
from waybill.codec import canonical_json, sha256
from waybill.errors import ForbiddenError, StateError
from waybill.registry.access import Actor
from waybill.sealing import KeyTable
from waybill.services.keys import KeyRing
from waybill.services.reports.totals import TOTAL_TYPE, DailyTotal, close_days, list_totals
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.log import EventRow, LogEntryRow
from waybill.storage.reports import DailyTotalRow

DAY = date(2026, 11, 22)
MIDNIGHT = datetime(2026, 11, 22, 16, tzinfo=UTC)
"""The end of that day in Shanghai."""


@pytest.fixture
def sessions(engine: Engine) -> Iterator[Sessions]:
    """The maker of sessions whose commits are rolled back at the test's end."""
    with rolled_back_sessions(engine) as made_sessions:
        yield made_sessions


@pytest.fixture
def auditor(sessions: Sessions, clock: FixedClock) -> Actor:
    """Somebody who reads reports."""
    with sessions() as session, session.begin():
        return seed_accounts(session, clock.now()).actor("auditor")


def happen(sessions: Sessions, at: datetime, times: int = 1) -> int:
    """Let somebody sign in some times at a moment, and carry it over; return the log's size."""
    with sessions() as session, session.begin():
        for _ in range(times):
            record_event(session, Event(kind=EventKind.SIGNED_IN, at=at, actor=None))
        return counted_up(session)


def close(sessions: Sessions, at: datetime) -> int:
    """Close what is over at a moment."""
    return close_days(sessions, keys, clock=FixedClock(at))


def totals(sessions: Sessions, auditor: Actor) -> list[DailyTotal]:
    """Return the closed days, oldest first."""
    with sessions() as session:
        found = list_totals(session, auditor, from_on=date(2026, 1, 1), until_on=date(2027, 1, 1))
    return list(reversed(found))


def said(total: DailyTotal) -> dict[str, object]:
    """Return what the bytes of a total say."""
    found: dict[str, object] = json.loads(total.content)
    return found


class TestWhenADayIsClosed:
    """After midnight in Shanghai, once everything before it is counted."""

    @pytest.mark.parametrize(
        ("at", "closed"),
        [
            pytest.param(MIDNIGHT - timedelta(seconds=1), 0, id="before midnight"),
            pytest.param(MIDNIGHT + timedelta(minutes=4), 0, id="within the grace"),
            pytest.param(MIDNIGHT + timedelta(minutes=5), 1, id="after the grace"),
        ],
    )
    def test_it_waits_for_midnight(
        self, sessions: Sessions, auditor: Actor, at: datetime, closed: int
    ) -> None:
        happen(sessions, MIDNIGHT - timedelta(hours=3))

        assert close(sessions, at) == closed
        assert [total.day for total in totals(sessions, auditor)] == [DAY] * closed

    def test_it_waits_for_what_has_no_place_yet(self, sessions: Sessions, auditor: Actor) -> None:
        happen(sessions, MIDNIGHT - timedelta(hours=3))
        with sessions() as session, session.begin():
            late = Event(kind=EventKind.SIGNED_OUT, at=MIDNIGHT - timedelta(seconds=1), actor=None)
            record_event(session, late)
        waiting = close(sessions, MIDNIGHT + timedelta(hours=1))
        with sessions() as session, session.begin():
            counted_up(session)

        assert (waiting, close(sessions, MIDNIGHT + timedelta(hours=1))) == (0, 1)
        assert totals(sessions, auditor)[0].size == 2

    def test_an_empty_log_has_no_days(self, sessions: Sessions, auditor: Actor) -> None:
        assert close(sessions, MIDNIGHT + timedelta(days=3)) == 0
        assert totals(sessions, auditor) == []

    def test_days_that_were_missed_are_closed_one_by_one(
        self, sessions: Sessions, auditor: Actor
    ) -> None:
        happen(sessions, MIDNIGHT - timedelta(hours=3), 2)
        happen(sessions, MIDNIGHT + timedelta(days=2, hours=1), 3)

        assert close(sessions, MIDNIGHT + timedelta(days=3, hours=1)) == 4
        found = totals(sessions, auditor)
        assert [(t.day.day, t.size, said(t)["first"], said(t)["last"]) for t in found] == [
            (22, 2, 0, 1),
            (23, 2, None, None),
            (24, 2, None, None),
            (25, 5, 2, 4),
        ]

    def test_without_a_key_nothing_is_closed(self, sessions: Sessions, auditor: Actor) -> None:
        happen(sessions, MIDNIGHT - timedelta(hours=3))

        with pytest.raises(StateError):
            close_days(
                sessions,
                lambda: KeyRing(signing=None, table=KeyTable([])),
                clock=FixedClock(MIDNIGHT + timedelta(hours=1)),
            )

        assert totals(sessions, auditor) == []


class TestWhatIsClosedStays:
    """A late event belongs to the day on which it was recorded in the log."""

    def test_a_late_event_changes_no_closed_day(self, sessions: Sessions, auditor: Actor) -> None:
        happen(sessions, MIDNIGHT - timedelta(hours=3), 3)
        close(sessions, MIDNIGHT + timedelta(hours=1))
        (before,) = totals(sessions, auditor)

        happen(sessions, MIDNIGHT - timedelta(hours=2))
        again = close(sessions, MIDNIGHT + timedelta(hours=2))
        close(sessions, MIDNIGHT + timedelta(days=1, hours=1))

        after = totals(sessions, auditor)
        assert again == 0
        assert after[0] == before
        # The event of the closing itself and the late one: both are of the next day.
        assert (said(after[1])["first"], said(after[1])["last"]) == (3, 4)
        assert said(after[1])["counts"] == [
            {"kind": "day-closed", "outcome": None, "count": 1},
            {"kind": "signed-in", "outcome": None, "count": 1},
        ]

    def test_a_straggler_behind_the_first_of_the_next_day_is_of_the_next(
        self, sessions: Sessions, auditor: Actor
    ) -> None:
        happen(sessions, MIDNIGHT - timedelta(hours=3))
        happen(sessions, MIDNIGHT + timedelta(seconds=1))
        happen(sessions, MIDNIGHT - timedelta(seconds=1))

        close(sessions, MIDNIGHT + timedelta(hours=1))

        (total,) = totals(sessions, auditor)
        assert (said(total)["first"], said(total)["last"], total.size) == (0, 0, 1)

    def test_a_closed_day_is_not_rewritten(self, sessions: Sessions, auditor: Actor) -> None:
        happen(sessions, MIDNIGHT - timedelta(hours=3))
        close(sessions, MIDNIGHT + timedelta(hours=1))

        with (
            pytest.raises(DBAPIError, match="append-only"),
            sessions() as session,
            session.begin(),
        ):
            session.execute(update(DailyTotalRow).values(size=0))

        assert totals(sessions, auditor)[0].size == 1

    def test_all_days_together_are_the_whole_log(self, sessions: Sessions, auditor: Actor) -> None:
        for day in range(4):
            happen(sessions, MIDNIGHT + timedelta(days=day, hours=-2), day + 1)
            close(sessions, MIDNIGHT + timedelta(days=day, hours=1))

        found = totals(sessions, auditor)
        with sessions() as session:
            entries = session.scalar(
                select(func.count())
                .select_from(LogEntryRow)
                .where(LogEntryRow.index < found[-1].size)
            )
        assert sum(int(str(said(total)["total"])) for total in found) == entries
        digests = [None, *(total.digest for total in found)]
        assert [said(total)["before"] for total in found] == digests[:-1]


class TestWhatADaySays:
    """Kinds and outcomes, the range of entries, and a signature over it."""

    def test_the_counts_of_two_trips(self, sessions: Sessions, clock: FixedClock) -> None:
        with sessions() as session, session.begin():
            yard, _ = counted_trips(session, clock)

        close(sessions, MIDNIGHT + timedelta(hours=1))

        # The signing key was made two days before.
        first, _, total = totals(sessions, yard.accounts.actor("auditor"))
        counts = {
            (each["kind"], each["outcome"]): each["count"]
            for each in json.loads(total.content)["counts"]
        }
        assert counts["check-decided", "passed"] == 1
        assert counts["check-decided", "unproven"] == 1
        assert counts["load-released", "passed"] == 1
        assert counts["waybill-issued", "passed"] == 2
        assert sum(counts.values()) == said(total)["total"] == total.size - first.size
        assert said(first)["counts"] == [{"kind": "signing-key-added", "outcome": None, "count": 1}]

    def test_another_library_verifies_it(self, sessions: Sessions, auditor: Actor) -> None:
        happen(sessions, MIDNIGHT - timedelta(hours=3))
        close(sessions, MIDNIGHT + timedelta(hours=1))

        (total,) = totals(sessions, auditor)

        signed = compact(total.content, total.document_jws)
        assert verified(signed) == (total.content, TOTAL_TYPE)
        assert canonical_json(json.loads(total.content)) == total.content
        assert sha256(total.content).hex() == total.digest

    def test_closing_is_an_event(self, sessions: Sessions, auditor: Actor) -> None:
        happen(sessions, MIDNIGHT - timedelta(hours=3))
        close(sessions, MIDNIGHT + timedelta(hours=1))
        (total,) = totals(sessions, auditor)

        with sessions() as session:
            body = session.scalars(select(EventRow.body).where(EventRow.kind == "day-closed")).one()

        assert msgspec.json.decode(body)["data"] == {
            "day": "2026-11-22",
            "size": 1,
            "digest": total.digest,
        }

    def test_a_carrier_reads_none(self, sessions: Sessions, clock: FixedClock) -> None:
        with sessions() as session, session.begin():
            carrier = seed_accounts(session, clock.now()).actor("carrier")
            with pytest.raises(ForbiddenError):
                list_totals(session, carrier, from_on=DAY, until_on=DAY)
