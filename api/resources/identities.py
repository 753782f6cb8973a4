"""Which accounts may come in through a provider's log-in; an administrator keeps that."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from api import sso
from api.auth import actor, requires
from api.blueprint import Blueprint
from api.schemas.identities import (
    IdentitiesSchema,
    NewIdentityMadeSchema,
    NewIdentitySchema,
    NewLink,
)
from api.transactions import reading
from waybill.registry.access import Permission
from waybill.services.identity.linking import LinkedIdentity, list_identities

blueprint = Blueprint(
    "identities",
    __name__,
    url_prefix="/api/v1/users/<uuid:user_id>/identities",
    description="Single sign-on (单点登录)",
)


@blueprint.get("")
@requires(Permission.MANAGE_USERS)
@blueprint.response(HTTPStatus.OK, IdentitiesSchema)
def list_links(user_id: UUID) -> Mapping[str, Any]:
    """List the providers' log-ins through which an account may come in, or is invited to."""
    with reading() as session:
        return {"items": list_identities(session, actor(), user_id)}


@blueprint.post("")
@requires(Permission.MANAGE_USERS)
@blueprint.arguments(NewIdentitySchema)
@blueprint.response(HTTPStatus.CREATED, NewIdentityMadeSchema)
def create_link(new: NewLink, user_id: UUID) -> LinkedIdentity:
    """Link an account to somebody at a provider, or invite it by a code for three days.

    It needs a session that is at most 15 minutes old (403 `sign-in-again`).
    """
    return sso.link(user_id, new.provider, new.subject)


@blueprint.delete("/<uuid:identity_id>")
@requires(Permission.MANAGE_USERS)
@blueprint.response(HTTPStatus.NO_CONTENT)
def delete_link(user_id: UUID, identity_id: UUID) -> None:
    """End a link or an invitation, and every session of the account."""
    sso.unlink(user_id, identity_id)
