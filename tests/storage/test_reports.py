"""Reports: counted by the worker of one state of the log, signed, and recomputed from it."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from joserfc import jws
from joserfc.jwk import ECKey
from sqlalchemy import Engine, insert, select, update
from sqlalchemy.orm import Session, sessionmaker

from api.cli import main
from tests.harness.counted_trips import counted_trips
from tests.harness.sealed_codes import signing_key
from tests.harness.sequenced import counted_up
from tests.harness.trips import Yard
from waybill.clock import FixedClock
from waybill.codec import b64url_encode, canonical_json, sha256
from waybill.errors import ForbiddenError, InvalidFieldError, NotFoundError
from waybill.sealing import KeyTable
from waybill.services.keys import KeyRing
from waybill.services.reports.making import REPORT_TYPE, make_reports
from waybill.services.reports.orders import (
    Report,
    fetch_report,
    get_order,
    get_report,
    list_open_orders,
    list_reports,
    order_report,
)
from waybill.services.reports.periods import Period, quarter_before, quarter_of
from waybill.services.reports.recomputing import recompute_report
from waybill.services.reports.stated import StatedFigure, StatedReport, read_report
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.log import EventRow, LogCheckpointRow
from waybill.storage.reports import OrderStatus
from waybill.storage.session import session_factory
from waybill.storage.tally import TallyRow

DAY = date(2026, 11, 22)
DAY_BEFORE, TO_COME = date(2026, 11, 21), date(2026, 11, 23)
Sessions = sessionmaker[Session]


def keys() -> KeyRing:
    """Return the installation's keys: one, in force."""
    key = signing_key()
    return KeyRing(signing=key, table=KeyTable([key.verifying_key()]))


@pytest.fixture
def sessions(engine: Engine) -> Iterator[Sessions]:
    """The maker of sessions whose commits are rolled back at the test's end."""
    with engine.connect() as connection:
        outer = connection.begin()
        yield sessionmaker(
            connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )
        outer.rollback()


@pytest.fixture
def yard(sessions: Sessions, clock: FixedClock) -> Yard:
    """A log with a released and a refused trip."""
    with sessions() as session, session.begin():
        return counted_trips(session, clock)[0]


def made(
    sessions: Sessions, yard: Yard, clock: FixedClock, until: date = DAY, since: date = DAY
) -> Report:
    """Order a report as the auditor, let the worker make it, and return it."""
    auditor = yard.accounts.actor("auditor")
    with sessions() as session, session.begin():
        order = order_report(session, auditor, since, until, clock=clock)
    assert make_reports(sessions, keys, clock=clock) == 1
    with sessions() as session, session.begin():
        report_id = get_order(session, auditor, order.id).report_id
        assert report_id is not None
        return get_report(session, auditor, report_id)


def section(report: StatedReport, name: str) -> list[StatedFigure]:
    """Return the figures of a section."""
    return [f for each in report.sections if each.name == name for f in each.figures]


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

        header, _, signature = report.document_jws.split(".")
        compact = f"{header}.{b64url_encode(report.content)}.{signature}"
        key = ECKey.import_key(signing_key().verifying_key().jwk)
        read = jws.deserialize_compact(compact, key, algorithms=["ES256"])
        assert read.payload == report.content
        assert read.headers()["typ"] == REPORT_TYPE
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


