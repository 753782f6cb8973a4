from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.harness import registrations as build
from tests.harness.registrations import VAULT
from waybill.clock import FixedClock
from waybill.codec import parse_json
from waybill.errors import (
    NotFoundError,
    PreconditionFailedError,
    StateError,
)
from waybill.registry.access import Actor, Role
from waybill.registry.kinds import (
    CertificateStatus,
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
from waybill.storage.log import EventRow

SUSPENDED = CertificateStatusChange(status=CertificateStatus.SUSPENDED, reason="处罚决定 12 号")
RESTORED = CertificateStatusChange(status=CertificateStatus.VALID, reason="期满")
REVOKED = CertificateStatusChange(status=CertificateStatus.REVOKED, reason="吊销决定 3 号")


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


class TestUpdateCertificate:
    def test_typed_data_is_corrected(self, holder: Holder, session: Session) -> None:
        made = holder.state(SubjectKind.VEHICLE, build.transport_certificate())

        changed = holder.correct(
            made, build.transport_certificate(scope="危险货物运输(3类,8类)", number="320800123457")
        )

        assert changed == replace(
            made, scope="危险货物运输(3类,8类)", number="320800123457", version=2
        )
        versions = list_versions(session, holder.carrier, SubjectKind.CERTIFICATE, made.id).items
        assert versions[0].changed == ("number", "scope")

    def test_a_persons_equal_number_keeps_its_commitment(
        self, holder: Holder, session: Session
    ) -> None:
        made = holder.state(SubjectKind.PERSON, build.driver_qualification())

        same = holder.correct(made, build.driver_qualification())
        changed = holder.correct(made, build.driver_qualification(number=build.OTHER_ID_NUMBER))

        assert same == made
        assert changed == replace(made, number="320***********0116", version=2)
        versions = list_versions(session, holder.carrier, SubjectKind.CERTIFICATE, made.id).items
        assert versions[0].changed == ("number_ref",)

    def test_an_outdated_version_is_refused(self, holder: Holder) -> None:
        made = holder.state(SubjectKind.VEHICLE, build.transport_certificate())
        holder.correct(made, build.transport_certificate(issuer="江苏省交通运输厅"))

        with pytest.raises(PreconditionFailedError) as refused:
            holder.correct(made, build.transport_certificate())

        assert refused.value.changed == ("issuer",)


class TestSetCertificateStatus:
    @pytest.mark.parametrize(
        ("path", "act"),
        [
            pytest.param([SUSPENDED], "suspended", id="suspended"),
            pytest.param([SUSPENDED, RESTORED], "restored", id="restored"),
            pytest.param([SUSPENDED, REVOKED], "revoked", id="suspended, then revoked"),
            pytest.param([REVOKED], "revoked", id="revoked"),
        ],
    )
    def test_a_decision_is_kept_with_its_reason(
        self, holder: Holder, session: Session, path: list[CertificateStatusChange], act: str
    ) -> None:
        made = holder.state(SubjectKind.VEHICLE, build.transport_certificate())

        decided = made
        for change in path:
            decided = holder.decide(decided, change)

        assert decided == replace(
            made,
            status=path[-1].status,
            status_reason=path[-1].reason,
            version=len(path) + 1,
        )
        last = list_versions(session, holder.authority, SubjectKind.CERTIFICATE, made.id).items[0]
        body = parse_json(session.get_one(EventRow, last.event_id).body)
        assert isinstance(body, dict)
        data = body["data"]
        assert isinstance(data, dict)
        assert (data["act"], data["reason"]) == (act, path[-1].reason)

    @pytest.mark.parametrize(
        "path",
        [
            pytest.param([RESTORED], id="valid already"),
            pytest.param([REVOKED, RESTORED], id="back from revocation"),
            pytest.param([SUSPENDED, SUSPENDED], id="suspended twice"),
        ],
    )
    def test_some_decisions_lead_nowhere(
        self, holder: Holder, path: list[CertificateStatusChange]
    ) -> None:
        decided = holder.state(SubjectKind.VEHICLE, build.transport_certificate())
        for change in path[:-1]:
            decided = holder.decide(decided, change)

        with pytest.raises(StateError):
            holder.decide(decided, path[-1])

    @pytest.mark.parametrize(
        ("subject", "stated"),
        [
            pytest.param(SubjectKind.VEHICLE, build.transport_certificate(), id="in clear"),
            pytest.param(SubjectKind.PERSON, build.driver_qualification(), id="committed"),
        ],
    )
    def test_what_is_barred_is_neither_corrected_nor_stated_anew(
        self, holder: Holder, subject: SubjectKind, stated: CertificateParticulars
    ) -> None:
        barred = holder.decide(holder.state(subject, stated), SUSPENDED)

        with pytest.raises(StateError):
            holder.correct(barred, stated)
        with pytest.raises(StateError):
            holder.state(subject, replace(stated, valid_until=date(2030, 1, 1)))

        restored = holder.decide(barred, RESTORED)
        assert holder.state(subject, stated).id != restored.id


class TestReading:
    def test_lists_show_ones_own_by_what_is_asked(self, holder: Holder, session: Session) -> None:
        vehicles_own = holder.state(SubjectKind.VEHICLE, build.transport_certificate())
        persons = holder.state(SubjectKind.PERSON, build.driver_qualification())
        other = build.actor(session, holder.clock, Role.CARRIER, uscc=build.OTHER_USCC)

        def listed(who: Actor, **filters: object) -> tuple[Certificate, ...]:
            return certificates.list_certificates(
                session,
                who,
                vault=VAULT,
                **filters,  # type: ignore[arg-type]  # filters by name
            ).items

        carrier = holder.carrier
        assert listed(carrier) == listed(holder.authority) == (vehicles_own, persons)
        assert listed(carrier, subject_id=persons.subject_id) == (persons,)
        assert listed(carrier, kind=persons.kind) == (persons,)
        assert listed(carrier, status=CertificateStatus.REVOKED) == ()
        assert listed(carrier, expires_by=date(2027, 5, 31)) == (vehicles_own,)
        assert listed(other) == ()
        with pytest.raises(NotFoundError):
            certificates.get_certificate(session, other, persons.id, vault=VAULT)

    def test_a_number_in_clear_needs_no_disclosure(self, holder: Holder, session: Session) -> None:
        made = holder.state(SubjectKind.VEHICLE, build.transport_certificate())

        with pytest.raises(NotFoundError):
            disclose_certificate_number(
                session, holder.carrier, made.id, "核对", vault=VAULT, clock=holder.clock
            )
