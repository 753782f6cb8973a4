"""Vehicles and trailers."""

from dataclasses import dataclass
from typing import Any

from marshmallow import post_load

from api.fields import (
    Choice,
    DecimalString,
    Identity,
    Instant,
    LocalDate,
    StrictBoolean,
    StrictInteger,
    Text,
)
from api.paging import PageQuerySchema
from api.schemas import Form
from api.schemas.registry import MAX_VERSION, QUANTITY_PLACES, degrees, page_request
from waybill.registry.kinds import (
    PlateColour,
    Provenance,
    RecordStatus,
    UnitBody,
    UnitKind,
    VehicleApproval,
)
from waybill.registry.records import VehicleParticulars
from waybill.services.paging import PageRequest
from waybill.services.registry.positions import Position


class VehicleParticularsSchema(Form):
    """What is stated of a vehicle, by its licence."""

    plate = Text(most=32, required=True, description="As people write it.")
    plate_colour = Choice(PlateColour, required=True)
    kind = Choice(UnitKind, required=True)
    approval = Choice(VehicleApproval, required=True, description="ADR 9.1.1.2.")
    vin = Text(most=17, required=True, description="GB 16735.")
    first_registered_on = LocalDate(required=True)
    rated_load_kg = DecimalString(
        places=QUANTITY_PLACES,
        load_default=None,
        allow_none=True,
        description="核定载质量; required but for a tractor.",
    )
    tare_kg = DecimalString(
        places=QUANTITY_PLACES,
        load_default=None,
        allow_none=True,
        description="整备质量; required for a trailer.",
    )
    max_trailer_mass_kg = DecimalString(
        places=QUANTITY_PLACES,
        load_default=None,
        allow_none=True,
        description="准牵引总质量; required for a tractor, never for a trailer.",
    )
    body = Choice(
        UnitBody, load_default=None, allow_none=True, description="车身结构; null is unknown."
    )
    provenance = Choice(Provenance, load_default=Provenance.TYPED, description="typed or document.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> VehicleParticulars:
        """Return the value object."""
        return VehicleParticulars(**data)


class PositionSchema(Form):
    """What the positioning device (卫星定位装置) of a vehicle reported last."""

    reported_at = Instant(required=True)
    online = StrictBoolean(required=True)
    latitude = degrees("Degrees north, WGS 84.")
    longitude = degrees("Degrees east, WGS 84.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> Position:
        """Return the value object."""
        return Position(**data)


class VehicleSchema(VehicleParticularsSchema):
    """A vehicle or trailer."""

    id = Identity(required=True)
    organisation_id = Identity(required=True)
    created_at = Instant(required=True)
    status = Choice(RecordStatus, required=True)
    card_version = StrictInteger(least=1, most=MAX_VERSION, required=True)
    version = StrictInteger(least=1, most=MAX_VERSION, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleQuery:
    """Which vehicles are wanted."""

    page: PageRequest
    q: str = ""
    kind: UnitKind | None = None
    status: RecordStatus | None = None


class VehicleQuerySchema(PageQuerySchema):
    """Which vehicles are wanted; all of it must hold."""

    q = Text(most=100, description="Part of the plate, or the beginning of the VIN.")
    kind = Choice(UnitKind, description="Only this kind.")
    status = Choice(RecordStatus, description="Only those in this status.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> VehicleQuery:
        """Return the value object."""
        page = page_request(data)
        return VehicleQuery(page=page, **data)
