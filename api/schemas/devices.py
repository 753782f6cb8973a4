"""Tablets of the bay: enrolling one, what it says of itself, who signs on at it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, post_load, validate

from api.fields import Choice, Code, Identity, Instant, Secret, StrictInteger, Text
from api.paging import PageQuerySchema
from api.schemas import Form
from api.schemas.registry import page_request
from waybill.registry.access import Role
from waybill.registry.devices import (
    MAX_STORAGE_BYTES,
    MAX_UNSENT,
    DeviceStatus,
    FormerDevice,
    Heartbeat,
    NewDevice,
)
from waybill.sealing import SealError, device_public_key
from waybill.services.paging import PageRequest

APP_VERSION = "[0-9A-Za-z][0-9A-Za-z.+_-]{0,39}"
COORDINATE = "[A-Za-z0-9_-]{43}"
PREFIX = "T[2-9A-HJKMNP-Z]{3,6}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEnrolment:
    """For which facility a tablet is to be enrolled, and what it will be called."""

    facility_id: UUID
    label: str


class NewEnrolmentSchema(Form):
    """What a one-time code is for."""

    facility_id = Identity(required=True)
    label = Text(most=60, required=True, description="What stands on the tablet, such as 3 号位.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> NewEnrolment:
        """Return the value object."""
        return NewEnrolment(**data)


class EnrolmentSchema(Form):
    """A one-time code; it is in this answer and nowhere else."""

    id = Identity(required=True)
    code = fields.String(required=True, metadata={"description": "Written `ABCD-EFGH`."})
    expires_at = Instant(required=True)


class PublicKeySchema(Form):
    """A public P-256 key as a JSON Web Key (RFC 7517), without anything else."""

    kty = fields.String(required=True, validate=validate.Equal("EC"))
    crv = fields.String(required=True, validate=validate.Equal("P-256"))
    x = Code(COORDINATE, required=True)
    y = Code(COORDINATE, required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> bytes:
        """Return the point."""
        try:
            return device_public_key(data)
        except SealError as error:
            raise ValidationError("It is no point on P-256.") from error


class FormerDeviceSchema(Form):
    """Which tablet it was, where the server knows nothing of it any more."""

    device_id = Identity(required=True)
    prefix = Code(PREFIX, required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> FormerDevice:
        """Return the value object."""
        return FormerDevice(**data)


class NewDeviceSchema(Form):
    """With what a tablet is enrolled: its code and the public half of the key it has made."""

    code = Secret(most=20, required=True, description="As shown; case, spaces and - do not count.")
    public_key = fields.Nested(PublicKeySchema, required=True)
    app_version = Code(APP_VERSION, required=True)
    former = fields.Nested(
        FormerDeviceSchema,
        load_default=None,
        allow_none=True,
        metadata={
            "description": "Of a tablet that is unknown after an older backup was restored: it "
            "is the same again, so that the records that its key has signed can be taken."
        },
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> NewDevice:
        """Return the value object."""
        return NewDevice(**data)


class NamedPlaceSchema(Form):
    """A facility by its name; a name that is registered once is the same in both languages."""

    id = Identity(required=True)
    name_zh = fields.String(required=True)
    name_en = fields.String(required=True)


class NamedBaySchema(Form):
    """A bay by its name."""

    id = Identity(required=True)
    name = fields.String(required=True)


class EnrolledSchema(Form):
    """What a tablet is from now on."""

    device_id = Identity(required=True)
    label = fields.String(required=True)
    facility = fields.Nested(NamedPlaceSchema, required=True)
    bays = fields.List(fields.Nested(NamedBaySchema), required=True)
    prefix = fields.String(
        required=True,
        metadata={"description": "Begins the numbers it gives without network: `T7K2-000001`."},
    )
    server_time = Instant(required=True)


class DeviceSchema(Form):
    """A tablet and what it said last of itself; that is null before its first word."""

    id = Identity(required=True)
    organisation_id = Identity(required=True)
    facility_id = Identity(required=True)
    facility_name = fields.String(required=True)
    label = fields.String(required=True)
    prefix = fields.String(required=True)
    status = Choice(DeviceStatus, required=True)
    enrolled_at = Instant(required=True)
    enrolled_by = Identity(required=True, description="Whose code it was.")
    revoked_at = Instant(required=True, allow_none=True)
    revoked_reason = fields.String(required=True)
    last_seen_at = Instant(required=True, allow_none=True)
    app_version = fields.String(required=True)
    storage_used_bytes = fields.Integer(required=True, allow_none=True)
    storage_quota_bytes = fields.Integer(required=True, allow_none=True)
    unsent = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Acts and photos that wait."}
    )
    battery = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Whole per cent."}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceQuery:
    """Which tablets are wanted."""

    page: PageRequest
    facility_id: UUID | None = None
    status: DeviceStatus | None = None


class DeviceQuerySchema(PageQuerySchema):
    """Which tablets are wanted; all of it must hold."""

    facility_id = Identity(data_key="facility", description="Of this facility.")
    status = Choice(DeviceStatus, description="Only those in this status.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> DeviceQuery:
        """Return the value object."""
        page = page_request(data)
        return DeviceQuery(page=page, **data)


class HeartbeatSchema(Form):
    """What a tablet says of itself, every minute or so."""

    app_version = Code(APP_VERSION, required=True)
    storage_used_bytes = StrictInteger(least=0, most=MAX_STORAGE_BYTES, required=True)
    storage_quota_bytes = StrictInteger(least=0, most=MAX_STORAGE_BYTES, required=True)
    unsent = StrictInteger(least=0, most=MAX_UNSENT, required=True)
    battery = StrictInteger(
        least=0, most=100, load_default=None, allow_none=True, description="Whole per cent."
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> Heartbeat:
        """Return the value object."""
        return Heartbeat(**data)


class ServerTimeSchema(Form):
    """What time it is here."""

    server_time = Instant(required=True)


class HeartbeatAnswerSchema(ServerTimeSchema):
    """What a tablet should know; one that was revoked gets 401 `device-revoked` instead."""

    latest_version = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Of the application that is served here; null where none is."},
    )
    revoked = fields.Boolean(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeAndPin:
    """What somebody signs on with."""

    badge: str = field(repr=False)
    pin: str = field(repr=False)


class BadgeAndPinSchema(Form):
    """The text of a badge's QR code and the six digits that belong to it."""

    badge = Secret(most=100, required=True, description="`WBB1.` and what follows.")
    pin = Secret(most=20, required=True, description="Six digits.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> BadgeAndPin:
        """Return the value object."""
        return BadgeAndPin(**data)


class SessionNamedSchema(Form):
    """Which session."""

    session_id = Identity(required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> UUID:
        """Return its id."""
        return UUID(str(data["session_id"]))


class SignedOnPersonSchema(Form):
    """Who is signed on; the account's name, no personal value."""

    user_id = Identity(required=True)
    label = fields.String(required=True)
    role = Choice(Role, required=True)


class UnlockSchema(Form):
    """With what a tablet makes its own verifier of the PIN (PBKDF2-HMAC-SHA-256)."""

    salt = fields.String(required=True, metadata={"description": "16 bytes, base64url."})
    iterations = fields.Integer(required=True)
    good_until = Instant(required=True, description="Then the verifier is thrown away.")


class BaySessionSchema(Form):
    """Somebody is signed on at a tablet."""

    session_id = Identity(required=True)
    access_token = fields.String(required=True)
    expires_in = fields.Integer(
        required=True, attribute="expires_in_s", metadata={"description": "Seconds."}
    )
    server_time = Instant(required=True)
    person = fields.Nested(SignedOnPersonSchema, required=True)
    unlock = fields.Nested(UnlockSchema, required=True)
