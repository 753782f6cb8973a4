"""The records that `facts_query` reads: columns of one table each, by their names.

`approved_substances`, `compartments`, `draft` and `item` are JSON, as the tables say.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from waybill.registry.kinds import (
    AskedOf,
    CertificateKind,
    CertificateStatus,
    PlateColour,
    Provenance,
    RecordStatus,
    TankKind,
    UnitBody,
    UnitKind,
    VehicleApproval,
)
from waybill.rules.finding import Phase
from waybill.rules.lifecycle import CheckStatus, WaybillStatus


class WaybillRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `waybill`."""

    id: UUID
    carrier_id: UUID
    status: WaybillStatus
    number: str | None
    revision: int
    draft: dict[str, object]
    facility_id: UUID | None
    vehicle_id: UUID | None
    trailer_id: UUID | None
    tank_id: UUID | None
    driver_id: UUID | None
    escort_id: UUID | None
    consignor_id: UUID | None
    consignee_id: UUID | None
    loader_id: UUID | None
    planned_loading_at: datetime | None
    valid_from: datetime | None
    valid_until: datetime | None
    version: int


class RevisionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The newest row of `waybill_revision`; `document` is its bytes as text."""

    revision: int
    signed_at: datetime
    document: str
    document_jws: str
    digest: str


class OrganisationRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `organisation`."""

    id: UUID
    uscc: str
    name: str
    phone: str
    status: RecordStatus


class FacilityRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `facility`."""

    id: UUID
    organisation_id: UUID
    name: str
    area_code: str
    address: str
    status: RecordStatus


class VehicleRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `vehicle`."""

    id: UUID
    organisation_id: UUID
    plate: str
    plate_colour: PlateColour
    kind: UnitKind
    approval: VehicleApproval
    first_registered_on: date
    rated_load_kg: Decimal | None
    tare_kg: Decimal | None
    max_trailer_mass_kg: Decimal | None
    body: UnitBody | None
    provenance: Provenance
    status: RecordStatus
    card_version: int


class TankRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `tank`."""

    id: UUID
    organisation_id: UUID
    number: str
    kind: TankKind
    capacity_l: Decimal
    compartments: list[dict[str, object]]
    approved_substances: list[dict[str, object]]
    tank_code: str | None
    portable_tank_instruction: str | None
    rated_load_kg: Decimal | None
    tare_kg: Decimal | None
    mounted_on_id: UUID | None
    test_pressure_bar: Decimal | None
    max_filling_kg: Decimal | None
    insulated: bool | None
    heated: bool | None
    provenance: Provenance
    status: RecordStatus
    card_version: int


class PositionRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `vehicle_position`."""

    vehicle_id: UUID
    reported_at: datetime
    online: bool
    latitude: Decimal | None
    longitude: Decimal | None


class LastTripRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What a tank was released with: the draft of that waybill, which names row and compartment."""

    released_at: datetime
    draft: dict[str, object]


class EndedTripRecord(LastTripRecord, frozen=True, kw_only=True):
    """What a tank may have held when a loading ended early, at `released_at`, without a release."""


class MountedTankRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A fixed tank in the register that is mounted on a unit of the trip."""

    id: UUID
    number: str
    mounted_on_id: UUID


class PersonRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `person`."""

    id: UUID
    organisation_id: UUID
    reference: str
    roles: list[str]
    name_ref: str
    phone_ref: str | None
    id_number_index: str
    provenance: Provenance
    status: RecordStatus
    card_version: int


class CertificateRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `certificate`."""

    id: UUID
    subject_id: UUID
    kind: CertificateKind
    status: CertificateStatus
    valid_from: date | None
    valid_until: date | None
    number: str | None
    number_ref: str | None
    scope: str
    categories: list[str]
    provenance: Provenance


class BlackListingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `black_listing` that was not lifted."""

    subject_id: UUID
    decision_number: str
    valid_from: date
    valid_until: date | None


class PlantItemRecord(msgspec.Struct, frozen=True, kw_only=True):
    """An item of a plant as a check asks it: a row of `check_plant_item`, by the item's id."""

    id: UUID
    version: int
    phase: Phase
    question_zh: str
    question_en: str
    photo: bool
    stops: bool
    asked_of: AskedOf


class CheckRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `loading_check`."""

    id: UUID
    waybill_id: UUID
    revision: int
    facility_id: UUID
    bay_id: UUID
    opened_at: datetime
    status: CheckStatus
    version: int
    decided_at: datetime | None = None


class EvidenceRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `check_evidence`."""

    id: UUID
    item: dict[str, object]


class ClearanceRecord(msgspec.Struct, frozen=True, kw_only=True):
    """That a waybill was cleared, and by which check."""

    check_id: UUID
    supervisor_id: UUID
    cleared_at: datetime


class BayRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The place of a check: its bay, its facility and that facility's organisation."""

    facility_id: UUID
    organisation_id: UUID
    uscc: str
    organisation_status: RecordStatus
    facility_status: RecordStatus
    bay_status: RecordStatus
    supervisor_consents: bool


class AccountRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The account that acts: its person's name as a commitment, and the person if registered."""

    id: UUID
    name_ref: str | None
    person_id: UUID | None
