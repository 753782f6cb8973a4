"""Reports: counted by the worker of one state of the log, and signed."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from sqlalchemy import Engine, insert, select

from tests.harness.counted_trips import counted_trips
from tests.harness.report_maker import (
    DAY,
    DAY_BEFORE,
    TO_COME,
    Sessions,
    compact,
    keys,
    made,
    rolled_back_sessions,
    section,
    verified,
)
from tests.harness.sequenced import counted_up
from tests.harness.trips import Yard
from waybill.clock import FixedClock
from waybill.codec import canonical_json, sha256
from waybill.errors import ForbiddenError, InvalidFieldError, NotFoundError
from waybill.services.keys import KeyRing
from waybill.services.reports.making import REPORT_TYPE, make_reports
from waybill.services.reports.orders import (
    fetch_report,
    get_report,
    list_open_orders,
    list_reports,
    order_report,
)
from waybill.services.reports.periods import Period, quarter_before, quarter_of
from waybill.services.reports.stated import StatedFigure, read_report
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.log import EventRow, LogCheckpointRow
from waybill.storage.reports import OrderStatus


@pytest.fixture
def sessions(engine: Engine) -> Iterator[Sessions]:
    """The maker of sessions whose commits are rolled back at the test's end."""
    with rolled_back_sessions(engine) as made_sessions:
        yield made_sessions


@pytest.fixture
def yard(sessions: Sessions, clock: FixedClock) -> Yard:
    """A log with a released and a refused trip."""
    with sessions() as session, session.begin():
        return counted_trips(session, clock)[0]


class TestPeriods:
    """Quarters are those of the calendar."""

    @pytest.mark.parametrize(
        ("day", "first", "last"),
        [
            pytest.param(date(2026, 1, 1), date(2026, 1, 1), date(2026, 3, 31), id="first day"),
            pytest.param(date(2026, 6, 30), date(2026, 4, 1), date(2026, 6, 30), id="last day"),
            pytest.param(date(2028, 2, 29), date(2028, 1, 1), date(2028, 3, 31), id="leap day"),
            pytest.param(date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31), id="year end"),
            pytest.param(date(2026, 9, 15), date(2026, 7, 1), date(2026, 9, 30), id="third"),
        ],
    )
    def test_the_quarter_of_a_day(self, day: date, first: date, last: date) -> None:
        assert quarter_of(day) == Period(from_on=first, until_on=last)

    def test_the_quarter_before_goes_over_the_new_year(self) -> None:
        assert quarter_before(date(2027, 2, 3)) == quarter_of(date(2026, 12, 1))

    def test_a_day_begins_at_midnight_in_shanghai(self) -> None:
        period = Period(from_on=DAY, until_on=DAY)

        assert period.from_at == datetime(2026, 11, 21, 16, tzinfo=UTC)
        assert period.to_at == datetime(2026, 11, 22, 16, tzinfo=UTC)


class TestOrder:
    """What can be asked for, and by whom."""

    @pytest.mark.parametrize(
        ("days", "code"),
        [
            pytest.param((DAY, date(2026, 11, 21)), "period-reversed", id="reversed"),
            pytest.param((TO_COME, TO_COME), "period-to-come", id="to come"),
            pytest.param((date(2025, 11, 21), DAY), "period-too-long", id="367 days"),
        ],
    )
    def test_a_period_that_cannot_be(
        self, sessions: Sessions, yard: Yard, clock: FixedClock, days: tuple[date, date], code: str
    ) -> None:
        with sessions() as session, pytest.raises(InvalidFieldError) as refused:
            order_report(session, yard.accounts.actor("auditor"), *days, clock=clock)

        assert refused.value.problems[0].code == code

    def test_a_carrier_orders_none(self, sessions: Sessions, yard: Yard, clock: FixedClock) -> None:
        with sessions() as session, pytest.raises(ForbiddenError):
            order_report(session, yard.actor("carrier"), DAY, DAY, clock=clock)

    def test_progress_is_told_and_an_interrupted_order_goes_on(
        self, sessions: Sessions, yard: Yard, clock: FixedClock
    ) -> None:
        auditor = yard.accounts.actor("auditor")
        with sessions() as session, session.begin():
            order = order_report(session, auditor, DAY, DAY, clock=clock)

        def no_key() -> KeyRing:
            raise RuntimeError("killed before it was signed")

        with pytest.raises(RuntimeError, match="killed"):
            make_reports(sessions, no_key, clock=clock)
        with sessions() as session:
            (left,) = list_open_orders(session, auditor)

        assert (order.status, order.sections_done) == (OrderStatus.WAITING, 0)
        assert (left.status, left.sections_done, left.sections) == (OrderStatus.FAILED, 6, 6)
        assert make_reports(sessions, keys, clock=clock) == 0


