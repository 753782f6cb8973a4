"""Texts of cases, reports and appeals go three years after their matter is over, and no sooner."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from tests.harness.desk import VAULT, Desk
from waybill.clock import FixedClock
from waybill.codec import parse_json
from waybill.registry.cases import CaseMatter, CaseOutcome, PublicReport
from waybill.registry.measures import AppealOutcome
from waybill.services.cases import acting
from waybill.services.cases.opening import report_case
from waybill.services.measures.appeals import answer_appeal, receive_appeal
from waybill.services.measures.deciding import approve_measure
from waybill.services.personal.retention import look_at_values, run_retention
from waybill.storage.cases import CaseRow
from waybill.storage.log import EventRow, PersonalValueRow
from waybill.storage.measures import MeasureRow

THREE_YEARS = timedelta(days=3 * 365 + 2)
"""To the first day behind them: one of the years is a leap year."""
DAY = timedelta(days=1)


def stored(desk: Desk) -> list[str]:
    """Return the fields of what is still stored, sorted."""
    desk.session.expire_all()
    statement = select(PersonalValueRow.field).where(PersonalValueRow.sealed.is_not(None))
    return sorted(desk.session.scalars(statement))


def close(desk: Desk, case_id: UUID) -> None:
    """Decide a case and close it."""
    acting.decide_case(
        desk.session,
        desk.auditor,
        case_id,
        (CaseOutcome.UNFOUNDED, "查无此事"),
        expected_version=desk.case(case_id).version,
        vault=VAULT,
        clock=desk.line.clock,
    )
    acting.close_case(
        desk.session,
        desk.auditor,
        case_id,
        expected_version=desk.case(case_id).version,
        clock=desk.line.clock,
    )


def reported(desk: Desk) -> UUID:
    """Open a case by a report of the public, with a contact."""
    number = report_case(
        desk.session,
        PublicReport(
            matter=CaseMatter.LOADING,
            text="夜间无人查验即装车",
            plate="",
            plate_colour=None,
            place="洪泽大道",
            seen_at=desk.line.clock.now(),
            contact="13800138000",
        ),
        vault=VAULT,
        clock=desk.line.clock,
    )
    return desk.session.scalars(select(CaseRow.id).where(CaseRow.number == number)).one()


class TestCases:
    def test_an_open_one_keeps_its_texts_however_long(self, desk: Desk, clock: FixedClock) -> None:
        before = stored(desk)
        reported(desk)
        clock.advance(10 * THREE_YEARS)

        run = run_retention(desk.session, now=desk.line.clock.now())

        added = ["case.text", "report.contact", "report.place"]
        assert (stored(desk), run.report.in_use) == (sorted([*before, *added]), 3)
        assert (run.report.erased, run.report.kept) == ({}, {})

    def test_a_closed_one_keeps_them_for_three_years(self, desk: Desk, clock: FixedClock) -> None:
        before = stored(desk)
        close(desk, reported(desk))
        clock.advance(THREE_YEARS - 2 * DAY)
        still = look_at_values(desk.session, now=desk.line.clock.now())
        clock.advance(2 * DAY)

        run = run_retention(desk.session, now=desk.line.clock.now())

        assert (still.kept, still.erased, still.in_use) == ({"case": 4}, {}, 0)
        assert run.report.erased == {"case.text": 2, "report.contact": 1, "report.place": 1}
        assert (stored(desk), run.report.unattached) == (before, still.unattached)

    def test_what_was_said_in_it_and_to_the_carrier_goes_too(
        self, desk: Desk, clock: FixedClock
    ) -> None:
        before = stored(desk)
        case_id = desk.open_case()
        desk.answer(desk.ask(case_id))
        close(desk, case_id)
        clock.advance(THREE_YEARS)

        run = run_retention(desk.session, now=desk.line.clock.now())

        assert run.report.erased == {"case.text": 4}
        assert stored(desk) == before
        assert {note.text for note in desk.case(case_id).notes} == {""}

    def test_a_reopened_one_holds_its_texts_again(self, desk: Desk, clock: FixedClock) -> None:
        case_id = desk.open_case()
        close(desk, case_id)
        clock.advance(THREE_YEARS)
        acting.reopen_case(
            desk.session,
            desk.auditor,
            case_id,
            "新证据",
            expected_version=desk.case(case_id).version,
            vault=VAULT,
            clock=desk.line.clock,
        )

        run = run_retention(desk.session, now=desk.line.clock.now())

        assert (run.report.erased, run.report.in_use) == ({}, 3)

    def test_the_log_says_what_went_and_of_which_case(self, desk: Desk, clock: FixedClock) -> None:
        case_id = desk.open_case()
        close(desk, case_id)
        bodies = {
            row.id: row.body for row in desk.session.execute(select(EventRow.id, EventRow.body))
        }
        clock.advance(THREE_YEARS)

        run_retention(desk.session, now=desk.line.clock.now())

        told = desk.session.scalars(
            select(EventRow.body).where(EventRow.kind == "personal-values-erased")
        ).one()
        body = parse_json(told)
        assert isinstance(body, dict)
        assert isinstance(body["data"], dict)
        assert (body["data"]["holder"], body["data"]["id"]) == ("case", str(case_id))
        after = {
            row.id: row.body for row in desk.session.execute(select(EventRow.id, EventRow.body))
        }
        assert {key: after[key] for key in bodies} == bodies

    def test_a_second_run_finds_nothing(self, desk: Desk, clock: FixedClock) -> None:
        close(desk, desk.open_case())
        clock.advance(THREE_YEARS)
        run_retention(desk.session, now=desk.line.clock.now())

        again = run_retention(desk.session, now=desk.line.clock.now())

        assert (again.report.erased, again.report.kept) == ({}, {})


class TestAppeals:
    @pytest.fixture
    def lifted(self, desk: Desk) -> UUID:
        """A suspension that was appealed against twice, and lifted."""
        measure_id = desk.propose()
        desk.approve(measure_id)
        for text in ("已清洗，有清洗单", "补交清洗单"):
            receive_appeal(
                desk.session,
                desk.auditor,
                measure_id,
                text,
                expected_version=desk.measure(measure_id).version,
                vault=VAULT,
                clock=desk.line.clock,
            )
            answer_appeal(
                desk.session,
                desk.senior,
                measure_id,
                (AppealOutcome.DISMISSED, "证据不足"),
                expected_version=desk.measure(measure_id).version,
                vault=VAULT,
                clock=desk.line.clock,
            )
        desk.propose_lifting(measure_id)
        approve_measure(
            desk.session,
            desk.senior,
            measure_id,
            "已整改",
            expected_version=desk.measure(measure_id).version,
            clock=desk.line.clock,
        )
        return measure_id

    def test_they_go_three_years_after_the_measure_ended(
        self, desk: Desk, lifted: UUID, clock: FixedClock
    ) -> None:
        clock.advance(THREE_YEARS - 2 * DAY)
        still = look_at_values(desk.session, now=desk.line.clock.now())
        clock.advance(2 * DAY)

        run = run_retention(desk.session, now=desk.line.clock.now())

        assert still.kept == {"case": 4}
        assert run.report.erased == {"measure.appeal": 2, "measure.appeal_answer": 2}
        row = desk.session.get_one(MeasureRow, lifted)
        assert VAULT.reveal(desk.session, str(row.appeal_ref)) is None

    def test_while_it_is_in_force_they_stay(
        self, desk: Desk, lifted: UUID, clock: FixedClock
    ) -> None:
        desk.session.execute(
            update(MeasureRow).where(MeasureRow.id == lifted).values(status="approved")
        )
        clock.advance(10 * THREE_YEARS)

        run = run_retention(desk.session, now=desk.line.clock.now())

        assert (run.report.erased, run.report.in_use) == ({}, 4)


def test_the_day_counts_in_shanghai(desk: Desk, clock: FixedClock) -> None:
    """Closed at ten past midnight in Shanghai, it is over on the new day."""
    clock.advance(timedelta(hours=10, minutes=5))
    close(desk, desk.open_case())

    clock.advance(timedelta(days=3 * 365 + 1, hours=23))
    same_day = look_at_values(desk.session, now=desk.line.clock.now())
    clock.advance(DAY)
    next_day = look_at_values(desk.session, now=desk.line.clock.now())

    assert (same_day.kept, next_day.kept) == ({"case": 2}, {})
