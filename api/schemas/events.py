"""Searching the log."""

from dataclasses import dataclass, replace
from typing import Any, Final

from marshmallow import ValidationError, fields, post_load

from api.fields import Choice, Code, Identity, Instant, Json, StrictInteger, Text, fault
from api.paging import Cursor, PageQuery, PageQuerySchema
from api.schemas import Form
from waybill.identifiers.failure import IdentifierError
from waybill.identifiers.vehicle import parse_plate
from waybill.registry.kinds import PlateColour
from waybill.services.event_search import EventQuery, person_index
from waybill.services.paging import DEFAULT_PAGE_ITEMS, MAX_PAGE_ITEMS
from waybill.storage.events import EventKind, EventResult, SubjectKey
from waybill.storage.personal import PersonalVault

RULE_CODE: Final = r"[A-Z]{2,10}-[0-9]{2}(\.[a-z0-9_]{1,40})?"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPageQuery:
    """What is looked for, and which page of it. An identity number is never part of an address."""

    query: EventQuery
    page: PageQuery
    id_number: str | None = None

    def settled(self, vault: PersonalVault) -> EventQuery:
        """Return what is looked for, with a person as the keyed hash under which it is found."""
        return settle_person(self.query, self.id_number, vault)


def settle_person(query: EventQuery, id_number: str | None, vault: PersonalVault) -> EventQuery:
    """Return what is looked for, with a person as the keyed hash under which it is found.

    Raises:
        InvalidFieldError: this is no identity number.
    """
    if id_number is None:
        return query
    return replace(query, person_index=person_index(id_number, vault))


class EventFilterSchema(Form):
    """What is looked for; all of it must hold."""

    waybill_id = Identity(data_key="waybill", description="A waybill's id.")
    plate = Text(most=32, description="A number plate, as people write it.")
    plate_colour = Choice(PlateColour, description="The plate's colour; without it, any.")
    facility_id = Identity(data_key="facility", description="A facility's id.")
    bay_id = Identity(data_key="bay", description="A bay's id.")
    organisation_id = Identity(data_key="organisation", description="An organisation's id.")
    user_id = Identity(data_key="user", description="An account's id.")
    un_number = Code("[0-9]{4}", data_key="un", description="UN number of the goods.")
    rule = Code(
        RULE_CODE,
        description="Code of a rule that stood against it, such as `TNK-03.surge`.",
    )
    outcome = Choice(EventResult, description="How it went.")
    kind = Choice(EventKind, description="What happened.")
    from_at = Instant(data_key="from", description="Not before this moment.")
    to_at = Instant(data_key="to", description="Before this moment.")


def read_filters(data: dict[str, Any]) -> EventQuery:
    """Return what is looked for, with the plate in its stored spelling.

    Raises:
        marshmallow.ValidationError: this is no plate, or there is a colour without one.
    """
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
    return EventQuery(**data)


class EventQuerySchema(EventFilterSchema, PageQuerySchema):
    """What is looked for, in an address: anything but a person."""

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> EventPageQuery:
        """Return the value object."""
        page = PageQuery(limit=data.pop("limit"), after=data.pop("after"))
        return EventPageQuery(query=read_filters(data), page=page)


class EventSearchSchema(EventFilterSchema):
    """What is looked for, in a body: a person too."""

    id_number = Text(most=18, description="公民身份号码 (GB 11643); needs `personal:read`.")
    limit = StrictInteger(
        least=1,
        most=MAX_PAGE_ITEMS,
        load_default=DEFAULT_PAGE_ITEMS,
        description="How many items at most.",
    )
    after = Cursor(
        data_key="cursor",
        load_default=lambda: None,  # a plain None would allow and describe null
        description="`next_cursor` of the page before.",
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> EventPageQuery:
        """Return the value object."""
        page = PageQuery(limit=data.pop("limit"), after=data.pop("after"))
        id_number = data.pop("id_number", None)
        return EventPageQuery(query=read_filters(data), page=page, id_number=id_number)


class SubjectSchema(Form):
    """One thing an event is about."""

    kind = Choice(SubjectKey, required=True)
    key = Text(required=True, description="An id, a plate with its colour, a code or an outcome.")


class EventSchema(Form):
    """One entry of the log."""

    id = Identity(required=True)
    recorded_at = Instant(required=True)
    kind = Text(required=True)
    body = Json(required=True, description="What was recorded; personal values as commitments.")
    subjects = fields.List(fields.Nested(SubjectSchema), required=True)
