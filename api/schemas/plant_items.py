"""Items that a plant asks beside the law."""

from typing import Any

from marshmallow import post_load

from api.fields import Choice, Identity, Instant, StrictBoolean, StrictInteger, Text
from api.schemas import Form
from api.schemas.registry import MAX_VERSION
from waybill.registry.kinds import AskedOf, ItemStatus
from waybill.registry.plant_items import PlantItemParticulars


class PlantItemParticularsSchema(Form):
    """What a plant asks; "yes" means that it is as it must be."""

    question_zh = Text(most=200, required=True)
    question_en = Text(most=200, required=True)
    after_loading = StrictBoolean(load_default=False, description="Else before loading.")
    photo = StrictBoolean(load_default=False, description="Whether a photo belongs to the answer.")
    stops = StrictBoolean(
        load_default=True,
        description="Whether the load waits for it, until two authorised people let it pass.",
    )
    asked_of = Choice(AskedOf, load_default=AskedOf.LOADER)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> PlantItemParticulars:
        """Return the value object."""
        return PlantItemParticulars(**data)


class PlantItemSchema(PlantItemParticularsSchema):
    """An item as it stands."""

    id = Identity(required=True)
    facility_id = Identity(required=True)
    created_at = Instant(required=True)
    status = Choice(ItemStatus, required=True)
    version = StrictInteger(least=1, most=MAX_VERSION, required=True)
