"""Organisations and their directory."""

from dataclasses import dataclass
from typing import Any

from marshmallow import fields, post_load

from api.fields import Choice, Identity, Instant, Many, StrictInteger, Text
from api.paging import PageQuerySchema
from api.schemas import Form
from api.schemas.facilities import FacilitySchema
from api.schemas.registry import MAX_VERSION, page_request
from waybill.registry.kinds import OrganisationRole, RecordStatus
from waybill.registry.records import OrganisationParticulars
from waybill.services.paging import PageRequest


class OrganisationParticularsSchema(Form):
    """What is stated of an organisation."""

    uscc = Text(most=18, required=True, description="Unified social credit code (GB 32100).")
    name = Text(most=200, required=True)
    roles = Many(
        Choice(OrganisationRole), least=1, most=5, required=True, description="What it does."
    )
    address = Text(least=0, most=300, load_default="")
    phone = Text(least=0, most=40, load_default="", description="The enterprise's own line.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> OrganisationParticulars:
        """Return the value object."""
        return OrganisationParticulars(**data)


class OrganisationSchema(OrganisationParticularsSchema):
    """An organisation."""

    id = Identity(required=True)
    created_at = Instant(required=True)
    status = Choice(RecordStatus, required=True)
    version = StrictInteger(least=1, most=MAX_VERSION, required=True)


class DirectoryEntrySchema(Form):
    """What every account may know of an organisation."""

    id = Identity(required=True)
    uscc = Text(most=18, required=True)
    name = Text(required=True)
    roles = Many(Choice(OrganisationRole), required=True)
    status = Choice(RecordStatus, required=True)
    facilities = fields.List(fields.Nested(FacilitySchema), required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationQuery:
    """Which organisations are wanted."""

    page: PageRequest
    q: str = ""
    role: OrganisationRole | None = None
    status: RecordStatus | None = None


class OrganisationQuerySchema(PageQuerySchema):
    """Which organisations are wanted; all of it must hold."""

    q = Text(most=100, description="Part of the name, or the beginning of the credit code.")
    role = Choice(OrganisationRole, description="Only those with this role.")
    status = Choice(RecordStatus, description="Only those in this status.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> OrganisationQuery:
        """Return the value object."""
        page = page_request(data)
        return OrganisationQuery(page=page, **data)


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryQuery:
    """Which entries of the directory are wanted."""

    page: PageRequest
    q: str = ""
    role: OrganisationRole | None = None


class DirectoryQuerySchema(PageQuerySchema):
    """Which entries of the directory are wanted; all of it must hold."""

    q = Text(most=100, description="Part of the name, or the beginning of the credit code.")
    role = Choice(OrganisationRole, description="Only organisations with this role.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> DirectoryQuery:
        """Return the value object."""
        page = page_request(data)
        return DirectoryQuery(page=page, **data)
