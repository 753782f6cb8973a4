"""What a verdict is judged from: plain values with their provenance, and nothing else.

Facts are gathered from the registry and from the scans, stored with the verdict as canonical
JSON, and read back to judge again. Masses are kilograms, volumes litres, as exact decimals;
dates are calendar dates in Asia/Shanghai, moments aware. People stand by reference only.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from waybill.codec import canonical_json, parse_json
from waybill.registry.kinds import (
    CertificateKind,
    CertificateStatus,
    PersonRole,
    PlateColour,
    Provenance,
    RecordStatus,
    TankKind,
    UnitKind,
    VehicleApproval,
)
from waybill.rules.evidence import Evidence
from waybill.rules.lifecycle import WaybillStatus


class CarriageMode(StrEnum):
    """How the goods are carried."""

    TANK = "tank"
    BULK = "bulk"
    PACKAGES = "packages"


class Answer(StrEnum):
    """A yes or no that may not have been given."""

    YES = "yes"
    NO = "no"
    ASK = "ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """A certificate without its number. `valid_until` is the last valid day."""

    id: str
    kind: CertificateKind
    status: CertificateStatus
    valid_from: date | None
    valid_until: date | None
    provenance: Provenance
    scope: str = ""
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BlackListingFacts:
    """A decision that bars somebody; `valid_until` empty means until lifted."""

    decision_number: str
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyFacts:
    """An organisation: the carrier, or another of the chain."""

    id: str
    uscc: str
    name: str
    status: RecordStatus
    certificates: tuple[CertificateFacts, ...] = ()
    black_listings: tuple[BlackListingFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFacts:
    """A tractor, rigid vehicle or trailer."""

    id: str
    carrier_id: str
    plate: str
    plate_colour: PlateColour
    kind: UnitKind
    approval: VehicleApproval
    first_registered_on: date
    status: RecordStatus
    provenance: Provenance
    card_version: int
    rated_load_kg: Decimal | None = None
    tare_kg: Decimal | None = None
    max_trailer_mass_kg: Decimal | None = None
    certificates: tuple[CertificateFacts, ...] = ()
    black_listings: tuple[BlackListingFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CompartmentFacts:
    """A closed compartment. `largest_section_l` is that between surge plates or partitions."""

    number: int
    capacity_l: Decimal
    largest_section_l: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstanceFacts:
    """One line of the list of approved substances (适装介质).

    Empty `packing_groups`, `technical_name` and `max_concentration` do not narrow the line;
    `compartment` empty means every compartment.
    """

    un_number: str
    packing_groups: tuple[str, ...] = ()
    technical_name: str = ""
    max_concentration: str = ""
    compartment: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TankFacts:
    """A tank by its papers. `mounted_on_id` is the unit it is fixed to, `None` if demountable."""

    id: str
    carrier_id: str
    number: str
    kind: TankKind
    capacity_l: Decimal
    status: RecordStatus
    provenance: Provenance
    card_version: int
    compartments: tuple[CompartmentFacts, ...] = ()
    approved_substances: tuple[SubstanceFacts, ...] = ()
    tank_code: str | None = None
    portable_tank_instruction: str | None = None
    rated_load_kg: Decimal | None = None
    tare_kg: Decimal | None = None
    mounted_on_id: str | None = None
    certificates: tuple[CertificateFacts, ...] = ()
    black_listings: tuple[BlackListingFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MountedTankFacts:
    """A fixed tank that is on record as part of a unit of the trip, named on the waybill or not."""

    id: str
    number: str
    unit_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """A person by reference. `identity` is equal for two records of one ID number."""

    id: str
    organisation_id: str
    reference: str
    identity: str
    roles: tuple[PersonRole, ...]
    status: RecordStatus
    provenance: Provenance
    card_version: int
    certificates: tuple[CertificateFacts, ...] = ()
    black_listings: tuple[BlackListingFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsFacts:
    """One goods line with what its row of the dangerous goods list says.

    `highly_toxic` is the list's answer, `highly_toxic_declared` the consignment list's to an
    `ask`. `quantity_l` is at filling temperature where it is known. `aliases_zh` are the names of
    the trade, by which a scope may include or exclude the goods.
    """

    position: int
    entry_key: str
    list_edition: str
    un_number: str
    name_zh: str
    name_en: str
    division: str
    classification_code: str
    subsidiary_hazards: tuple[str, ...]
    packing_group: str
    list_status: str
    highly_toxic: Answer
    mode: CarriageMode
    quantity_kg: Decimal
    aliases_zh: tuple[str, ...] = ()
    tank_code: str = ""
    portable_tank_instruction: str = ""
    bulk_provisions: tuple[str, ...] = ()
    vehicle_for_tank_carriage: str = ""
    special_provisions: tuple[str, ...] = ()
    technical_name: str = ""
    concentration: str = ""
    highly_toxic_declared: Answer = Answer.ASK
    not_subject_declared: Answer = Answer.ASK
    quantity_l: Decimal | None = None
    compartment: int | None = None
    packages: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaybillFacts:
    """The waybill as it stands in the register, beside which scans are held.

    `*_plate` and references are what the signed bytes name. `redeemed` says that a clearance was
    given already, `cleared_at` when; `signature_verified` is `True` when the stored bytes still
    verify under a trusted key.
    """

    id: str
    status: WaybillStatus
    revision: int
    number: str | None
    carrier_id: str
    loader_uscc: str
    facility_id: str
    planned_loading_at: datetime | None
    valid_from: datetime | None
    valid_until: datetime | None
    vehicle_plate: str
    vehicle_plate_colour: PlateColour
    trailer_plate: str | None
    trailer_plate_colour: PlateColour | None
    tank_number: str | None
    driver_reference: str
    escort_reference: str
    signature_verified: bool
    redeemed: bool
    cleared_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BayFacts:
    """Where the check takes place: the loader whose bay it is.

    `organisation_id` is the loader's, `None` where it was not gathered. `closed` names what of the
    place is suspended or retired: organisation, facility, bay.
    """

    facility_id: str
    loader_uscc: str
    organisation_id: str | None = None
    closed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything a verdict may look at. What is `None` was not there to be gathered."""

    waybill: WaybillFacts
    carrier: PartyFacts | None
    tractor: UnitFacts | None
    trailer: UnitFacts | None
    tank: TankFacts | None
    driver: PersonFacts | None
    escort: PersonFacts | None
    supervisor: PersonFacts | None
    goods: tuple[GoodsFacts, ...]
    bay: BayFacts | None = None
    evidence: Evidence = field(default_factory=Evidence)
    mounted_tanks: tuple[MountedTankFacts, ...] = ()

    @property
    def carrying_unit(self) -> UnitFacts | None:
        """The unit that bears the load: the trailer where there is one, else the vehicle."""
        return self.trailer if self.waybill.trailer_plate is not None else self.tractor

    def to_bytes(self) -> bytes:
        """Return the canonical bytes that are stored with a verdict."""
        return canonical_json(msgspec.to_builtins(self, order="deterministic"))

    @classmethod
    def from_bytes(cls, content: bytes) -> "Facts":
        """Read back what `to_bytes` wrote.

        Raises:
            ValueError: the bytes are not facts of this shape.
        """
        try:
            return msgspec.convert(parse_json(content), cls)
        except msgspec.ValidationError as error:
            raise ValueError(str(error)) from error
