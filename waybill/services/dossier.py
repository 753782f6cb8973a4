"""What was gathered about one waybill, by what each record is on the trip."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Final, TypeVar
from uuid import UUID

import msgspec

from waybill.document import WaybillContent, parse_waybill
from waybill.errors import NotFoundError
from waybill.rules.evidence import EvidenceItem
from waybill.services.waybills.draft import Draft
from waybill.storage.events import Subject, SubjectKey
from waybill.storage.gather import Gathered
from waybill.storage.records import (
    BlackListingRecord,
    CertificateRecord,
    EvidenceRecord,
    FacilityRecord,
    MountedTankRecord,
    OrganisationRecord,
    PersonRecord,
    RevisionRecord,
    TankRecord,
    VehicleRecord,
    WaybillRecord,
)

DRIVER_MARK: Final = "d_"
ESCORT_MARK: Final = "e_"
SUPERVISOR_MARK: Final = "s_"
MARK_LENGTH: Final = 2
KEPT_DOCUMENTS: Final = 512
"""So many documents that were read are remembered, about 5 MB: a check asks for one each time."""

PaperT = TypeVar("PaperT", CertificateRecord, BlackListingRecord)


class Dossier:
    """What was gathered about one waybill, by what each record is on the trip.

    `content` is the signed document, `None` for a draft. Nothing here is read again from the
    database; the facts made from it can be stored and judged again.
    """

    def __init__(self, gathered: Gathered) -> None:
        waybill = gathered.first(WaybillRecord)
        if waybill is None:
            raise NotFoundError("waybill", "")
        self.gathered = gathered
        self.waybill = waybill
        self.revision = gathered.first(RevisionRecord)
        self.content = _content_of(self.revision.document) if self.revision else None
        self.organisations = {o.id: o for o in gathered.all(OrganisationRecord)}
        self.vehicles = {v.id: v for v in gathered.all(VehicleRecord)}
        self.people = {p.id: p for p in gathered.all(PersonRecord)}
        self.tank = gathered.first(TankRecord)
        self.mounted_tanks = gathered.all(MountedTankRecord)
        self.facility = gathered.first(FacilityRecord)
        self.certificates = _by_subject(gathered.all(CertificateRecord))
        self.black_listings = _by_subject(gathered.all(BlackListingRecord))
        self._evidence: tuple[EvidenceItem, ...] | None = None

    @cached_property
    def draft(self) -> Draft:
        """What the carrier wrote before signing."""
        return Draft.from_json(self.waybill.draft)

    def organisation(self, organisation_id: UUID | None) -> OrganisationRecord | None:
        """Return a party of the waybill."""
        return self.organisations.get(organisation_id) if organisation_id else None

    def vehicle(self, vehicle_id: UUID | None) -> VehicleRecord | None:
        """Return the vehicle or trailer."""
        return self.vehicles.get(vehicle_id) if vehicle_id else None

    def person(self, person_id: UUID | None) -> PersonRecord | None:
        """Return a member of the crew."""
        return self.people.get(person_id) if person_id else None

    def crew_subjects(self) -> tuple[Subject, ...]:
        """Return the subjects under which the waybill's driver and escort are found."""
        crew = (self.waybill.driver_id, self.waybill.escort_id)
        return tuple(Subject(SubjectKey.PERSON, str(found)) for found in crew if found)

    def supervisor(self, reference: str) -> PersonRecord | None:
        """Return the loading supervisor with this reference (`s_…`)."""
        bare = reference[MARK_LENGTH:]
        return next((p for p in self.people.values() if p.reference == bare), None)

    def evidence(self) -> tuple[EvidenceItem, ...]:
        """Return what the check has gathered so far, oldest first."""
        if self._evidence is None:
            rows = sorted(self.gathered.all(EvidenceRecord), key=lambda row: row.id)
            self._evidence = tuple(msgspec.convert([row.item for row in rows], list[EvidenceItem]))
        return self._evidence


@lru_cache(maxsize=KEPT_DOCUMENTS)
def _content_of(document: str) -> WaybillContent:
    """Read signed text, once: what it says depends on it alone and cannot be changed."""
    return parse_waybill(document.encode())


def _by_subject(papers: Iterable[PaperT]) -> Mapping[UUID, Sequence[PaperT]]:
    """Return papers by whom or what on the trip they are about."""
    found: dict[UUID, list[PaperT]] = {}
    for paper in papers:
        found.setdefault(paper.subject_id, []).append(paper)
    return found
