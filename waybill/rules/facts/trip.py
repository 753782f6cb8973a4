"""The facts of one trip, put together: waybill, place, records, goods, evidence."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import msgspec

from waybill.codec import canonical_json, parse_json
from waybill.registry.kinds import PermitKind, PlateColour, Provenance
from waybill.rules.evidence import Evidence
from waybill.rules.facts.goods import Answer, GoodsFacts
from waybill.rules.facts.records import (
    MountedTankFacts,
    PartyFacts,
    PersonFacts,
    TankFacts,
    UnitFacts,
)
from waybill.rules.finding import Phase
from waybill.rules.lifecycle import WaybillStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class PermitFacts:
    """A permit that travels with this trip (通行证, 运输许可证, 转移联单), as it is written.

    Empty fields were not given. `un_numbers` are the goods it names, `from_area_code` and
    `to_area_code` the ends of its route (GB/T 2260), `route` the roads as printed.
    """

    kind: PermitKind
    number: str
    provenance: Provenance
    un_numbers: tuple[str, ...] = ()
    quantity_kg: Decimal | None = None
    plates: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    from_area_code: str = ""
    to_area_code: str = ""
    route: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LastCargoFacts:
    """What the carrier declares a compartment held before; `nothing` for a new or cleaned one.

    `technical_name` completes an n.o.s. entry.
    """

    compartment: int
    nothing: bool = False
    entry_key: str = ""
    un_number: str = ""
    technical_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaybillFacts:
    """The waybill as it stands in the register, beside which scans are held.

    `*_plate` and references are what the signed bytes name. `redeemed` says that a clearance was
    given already, `cleared_at` when; `signature_verified` is `True` when the stored bytes still
    verify under a trusted key. `emergency_phone_given` says that the consignment list's 24 h
    telephone stands on the waybill, `foodstuffs` whether food travels on the same unit.
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
    emergency_phone_given: bool = False
    foodstuffs: Answer = Answer.ASK
    loading_area_code: str = ""
    destination_area_code: str = ""
    permits: tuple[PermitFacts, ...] = ()
    last_cargoes: tuple[LastCargoFacts, ...] = ()


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
class PlantItemFacts:
    """A question that a plant asks beside the law (企业自查项), as it stood when it was judged.

    `phase` is where it is asked, `photo` whether a photo belongs to the answer, `stops` whether a
    missing or bad answer keeps the load there, until two authorised people override it.
    """

    id: str
    version: int
    phase: Phase
    question_zh: str
    question_en: str
    photo: bool
    stops: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything a verdict may look at. What is `None` was not there to be gathered.

    `figures` names the edition of the law's figures (`waybill.rules.figures`) that holds.
    """

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
    plant_items: tuple[PlantItemFacts, ...] = ()
    figures: str = ""

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
