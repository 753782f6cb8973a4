"""What all records of the registry share in the API: status, versions, pages."""

from typing import Any, Final

from marshmallow import ValidationError, fields, post_load

from api.fields import Choice, DecimalString, Identity, Instant, Json, StrictInteger, Text
from api.paging import PageQuery, PageQuerySchema
from api.schemas import Form
from waybill.registry.kinds import RecordStatus
from waybill.registry.records import StatusChange
from waybill.services.paging import PageRequest

MAX_VERSION: Final = 2**31 - 1
QUANTITY_PLACES: Final = 3


def degrees(description: str) -> DecimalString:
    """Return the field of a coordinate: degrees to three decimals, or null."""
    return DecimalString(
        places=QUANTITY_PLACES,
        signed=True,
        load_default=None,
        allow_none=True,
        description=description,
    )


def page_request(data: dict[str, Any]) -> PageRequest:
    """Take the page's own parameters out of what a query holds.

    Raises:
        marshmallow.ValidationError: the cursor belongs to another list.
    """
    query = PageQuery(limit=data.pop("limit"), after=data.pop("after"))
    try:
        return PageRequest(limit=query.limit, after=query.after_id)
    except ValidationError as error:
        raise ValidationError({"cursor": error.messages}) from error


class VersionPageQuerySchema(PageQuerySchema):
    """Which page of versions is wanted."""

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> PageRequest:
        """Return the value object."""
        return page_request(data)


class VersionSchema(Form):
    """What a record said in one version."""

    version = StrictInteger(least=1, most=MAX_VERSION, required=True)
    recorded_at = Instant(required=True)
    event_id = Identity(required=True, description="The event that wrote it.")
    changed = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Fields that differ from the version before."},
    )
    snapshot = Json(required=True, description="The record; personal values as commitments.")


class StatusChangeSchema(Form):
    """A wish to suspend, resume or retire a record."""

    status = Choice(RecordStatus, required=True, description="`active` resumes.")
    reason = Text(most=300, required=True, description="Why; it goes into the log.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> StatusChange:
        """Return the value object."""
        return StatusChange(**data)


class ReasonSchema(Form):
    """Why something is done."""

    reason = Text(most=300, required=True, description="Why; it goes into the log.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> str:
        """Return the reason."""
        return str(data["reason"])


class DisclosureSchema(Form):
    """A personal value in clear, and the event that says that it was shown."""

    field = Text(required=True)
    value = Text(required=True)
    event_id = Identity(required=True)
