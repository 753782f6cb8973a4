"""Accounts and the log-ins of providers."""

from dataclasses import dataclass, field
from typing import Any

from marshmallow import fields, post_load

from api.fields import Code, Identity, Instant, Secret, Text
from api.schemas import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLink:
    """To which provider, and as whom there; `None` invites."""

    provider: str
    subject: str | None = field(repr=False)


class NewIdentitySchema(Form):
    """What an account is linked to."""

    provider = Code("[a-z0-9][a-z0-9-]{0,39}", required=True, description="Of the list.")
    subject = Secret(
        most=255,
        load_default=None,
        allow_none=True,
        description="The provider's `sub`. Without it the account is invited by a code.",
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> NewLink:
        """Return the value object."""
        return NewLink(**data)


class IdentitySchema(Form):
    """How an account is known to a provider; who it is there is not kept."""

    id = Identity(required=True)
    issuer = Text(required=True)
    made_at = Instant(required=True)
    linked_at = Instant(required=True, allow_none=True)
    expires_at = Instant(required=True, allow_none=True)


class NewIdentityMadeSchema(IdentitySchema):
    """The same, with the invitation's code: it is in this answer and nowhere else."""

    code = fields.String(required=True, allow_none=True)


class IdentitiesSchema(Form):
    """All of an account's."""

    items = fields.List(fields.Nested(IdentitySchema), required=True)
