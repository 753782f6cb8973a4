from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.harness import registrations as build
from tests.harness.registrations import VAULT
from waybill.clock import FixedClock
from waybill.codec import new_id
from waybill.errors import (
    InvalidFieldError,
)
from waybill.registry.access import Actor, Role
from waybill.registry.kinds import (
    CertificateKind,
    CertificateStatus,
    Provenance,
    SubjectKind,
)
from waybill.registry.records import (
    Certificate,
    CertificateParticulars,
    CertificateStatusChange,
)
from waybill.services.registry import certificates, people, tanks, vehicles
from waybill.services.registry.disclosures import disclose_certificate_number
from waybill.services.registry.history import list_versions
from waybill.storage.log import EventRow, EventSubjectRow
from waybill.storage.registry import CertificateRow

SUSPENDED = CertificateStatusChange(status=CertificateStatus.SUSPENDED, reason="处罚决定 12 号")
RESTORED = CertificateStatusChange(status=CertificateStatus.VALID, reason="期满")
REVOKED = CertificateStatusChange(status=CertificateStatus.REVOKED, reason="吊销决定 3 号")


def problems(error: InvalidFieldError) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.code) for problem in error.problems]


class Holder:
    """A carrier with a trailer, a tank and a driver who is an escort too."""

    def __init__(self, session: Session, clock: FixedClock) -> None:
        self.session, self.clock = session, clock
        self.carrier = build.actor(session, clock, Role.CARRIER)
        self.authority = build.actor(session, clock, Role.SENIOR_AUDITOR)
        person = build.person()
        self.ids = {
            SubjectKind.ORGANISATION: self.carrier.organisation_id,
            SubjectKind.VEHICLE: vehicles.create_vehicle(
                session, self.carrier, build.trailer(), clock=clock
            ).id,
            SubjectKind.TANK: tanks.create_tank(
                session, self.carrier, build.tank(), clock=clock
            ).id,
            SubjectKind.PERSON: people.create_person(
                session, self.carrier, person, vault=VAULT, clock=clock
            ).id,
        }

    def state(
        self, kind: SubjectKind, stated: CertificateParticulars, who: Actor | None = None
    ) -> Certificate:
        return certificates.create_certificate(
            self.session,
            who or self.carrier,
            (kind, self.ids[kind]),
            stated,
            vault=VAULT,
            clock=self.clock,
        )

    def correct(self, made: Certificate, stated: CertificateParticulars) -> Certificate:
        return certificates.update_certificate(
            self.session,
            self.carrier,
            made.id,
            stated,
            expected_version=made.version,
            vault=VAULT,
            clock=self.clock,
        )

    def decide(self, made: Certificate, change: CertificateStatusChange) -> Certificate:
        certificates.decide_certificate(
            self.session, made.id, change, actor=self.authority, clock=self.clock
        )
        return certificates.get_certificate(self.session, self.authority, made.id, vault=VAULT)


@pytest.fixture
def holder(session: Session, clock: FixedClock) -> Holder:
    return Holder(session, clock)


