"""Measures of the authority: nothing acts before a second person has agreed, then all at once."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.harness.desk import VAULT, Desk
from tests.harness.rejudged import attention, judged
from waybill.errors import (
    ForbiddenError,
    InvalidFieldError,
    PreconditionFailedError,
    StateError,
)
from waybill.registry.kinds import (
    RecordStatus,
    SubjectKind,
)
from waybill.registry.measures import MeasureFilter, MeasureKind, MeasureStatus
from waybill.registry.records import StatusChange
from waybill.services.measures.deciding import approve_measure, refuse_measure, withdraw_measure
from waybill.services.measures.queries import list_measures
from waybill.services.paging import PageRequest
from waybill.services.registry.vehicles import set_vehicle_status
from waybill.storage.measures import MeasureRow
from waybill.storage.registry import (
    VehicleRow,
)


def vehicle_status(desk: Desk) -> RecordStatus:
    row = desk.session.get_one(VehicleRow, desk.line.yard.vehicle_id)
    return row.status


class TestFourEyes:
    def test_a_proposal_alone_changes_nothing(self, desk: Desk, session: Session) -> None:
        issued = desk.line.issued(session)

        proposed = desk.measure(desk.propose())

        assert (proposed.status, proposed.in_effect) == (MeasureStatus.PROPOSED, False)
        assert vehicle_status(desk) is RecordStatus.ACTIVE
        assert judged(session, issued.id) == [("issue", True, [])]

    def test_approval_acts_at_once_on_open_waybills(self, desk: Desk, session: Session) -> None:
        issued = desk.line.issued(session)
        measure_id = desk.propose()

        desk.approve(measure_id)

        assert vehicle_status(desk) is RecordStatus.SUSPENDED
        assert [clears for _, clears, _ in judged(session, issued.id)] == [True, False]
        assert attention(session, issued.id)
        approved = desk.measure(measure_id)
        assert (approved.status, approved.in_effect) == (MeasureStatus.APPROVED, True)
        assert (approved.proposed_by, approved.approved_by) == ("auditor", "senior-auditor")

    def test_nobody_approves_or_refuses_their_own_proposal(self, desk: Desk) -> None:
        measure_id = desk.propose(desk.senior)

        for act in (approve_measure, refuse_measure):
            with pytest.raises(ForbiddenError):
                act(
                    desk.session,
                    desk.senior,
                    measure_id,
                    "同意",
                    expected_version=desk.measure(measure_id).version,
                    clock=desk.line.clock,
                )

        assert vehicle_status(desk) is RecordStatus.ACTIVE

    def test_the_table_itself_refuses_one_pair_of_eyes(self, desk: Desk) -> None:
        measure_id = desk.propose(desk.senior)
        alone = update(MeasureRow).where(MeasureRow.id == measure_id)

        for wrong in (
            {"approved_by": desk.senior.user_id},
            {"status": MeasureStatus.APPROVED},
        ):
            with pytest.raises(IntegrityError), desk.session.begin_nested():
                desk.session.execute(alone.values(**wrong))

    def test_an_auditor_does_not_approve(self, desk: Desk) -> None:
        measure_id = desk.propose(desk.senior)

        with pytest.raises(ForbiddenError):
            desk.approve(measure_id, desk.auditor)

    def test_who_saw_another_version_decides_nothing(self, desk: Desk) -> None:
        measure_id = desk.propose()
        seen = desk.measure(measure_id).version
        desk.approve(measure_id)

        with pytest.raises(PreconditionFailedError):
            approve_measure(
                desk.session,
                desk.other_senior,
                measure_id,
                "同意",
                expected_version=seen,
                clock=desk.line.clock,
            )

    def test_what_is_refused_never_acts(self, desk: Desk) -> None:
        measure_id = desk.propose()

        refuse_measure(
            desk.session,
            desk.senior,
            measure_id,
            "证据不足",
            expected_version=desk.measure(measure_id).version,
            clock=desk.line.clock,
        )

        assert desk.measure(measure_id).status is MeasureStatus.REFUSED
        assert vehicle_status(desk) is RecordStatus.ACTIVE
        with pytest.raises(StateError):
            desk.approve(measure_id, desk.other_senior)

    def test_only_its_proposer_withdraws_it(self, desk: Desk) -> None:
        measure_id = desk.propose()
        version = desk.measure(measure_id).version

        with pytest.raises(ForbiddenError):
            withdraw_measure(
                desk.session,
                desk.senior,
                measure_id,
                "误报",
                expected_version=version,
                clock=desk.line.clock,
            )
        withdraw_measure(
            desk.session,
            desk.auditor,
            measure_id,
            "误报",
            expected_version=version,
            clock=desk.line.clock,
        )

        assert desk.measure(measure_id).status is MeasureStatus.WITHDRAWN

    def test_of_one_subject_one_suspension_is_under_way(self, desk: Desk) -> None:
        desk.propose()

        with pytest.raises(StateError):
            desk.propose(desk.senior)


class TestLifting:
    def test_it_takes_two_as_well(self, desk: Desk, session: Session) -> None:
        issued = desk.line.issued(session)
        measure_id = desk.propose()
        desk.approve(measure_id)
        desk.propose_lifting(measure_id, desk.senior)
        assert vehicle_status(desk) is RecordStatus.SUSPENDED

        with pytest.raises(ForbiddenError):
            desk.approve(measure_id, desk.senior)
        desk.approve(measure_id, desk.other_senior)

        assert vehicle_status(desk) is RecordStatus.ACTIVE
        assert [clears for _, clears, _ in judged(session, issued.id)] == [True, False, True]
        lifted = desk.measure(measure_id)
        assert (lifted.status, lifted.in_effect) == (MeasureStatus.LIFTED, False)
        assert (lifted.lifting_proposed_by, lifted.lifted_by) == (
            "senior-auditor",
            "other-senior-auditor",
        )

    def test_who_proposed_the_measure_may_approve_somebody_elses_lifting(self, desk: Desk) -> None:
        measure_id = desk.propose(desk.senior)
        desk.approve(measure_id, desk.other_senior)
        desk.propose_lifting(measure_id, desk.auditor)

        desk.approve(measure_id, desk.senior)

        assert desk.measure(measure_id).status is MeasureStatus.LIFTED

    def test_a_refused_lifting_leaves_it_in_force(self, desk: Desk) -> None:
        measure_id = desk.propose()
        desk.approve(measure_id)
        desk.propose_lifting(measure_id)

        refuse_measure(
            desk.session,
            desk.senior,
            measure_id,
            "尚未整改",
            expected_version=desk.measure(measure_id).version,
            clock=desk.line.clock,
        )

        left = desk.measure(measure_id)
        assert (left.status, left.in_effect) == (MeasureStatus.APPROVED, True)
        assert left.lifting_reason == ""
        assert vehicle_status(desk) is RecordStatus.SUSPENDED

    def test_what_its_owner_had_suspended_stays_the_owners_to_resume(self, desk: Desk) -> None:
        def set_status(status: RecordStatus) -> None:
            row = desk.session.get_one(VehicleRow, desk.line.yard.vehicle_id)
            change = StatusChange(status=status, reason="检修")
            set_vehicle_status(
                desk.session,
                desk.carrier,
                row.id,
                change,
                expected_version=row.version,
                clock=desk.line.clock,
            )

        set_status(RecordStatus.SUSPENDED)
        measure_id = desk.propose()
        desk.approve(measure_id)
        for wanted in (RecordStatus.ACTIVE, RecordStatus.RETIRED):
            with pytest.raises(StateError, match="suspended it"):
                set_status(wanted)
        desk.propose_lifting(measure_id)
        desk.approve(measure_id)
        assert vehicle_status(desk) is RecordStatus.SUSPENDED

        set_status(RecordStatus.ACTIVE)

        assert vehicle_status(desk) is RecordStatus.ACTIVE


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"reason": " "}, "/reason"),
        ({"legal_basis": ""}, "/legal_basis"),
        ({"decision_number": ""}, "/decision_number"),
        ({"subject_id": UUID(int=5)}, "/subject_id"),
        ({"subject_kind": SubjectKind.BAY}, "/subject_kind"),
        ({"kind": MeasureKind.REVOCATION}, "/subject_kind"),
        ({"valid_until": date(2026, 11, 21)}, "/valid_until"),
        ({"published": True}, "/published"),
        ({"case_id": UUID(int=5)}, "/case_id"),
        ({"at_once": True, "valid_from": date(2026, 11, 23)}, "/at_once"),
        ({"at_once": True, "kind": MeasureKind.BLACK_LISTING}, "/at_once"),
    ],
)
def test_a_field_that_cannot_be_accepted_is_named(
    desk: Desk, changes: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(InvalidFieldError) as refused:
        desk.propose(desk.senior, **changes)

    assert pointer in [problem.pointer for problem in refused.value.problems]


def test_a_list_shows_what_waits_for_a_second_person(desk: Desk) -> None:
    waiting = desk.propose()
    tank: dict[str, Any] = {"subject_kind": SubjectKind.TANK, "subject_id": desk.line.yard.tank_id}
    done = desk.propose(**tank)
    desk.approve(done)

    def listed(**wanted: object) -> list[UUID]:
        found = list_measures(
            desk.session,
            desk.senior,
            MeasureFilter(**wanted),  # type: ignore[arg-type]  # a test's own fields
            PageRequest(),
            vault=VAULT,
        )
        return [measure.id for measure in found.items]

    assert listed() == [done, waiting]
    assert listed(waiting=True) == [waiting]
    assert listed(status=MeasureStatus.APPROVED) == [done]
    assert listed(subject_id=desk.line.yard.tank_id) == [done]
