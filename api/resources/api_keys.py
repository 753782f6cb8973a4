"""API keys: each account makes and revokes its own."""

from http import HTTPStatus
from uuid import UUID

from api import sign_in
from api.auth import actor, requires
from api.blueprint import Blueprint
from api.paging import PageQuery, PlainPageSchema, page_schema
from api.runtime import runtime
from api.schemas.api_keys import ApiKeySchema, MadeApiKeySchema, NewApiKeySchema
from api.transactions import reading, transaction
from waybill.registry.access import Permission
from waybill.services import identity
from waybill.services.identity import ApiKey, NewApiKey
from waybill.services.paging import Page, PageRequest

blueprint = Blueprint(
    "api-keys", __name__, url_prefix="/api/v1/api-keys", description="Keys for machines (接口密钥)"
)


@blueprint.post("")
@requires(Permission.MANAGE_OWN_KEYS)
@blueprint.arguments(NewApiKeySchema)
@blueprint.response(HTTPStatus.CREATED, MadeApiKeySchema)
def create_api_key(wanted: NewApiKey) -> ApiKey:
    """Make a key for a machine that acts in the name of this account.

    It needs a session that is at most 15 minutes old (403 `sign-in-again`). The secret is in this
    answer and nowhere else. `Idempotency-Key` is not honoured here, because the answer would have
    to be stored.
    """
    with transaction() as session:
        made = identity.create_api_key(session, actor(), wanted, clock=runtime().clock)
        # Asked under the account's lock: a session that has just been ended makes no key.
        sign_in.require_fresh(session)
        return made


@blueprint.get("")
@requires(Permission.MANAGE_OWN_KEYS)
@blueprint.arguments(PlainPageSchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(ApiKeySchema))
def list_api_keys(page: PageQuery) -> Page[ApiKey]:
    """List this account's keys, newest first."""
    wanted = PageRequest(limit=page.limit, after=page.after_id)
    with reading() as session:
        return identity.list_api_keys(session, actor(), wanted)


@blueprint.delete("")
@requires(Permission.MANAGE_OWN_KEYS)
@blueprint.response(HTTPStatus.NO_CONTENT)
def revoke_all_api_keys() -> None:
    """Revoke every key of this account, at once and for ever.

    A change of one's password and a sign-out everywhere leave keys as they are, because machines
    work with them; whoever thinks that somebody else made one ends them all here.
    """
    with transaction() as session:
        identity.end_own_keys(session, actor(), clock=runtime().clock)


@blueprint.delete("/<uuid:key_id>")
@requires(Permission.MANAGE_OWN_KEYS)
@blueprint.response(HTTPStatus.NO_CONTENT)
def revoke_api_key(key_id: UUID) -> None:
    """Revoke a key, at once and for ever."""
    with transaction() as session:
        identity.revoke_api_key(session, actor(), key_id, clock=runtime().clock)
