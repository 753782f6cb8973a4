"""What measures do to their subjects, and what happens to them by itself."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from tests.harness.desk import TODAY, VAULT, Desk
from tests.harness.rejudged import judged
from tests.harness.trips import certificate_id
from waybill.clock import FixedClock
from waybill.errors import (
    ForbiddenError,
    StateError,
)
from waybill.registry.kinds import (
    CertificateKind,
    CertificateStatus,
    RecordStatus,
    SubjectKind,
)
from waybill.registry.measures import MeasureAct, MeasureKind, MeasureStatus
from waybill.registry.terms import INTERIM_SUSPENSION
from waybill.services.measures.deciding import refuse_measure
from waybill.services.measures.in_time import due_measures, move_in_time
from waybill.services.measures.queries import get_measure
from waybill.storage.registry import (
    CertificateRow,
    OrganisationRow,
    PersonRow,
    TankRow,
    VehicleRow,
)


def vehicle_status(desk: Desk) -> RecordStatus:
    row = desk.session.get_one(VehicleRow, desk.line.yard.vehicle_id)
    return row.status


def pass_time(desk: Desk, clock: FixedClock, step: timedelta) -> list[bool]:
    clock.advance(step)
    due = due_measures(desk.session, clock=clock)
    return [move_in_time(desk.session, measure_id, clock=clock) for measure_id in due]


class TestInTime:
    def test_an_urgent_suspension_acts_at_once_and_lapses_by_itself(
        self, desk: Desk, session: Session, clock: FixedClock
    ) -> None:
        issued = desk.line.issued(session)
        measure_id = desk.propose(desk.senior, at_once=True)
        interim = desk.measure(measure_id)
        assert (interim.status, interim.in_effect) == (MeasureStatus.INTERIM, True)
        assert interim.interim_until == clock.now() + INTERIM_SUSPENSION
        assert [clears for _, clears, _ in judged(session, issued.id)] == [True, False]

        early = pass_time(desk, clock, INTERIM_SUSPENSION - timedelta(milliseconds=1))
        due = pass_time(desk, clock, timedelta(milliseconds=1))

        assert (early, due) == ([], [True])
        lapsed = desk.measure(measure_id)
        assert (lapsed.status, lapsed.in_effect) == (MeasureStatus.LAPSED, False)
        assert vehicle_status(desk) is RecordStatus.ACTIVE

    def test_an_urgent_suspension_that_is_approved_stays(
        self, desk: Desk, clock: FixedClock
    ) -> None:
        measure_id = desk.propose(desk.senior, at_once=True)
        desk.approve(measure_id, desk.other_senior)

        moved = pass_time(desk, clock, INTERIM_SUSPENSION)

        assert moved == []
        assert vehicle_status(desk) is RecordStatus.SUSPENDED

    def test_an_urgent_suspension_that_is_refused_ends_at_once(self, desk: Desk) -> None:
        measure_id = desk.propose(desk.senior, at_once=True)

        refuse_measure(
            desk.session,
            desk.other_senior,
            measure_id,
            "证据不足",
            expected_version=desk.measure(measure_id).version,
            clock=desk.line.clock,
        )

        assert vehicle_status(desk) is RecordStatus.ACTIVE

    def test_an_auditor_suspends_nothing_alone(self, desk: Desk) -> None:
        with pytest.raises(ForbiddenError):
            desk.propose(desk.auditor, at_once=True)

    def test_it_begins_on_its_first_day_and_ends_after_its_last(
        self, desk: Desk, clock: FixedClock
    ) -> None:
        day = timedelta(days=1)
        measure_id = desk.propose(valid_from=TODAY + day, valid_until=TODAY + 2 * day)
        desk.approve(measure_id)
        states = [vehicle_status(desk)]

        for _ in range(3):
            pass_time(desk, clock, day)
            states.append(vehicle_status(desk))

        assert states == [
            RecordStatus.ACTIVE,
            RecordStatus.SUSPENDED,
            RecordStatus.SUSPENDED,
            RecordStatus.ACTIVE,
        ]
        steps = get_measure(desk.session, desk.auditor, measure_id, vault=VAULT).steps
        assert [(step.act, step.by) for step in steps] == [
            (MeasureAct.PROPOSE, "auditor"),
            (MeasureAct.APPROVE, "senior-auditor"),
            (MeasureAct.BEGIN, ""),
            (MeasureAct.EXPIRE, ""),
        ]

    def test_one_that_somebody_decided_meanwhile_is_left_alone(
        self, desk: Desk, clock: FixedClock
    ) -> None:
        measure_id = desk.propose(desk.senior, at_once=True)
        clock.advance(INTERIM_SUSPENSION)
        desk.approve(measure_id, desk.other_senior)

        assert move_in_time(desk.session, measure_id, clock=clock) is False


@pytest.mark.parametrize(
    ("kind", "row", "place"),
    [
        (SubjectKind.VEHICLE, VehicleRow, "trailer_id"),
        (SubjectKind.TANK, TankRow, "tank_id"),
        (SubjectKind.PERSON, PersonRow, "driver_id"),
        (SubjectKind.ORGANISATION, OrganisationRow, "carrier"),
    ],
)
def test_whatever_is_suspended_refuses_the_open_waybill(
    desk: Desk, session: Session, kind: SubjectKind, row: type, place: str
) -> None:
    issued = desk.line.issued(session)
    yard = desk.line.yard
    found: UUID = (
        yard.accounts.organisations["carrier"] if place == "carrier" else getattr(yard, place)
    )

    desk.approve(desk.propose(subject_kind=kind, subject_id=found))

    assert session.get_one(row, found).status is RecordStatus.SUSPENDED
    assert [clears for _, clears, _ in judged(session, issued.id)] == [True, False]


class TestCertificates:
    def paper(self, desk: Desk) -> UUID:
        kind = CertificateKind.DRIVER_QUALIFICATION
        return certificate_id(desk.session, desk.line.yard.driver_id, kind)

    def suspended(self, desk: Desk, kind: MeasureKind = MeasureKind.SUSPENSION) -> UUID:
        measure_id = desk.propose(
            kind=kind, subject_kind=SubjectKind.CERTIFICATE, subject_id=self.paper(desk)
        )
        desk.approve(measure_id)
        return measure_id

    def test_it_is_suspended_and_restored(self, desk: Desk, session: Session) -> None:
        issued = desk.line.issued(session)
        measure_id = self.suspended(desk)
        row = session.get_one(CertificateRow, self.paper(desk))
        assert (row.status, row.status_reason) == (
            CertificateStatus.SUSPENDED,
            "淮交罚 2026-118：罐体未清洗即改装其他介质",
        )
        assert judged(session, issued.id)[1:] == [("day_before", False, ["DRV-01.qualification"])]

        desk.propose_lifting(measure_id)
        desk.approve(measure_id)

        assert row.status is CertificateStatus.VALID

    def test_a_revocation_is_not_lifted(self, desk: Desk, session: Session) -> None:
        measure_id = self.suspended(desk, MeasureKind.REVOCATION)

        with pytest.raises(StateError):
            desk.propose_lifting(measure_id)

        assert session.get_one(CertificateRow, self.paper(desk)).status is CertificateStatus.REVOKED

    def test_what_was_revoked_meanwhile_stays_so(self, desk: Desk, session: Session) -> None:
        first = self.suspended(desk)
        self.suspended(desk, MeasureKind.REVOCATION)

        desk.propose_lifting(first)
        desk.approve(first)

        assert desk.measure(first).status is MeasureStatus.LIFTED
        assert session.get_one(CertificateRow, self.paper(desk)).status is CertificateStatus.REVOKED
