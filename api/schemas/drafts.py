"""What a carrier writes before signing: goods, permits, last cargoes, the trip."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from marshmallow import ValidationError, fields, post_load

from api.fields import (
    Choice,
    Code,
    DecimalString,
    Identity,
    Instant,
    LocalDate,
    Many,
    StrictBoolean,
    StrictInteger,
    Text,
    fault,
)
from api.schemas import Form
from api.schemas.registry import QUANTITY_PLACES
from waybill.document import LastCargo, Permit
from waybill.identifiers.failure import IdentifierError
from waybill.identifiers.vehicle import parse_plate
from waybill.qr_payload.claims import MAX_GOODS_LINES
from waybill.registry.kinds import PermitKind
from waybill.rules.facts import Answer, CarriageMode, PhysicalState, Regime
from waybill.services.waybills.draft import Destination, Draft, DraftGoods

YEARS: Final = range(2020, 2100)
"""Years in which a loading can be planned; beyond lie slips of the finger."""
MAX_COMPARTMENTS: Final = 20
MAX_PERMITS: Final = 10
PROPERTY_PLACES: Final = 4
"""Decimals of what is declared of a product or package."""
MAX_PACKAGES: Final = 1_000_000
ENTRY_KEY: Final = "[0-9]{4}(-[a-z0-9]{1,8}){0,4}"


def refuse_nothing(value: Decimal | None) -> None:
    """Refuse a quantity of zero."""
    if value is not None and value <= 0:
        raise fault("positive", "须大于 0。", "It must be more than 0.")


def refuse_odd_year(value: datetime | None) -> None:
    """Refuse a moment in a year in which nothing is planned."""
    if value is not None and value.year not in YEARS:
        raise fault("out-of-range", "年份不合理。", "No loading is planned for such a year.")


def _property(description: str) -> DecimalString:
    return DecimalString(
        places=PROPERTY_PLACES,
        load_default=None,
        allow_none=True,
        validate=refuse_nothing,
        description=description,
    )


class DraftGoodsSchema(Form):
    """A goods line: a row of the dangerous goods list, and how much of it."""

    entry_key = Code(ENTRY_KEY, required=True, description="`key` of the row that was picked.")
    quantity_kg = DecimalString(
        places=QUANTITY_PLACES, required=True, validate=refuse_nothing, description="Kilograms."
    )
    mode = Choice(CarriageMode, required=True)
    quantity_l = DecimalString(
        places=QUANTITY_PLACES,
        load_default=None,
        allow_none=True,
        validate=refuse_nothing,
        description="Litres at filling temperature, where known.",
    )
    compartment = StrictInteger(least=1, most=MAX_COMPARTMENTS, load_default=None, allow_none=True)
    packaging = Text(least=0, most=100, load_default="")
    packages = StrictInteger(least=1, most=MAX_PACKAGES, load_default=None, allow_none=True)
    technical_name = Text(least=0, most=200, load_default="")
    concentration = Text(least=0, most=40, load_default="")
    highly_toxic_declared = Choice(
        Answer, load_default=Answer.ASK, description="The consignment list's answer to an `ask`."
    )
    not_subject_declared = Choice(Answer, load_default=Answer.ASK)
    regime = Choice(
        Regime,
        load_default=Regime.ORDINARY,
        description="The consignor's declaration of limited or excepted quantities.",
    )
    physical_state = Choice(PhysicalState, load_default=PhysicalState.ASK)
    waste = StrictBoolean(load_default=False)
    empty_uncleaned = StrictBoolean(load_default=False)
    density_kg_l = _property("Kilograms per litre at 15 °C.")
    density_50_kg_l = _property("Kilograms per litre at 50 °C.")
    filling_temperature_c = DecimalString(
        places=1,
        signed=True,
        load_default=None,
        allow_none=True,
        description="Mean temperature of the product while it is filled, °C.",
    )
    viscosity_mm2_s = _property("Square millimetres per second at filling temperature.")
    gross_mass_kg = _property("Gross mass of all packages of the line.")
    package_gross_kg = _property("Gross mass of the heaviest package.")
    package_net_l = _property("The most in one package, litres.")
    package_net_kg = _property("The most in one package, kilograms.")
    inner_l = _property("The most in one inner packaging, litres.")
    inner_kg = _property("The most in one inner packaging, kilograms.")
    shrink_wrapped = StrictBoolean(load_default=False, description="Trays, ADR 3.4.3.")
    net_explosive_mass_kg = _property("Net explosive mass of the line.")
    drug_precursor_declared = Choice(
        Answer,
        load_default=Answer.ASK,
        description="Whether it is a drug precursor (易制毒化学品) where the lists cannot say.",
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> DraftGoods:
        """Return the value object."""
        return DraftGoods(**data)


class PermitSchema(Form):
    """A permit of an authority that travels with this trip, as it is printed."""

    kind = Choice(PermitKind, required=True)
    number = Text(most=60, required=True)
    un_numbers = Many(
        Code("[0-9]{4}"), most=MAX_GOODS_LINES, load_default=(), description="Goods it names."
    )
    quantity_kg = DecimalString(
        places=QUANTITY_PLACES, load_default=None, allow_none=True, validate=refuse_nothing
    )
    plates = Many(Text(most=32), most=4, load_default=(), description="Vehicles it names.")
    valid_from = LocalDate(load_default=None, allow_none=True)
    valid_until = LocalDate(load_default=None, allow_none=True, description="Last valid day.")
    from_area_code = Code(
        "[0-9]{6}", load_default=lambda: "", description="GB/T 2260: where its route begins."
    )
    to_area_code = Code(
        "[0-9]{6}", load_default=lambda: "", description="GB/T 2260: where its route ends."
    )
    route = Text(least=0, most=300, load_default="", description="The roads, as printed.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> Permit:
        """Return the value object, plates in their stored spelling where they are plates."""
        data["plates"] = tuple(_spelling(plate) for plate in data["plates"])
        return Permit(**data)


def _spelling(plate: str) -> str:
    try:
        return parse_plate(plate).number
    except IdentifierError:
        return plate


class LastCargoSchema(Form):
    """What a compartment of the tank held before this trip, as the carrier declares."""

    compartment = StrictInteger(
        least=0, most=MAX_COMPARTMENTS, required=True, description="0: a shell without any."
    )
    nothing = StrictBoolean(load_default=False, description="New, or cleaned and dry.")
    entry_key = Code(ENTRY_KEY, load_default=lambda: "", description="`key` of the list's row.")
    technical_name = Text(
        least=0, most=200, load_default="", description="What completes an n.o.s. entry."
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> LastCargo:
        """Return the value object."""
        if data["nothing"] == bool(data["entry_key"]):
            words = fault(
                "one-of-two",
                "请填写上次装载的货物，或声明罐体为空。",
                "Name the last goods, or declare the tank empty.",
            ).messages
            raise ValidationError({"entry_key": words})
        return LastCargo(**data, un_number=data["entry_key"][:4])


class DestinationSchema(Form):
    """Where the goods go."""

    area_code = Code("[0-9]{6}", required=True, description="GB/T 2260.")
    address = Text(most=200, required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> Destination:
        """Return the value object."""
        return Destination(**data)


def _record(description: str) -> Identity:
    return Identity(load_default=None, allow_none=True, description=description)


class DraftSchema(Form):
    """A waybill as far as it is written; everything may still be missing."""

    consignor_id = _record("An organisation that consigns.")
    consignee_id = _record("An organisation that receives.")
    facility_id = _record("Where it is loaded.")
    vehicle_id = _record("A vehicle of one's own.")
    trailer_id = _record("A trailer of one's own.")
    tank_id = _record("A tank of one's own.")
    driver_id = _record("A driver of one's own.")
    escort_id = _record("An escort of one's own.")
    planned_loading_at = Instant(load_default=None, allow_none=True, validate=refuse_odd_year)
    destination = fields.Nested(DestinationSchema, load_default=None, allow_none=True)
    city_delivery = StrictBoolean(load_default=False)
    goods = Many(fields.Nested(DraftGoodsSchema), most=MAX_GOODS_LINES, load_default=())
    emergency_phone = Text(least=0, most=40, load_default="")
    remarks = Text(least=0, most=500, lines=True, load_default="")
    foodstuffs = Choice(
        Answer, load_default=Answer.ASK, description="Whether food travels on the same unit."
    )
    permits = Many(fields.Nested(PermitSchema), most=MAX_PERMITS, load_default=())
    last_cargoes = Many(fields.Nested(LastCargoSchema), most=MAX_COMPARTMENTS + 1, load_default=())

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> Draft:
        """Return the value object."""
        return Draft(**data)
