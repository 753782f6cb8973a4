"""The facts of the register: who and what is on record, with their papers."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from waybill.registry.kinds import (
    CertificateKind,
    CertificateStatus,
    PersonRole,
    PlateColour,
    Provenance,
    RecordStatus,
    TankKind,
    UnitBody,
    UnitKind,
    VehicleApproval,
)


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
class PositionFacts:
    """What the vehicle's positioning device last reported to the register."""

    reported_at: datetime
    online: bool
    latitude: Decimal | None = None
    longitude: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFacts:
    """A tractor, rigid vehicle or trailer.

    `body` is what the unit is built as; `None` where the register does not say.
    """

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
    body: UnitBody | None = None
    position: PositionFacts | None = None


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
class CargoFacts:
    """What a compartment of a tank held last; `compartment` 0 stands for an undivided shell.

    `technical_name` completes an n.o.s. entry; empty where it was not kept.
    """

    compartment: int
    entry_key: str
    un_number: str
    loaded_at: datetime
    technical_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TankFacts:
    """A tank by its papers. `mounted_on_id` is the unit it is fixed to, `None` if demountable.

    `test_pressure_bar` and `insulated` decide how much of a gas goes in, `max_filling_kg` is the
    greatest filling (最大允许充装量) on the use registration certificate, `heated` says that the
    shell has a heating. `last_cargoes` are what this installation released in it.
    """

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
    test_pressure_bar: Decimal | None = None
    insulated: bool | None = None
    max_filling_kg: Decimal | None = None
    heated: bool | None = None
    last_cargoes: tuple[CargoFacts, ...] = ()


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
