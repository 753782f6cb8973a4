"""What a carrier writes before signing. Everything may still be missing."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from waybill.codec import JsonValue
from waybill.document import LastCargo, Permit
from waybill.rules.facts import Answer, CarriageMode, PhysicalState, Regime


class DraftGoods(msgspec.Struct, frozen=True, kw_only=True):
    """A goods line: a row of the dangerous goods list and how much of it, how carried.

    `quantity_kg` in kilograms, `quantity_l` in litres at filling temperature where known; the rest
    as `waybill.rules.facts.GoodsFacts` says.
    """

    entry_key: str
    quantity_kg: Decimal
    mode: CarriageMode
    quantity_l: Decimal | None = None
    compartment: int | None = None
    packaging: str = ""
    packages: int | None = None
    technical_name: str = ""
    concentration: str = ""
    highly_toxic_declared: Answer = Answer.ASK
    not_subject_declared: Answer = Answer.ASK
    regime: Regime = Regime.ORDINARY
    physical_state: PhysicalState = PhysicalState.ASK
    waste: bool = False
    empty_uncleaned: bool = False
    density_kg_l: Decimal | None = None
    density_50_kg_l: Decimal | None = None
    filling_temperature_c: Decimal | None = None
    viscosity_mm2_s: Decimal | None = None
    gross_mass_kg: Decimal | None = None
    package_gross_kg: Decimal | None = None
    package_net_l: Decimal | None = None
    package_net_kg: Decimal | None = None
    inner_l: Decimal | None = None
    inner_kg: Decimal | None = None
    shrink_wrapped: bool = False
    net_explosive_mass_kg: Decimal | None = None
    drug_precursor_declared: Answer = Answer.ASK


class Destination(msgspec.Struct, frozen=True, kw_only=True):
    """Where the goods go: administrative area code (GB/T 2260) and address."""

    area_code: str
    address: str


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A waybill as far as it is written."""

    consignor_id: UUID | None = None
    consignee_id: UUID | None = None
    facility_id: UUID | None = None
    vehicle_id: UUID | None = None
    trailer_id: UUID | None = None
    tank_id: UUID | None = None
    driver_id: UUID | None = None
    escort_id: UUID | None = None
    planned_loading_at: datetime | None = None
    destination: Destination | None = None
    city_delivery: bool = False
    goods: tuple[DraftGoods, ...] = ()
    emergency_phone: str = ""
    remarks: str = ""
    foodstuffs: Answer = Answer.ASK
    permits: tuple[Permit, ...] = ()
    last_cargoes: tuple[LastCargo, ...] = ()

    def to_json(self) -> dict[str, JsonValue]:
        """Return what is stored in `waybill.draft`."""
        stored: dict[str, JsonValue] = msgspec.to_builtins(self)
        return stored

    @classmethod
    def from_json(cls, stored: object) -> "Draft":
        """Read back what `to_json` wrote."""
        return msgspec.convert(stored, cls)


FIELD_OF_DRAFT = {
    "consignor": "consignor_id",
    "consignee": "consignee_id",
    "loader": "facility_id",
    "loading_place": "facility_id",
    "destination": "destination",
    "planned_loading_at": "planned_loading_at",
    "vehicle": "vehicle_id",
    "trailer": "trailer_id",
    "tank": "tank_id",
    "driver": "driver_id",
    "escort": "escort_id",
    "goods": "goods",
    "emergency_phone": "emergency_phone",
    "city_delivery": "city_delivery",
    "remarks": "remarks",
    "foodstuffs": "foodstuffs",
    "permits": "permits",
    "last_cargoes": "last_cargoes",
}
"""Under which name a field of the document is written in a draft."""
