"""Signing in through the API."""

from dataclasses import dataclass, field
from typing import Any

from marshmallow import fields, post_load

from api.fields import Secret, Text
from api.schemas import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What somebody signs in with."""

    username: str
    password: str = field(repr=False)


class CredentialsSchema(Form):
    """Account and password."""

    username = Text(most=60, required=True, description="The account's name.")
    password = Secret(required=True, description="Its password.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> Credentials:
        """Return the value object."""
        return Credentials(**data)


class RefreshSchema(Form):
    """A refresh token, good for one exchange."""

    refresh_token = Secret(required=True, description="From the answer before.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> str:
        """Return the token."""
        return str(data["refresh_token"])


class TokensSchema(Form):
    """An access token and what renews it."""

    access_token = fields.String(required=True)
    token_type = fields.Constant("Bearer", required=True, metadata={"type": "string"})
    expires_in = fields.Integer(
        required=True, attribute="expires_in_s", metadata={"description": "Seconds."}
    )
    refresh_token = fields.String(required=True)
