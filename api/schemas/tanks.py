"""Tanks, their compartments and approved substances."""

from dataclasses import dataclass
from typing import Any

from marshmallow import fields, post_load

from api.fields import (
    Choice,
    Code,
    DecimalString,
    Identity,
    Instant,
    Many,
    StrictBoolean,
    StrictInteger,
    Text,
)
from api.paging import PageQuerySchema
from api.schemas import Form
from api.schemas.registry import MAX_VERSION, QUANTITY_PLACES, page_request
from waybill.registry.kinds import Provenance, RecordStatus, TankKind
from waybill.registry.records import ApprovedSubstance, Compartment, TankParticulars
from waybill.services.paging import PageRequest

MAX_COMPARTMENTS: int = 20
MAX_SUBSTANCES: int = 1000


class CompartmentSchema(Form):
    """A closed compartment."""

    number = StrictInteger(least=1, most=99, required=True)
    capacity_l = DecimalString(places=QUANTITY_PLACES, required=True)
    largest_section_l = DecimalString(
        places=QUANTITY_PLACES,
        load_default=None,
        allow_none=True,
        description="The largest section between surge plates; null is unknown.",
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> Compartment:
        """Return the value object."""
        return Compartment(**data)


class ApprovedSubstanceSchema(Form):
    """A line of the list of approved substances (适装介质)."""

    un_number = Code("[0-9]{4}", required=True, description="Without the letters UN.")
    packing_groups = Many(
        Code("I|II|III"), most=3, load_default=(), description="None: not narrowed."
    )
    technical_name = Text(least=0, most=200, load_default="")
    max_concentration = Text(least=0, most=200, load_default="", description="As printed.")
    compartment = StrictInteger(
        least=1, most=99, load_default=None, allow_none=True, description="null: all of them."
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> ApprovedSubstance:
        """Return the value object."""
        return ApprovedSubstance(**data)


class TankParticularsSchema(Form):
    """What is stated of a tank, by its papers."""

    number = Text(most=40, required=True, description="A tank-container's by ISO 6346.")
    kind = Choice(TankKind, required=True)
    capacity_l = DecimalString(places=QUANTITY_PLACES, required=True)
    compartments = Many(
        fields.Nested(CompartmentSchema),
        most=MAX_COMPARTMENTS,
        load_default=(),
        description="Where given, they add up to the capacity.",
    )
    approved_substances = Many(
        fields.Nested(ApprovedSubstanceSchema),
        most=MAX_SUBSTANCES,
        load_default=(),
        description="An empty list lets nothing pass the check.",
    )
    tank_code = Text(
        most=20,
        load_default=None,
        allow_none=True,
        description="Required for an atmospheric tank and a tank-container.",
    )
    portable_tank_instruction = Text(
        most=4, load_default=None, allow_none=True, description="Required for a portable tank."
    )
    rated_load_kg = DecimalString(places=QUANTITY_PLACES, load_default=None, allow_none=True)
    tare_kg = DecimalString(places=QUANTITY_PLACES, load_default=None, allow_none=True)
    mounted_on_id = Identity(
        load_default=None, allow_none=True, description="The unit it is fixed to."
    )
    test_pressure_bar = DecimalString(
        places=QUANTITY_PLACES,
        load_default=None,
        allow_none=True,
        description="Needed for gases: how much may be filled depends on it.",
    )
    max_filling_kg = DecimalString(
        places=QUANTITY_PLACES,
        load_default=None,
        allow_none=True,
        description="最大允许充装量 of the use registration certificate.",
    )
    insulated = StrictBoolean(load_default=None, allow_none=True, description="null is unknown.")
    heated = StrictBoolean(load_default=None, allow_none=True, description="null is unknown.")
    provenance = Choice(Provenance, load_default=Provenance.TYPED, description="typed or document.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> TankParticulars:
        """Return the value object."""
        return TankParticulars(**data)


class TankSchema(TankParticularsSchema):
    """A tank."""

    id = Identity(required=True)
    organisation_id = Identity(required=True)
    created_at = Instant(required=True)
    status = Choice(RecordStatus, required=True)
    card_version = StrictInteger(least=1, most=MAX_VERSION, required=True)
    version = StrictInteger(least=1, most=MAX_VERSION, required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class TankQuery:
    """Which tanks are wanted."""

    page: PageRequest
    q: str = ""
    kind: TankKind | None = None
    status: RecordStatus | None = None


class TankQuerySchema(PageQuerySchema):
    """Which tanks are wanted; all of it must hold."""

    q = Text(most=40, description="Part of the number.")
    kind = Choice(TankKind, description="Only this kind.")
    status = Choice(RecordStatus, description="Only those in this status.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> TankQuery:
        """Return the value object."""
        page = page_request(data)
        return TankQuery(page=page, **data)