class TestCreateCertificate:
    def test_a_vehicles_stands_in_clear(self, holder: Holder, session: Session) -> None:
        made = holder.state(SubjectKind.VEHICLE, build.transport_certificate())

        assert made == Certificate(
            id=made.id,
            organisation_id=holder.carrier.organisation_id,
            created_at=holder.clock.now(),
            subject_kind=SubjectKind.VEHICLE,
            subject_id=holder.ids[SubjectKind.VEHICLE],
            status=CertificateStatus.VALID,
            status_reason="",
            version=1,
            kind=CertificateKind.ROAD_TRANSPORT_CERTIFICATE,
            number="320800123456",
            issuer="淮安市交通运输局",
            valid_from=date(2022, 6, 1),
            valid_until=date(2027, 5, 31),
            scope="危险货物运输(3类)(剧毒化学品除外)",
            categories=(),
            provenance=Provenance.TYPED,
        )
        session.expire_all()
        found = certificates.get_certificate(session, holder.carrier, made.id, vault=VAULT)
        assert found == made

    def test_its_event_is_found_by_the_plate(self, holder: Holder, session: Session) -> None:
        made = holder.state(SubjectKind.VEHICLE, build.transport_certificate())

        version = list_versions(session, holder.carrier, SubjectKind.CERTIFICATE, made.id).items[0]
        subjects = select(EventSubjectRow.subject_kind, EventSubjectRow.subject_key).where(
            EventSubjectRow.event_id == version.event_id
        )
        assert {tuple(row) for row in session.execute(subjects)} == {
            ("organisation", str(holder.carrier.organisation_id)),
            ("vehicle", str(holder.ids[SubjectKind.VEHICLE])),
            ("plate", "苏H1234挂/yellow"),
            ("certificate", str(made.id)),
            ("user", str(holder.carrier.user_id)),
        }

    def test_a_persons_is_a_commitment(self, holder: Holder, session: Session) -> None:
        made = holder.state(SubjectKind.PERSON, build.driver_qualification())

        row = session.get_one(CertificateRow, made.id)
        assert (made.number, row.number) == ("320***********0105", None)
        events = session.scalars(select(EventRow.body)).all()
        assert [body for body in events if build.ID_NUMBER.encode() in body] == []
        shown = disclose_certificate_number(
            session, holder.carrier, made.id, "核对", vault=VAULT, clock=holder.clock
        )
        assert shown.value == build.ID_NUMBER

    @pytest.mark.parametrize(
        ("subject", "kind", "number"),
        [
            (SubjectKind.ORGANISATION, CertificateKind.CARRIER_LICENCE, "320800123456"),
            (SubjectKind.ORGANISATION, CertificateKind.LIABILITY_INSURANCE, "PDAA2026/32-1"),
            (SubjectKind.VEHICLE, CertificateKind.LIABILITY_INSURANCE, "PDAA2026/32-1"),
            (SubjectKind.VEHICLE, CertificateKind.TECHNICAL_INSPECTION, "苏检 2026-88"),
            (SubjectKind.TANK, CertificateKind.TANK_INSPECTION, "CG-2026-0001"),
            (SubjectKind.TANK, CertificateKind.USE_REGISTRATION, "容15苏H0001"),
            (SubjectKind.PERSON, CertificateKind.ESCORT_QUALIFICATION, build.ID_NUMBER),
        ],
    )
    def test_each_kind_has_its_subject(
        self, holder: Holder, subject: SubjectKind, kind: CertificateKind, number: str
    ) -> None:
        stated = CertificateParticulars(kind=kind, number=number, issuer="发证机关")

        made = holder.state(subject, stated)

        assert (made.kind, made.subject_kind, made.valid_until) == (kind, subject, None)

    @pytest.mark.parametrize(
        ("subject", "stated", "expected"),
        [
            pytest.param(
                SubjectKind.TANK,
                build.transport_certificate(),
                [("/kind", "certificate-subject")],
                id="a vehicle's paper for a tank",
            ),
            pytest.param(
                SubjectKind.PERSON,
                build.driver_qualification(kind=CertificateKind.SUPERVISOR_QUALIFICATION),
                [("/kind", "certificate-holder")],
                id="a supervisor's paper for a driver",
            ),
            pytest.param(
                SubjectKind.VEHICLE,
                build.transport_certificate(
                    number="32080012345", valid_until=date(2022, 5, 31), categories=("A2",)
                ),
                [
                    ("/valid_until", "dates-reversed"),
                    ("/categories/0", "category-unknown"),
                    ("/number", "transport-certificate-number-shape"),
                ],
                id="number, dates and category",
            ),
            pytest.param(
                SubjectKind.PERSON,
                build.driver_qualification(
                    scope="3类", categories=("explosive", "explosive"), issuer=" "
                ),
                [
                    ("/scope", "not-expected"),
                    ("/categories", "repeated"),
                    ("/issuer", "required"),
                ],
                id="a person's paper with a scope",
            ),
        ],
    )
    def test_all_problems_are_named_at_once(
        self,
        holder: Holder,
        subject: SubjectKind,
        stated: CertificateParticulars,
        expected: list[tuple[str, str]],
    ) -> None:
        with pytest.raises(InvalidFieldError) as refused:
            holder.state(subject, stated)

        assert problems(refused.value) == expected

    def test_one_valid_day_is_enough(self, holder: Holder) -> None:
        day = date(2026, 11, 22)

        made = holder.state(
            SubjectKind.VEHICLE, build.transport_certificate(valid_from=day, valid_until=day)
        )

        assert (made.valid_from, made.valid_until) == (day, day)

    def test_nobody_states_papers_for_another(self, holder: Holder, session: Session) -> None:
        other = build.actor(session, holder.clock, Role.CARRIER, uscc=build.OTHER_USCC)

        with pytest.raises(InvalidFieldError) as refused:
            holder.state(SubjectKind.VEHICLE, build.transport_certificate(), who=other)

        assert problems(refused.value) == [("/subject_id", "no-such-subject")]

    def test_users_and_nothing_have_no_papers(self, holder: Holder, session: Session) -> None:
        for kind in SubjectKind:
            with pytest.raises(InvalidFieldError):
                certificates.create_certificate(
                    session,
                    holder.carrier,
                    (kind, new_id()),
                    build.transport_certificate(),
                    vault=VAULT,
                    clock=holder.clock,
                )
