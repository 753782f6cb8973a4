"""Signing in, staying signed in and signing out through the API."""

from http import HTTPStatus

from flask import jsonify
from flask.typing import ResponseReturnValue

from api import sign_in
from api.auth import public, requires
from api.blueprint import Blueprint, may_refuse
from api.schemas.second_step import HalfSchema
from api.schemas.tokens import Credentials, CredentialsSchema, RefreshSchema, TokensSchema
from waybill.registry.access import Permission
from waybill.services.identity import Door, HalfSignedIn, SignedIn

blueprint = Blueprint(
    "tokens", __name__, url_prefix="/api/v1/tokens", description="Signing in and out (登录)"
)


@blueprint.post("")
@public("nobody has a token before")
@may_refuse("throttled")
@blueprint.arguments(CredentialsSchema)
@blueprint.response(HTTPStatus.OK, TokensSchema)
@blueprint.alt_response(
    HTTPStatus.ACCEPTED, schema=HalfSchema, description="A second step is to come."
)
def create_tokens(credentials: Credentials) -> SignedIn | ResponseReturnValue:
    """Sign in with account and password.

    An account that has a second factor, or must have one, is answered 202 with a half sign-in: good
    for five minutes, and for the second step alone. API keys are not asked for a second factor.
    A wrong password and an unknown account are answered alike. Too many failures of an account
    or from an address are answered 429 with `Retry-After`.
    """
    outcome = sign_in.sign_in(credentials.username, credentials.password, Door.API)
    if isinstance(outcome, HalfSignedIn):
        answer = jsonify(HalfSchema().dump(outcome))
        answer.status_code = HTTPStatus.ACCEPTED
        return answer
    return outcome


@blueprint.post("/refresh")
@public("the refresh token itself is the credential")
@may_refuse("unauthenticated")
@blueprint.arguments(RefreshSchema)
@blueprint.response(HTTPStatus.OK, TokensSchema)
def refresh_tokens(refresh_token: str) -> SignedIn:
    """Exchange a refresh token for a new pair.

    A refresh token is good once. One that comes again ends the whole session, because it was
    copied.
    """
    return sign_in.refresh(refresh_token)


@blueprint.delete("")
@requires(Permission.WRITE_OWN_ACCOUNT)
@blueprint.response(HTTPStatus.NO_CONTENT)
def delete_all_tokens() -> None:
    """Sign out everywhere: every session of the account ends, this one and those at tablets too.

    API keys stay; `DELETE /api/v1/api-keys` ends them.
    """
    sign_in.sign_out_everywhere()


@blueprint.delete("/current")
@requires(Permission.WRITE_OWN_ACCOUNT)
@blueprint.response(HTTPStatus.NO_CONTENT)
def delete_current_tokens() -> None:
    """Sign out: the session's tokens stop counting."""
    sign_in.sign_out()
