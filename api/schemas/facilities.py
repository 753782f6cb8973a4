"""Facilities and their bays."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marshmallow import fields, post_load

from api.fields import Choice, Identity, Instant, StrictBoolean, StrictInteger, Text
from api.paging import PageQuerySchema
from api.schemas import Form
from api.schemas.registry import MAX_VERSION, degrees, page_request
from waybill.registry.kinds import RecordStatus
from waybill.registry.records import BayParticulars, FacilityParticulars
from waybill.services.paging import PageRequest


class BayParticularsSchema(Form):
    """What is stated of a bay."""

    name = Text(most=100, required=True, description="As it is painted on the bay.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> BayParticulars:
        """Return the value object."""
        return BayParticulars(**data)


class BaySchema(BayParticularsSchema):
    """A loading bay."""

    id = Identity(required=True)
    facility_id = Identity(required=True)
    created_at = Instant(required=True)
    status = Choice(RecordStatus, required=True)
    version = StrictInteger(least=1, most=MAX_VERSION, required=True)


class FacilityParticularsSchema(Form):
    """What is stated of a facility."""

    name = Text(most=200, required=True)
    area_code = Text(most=6, required=True, description="Six digits (GB/T 2260).")
    address = Text(most=300, required=True)
    latitude = degrees("Degrees north, WGS 84; null where it is not known.")
    longitude = degrees("Degrees east, WGS 84; null where it is not known.")
    supervisor_consents = StrictBoolean(
        load_default=lambda: None,
        description="Whether the loading supervisor must agree to each load by an own account; "
        "left as it is where it is not given.",
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> FacilityParticulars:
        """Return the value object."""
        return FacilityParticulars(**data)


class FacilitySchema(FacilityParticularsSchema):
    """A place where a loader loads."""

    id = Identity(required=True)
    organisation_id = Identity(required=True)
    created_at = Instant(required=True)
    status = Choice(RecordStatus, required=True)
    version = StrictInteger(least=1, most=MAX_VERSION, required=True)
    bays = fields.List(fields.Nested(BaySchema), required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityQuery:
    """Which facilities are wanted."""

    page: PageRequest
    q: str = ""
    organisation_id: UUID | None = None
    status: RecordStatus | None = None


class FacilityQuerySchema(PageQuerySchema):
    """Which facilities are wanted; all of it must hold."""

    q = Text(most=100, description="Part of the name.")
    organisation_id = Identity(data_key="organisation", description="Whose facilities.")
    status = Choice(RecordStatus, description="Only those in this status.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> FacilityQuery:
        """Return the value object."""
        page = page_request(data)
        return FacilityQuery(page=page, **data)
