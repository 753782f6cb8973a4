"""Accounts."""

from dataclasses import dataclass, field
from typing import Any

from marshmallow import fields, post_load

from api.fields import Choice, Code, Identity, Instant, Secret, StrictBoolean, StrictInteger, Text
from api.schemas import Form
from waybill.registry.access import Role
from waybill.services.identity import NewUser, UserChange

USERNAME: str = "[a-z0-9][a-z0-9._-]{1,59}"


class NewUserSchema(Form):
    """A new account."""

    username = Code(USERNAME, required=True, description="Small letters, digits and . _ -")
    password = Secret(required=True, description="10 to 200 characters, without the name.")
    role = Choice(Role, required=True, description="What the account is for.")
    organisation_id = Identity(required=True, description="Whose account it is.")
    name = Text(
        most=60,
        load_default=None,
        allow_none=True,
        description="The person's name; kept encrypted.",
    )
    person_id = Identity(
        load_default=None, allow_none=True, description="The person's record, for a supervisor."
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> NewUser:
        """Return the value object."""
        return NewUser(**data)


class UserChangeSchema(Form):
    """What changes of an account; what is absent stays."""

    active = StrictBoolean(description="Whether it may sign in.")
    role = Choice(Role, description="What the account is for.")
    password = Secret(description="A new password, set by the administrator.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> UserChange:
        """Return the value object."""
        return UserChange(**data)


class UserSchema(Form):
    """An account."""

    id = Identity(required=True)
    username = Text(required=True)
    role = Choice(Role, required=True)
    organisation_id = Identity(required=True)
    person_id = Identity(required=True, allow_none=True)
    active = StrictBoolean(required=True)
    created_at = Instant(required=True)
    version = StrictInteger(least=1, most=2**31, required=True)


class OwnAccountSchema(Form):
    """Who is asking, and what they may do."""

    user_id = Identity(required=True)
    organisation_id = Identity(required=True)
    role = Choice(Role, required=True)
    person_id = Identity(required=True, allow_none=True)
    permissions = fields.Function(
        lambda actor: sorted(permission.value for permission in actor.permissions),
        required=True,
        metadata={"type": "array", "items": {"type": "string"}},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChange:
    """A new password for one's own account."""

    old_password: str = field(repr=False)
    new_password: str = field(repr=False)
    end_keys: bool = False


class PasswordChangeSchema(Form):
    """A new password for one's own account."""

    old_password = Secret(required=True)
    new_password = Secret(required=True, description="10 to 200 characters, without the name.")
    end_keys = StrictBoolean(description="Whether the account's API keys end too; they do not.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> PasswordChange:
        """Return the value object."""
        return PasswordChange(**data)
