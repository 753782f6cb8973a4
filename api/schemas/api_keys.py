"""API keys for machines."""

from typing import Any

from marshmallow import fields, post_load

from api.fields import Choice, Identity, Instant, Many, Text
from api.schemas import Form
from waybill.registry.access import Permission
from waybill.services.identity import NewApiKey


class NewApiKeySchema(Form):
    """What a new key is for."""

    label = Text(most=100, required=True, description="What it is used for, for people.")
    scopes = Many(Choice(Permission), least=1, most=50, required=True, description="Permissions.")
    expires_at = Instant(required=True, description="When it ends; within 366 days.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> NewApiKey:
        """Return the value object."""
        return NewApiKey(**data)


class ApiKeySchema(Form):
    """A key, without its secret."""

    id = Identity(required=True)
    label = Text(required=True)
    prefix = Text(required=True, description="The part of the key that is shown.")
    scopes = fields.List(fields.String(), required=True)
    created_at = Instant(required=True)
    expires_at = Instant(required=True)
    revoked_at = Instant(required=True, allow_none=True)


class MadeApiKeySchema(ApiKeySchema):
    """A key that was just made, with its secret, which is never shown again."""

    secret = fields.String(required=True, metadata={"description": "Send it as `X-Api-Key`."})
