"""Waybills: what a carrier writes, and what everybody named may read."""

from dataclasses import dataclass
from typing import Any

import msgspec
from marshmallow import ValidationError, fields, post_load
from typing_extensions import override  # typing's own needs Python 3.12

from api.fields import (
    Choice,
    Identity,
    Instant,
    Json,
    LocalDate,
    QueryFlag,
    QueryInteger,
    StrictBoolean,
    StrictInteger,
    Text,
    fault,
)
from api.paging import PageQuerySchema
from api.schemas import Form
from api.schemas.answers import Said
from api.schemas.drafts import YEARS, DraftSchema
from api.schemas.registry import MAX_VERSION, page_request
from api.schemas.verdicts import VerdictSchema
from waybill.identifiers.failure import IdentifierError
from waybill.identifiers.vehicle import parse_plate
from waybill.rules.lifecycle import WaybillStatus
from waybill.services.paging import PageRequest
from waybill.services.waybills.queries import WaybillFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class WaybillQuery:
    """Which waybills are wanted, and which page of them."""

    wanted: WaybillFilter
    page: PageRequest


class WaybillQuerySchema(PageQuerySchema):
    """What is looked for; all of it must hold."""

    status = Choice(WaybillStatus)
    number = Text(most=40)
    plate = Text(most=32, description="Of the vehicle or trailer, as people write it.")
    facility_id = Identity(data_key="facility", description="Where it is loaded.")
    planned_on = LocalDate(
        data_key="planned", description="The day of loading: with a facility, its arrivals."
    )

    attention = QueryFlag(
        description="Only issued ones whose pre-clearance has changed for the worse since issue."
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> WaybillQuery:
        """Return the value object, with the plate in its stored spelling."""
        page = page_request(data)
        if "plate" in data:
            try:
                data["plate"] = parse_plate(data["plate"]).number
            except IdentifierError as error:
                words = fault(error.code, error.message_zh, error.message_en).messages
                raise ValidationError({"plate": words}) from error
        planned = data.get("planned_on")
        if planned is not None and planned.year not in YEARS:
            words = fault("out-of-range", "年份不合理。", "Nothing is planned then.").messages
            raise ValidationError({"planned": words})
        return WaybillQuery(wanted=WaybillFilter(**data), page=page)


class WaybillSummarySchema(Form):
    """A waybill in a list."""

    id = Identity(required=True)
    number = Said(required=True, allow_none=True)
    status = Choice(WaybillStatus, required=True)
    revision = StrictInteger(least=0, most=MAX_VERSION, required=True)
    version = StrictInteger(least=1, most=MAX_VERSION, required=True)
    carrier_id = Identity(required=True)
    carrier_name = Said(required=True)
    facility_id = Identity(required=True, allow_none=True)
    plate = Said(required=True, description="The vehicle's; empty where none is named yet.")
    plate_colour = Said(required=True)
    goods = fields.List(fields.String(), required=True, metadata={"description": "UN numbers."})
    planned_loading_at = Instant(required=True, allow_none=True)
    created_at = Instant(required=True)
    issued_at = Instant(required=True, allow_none=True)
    attention_since = Instant(
        required=True,
        allow_none=True,
        description="Since when a later pre-clearance says what did not stand at issue.",
    )


class RevisionSchema(Form):
    """A signed revision. Its exact bytes are at `…/document`."""

    revision = StrictInteger(least=1, most=MAX_VERSION, required=True)
    signed_at = Instant(required=True)
    digest = Said(required=True, description="SHA-256 of the bytes, hexadecimal.")
    document_jws = Said(required=True, description="Detached JWS over the bytes.")
    qr_text = Said(required=True, description="The text of the code.")
    kid = Said(required=True)


class _Document(Json):
    """A signed document read back."""

    @override
    def write(self, value: object) -> object:
        return msgspec.to_builtins(value)


class WaybillSchema(Form):
    """A waybill whole: its draft for its owner, its signed content once it is issued."""

    summary = fields.Nested(WaybillSummarySchema, required=True)
    draft = fields.Nested(DraftSchema, required=True, allow_none=True)
    content = _Document(
        required=True, allow_none=True, description="The newest signed document, read back."
    )
    revisions = fields.List(fields.Nested(RevisionSchema), required=True)
    verdicts = fields.List(fields.Nested(VerdictSchema), required=True)
    cleared_at = Instant(required=True, allow_none=True)
    released_at = Instant(required=True, allow_none=True)
    cancelled_at = Instant(required=True, allow_none=True)
    cancel_reason = Said(required=True)


class AcceptanceSchema(Form):
    """Whether the findings that stand were read and are accepted."""

    accept_findings = StrictBoolean(load_default=False)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> bool:
        """Return the answer."""
        return bool(data["accept_findings"])


class CancelSchema(Form):
    """Why a waybill is cancelled."""

    reason = Text(least=4, most=300, required=True, description="It goes into the log.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> str:
        """Return the reason."""
        return str(data["reason"])


class IssuedWaybillSchema(Form):
    """A waybill that was just signed."""

    id = Identity(required=True)
    number = Said(required=True)
    revision = StrictInteger(least=1, most=MAX_VERSION, required=True)
    version = StrictInteger(least=1, most=MAX_VERSION, required=True)
    digest = Said(required=True, description="SHA-256 of the signed bytes, hexadecimal.")
    qr_text = Said(required=True, description="The text of the code.")
    verdict = fields.Nested(VerdictSchema, required=True)


class RevisionQuerySchema(Form):
    """Which revision; the newest where none is said."""

    revision = QueryInteger(least=1, most=MAX_VERSION)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> int | None:
        """Return the number, `None` for the newest."""
        return data.get("revision")
