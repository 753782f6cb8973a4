"""The second step of signing in, and one's own second factors, through the API."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from api import second_step
from api.auth import public, requires
from api.blueprint import Blueprint, may_refuse
from api.schemas.second_step import (
    CodeStepSchema,
    FactorMadeSchema,
    FactorResetSchema,
    FactorsSchema,
    FirstSecurityKeySchema,
    HalfTokenSchema,
    KeyOptionsSchema,
    KeyStepSchema,
    NewKey,
    NewSecurityKeySchema,
    NewTotpSchema,
    RecoveryCodesSchema,
    Step,
    TotpCodeSchema,
)
from api.schemas.tokens import TokensSchema
from waybill.registry.access import Permission
from waybill.registry.factors import Factors, NewTotp
from waybill.services.identity import Door, Enrolled, SignedIn

HALF_WAY = "the half sign-in itself is the credential"

blueprint = Blueprint(
    "second-step",
    __name__,
    url_prefix="/api/v1",
    description="Second factors: giving and keeping them (第二步验证)",
)


@blueprint.post("/tokens/second-step/code")
@public(HALF_WAY)
@may_refuse("throttled")
@blueprint.arguments(CodeStepSchema)
@blueprint.response(HTTPStatus.OK, TokensSchema)
def take_code(step: Step) -> SignedIn:
    """Finish signing in with a code of the authenticator, or with a recovery code.

    A code is good once. Five wrong ones of an account in a quarter of an hour are answered 429.
    """
    return second_step.take_code(step.half_token, Door.API, step.code)


@blueprint.post("/tokens/second-step/key-challenge")
@public(HALF_WAY)
@may_refuse("unauthenticated")
@blueprint.arguments(HalfTokenSchema)
@blueprint.response(HTTPStatus.OK, KeyOptionsSchema)
def key_challenge(step: Step) -> Mapping[str, Any]:
    """Ask what a security key must sign."""
    return {"public_key": second_step.key_challenge(step.half_token, Door.API)}


@blueprint.post("/tokens/second-step/key")
@public(HALF_WAY)
@may_refuse("unauthenticated")
@blueprint.arguments(KeyStepSchema)
@blueprint.response(HTTPStatus.OK, TokensSchema)
def take_key(step: Step) -> SignedIn:
    """Finish signing in with a security key, which must have verified its user."""
    return second_step.take_key(step.half_token, Door.API, step.credential)


@blueprint.post("/tokens/first-factor/totp")
@public(HALF_WAY)
@may_refuse("half-way")
@blueprint.arguments(HalfTokenSchema)
@blueprint.response(HTTPStatus.CREATED, NewTotpSchema)
def begin_first_totp(step: Step) -> NewTotp:
    """Get a secret for an authenticator, where the account must have a factor and has none."""
    return second_step.begin_first_totp(step.half_token, Door.API)


@blueprint.post("/tokens/first-factor/totp/confirmation")
@public(HALF_WAY)
@may_refuse("half-way")
@blueprint.arguments(CodeStepSchema)
@blueprint.response(HTTPStatus.OK, FactorMadeSchema)
def confirm_first_totp(step: Step) -> Mapping[str, Any]:
    """Finish signing in with the first code of the new authenticator.

    The recovery codes are in this answer and nowhere else.
    """
    return _enrolled(second_step.confirm_first_totp(step.half_token, Door.API, step.code))


@blueprint.post("/tokens/first-factor/key-options")
@public(HALF_WAY)
@may_refuse("half-way")
@blueprint.arguments(HalfTokenSchema)
@blueprint.response(HTTPStatus.OK, KeyOptionsSchema)
def first_key_options(step: Step) -> Mapping[str, Any]:
    """Ask how to make a security key, where the account must have a factor and has none."""
    return {"public_key": second_step.first_key_options(step.half_token, Door.API)}


@blueprint.post("/tokens/first-factor/key")
@public(HALF_WAY)
@may_refuse("half-way")
@blueprint.arguments(FirstSecurityKeySchema)
@blueprint.response(HTTPStatus.OK, FactorMadeSchema)
def add_first_key(step: Step) -> Mapping[str, Any]:
    """Finish signing in with a security key that has just been made."""
    made = second_step.add_first_key(step.half_token, Door.API, step.name, step.credential)
    return _enrolled(made)


@blueprint.get("/users/me/second-factor")
@requires(Permission.READ_OWN_ACCOUNT)
@blueprint.response(HTTPStatus.OK, FactorsSchema)
def get_own_factors() -> Factors:
    """Say what this account has as a second factor, and whether its role must have one."""
    return second_step.own_factors()


@blueprint.post("/users/me/second-factor/totp")
@requires(Permission.WRITE_OWN_ACCOUNT)
@blueprint.response(HTTPStatus.CREATED, NewTotpSchema)
def begin_own_totp() -> NewTotp:
    """Get a secret for a new authenticator.

    As every change of a factor it needs a session that is at most 15 minutes old (403
    `sign-in-again`), and ends the account's other sessions once it counts.
    """
    return second_step.begin_own_totp()


@blueprint.post("/users/me/second-factor/totp/confirmation")
@requires(Permission.WRITE_OWN_ACCOUNT)
@blueprint.arguments(TotpCodeSchema)
@blueprint.response(HTTPStatus.OK, RecoveryCodesSchema)
def confirm_own_totp(code: str) -> Mapping[str, Any]:
    """Let the new authenticator count, in place of one before."""
    return {"recovery_codes": second_step.confirm_own_totp(code)}


@blueprint.delete("/users/me/second-factor/totp")
@requires(Permission.WRITE_OWN_ACCOUNT)
@blueprint.response(HTTPStatus.NO_CONTENT)
def remove_own_totp() -> None:
    """Take the authenticator away; the last factor stays where the role must have one."""
    second_step.remove_own_totp()


@blueprint.post("/users/me/second-factor/key-options")
@requires(Permission.WRITE_OWN_ACCOUNT)
@blueprint.response(HTTPStatus.OK, KeyOptionsSchema)
def own_key_options() -> Mapping[str, Any]:
    """Ask how to make a security key."""
    return {"public_key": second_step.own_key_options()}


@blueprint.post("/users/me/second-factor/keys")
@requires(Permission.WRITE_OWN_ACCOUNT)
@blueprint.arguments(NewSecurityKeySchema)
@blueprint.response(HTTPStatus.CREATED, RecoveryCodesSchema)
def add_own_key(new: NewKey) -> Mapping[str, Any]:
    """Keep a security key that has just been made."""
    return {"recovery_codes": second_step.add_own_key(new.name, new.credential)}


@blueprint.delete("/users/me/second-factor/keys/<uuid:key_id>")
@requires(Permission.WRITE_OWN_ACCOUNT)
@blueprint.response(HTTPStatus.NO_CONTENT)
def remove_own_key(key_id: UUID) -> None:
    """Take a security key away; the last factor stays where the role must have one."""
    second_step.remove_own_key(key_id)


@blueprint.post("/users/me/second-factor/recovery-codes")
@requires(Permission.WRITE_OWN_ACCOUNT)
@blueprint.response(HTTPStatus.CREATED, RecoveryCodesSchema)
def renew_recovery_codes() -> Mapping[str, Any]:
    """Get ten new recovery codes; those before end."""
    return {"recovery_codes": second_step.renew_recovery_codes()}


@blueprint.post("/users/<uuid:user_id>/second-factor/reset")
@requires(Permission.MANAGE_USERS)
@blueprint.arguments(FactorResetSchema)
@blueprint.response(HTTPStatus.NO_CONTENT)
def reset_second_factor(reason: str, user_id: UUID) -> None:
    """Take every second factor from another's account and end its sessions.

    Who must have one makes a new one at the next sign-in. It needs a session that is at most 15
    minutes old (403 `sign-in-again`).
    """
    second_step.reset(user_id, reason)


def _enrolled(made: Enrolled) -> Mapping[str, Any]:
    return {
        "access_token": made.signed_in.access_token,
        "expires_in_s": made.signed_in.expires_in_s,
        "refresh_token": made.signed_in.refresh_token,
        "recovery_codes": made.recovery_codes,
    }
