"""Cases: opened, worked on, answered by the carrier, decided; each act is an event of the case."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.harness.desk import VAULT, Desk
from waybill.clock import FixedClock
from waybill.errors import (
    ForbiddenError,
    InvalidFieldError,
    PreconditionFailedError,
    StateError,
)
from waybill.registry.cases import (
    CASE_MOVES,
    CaseAct,
    CaseFilter,
    CaseOutcome,
    CaseSource,
    CaseStatus,
    CaseSubject,
    check_case_move,
)
from waybill.services.cases import acting
from waybill.services.cases.queries import (
    list_cases,
)
from waybill.services.event_views import waybill_time_line
from waybill.services.paging import PageRequest
from waybill.storage.log import EventRow, EventSubjectRow


def events_of(desk: Desk, case_id: UUID) -> list[str]:
    return list(
        desk.session.scalars(
            select(EventRow.kind)
            .join(EventSubjectRow, EventSubjectRow.event_id == EventRow.id)
            .where(
                EventSubjectRow.subject_kind == "case",
                EventSubjectRow.subject_key == str(case_id),
                EventRow.kind != "case-read",
            )
            .order_by(EventRow.id)
        )
    )


def version(desk: Desk, case_id: UUID) -> int:
    return desk.case(case_id).version


class TestOpening:
    def test_by_hand_about_a_vehicle(self, desk: Desk) -> None:
        case_id = desk.open_case()

        found = desk.case(case_id)
        assert (found.case.number, found.case.status) == ("C-2026-000001", CaseStatus.OPEN)
        assert (found.case.about_name, found.case.organisation_id) == (
            "苏H12345",
            desk.carrier.organisation_id,
        )
        assert found.case.due_on == date(2026, 12, 22)
        assert [(note.act, note.text, note.by) for note in found.notes] == [
            (CaseAct.OPEN, "装货前未清洗罐体", "auditor")
        ]
        assert events_of(desk, case_id) == ["case-opened"]

    def test_numbers_go_on(self, desk: Desk) -> None:
        first, second = desk.open_case(), desk.open_case()

        numbers = [desk.case(found).case.number for found in (first, second)]

        assert numbers == ["C-2026-000001", "C-2026-000002"]

    def test_about_a_waybill_it_is_its_carriers_and_not_in_its_time_line(
        self, desk: Desk, session: Session
    ) -> None:
        issued = desk.line.issued(session)
        seen = waybill_time_line(session, desk.carrier, issued.id)

        case_id = desk.open_case(about=(CaseSubject.WAYBILL, issued.id))

        assert desk.case(case_id).case.about_name == issued.number
        assert desk.case(case_id).case.organisation_id == desk.carrier.organisation_id
        assert waybill_time_line(session, desk.carrier, issued.id) == seen

    def test_by_a_pattern_with_the_events_it_saw(self, desk: Desk, session: Session) -> None:
        desk.line.issued(session)
        event_id = session.scalars(
            select(EventRow.id).where(EventRow.kind == "waybill-issued")
        ).one()

        case_id = desk.open_case(
            pattern_code="impossible-travel",
            event_ids=(event_id,),
            about=(CaseSubject.EVENT, event_id),
        )

        found = desk.case(case_id)
        assert (found.case.source, found.case.pattern_code, found.event_ids) == (
            CaseSource.PATTERN,
            "impossible-travel",
            (event_id,),
        )

    @pytest.mark.parametrize(
        ("changes", "pointer"),
        [
            ({"text": "  "}, "/text"),
            ({"text": "x" * 2001}, "/text"),
            ({"text": "a\x07b"}, "/text"),
            ({"about": (CaseSubject.TANK, UUID(int=5))}, "/about_id"),
            ({"about": (CaseSubject.WAYBILL, UUID(int=5))}, "/about_id"),
            ({"about": (CaseSubject.EVENT, UUID(int=5))}, "/about_id"),
            ({"event_ids": (UUID(int=5),)}, "/event_ids"),
        ],
    )
    def test_what_cannot_be_accepted_is_named(
        self, desk: Desk, changes: dict[str, object], pointer: str
    ) -> None:
        with pytest.raises(InvalidFieldError) as refused:
            desk.open_case(**changes)

        assert [problem.pointer for problem in refused.value.problems] == [pointer]

    def test_a_draft_is_nobody_elses(self, desk: Desk, session: Session) -> None:
        with pytest.raises(InvalidFieldError):
            desk.open_case(about=(CaseSubject.WAYBILL, desk.line.draft(session)))


class TestActing:
    def test_a_case_is_assigned_decided_closed_and_reopened(
        self, desk: Desk, session: Session
    ) -> None:
        case_id = desk.open_case()
        clock = desk.line.clock
        acting.comment_case(session, desk.senior, case_id, "请优先", vault=VAULT, clock=clock)
        acting.assign_case(
            session,
            desk.senior,
            case_id,
            desk.auditor.user_id,
            expected_version=version(desk, case_id),
            clock=clock,
        )
        acting.decide_case(
            session,
            desk.auditor,
            case_id,
            (CaseOutcome.WARNED, "已告诫"),
            expected_version=version(desk, case_id),
            vault=VAULT,
            clock=clock,
        )
        acting.close_case(
            session,
            desk.auditor,
            case_id,
            expected_version=version(desk, case_id),
            clock=clock,
        )
        closed = desk.case(case_id).case
        with pytest.raises(StateError):
            acting.comment_case(session, desk.senior, case_id, "迟到", vault=VAULT, clock=clock)
        acting.reopen_case(
            session,
            desk.senior,
            case_id,
            "有新证据",
            expected_version=version(desk, case_id),
            vault=VAULT,
            clock=clock,
        )

        assert (closed.status, closed.outcome, closed.assignee) == (
            CaseStatus.CLOSED,
            CaseOutcome.WARNED,
            "auditor",
        )
        found = desk.case(case_id)
        assert (found.case.status, found.case.outcome) == (CaseStatus.OPEN, None)
        assert [note.act for note in found.notes] == [
            CaseAct.OPEN,
            CaseAct.COMMENT,
            CaseAct.ASSIGN,
            CaseAct.DECIDE,
            CaseAct.CLOSE,
            CaseAct.REOPEN,
        ]

    def test_only_an_auditor_is_assigned(self, desk: Desk, session: Session) -> None:
        case_id = desk.open_case()

        with pytest.raises(InvalidFieldError):
            acting.assign_case(
                session,
                desk.auditor,
                case_id,
                desk.carrier.user_id,
                expected_version=version(desk, case_id),
                clock=desk.line.clock,
            )

    def test_who_saw_another_version_changes_nothing(self, desk: Desk, session: Session) -> None:
        case_id = desk.open_case()

        with pytest.raises(PreconditionFailedError):
            acting.close_case(
                session, desk.auditor, case_id, expected_version=9, clock=desk.line.clock
            )

    def test_a_carrier_has_no_cases(self, desk: Desk) -> None:
        with pytest.raises(ForbiddenError):
            list_cases(
                desk.session,
                desk.carrier,
                CaseFilter(),
                PageRequest(),
                vault=VAULT,
                clock=desk.line.clock,
            )


class TestDeadlines:
    def test_the_most_overdue_comes_first_and_is_marked(
        self, desk: Desk, session: Session, clock: FixedClock
    ) -> None:
        later, asked, sooner = desk.open_case(), desk.open_case(), desk.open_case()
        desk.ask(asked, due_on=date(2026, 11, 23))
        acting.set_deadline(
            session,
            desk.auditor,
            sooner,
            date(2026, 11, 25),
            expected_version=version(desk, sooner),
            clock=clock,
        )
        clock.advance(timedelta(days=2))

        def listed(page: PageRequest, **wanted: object) -> list[tuple[UUID, bool]]:
            found = list_cases(
                session,
                desk.auditor,
                CaseFilter(**wanted),  # type: ignore[arg-type]  # a test's own fields
                page,
                vault=VAULT,
                clock=clock,
            )
            return [(case.id, case.overdue) for case in found.items]

        assert listed(PageRequest()) == [(asked, True), (sooner, False), (later, False)]
        assert listed(PageRequest(), overdue=True) == [(asked, True)]
        assert listed(PageRequest(after=asked, limit=1)) == [(sooner, False)]
        assert listed(PageRequest(), status=CaseStatus.WAITING) == [(asked, True)]

    def test_a_deadline_is_not_set_into_the_past(self, desk: Desk, session: Session) -> None:
        case_id = desk.open_case()

        with pytest.raises(InvalidFieldError):
            acting.set_deadline(
                session,
                desk.auditor,
                case_id,
                date(2026, 11, 21),
                expected_version=version(desk, case_id),
                clock=desk.line.clock,
            )


def test_every_act_but_opening_has_its_line_in_the_table() -> None:
    assert set(CASE_MOVES) == set(CaseAct) - {CaseAct.OPEN}


@pytest.mark.parametrize("status", CaseStatus)
def test_an_act_out_of_its_state_says_what_to_do(status: CaseStatus) -> None:
    for act, move in CASE_MOVES.items():
        if status in move.allowed_from:
            assert check_case_move(status, act) in CaseStatus
            continue
        with pytest.raises(StateError) as refused:
            check_case_move(status, act)
        assert refused.value.next_step_zh
        assert refused.value.next_step_en
