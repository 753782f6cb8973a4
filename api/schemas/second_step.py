"""The second step of signing in, and second factors."""

from dataclasses import dataclass, field
from typing import Any

from marshmallow import fields, post_load

from api.fields import Choice, Identity, Instant, Secret, StrictBoolean, StrictInteger, Text
from api.schemas import Form
from api.schemas.tokens import TokensSchema
from waybill.registry.factors import Factor
from waybill.services.identity.security_keys import MAX_CREDENTIAL_CHARACTERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is sent with a half sign-in; what a step does not need is empty."""

    half_token: str = field(repr=False)
    code: str = field(default="", repr=False)
    name: str = ""
    credential: str = field(default="", repr=False)


class HalfTokenSchema(Form):
    """A half sign-in."""

    half_token = Secret(required=True, description="From the answer to account and password.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> Step:
        """Return the value object."""
        return Step(**data)


class CodeStepSchema(HalfTokenSchema):
    """A code as the second step."""

    code = Secret(most=40, required=True, description="Six digits, or a recovery code.")


class KeyStepSchema(HalfTokenSchema):
    """A security key as the second step."""

    credential = Secret(
        most=MAX_CREDENTIAL_CHARACTERS,
        required=True,
        description="`PublicKeyCredential.toJSON()` as text.",
    )


class FirstSecurityKeySchema(KeyStepSchema):
    """A security key as the first factor of an account."""

    name = Text(most=60, required=True, description="How its owner calls it.")


class HalfSchema(Form):
    """A half sign-in: the password was right, and a second step is to come."""

    half_token = fields.String(required=True, attribute="token")
    expires_in = fields.Integer(
        required=True, attribute="expires_in_s", metadata={"description": "Seconds."}
    )
    methods = fields.List(
        Choice(Factor),
        required=True,
        metadata={"description": "What can be given; none: the account must first make a factor."},
    )


class KeyOptionsSchema(Form):
    """What a browser hands to `navigator.credentials`."""

    public_key = fields.Dict(
        required=True, metadata={"description": "In the JSON form of Web Authentication Level 3."}
    )


class NewTotpSchema(Form):
    """A secret for an authenticator; it counts once a code of it was given."""

    secret = fields.String(required=True, metadata={"description": "Base32."})
    uri = fields.String(required=True, metadata={"description": "otpauth: for a QR code."})


class FactorMadeSchema(TokensSchema):
    """Tokens, and recovery codes that are shown once."""

    recovery_codes = fields.List(fields.String(), required=True)


class RecoveryCodesSchema(Form):
    """Recovery codes that are shown once; none where the account kept those it has."""

    recovery_codes = fields.List(fields.String(), required=True)


class TotpCodeSchema(Form):
    """A code of the authenticator that is being set up."""

    code = Secret(most=40, required=True, description="Six digits.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> str:
        """Return the code."""
        return str(data["code"])


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A security key that has just been made."""

    name: str
    credential: str = field(repr=False)


class NewSecurityKeySchema(Form):
    """A security key that has just been made."""

    name = Text(most=60, required=True, description="How its owner calls it.")
    credential = Secret(
        most=MAX_CREDENTIAL_CHARACTERS,
        required=True,
        description="`PublicKeyCredential.toJSON()` as text.",
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> NewKey:
        """Return the value object."""
        return NewKey(**data)


class SecurityKeySchema(Form):
    """A security key."""

    id = Identity(required=True)
    name = Text(required=True)
    created_at = Instant(required=True)
    last_used_at = Instant(required=True, allow_none=True)


class FactorsSchema(Form):
    """What an account has as a second factor."""

    required = StrictBoolean(
        required=True, metadata={"description": "Whether its role must have one."}
    )
    totp_since = Instant(required=True, allow_none=True)
    keys = fields.List(fields.Nested(SecurityKeySchema), required=True)
    recovery_codes_left = StrictInteger(least=0, most=100, required=True)


class FactorResetSchema(Form):
    """Why somebody's second factor is taken away."""

    reason = Text(most=300, required=True, description="Kept in the log.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> str:
        """Return the reason."""
        return str(data["reason"])
