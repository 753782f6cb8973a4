"""Whether a record of the register may go on a trip today, by the rules' own judgement.

What is said here is shown beside a name before anything is chosen. It decides nothing: goods,
scopes and the trip as a whole are judged at issue and at the bay.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from waybill.registry.access import Actor
from waybill.registry.kinds import CertificateKind, PersonRole, RecordStatus, UnitKind
from waybill.registry.records import Certificate, Person, Tank, Vehicle
from waybill.rules.facts import CertificateFacts, PartyFacts, PersonFacts, TankFacts, UnitFacts
from waybill.rules.finding import Outcome
from waybill.rules.rule import Judgement
from waybill.rules.subjects import Record, Subject, find_record_problem, judge_certificates
from waybill.rules.vehicle_papers import judge_insurance
from waybill.services.paging import MAX_PAGE_ITEMS, PageRequest
from waybill.services.registry.certificates import list_certificates
from waybill.storage.personal import PersonalVault

PERSON_PAPERS: Final[Mapping[PersonRole, tuple[Subject, tuple[CertificateKind, ...]]]] = {
    PersonRole.DRIVER: (
        Subject.DRIVER,
        (CertificateKind.DRIVING_LICENCE, CertificateKind.DRIVER_QUALIFICATION),
    ),
    PersonRole.ESCORT: (Subject.ESCORT, (CertificateKind.ESCORT_QUALIFICATION,)),
    PersonRole.LOADING_SUPERVISOR: (
        Subject.SUPERVISOR,
        (CertificateKind.SUPERVISOR_QUALIFICATION,),
    ),
}
UNIT_PAPERS: Final = (
    CertificateKind.VEHICLE_LICENCE,
    CertificateKind.ROAD_TRANSPORT_CERTIFICATE,
    CertificateKind.TECHNICAL_INSPECTION,
)
"""A unit's own papers; the liability insurance of a vehicle is its own or its carrier's."""
TANK_PAPERS: Final = (CertificateKind.TANK_INSPECTION,)

_WORST_FIRST: Final = (Outcome.FAILED, Outcome.UNKNOWN, Outcome.PASSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitness:
    """How a record stands: `reason` and `certificate` say why, `until` is the last valid day.

    `certificate` is empty where the record itself is the reason; `until` is ISO text or empty.
    """

    outcome: Outcome
    reason: str
    certificate: str = ""
    until: str = ""


def certificates_by_subject(
    session: Session, actor: Actor, *, vault: PersonalVault
) -> dict[UUID, list[Certificate]]:
    """Return all certificates that the caller may see, by whom they are about."""
    found: dict[UUID, list[Certificate]] = {}
    after: UUID | None = None
    while True:
        request = PageRequest(limit=MAX_PAGE_ITEMS, after=after)
        page = list_certificates(session, actor, vault=vault, page=request)
        for certificate in page.items:
            found.setdefault(certificate.subject_id, []).append(certificate)
        if page.next_after is None:
            return found
        after = page.next_after


def vehicle_fitness(
    vehicle: Vehicle,
    certificates: Iterable[Certificate],
    at: datetime,
    *,
    of_carrier: Iterable[Certificate],
) -> Fitness:
    """Return how a vehicle or trailer stands by its own papers and, of a vehicle, its insurance.

    Args:
        vehicle: the vehicle or trailer.
        certificates: its own.
        at: the moment of the judgement.
        of_carrier: certificates of its organisation, which may hold the insurance.
    """
    subject = Subject.TRAILER if vehicle.kind is UnitKind.TRAILER else Subject.TRACTOR
    record = UnitFacts(
        id=str(vehicle.id),
        carrier_id=str(vehicle.organisation_id),
        plate=vehicle.plate,
        plate_colour=vehicle.plate_colour,
        kind=vehicle.kind,
        approval=vehicle.approval,
        first_registered_on=vehicle.first_registered_on,
        status=vehicle.status,
        provenance=vehicle.provenance,
        card_version=vehicle.card_version,
        certificates=_facts(certificates),
    )
    if subject is Subject.TRAILER:
        return _worst(subject, record, UNIT_PAPERS, at)
    carrier = PartyFacts(
        id=record.carrier_id,
        uscc="",
        name="",
        status=RecordStatus.ACTIVE,
        certificates=_facts(of_carrier),
    )
    return _worst(subject, record, UNIT_PAPERS, at, judge_insurance(record, carrier, at))


def tank_fitness(tank: Tank, certificates: Iterable[Certificate], at: datetime) -> Fitness:
    """Return how a tank stands by its inspection."""
    record = TankFacts(
        id=str(tank.id),
        carrier_id=str(tank.organisation_id),
        number=tank.number,
        kind=tank.kind,
        capacity_l=tank.capacity_l,
        status=tank.status,
        provenance=tank.provenance,
        card_version=tank.card_version,
        certificates=_facts(certificates),
    )
    return _worst(Subject.TANK, record, TANK_PAPERS, at)


def person_fitness(
    person: Person, role: PersonRole, certificates: Iterable[Certificate], at: datetime
) -> Fitness:
    """Return how a person stands by the papers of one role."""
    subject, papers = PERSON_PAPERS[role]
    record = PersonFacts(
        id=str(person.id),
        organisation_id=str(person.organisation_id),
        reference=person.reference,
        identity=person.reference,
        roles=person.roles,
        status=person.status,
        provenance=person.provenance,
        card_version=person.card_version,
        certificates=_facts(certificates),
    )
    return _worst(subject, record, papers, at)


def certificate_fitness(certificate: Certificate, at: datetime) -> Fitness:
    """Return how one certificate stands by its own dates and status."""
    record = PersonFacts(
        id=str(certificate.subject_id),
        organisation_id=str(certificate.organisation_id),
        reference="",
        identity="",
        roles=(),
        status=RecordStatus.ACTIVE,
        provenance=certificate.provenance,
        card_version=1,
        certificates=_facts([certificate]),
    )
    return _of(judge_certificates(Subject.DRIVER, record, certificate.kind, at))


def _worst(
    subject: Subject,
    record: Record,
    papers: Sequence[CertificateKind],
    at: datetime,
    *beside: Judgement,
) -> Fitness:
    """Return the worst answer; of answers that are content, the one that ends first."""
    problem = find_record_problem(subject, record)
    if problem is not None:
        return _of(problem)
    judged = [judge_certificates(subject, record, kind, at) for kind in papers]
    answers = [_of(judgement) for judgement in (*judged, *beside)]
    return min(answers, key=lambda found: (_WORST_FIRST.index(found.outcome), found.until or "9"))


def _of(judgement: Judgement) -> Fitness:
    return Fitness(
        outcome=judgement.outcome,
        reason=judgement.reason,
        certificate=str(judgement.facts.get("certificate", "")),
        until=str(judgement.facts.get("valid_until", "")),
    )


def _facts(certificates: Iterable[Certificate]) -> tuple[CertificateFacts, ...]:
    return tuple(
        CertificateFacts(
            id=str(certificate.id),
            kind=certificate.kind,
            status=certificate.status,
            valid_from=certificate.valid_from,
            valid_until=certificate.valid_until,
            provenance=certificate.provenance,
            scope=certificate.scope,
            categories=certificate.categories,
        )
        for certificate in certificates
    )
