"""The black list."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import post_load

from api.fields import Choice, Identity, Instant, LocalDate, Text
from api.paging import PageQuerySchema
from api.schemas import Form
from api.schemas.registry import page_request
from waybill.registry.black_listing import BlackListingParticulars
from waybill.registry.kinds import SubjectKind
from waybill.services.paging import PageRequest


class BlackListingParticularsSchema(Form):
    """A decision of the authority that bars somebody."""

    subject_kind = Choice(
        SubjectKind, required=True, description="organisation, vehicle, tank or person."
    )
    subject_id = Identity(required=True)
    decision_number = Text(most=60, required=True)
    reason = Text(most=500, required=True)
    valid_from = LocalDate(required=True, description="The first day that it bars.")
    valid_until = LocalDate(
        load_default=None, allow_none=True, description="The last; null is until lifted."
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> BlackListingParticulars:
        """Return the value object."""
        return BlackListingParticulars(**data)


class BlackListingSchema(BlackListingParticularsSchema):
    """An entry of the black list."""

    id = Identity(required=True)
    recorded_at = Instant(required=True)
    lifted_at = Instant(required=True, allow_none=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlackListQuery:
    """Which entries are wanted."""

    page: PageRequest
    subject_id: UUID | None = None
    in_force_on: date | None = None


class BlackListQuerySchema(PageQuerySchema):
    """Which entries are wanted; all of it must hold."""

    subject_id = Identity(data_key="subject", description="Whom they bar.")
    in_force_on = LocalDate(description="Only those that bar on this day.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> BlackListQuery:
        """Return the value object."""
        page = page_request(data)
        return BlackListQuery(page=page, **data)
