"""Records of the registry as services take and return them.

`*Particulars` are what somebody states about a thing; the record proper adds what the registry
keeps: identity, owner, status and version. Masses are kilograms, volumes litres, as exact
decimals; dates are calendar dates in Asia/Shanghai; `version` counts from 1 and grows with each
change.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from waybill.codec import JsonValue
from waybill.registry.kinds import (
    CertificateKind,
    CertificateStatus,
    OrganisationRole,
    PersonRole,
    PlateColour,
    Provenance,
    RecordStatus,
    SubjectKind,
    TankKind,
    UnitBody,
    UnitKind,
    VehicleApproval,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """A wish to suspend, resume or retire a record. The reason goes into the log."""

    status: RecordStatus
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateStatusChange:
    """What the issuer of a certificate has decided about it, and why."""

    status: CertificateStatus
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationParticulars:
    """An enterprise or authority. `phone` is the enterprise's own line, not a person's."""

    uscc: str
    name: str
    roles: tuple[OrganisationRole, ...]
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation(OrganisationParticulars):
    """An organisation as the registry keeps it."""

    id: UUID
    created_at: datetime
    status: RecordStatus
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityParticulars:
    """A place where a loader loads. `area_code` is the six digits of GB/T 2260.

    `latitude` and `longitude` are degrees (WGS 84) to three decimals, where they are known.
    `supervisor_consents`: whether the loading supervisor must agree to each load; `None` where
    nothing is said of it, which leaves it as it is.
    """

    name: str
    area_code: str
    address: str
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    supervisor_consents: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BayParticulars:
    """A loading bay (装卸车位) of a facility, by the name painted on it."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bay(BayParticulars):
    """A bay as the registry keeps it."""

    id: UUID
    facility_id: UUID
    created_at: datetime
    status: RecordStatus
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facility(FacilityParticulars):
    """A facility as the registry keeps it, with its bays in the order of their making."""

    id: UUID
    organisation_id: UUID
    created_at: datetime
    status: RecordStatus
    version: int
    bays: tuple[Bay, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryEntry:
    """What every account may know of an organisation: who it is and where it loads."""

    id: UUID
    uscc: str
    name: str
    roles: tuple[OrganisationRole, ...]
    status: RecordStatus
    facilities: tuple[Facility, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleParticulars:
    """A tractor, rigid vehicle or trailer, by its licence.

    `rated_load_kg` (核定载质量) and `tare_kg` (整备质量) are the unit's own; `max_trailer_mass_kg`
    (准牵引总质量) is a tractor's. `body` is what it is built as, `None` where nobody said.
    """

    plate: str
    plate_colour: PlateColour
    kind: UnitKind
    approval: VehicleApproval
    vin: str
    first_registered_on: date
    rated_load_kg: Decimal | None = None
    tare_kg: Decimal | None = None
    max_trailer_mass_kg: Decimal | None = None
    body: UnitBody | None = None
    provenance: Provenance = Provenance.TYPED


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle(VehicleParticulars):
    """A vehicle as the registry keeps it. A QR card older than `card_version` is refused."""

    id: UUID
    organisation_id: UUID
    created_at: datetime
    status: RecordStatus
    card_version: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Compartment:
    """A closed compartment; `largest_section_l` is that between surge plates, `None` unknown."""

    number: int
    capacity_l: Decimal
    largest_section_l: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedSubstance:
    """A line of the list of approved substances (适装介质), as the certificate prints it.

    Empty `packing_groups`, `technical_name` and `max_concentration` do not narrow the line;
    `compartment` empty means every compartment.
    """

    un_number: str
    packing_groups: tuple[str, ...] = ()
    technical_name: str = ""
    max_concentration: str = ""
    compartment: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TankParticulars:
    """A tank by its papers. `mounted_on_id` is the unit it is fixed to, `None` if demountable.

    `test_pressure_bar` and `insulated` say how much of a gas goes in, `max_filling_kg`
    (最大允许充装量) is the greatest filling of the use registration certificate, `heated` tells of
    a heating. `None` is not known.
    """

    number: str
    kind: TankKind
    capacity_l: Decimal
    compartments: tuple[Compartment, ...] = ()
    approved_substances: tuple[ApprovedSubstance, ...] = ()
    tank_code: str | None = None
    portable_tank_instruction: str | None = None
    rated_load_kg: Decimal | None = None
    tare_kg: Decimal | None = None
    mounted_on_id: UUID | None = None
    test_pressure_bar: Decimal | None = None
    max_filling_kg: Decimal | None = None
    insulated: bool | None = None
    heated: bool | None = None
    provenance: Provenance = Provenance.TYPED


@dataclass(frozen=True, slots=True, kw_only=True)
class Tank(TankParticulars):
    """A tank as the registry keeps it."""

    id: UUID
    organisation_id: UUID
    created_at: datetime
    status: RecordStatus
    card_version: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonParticulars:
    """Who a person is, in clear: only ever on the way into the vault."""

    name: str
    id_number: str
    roles: tuple[PersonRole, ...]
    phone: str | None = None
    provenance: Provenance = Provenance.TYPED


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChanges:
    """What is to change about a person; `None` leaves a value, an empty `phone` removes it."""

    name: str | None = None
    id_number: str | None = None
    phone: str | None = None
    roles: tuple[PersonRole, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person as screens show them: masked. A masked value is `None` once it was erased.

    `reference` is what documents, QR codes and facts call the person.
    """

    id: UUID
    organisation_id: UUID
    created_at: datetime
    reference: str
    roles: tuple[PersonRole, ...]
    name_masked: str | None
    id_number_masked: str | None
    phone_masked: str | None
    provenance: Provenance
    status: RecordStatus
    card_version: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateParticulars:
    """A paper about an organisation, vehicle, tank or person, as it is printed.

    `valid_until` is the last valid day; `None` means that no date is known. `scope` (经营范围) is
    kept as written. `categories` are a person's endorsements or driving classes.
    """

    kind: CertificateKind
    number: str
    issuer: str
    valid_from: date | None = None
    valid_until: date | None = None
    scope: str = ""
    categories: tuple[str, ...] = ()
    provenance: Provenance = Provenance.TYPED


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate(CertificateParticulars):
    """A certificate as the registry keeps it; a person's `number` stands masked."""

    id: UUID
    organisation_id: UUID
    created_at: datetime
    subject_kind: SubjectKind
    subject_id: UUID
    status: CertificateStatus
    status_reason: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """A personal value in clear, for the one who asked, and the event that says so."""

    field: str
    value: str
    event_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryVersion:
    """What a record said in one version, and the event that wrote it.

    `changed` names the fields that differ from the version before; personal values stand as
    commitments.
    """

    version: int
    recorded_at: datetime
    event_id: UUID
    changed: tuple[str, ...]
    snapshot: Mapping[str, JsonValue]
