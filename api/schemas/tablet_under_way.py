"""Trips that are cleared and not released, as every bay of a facility sees them."""

from marshmallow import fields

from api.fields import Choice, Identity, Instant, StrictInteger
from api.schemas import Form
from api.schemas.answers import Said
from waybill.qr_payload.claims import MAX_GOODS_LINES
from waybill.registry.kinds import PlateColour


class UnderWaySchema(Form):
    """One trip that is being loaded."""

    check_id = Identity(required=True)
    waybill_id = Identity(required=True)
    number = Said(required=True)
    vehicle_plate = Said(required=True)
    vehicle_plate_colour = Choice(PlateColour, required=True)
    cleared_at = Instant(required=True)
    bay_id = Identity(required=True, description="Where it was last.")
    next_bay_id = Identity(
        required=True, allow_none=True, description="Where it was said to go on to."
    )
    lines_out = fields.List(
        StrictInteger(least=1, most=MAX_GOODS_LINES),
        required=True,
        metadata={"description": "Goods lines of which no part is recorded."},
    )


class UnderWayListSchema(Form):
    """All of them, oldest first."""

    server_time = Instant(required=True)
    items = fields.List(fields.Nested(UnderWaySchema), required=True)
