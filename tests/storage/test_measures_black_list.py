"""The black list: two people decide, it blocks, it can be published, and it can be appealed."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.harness.desk import TODAY, VAULT, Desk
from tests.harness.rejudged import judged
from waybill.clock import FixedClock
from waybill.errors import InvalidFieldError, StateError
from waybill.registry.kinds import SubjectKind
from waybill.registry.measures import AppealOutcome, MeasureKind, MeasureStatus
from waybill.services.measures.appeals import answer_appeal, receive_appeal
from waybill.services.measures.in_time import due_measures, move_in_time
from waybill.services.measures.queries import published_black_list
from waybill.storage.log import EventRow
from waybill.storage.registry import BlackListingRow, OrganisationRow


def listed(desk: Desk, **changes: Any) -> UUID:  # noqa: ANN401  a field's value
    """Put the trip's tractor, or what is named, on the list."""
    measure_id = desk.propose(kind=MeasureKind.BLACK_LISTING, **changes)
    desk.approve(measure_id)
    return measure_id


def names(desk: Desk, on: date = TODAY) -> list[str]:
    return [entry.name for entry in published_black_list(desk.session, on=on)]


def test_it_blocks_once_two_have_decided(desk: Desk, session: Session) -> None:
    issued = desk.line.issued(session)
    measure_id = desk.propose(kind=MeasureKind.BLACK_LISTING)
    assert session.scalars(select(BlackListingRow)).all() == []

    desk.approve(measure_id)

    assert judged(session, issued.id)[1:] == [("day_before", False, ["CAR-01.black_list"])]
    desk.propose_lifting(measure_id)
    desk.approve(measure_id)
    assert judged(session, issued.id)[2:] == [("day_before", True, [])]


def test_only_what_is_published_and_in_force_is_shown_to_everybody(desk: Desk) -> None:
    carrier = desk.carrier.organisation_id
    listed(desk)
    shown = listed(
        desk,
        subject_kind=SubjectKind.ORGANISATION,
        subject_id=carrier,
        published=True,
        valid_from=TODAY + timedelta(days=1),
        valid_until=TODAY + timedelta(days=2),
    )
    title = desk.session.get_one(OrganisationRow, carrier)

    days = [names(desk, TODAY + timedelta(days=n)) for n in range(4)]

    assert days == [[], [title.name], [title.name], []]
    entry = published_black_list(desk.session, on=TODAY + timedelta(days=1))[0]
    assert (entry.uscc, entry.decision_number, entry.appealed) == (
        title.uscc,
        "淮交罚 2026-118",
        False,
    )
    desk.propose_lifting(shown)
    assert names(desk, TODAY + timedelta(days=1)) == [title.name]
    desk.approve(shown)
    assert names(desk, TODAY + timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("kind", "place"), [(SubjectKind.PERSON, "driver_id"), (SubjectKind.TANK, "tank_id")]
)
def test_a_person_is_never_published(desk: Desk, kind: SubjectKind, place: str) -> None:
    with pytest.raises(InvalidFieldError, match=r"never of people"):
        desk.propose(
            kind=MeasureKind.BLACK_LISTING,
            subject_kind=kind,
            subject_id=getattr(desk.line.yard, place),
            published=True,
        )


def test_it_runs_out_by_itself(desk: Desk, clock: FixedClock) -> None:
    measure_id = listed(desk, published=True, valid_until=TODAY)
    assert names(desk) == ["苏H12345"]

    clock.advance(timedelta(days=1))
    moved = [
        move_in_time(desk.session, m, clock=clock) for m in due_measures(desk.session, clock=clock)
    ]

    assert moved == [True]
    assert desk.measure(measure_id).status is MeasureStatus.EXPIRED
    assert names(desk, TODAY + timedelta(days=1)) == []


class TestAppeals:
    def appeal(self, desk: Desk, measure_id: UUID, text: str = "清洗单在此，请复核") -> None:
        receive_appeal(
            desk.session,
            desk.auditor,
            measure_id,
            text,
            expected_version=desk.measure(measure_id).version,
            vault=VAULT,
            clock=desk.line.clock,
        )

    def answer(self, desk: Desk, measure_id: UUID, outcome: AppealOutcome) -> None:
        answer_appeal(
            desk.session,
            desk.senior,
            measure_id,
            (outcome, "证据充分"),
            expected_version=desk.measure(measure_id).version,
            vault=VAULT,
            clock=desk.line.clock,
        )

    def test_an_appeal_is_kept_answered_and_lifts_nothing_by_itself(self, desk: Desk) -> None:
        measure_id = listed(desk, published=True)

        self.appeal(desk, measure_id)
        waiting = published_black_list(desk.session, on=TODAY)[0].appealed
        self.answer(desk, measure_id, AppealOutcome.UPHELD)

        found = desk.measure(measure_id)
        assert (found.appeal, found.appeal_outcome, found.appeal_answer) == (
            "清洗单在此，请复核",
            AppealOutcome.UPHELD,
            "证据充分",
        )
        assert found.appeal_received_at == desk.line.clock.now()
        assert (waiting, found.in_effect) == (True, True)

    def test_its_text_is_not_in_the_log(self, desk: Desk, session: Session) -> None:
        self.appeal(desk, listed(desk), "举报人王某某与本单位有纠纷")

        bodies = b"".join(session.scalars(select(EventRow.body)))
        assert "王某某" not in bodies.decode()

    def test_one_waits_at_a_time(self, desk: Desk) -> None:
        measure_id = listed(desk)
        self.appeal(desk, measure_id)

        with pytest.raises(StateError):
            self.appeal(desk, measure_id)

    def test_without_one_there_is_nothing_to_answer(self, desk: Desk) -> None:
        with pytest.raises(StateError):
            self.answer(desk, listed(desk), AppealOutcome.DISMISSED)

    def test_nobody_judges_an_appeal_against_their_own_proposal(self, desk: Desk) -> None:
        measure_id = desk.propose(desk.senior, kind=MeasureKind.BLACK_LISTING)
        desk.approve(measure_id, desk.other_senior)
        self.appeal(desk, measure_id)

        with pytest.raises(StateError, match="their own proposal"):
            self.answer(desk, measure_id, AppealOutcome.DISMISSED)
