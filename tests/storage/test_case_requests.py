"""Cases that come from the public, and what a carrier is asked and answers."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.harness.accounts import OTHER_CARRIER
from tests.harness.desk import VAULT, Desk
from waybill.errors import (
    InvalidFieldError,
    NotFoundError,
    StateError,
)
from waybill.registry.cases import (
    CaseMatter,
    CaseSource,
    CaseStatus,
    PublicReport,
    RequestAnswer,
    RequestStatus,
)
from waybill.registry.kinds import CertificateKind
from waybill.services.cases.contacts import disclose_contact
from waybill.services.cases.opening import report_case
from waybill.services.cases.queries import (
    count_open_requests,
    get_own_request,
    list_own_requests,
)
from waybill.services.cases.requests import accept_answer, answer_request, withdraw_request
from waybill.services.paging import PageRequest
from waybill.storage.cases import CaseRow
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


class TestPublicReport:
    def report(self, desk: Desk, **changes: object) -> CaseRow:
        stated: dict[str, object] = {
            "matter": CaseMatter.LEAK,
            "text": "罐车尾部滴漏",
            "place": "G2 淮安服务区",
            "seen_at": desk.line.clock.now(),
            "plate": "苏H·12345",
            "contact": "13905170000",
        }
        report = PublicReport(**(stated | changes))  # type: ignore[arg-type]  # a test's own fields
        number = report_case(desk.session, report, vault=VAULT, clock=desk.line.clock)
        return desk.session.scalars(select(CaseRow).where(CaseRow.number == number)).one()

    def test_it_becomes_a_case_about_the_vehicle(self, desk: Desk) -> None:
        row = self.report(desk)

        found = desk.case(row.id)
        assert (found.case.source, found.case.about_name) == (CaseSource.PUBLIC, "苏H12345")
        assert (found.place, found.seen_at) == ("G2 淮安服务区", desk.line.clock.now())
        assert (found.contact_given, found.notes[0].by) == (True, "")

    def test_a_plate_that_nobody_registered_is_kept(self, desk: Desk) -> None:
        row = self.report(desk, plate="苏H99999")

        assert (row.plate, row.about_id) == ("苏H99999", None)

    def test_nothing_of_it_stands_in_the_log_in_clear(self, desk: Desk, session: Session) -> None:
        self.report(desk, text="司机王某某拒绝停车")

        bodies = b"".join(session.scalars(select(EventRow.body))).decode()
        assert [w for w in ("王某某", "13905170000", "服务区") if w in bodies] == []

    def test_the_contact_is_shown_with_a_reason_and_an_event(
        self, desk: Desk, session: Session
    ) -> None:
        row = self.report(desk)

        shown = disclose_contact(
            session, desk.auditor, row.id, "回访", vault=VAULT, clock=desk.line.clock
        )

        assert shown.value == "13905170000"
        assert events_of(desk, row.id)[-1] == "personal-value-shown"

    def test_where_none_was_given_none_is_shown(self, desk: Desk, session: Session) -> None:
        row = self.report(desk, contact="")

        with pytest.raises(NotFoundError):
            disclose_contact(
                session, desk.auditor, row.id, "回访", vault=VAULT, clock=desk.line.clock
            )

    def test_what_is_still_to_come_was_not_seen(self, desk: Desk) -> None:
        with pytest.raises(InvalidFieldError) as refused:
            self.report(desk, seen_at=desk.line.clock.now() + timedelta(minutes=1), plate="x")

        assert {p.pointer for p in refused.value.problems} == {"/seen_at", "/plate"}


class TestRequests:
    def test_a_carrier_is_asked_answers_and_is_accepted(self, desk: Desk, session: Session) -> None:
        issued = desk.line.issued(session)
        case_id = desk.open_case()
        request_id = desk.ask(case_id)
        asked = desk.case(case_id)
        waiting = count_open_requests(session, desk.carrier)

        desk.answer(request_id, waybill_id=issued.id)
        answered = desk.case(case_id)
        accept_answer(
            session,
            desk.auditor,
            case_id,
            expected_version=answered.version,
            clock=desk.line.clock,
        )

        assert (asked.case.status, asked.case.next_due_on) == (
            CaseStatus.WAITING,
            date(2026, 12, 1),
        )
        assert (answered.case.status, answered.case.next_due_on) == (
            CaseStatus.ANSWERED,
            date(2026, 12, 22),
        )
        assert (waiting, count_open_requests(session, desk.carrier)) == (1, 0)
        found = desk.case(case_id)
        assert found.case.status is CaseStatus.OPEN
        request = found.requests[0]
        assert (request.status, request.answer, request.waybill_id) == (
            RequestStatus.ACCEPTED,
            "清洗单已补交",
            issued.id,
        )
        assert events_of(desk, case_id) == [
            "case-opened",
            "correction-asked",
            "correction-answered",
            "correction-accepted",
        ]

    def test_asking_again_returns_the_answer(self, desk: Desk) -> None:
        case_id = desk.open_case()
        desk.answer(desk.ask(case_id))

        desk.ask(case_id)

        statuses = [request.status for request in desk.case(case_id).requests]
        assert statuses == [RequestStatus.RETURNED, RequestStatus.OPEN]

    def test_what_was_answered_is_not_answered_again(self, desk: Desk) -> None:
        request_id = desk.ask(desk.open_case())
        desk.answer(request_id)

        with pytest.raises(StateError):
            desk.answer(request_id, version=2)

    def test_another_carrier_does_not_know_of_it(self, desk: Desk, session: Session) -> None:
        request_id = desk.ask(desk.open_case())
        other = desk.line.yard.actor(OTHER_CARRIER)
        clock = desk.line.clock

        with pytest.raises(NotFoundError):
            get_own_request(session, other, request_id, vault=VAULT, clock=clock)
        with pytest.raises(NotFoundError):
            answer_request(
                session,
                other,
                request_id,
                RequestAnswer(text="不是我们"),
                expected_version=1,
                vault=VAULT,
                clock=clock,
            )
        own = list_own_requests(session, other, PageRequest(), vault=VAULT, clock=clock)
        assert own.items == ()

    @pytest.mark.parametrize("field", ["waybill_id", "certificate_id"])
    def test_it_answers_with_its_own_records_alone(self, desk: Desk, field: str) -> None:
        request_id = desk.ask(desk.open_case())

        with pytest.raises(InvalidFieldError) as refused:
            desk.answer(request_id, 1, **{field: UUID(int=5)})

        assert refused.value.pointer == f"/{field}"

    def test_an_answer_names_a_certificate(self, desk: Desk) -> None:
        from tests.harness.trips import certificate_id  # noqa: PLC0415  only here

        paper = certificate_id(
            desk.session, desk.line.yard.driver_id, CertificateKind.DRIVER_QUALIFICATION
        )
        case_id = desk.open_case()

        desk.answer(desk.ask(case_id), certificate_id=paper)

        assert desk.case(case_id).requests[0].certificate_id == paper

    def test_a_withdrawn_request_waits_for_nobody(self, desk: Desk, session: Session) -> None:
        case_id = desk.open_case()
        request_id = desk.ask(case_id)

        withdraw_request(
            session,
            desk.auditor,
            case_id,
            expected_version=version(desk, case_id),
            clock=desk.line.clock,
        )

        assert desk.case(case_id).case.status is CaseStatus.OPEN
        with pytest.raises(StateError):
            desk.answer(request_id, version=2)

    def test_only_a_carrier_is_asked_and_not_for_yesterday(self, desk: Desk) -> None:
        with pytest.raises(InvalidFieldError) as refused:
            desk.ask(desk.open_case(), due_on=date(2026, 11, 21))

        assert refused.value.pointer == "/due_on"