class TestRecomputing:
    """The events of the log alone give the same figures."""

    def test_a_report_is_equal(self, sessions: Sessions, yard: Yard, clock: FixedClock) -> None:
        report = read_report(made(sessions, yard, clock).content)

        with sessions() as session:
            assert recompute_report(session, report) == []

    def test_what_came_later_changes_nothing(
        self, sessions: Sessions, yard: Yard, clock: FixedClock
    ) -> None:
        report = read_report(made(sessions, yard, clock).content)
        with sessions() as session, session.begin():
            counted_up(session)

        with sessions() as session:
            assert recompute_report(session, report) == []

    def test_a_table_that_was_tampered_with_is_found_out(
        self, sessions: Sessions, yard: Yard, clock: FixedClock
    ) -> None:
        with sessions() as session, session.begin():
            session.execute(
                update(TallyRow).where(TallyRow.outcome == "unproven").values(outcome="passed")
            )
        report = read_report(made(sessions, yard, clock).content)

        with sessions() as session:
            found = recompute_report(session, report)

        acts = [(d.keys, d.stated, d.recomputed) for d in found if d.section == "acts"]
        one, two = (
            StatedFigure(("check", "passed"), n, m, None) for n, m in ((1, "28000"), (2, "56000"))
        )
        assert acts == [
            (("check", "passed"), two, one),
            (
                ("check", "unproven"),
                None,
                StatedFigure(("check", "unproven"), 1, "28000", None),
            ),
        ]

    def test_a_log_that_is_too_short_is_refused(
        self, sessions: Sessions, yard: Yard, clock: FixedClock
    ) -> None:
        report = read_report(made(sessions, yard, clock).content)
        longer = msgspec.structs.replace(report, log=msgspec.structs.replace(report.log, size=9999))

        with sessions() as session, pytest.raises(ValueError, match="no entry 9998"):
            recompute_report(session, longer)

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            pytest.param({"definition": 2}, "definition 2", id="another definition"),
            pytest.param({"format": "bill"}, "not bill", id="another format"),
            pytest.param({"sections": 1}, "no report", id="another shape"),
        ],
    )
    def test_what_is_no_report_is_refused(
        self,
        sessions: Sessions,
        yard: Yard,
        clock: FixedClock,
        change: dict[str, object],
        message: str,
    ) -> None:
        said = json.loads(made(sessions, yard, clock).content) | change

        with pytest.raises(ValueError, match=message):
            read_report(json.dumps(said).encode())


class TestCommand:
    """`waybill report recompute`, by id and by file."""

    @pytest.fixture
    def sessions(self, committing_engine: Engine) -> Sessions:
        """The maker of sessions that really commit, for the command to see."""
        return session_factory(committing_engine)

    @pytest.fixture
    def environment(self, fresh_database_url: str) -> dict[str, str]:
        return {
            "WAYBILL_DATABASE_URL": fresh_database_url,
            "WAYBILL_SECRET_KEY": "s" * 32,
            "WAYBILL_PII_KEY": "A" * 43,
            "WAYBILL_PII_INDEX_KEY": "A" * 43,
        }

    @pytest.mark.parametrize("form", ["id", "json", "jws"])
    def test_it_says_equal(  # noqa: PLR0917  pytest's fixtures
        self,
        sessions: Sessions,
        yard: Yard,
        clock: FixedClock,
        environment: dict[str, str],
        tmp_path: Path,
        form: str,
    ) -> None:
        report = made(sessions, yard, clock)
        header, _, signature = report.document_jws.split(".")
        file = tmp_path / f"report.{form}"
        compact = f"{header}.{b64url_encode(report.content)}.{signature}\n"
        file.write_bytes(report.content if form == "json" else compact.encode())
        named = str(report.id) if form == "id" else str(file)

        result = CliRunner().invoke(main, ["report", "recompute", named], env=environment)

        assert result.exit_code == 0, result.output
        assert result.output.endswith("recomputed: equal\n")

    def test_it_says_what_differs(
        self,
        sessions: Sessions,
        yard: Yard,
        clock: FixedClock,
        environment: dict[str, str],
        tmp_path: Path,
    ) -> None:
        said = json.loads(made(sessions, yard, clock).content)
        said["sections"][0]["figures"][0]["count"] += 5
        file = tmp_path / "altered.json"
        file.write_text(json.dumps(said))

        result = CliRunner().invoke(main, ["report", "recompute", str(file)], env=environment)

        assert result.exit_code == 1
        assert "acts: arrival / passed: stated 7 (56000, None kg), recomputed 2" in result.output

    def test_a_file_that_is_not_there_is_told(self, environment: dict[str, str]) -> None:
        result = CliRunner().invoke(main, ["report", "recompute", "nowhere"], env=environment)

        assert (result.exit_code, "no such file" in result.output) == (1, True)