class TestFigures:
    """What a report says of two trips."""

    def test_the_figures_of_a_day(self, sessions: Sessions, yard: Yard, clock: FixedClock) -> None:
        report = read_report(made(sessions, yard, clock).content)

        carrier = str(yard.accounts.organisations["carrier"])
        assert section(report, "acts") == [
            StatedFigure(("arrival", "passed"), 2, "56000", None),
            StatedFigure(("check", "passed"), 1, "28000", None),
            StatedFigure(("check", "unproven"), 1, "28000", None),
            StatedFigure(("issue", "passed"), 2, "56000", None),
            StatedFigure(("release", "passed"), 1, "28000", "27900"),
        ]
        assert [f.keys for f in section(report, "carriers")] == [
            (carrier, *f.keys) for f in section(report, "acts")
        ]
        assert {f.keys[0] for f in section(report, "districts")} == {"320800"}
        assert {f.keys[0] for f in section(report, "classes")} == {"3"}
        assert {f.keys[0] for f in section(report, "months")} == {"2026-11"}
        assert ("DOC-02.tractor", "unknown") in {f.keys for f in section(report, "rules")}
        assert report.carriers == {carrier: "淮安危货运输有限公司"}
        assert report.made_for == "淮安市交通运输局"

    def test_another_day_has_none(self, sessions: Sessions, yard: Yard, clock: FixedClock) -> None:
        report = read_report(made(sessions, yard, clock, DAY_BEFORE, DAY_BEFORE).content)

        assert [len(each.figures) for each in report.sections] == [0] * 6
        assert report.closed

    def test_a_day_that_is_not_over_is_not_closed(
        self, sessions: Sessions, yard: Yard, clock: FixedClock
    ) -> None:
        today = read_report(made(sessions, yard, clock).content)
        clock.advance(timedelta(days=1))
        with sessions() as session, session.begin():
            counted_up(session)
        tomorrow = read_report(made(sessions, yard, clock).content)

        assert (today.closed, tomorrow.closed) == (False, True)

    def test_events_without_a_place_leave_it_open(
        self, sessions: Sessions, yard: Yard, clock: FixedClock
    ) -> None:
        with sessions() as session, session.begin():
            record_event(session, Event(kind=EventKind.SIGNED_IN, at=clock.now(), actor=None))
        clock.advance(timedelta(days=1))

        assert not read_report(made(sessions, yard, clock).content).closed

    def test_it_names_the_checkpoint_that_fixes_its_tree(
        self, sessions: Sessions, yard: Yard, clock: FixedClock
    ) -> None:
        with sessions() as session, session.begin():
            size = counted_up(session) - 1
            values = {
                "epoch": 0,
                "size": size,
                "recorded_at": clock.now(),
                "root": b"\x07" * 32,
                "note": f"log.example/huaian\n{size}\n".encode(),
            }
            session.execute(insert(LogCheckpointRow).values(**values))

        report = read_report(made(sessions, yard, clock).content)

        assert (report.log.size, report.log.origin) == (size, "log.example/huaian")
        assert report.log.root == "07" * 32


class TestSignature:
    """The bytes are signed by the installation's key; another library says so."""

    def test_another_library_verifies_it(
        self, sessions: Sessions, yard: Yard, clock: FixedClock
    ) -> None:
        report = made(sessions, yard, clock)

        signed = compact(report.content, report.document_jws)
        assert verified(signed) == (report.content, REPORT_TYPE)
        assert canonical_json(json.loads(report.content)) == report.content
        assert sha256(report.content).hex() == report.digest

    def test_making_and_fetching_are_events(
        self, sessions: Sessions, yard: Yard, clock: FixedClock
    ) -> None:
        report = made(sessions, yard, clock)
        with sessions() as session, session.begin():
            fetch_report(session, yard.accounts.actor("admin"), report.id, "pdf", clock=clock)

        with sessions() as session:
            bodies = session.scalars(
                select(EventRow.body)
                .where(EventRow.kind.startswith("report-"))
                .order_by(EventRow.id)
            ).all()
            listed = list_reports(session, yard.accounts.actor("admin")).items
        told = [msgspec.json.decode(body) for body in bodies]
        assert [each["kind"] for each in told] == [
            "report-ordered",
            "report-made",
            "report-fetched",
        ]
        assert told[1]["data"]["digest"] == report.digest
        assert told[2]["data"] == {
            "report": str(report.id),
            "form": "pdf",
            "from": "2026-11-22",
            "until": "2026-11-22",
        }
        assert [entry.id for entry in listed] == [report.id]

    def test_an_unknown_report_is_not_found(self, sessions: Sessions, yard: Yard) -> None:
        with sessions() as session, pytest.raises(NotFoundError):
            get_report(session, yard.accounts.actor("auditor"), yard.driver_id)
