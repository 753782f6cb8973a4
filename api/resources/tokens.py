"""Signing in, staying signed in and signing out through the API."""

from http import HTTPStatus

from api import sign_in
from api.auth import public, requires
from api.blueprint import Blueprint, may_refuse
from api.schemas.tokens import Credentials, CredentialsSchema, RefreshSchema, TokensSchema
from waybill.registry.access import Permission
from waybill.services.identity import Door, SignedIn

blueprint = Blueprint(
    "tokens", __name__, url_prefix="/api/v1/tokens", description="Signing in and out (登录)"
)


@blueprint.post("")
@public("nobody has a token before")
@may_refuse("throttled")
@blueprint.arguments(CredentialsSchema)
@blueprint.response(HTTPStatus.OK, TokensSchema)
def create_tokens(credentials: Credentials) -> SignedIn:
    """Sign in with account and password.

    A wrong password and an unknown account are answered alike. Too many failures of an account
    or from an address are answered 429 with `Retry-After`.
    """
    return sign_in.sign_in(credentials.username, credentials.password, Door.API)


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


@blueprint.delete("/current")
@requires(Permission.WRITE_OWN_ACCOUNT)
@blueprint.response(HTTPStatus.NO_CONTENT)
def delete_current_tokens() -> None:
    """Sign out: the session's tokens stop counting."""
    sign_in.sign_out()
