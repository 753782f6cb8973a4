"""Searching the log."""

from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, fields, post_load

from api.fields import Choice, Identity, Instant, Json, Text, fault
from api.paging import PageQuery, PageQuerySchema
from api.schemas import Form
from waybill.identifiers.failure import IdentifierError
from waybill.identifiers.vehicle import parse_plate
from waybill.registry.kinds import PlateColour
from waybill.services.event_search import EventQuery
from waybill.storage.events import EventKind, SubjectKey


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPageQuery:
    """What is looked for, and which page of it."""

    query: EventQuery
    page: PageQuery


class EventQuerySchema(PageQuerySchema):
    """What is looked for; all of it must hold."""

    waybill_id = Identity(data_key="waybill", description="A waybill's id.")
    plate = Text(most=32, description="A number plate, as people write it.")
    plate_colour = Choice(PlateColour, description="The plate's colour; without it, any.")
    facility_id = Identity(data_key="facility", description="A facility's id.")
    organisation_id = Identity(data_key="organisation", description="An organisation's id.")
    user_id = Identity(data_key="user", description="An account's id.")
    kind = Choice(EventKind, description="What happened.")
    from_at = Instant(data_key="from", description="Not before this moment.")
    to_at = Instant(data_key="to", description="Before this moment.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> EventPageQuery:
        """Return the value object, with the plate in its stored spelling."""
        page = PageQuery(limit=data.pop("limit"), after=data.pop("after"))
        if "plate" in data:
            try:
                data["plate"] = parse_plate(data["plate"]).number
            except IdentifierError as error:
                raise ValidationError(
                    {"plate": fault(error.code, error.message_zh, error.message_en).messages}
                ) from error
        elif "plate_colour" in data:
            words = fault("needs-plate", "请同时填写车牌号。", "It needs the plate.").messages
            raise ValidationError({"plate_colour": words})
        return EventPageQuery(query=EventQuery(**data), page=page)


class SubjectSchema(Form):
    """One thing an event is about."""

    kind = Choice(SubjectKey, required=True)
    key = Text(required=True, description="An id, or a plate with its colour.")


class EventSchema(Form):
    """One entry of the log."""

    id = Identity(required=True)
    recorded_at = Instant(required=True)
    kind = Text(required=True)
    body = Json(required=True, description="What was recorded; personal values as commitments.")
    subjects = fields.List(fields.Nested(SubjectSchema), required=True)
