"""Accounts: made and changed by administrators; everybody sees and guards their own."""

from http import HTTPStatus
from uuid import UUID

from api import sign_in
from api.auth import actor, requires
from api.blueprint import Blueprint, may_refuse
from api.idempotency import idempotent
from api.paging import PageQuery, PlainPageSchema, page_schema
from api.preconditions import if_match, versioned
from api.runtime import runtime
from api.schemas.users import (
    NewUserSchema,
    OwnAccountSchema,
    PasswordChange,
    PasswordChangeSchema,
    UserChangeSchema,
    UserSchema,
)
from api.transactions import reading, transaction
from waybill.registry.access import Actor, Permission
from waybill.services import identity
from waybill.services.identity import NewUser, User, UserChange
from waybill.services.paging import Page, PageRequest

blueprint = Blueprint("users", __name__, url_prefix="/api/v1/users", description="Accounts (账号)")


@blueprint.post("")
@requires(Permission.MANAGE_USERS)
@idempotent
@blueprint.arguments(NewUserSchema)
@blueprint.response(HTTPStatus.CREATED, UserSchema)
def create_user(new: NewUser) -> tuple[User, dict[str, str]]:
    """Make an account. Its role must fit what the organisation does.

    Making and changing an account needs a session that is at most 15 minutes old (403
    `sign-in-again`).
    """
    with transaction() as session:
        sign_in.require_fresh(session)
        made = identity.create_user(
            session, actor(), new, vault=runtime().vault, clock=runtime().clock
        )
        return versioned(made)


@blueprint.get("")
@requires(Permission.MANAGE_USERS)
@blueprint.arguments(PlainPageSchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(UserSchema))
def list_users(page: PageQuery) -> Page[User]:
    """List all accounts in the order of their making."""
    wanted = PageRequest(limit=page.limit, after=page.after_id)
    with reading() as session:
        return identity.list_users(session, wanted)


@blueprint.get("/me")
@requires(Permission.READ_OWN_ACCOUNT)
@blueprint.response(HTTPStatus.OK, OwnAccountSchema)
def get_own_account() -> Actor:
    """Say who is asking and what they may do."""
    return actor()


@blueprint.post("/me/password")
@requires(Permission.WRITE_OWN_ACCOUNT)
@may_refuse("throttled")
@blueprint.arguments(PasswordChangeSchema)
@blueprint.response(HTTPStatus.NO_CONTENT)
def change_own_password(change: PasswordChange) -> None:
    """Change one's own password. Every session of the account ends, this one too.

    Its API keys stay unless `end_keys` says otherwise.

    A wrong old password counts as a failed sign-in; too many are answered 429.
    """
    sign_in.change_own_password(change.old_password, change.new_password, ends_keys=change.end_keys)


@blueprint.get("/<uuid:user_id>")
@requires(Permission.MANAGE_USERS)
@blueprint.response(HTTPStatus.OK, UserSchema)
def get_user(user_id: UUID) -> tuple[User, dict[str, str]]:
    """Show an account."""
    with reading() as session:
        return versioned(identity.get_user(session, user_id))


@blueprint.patch("/<uuid:user_id>")
@requires(Permission.MANAGE_USERS)
@if_match
@blueprint.arguments(UserChangeSchema)
@blueprint.response(HTTPStatus.OK, UserSchema)
def change_user(
    change: UserChange, user_id: UUID, *, expected_version: int
) -> tuple[User, dict[str, str]]:
    """Change an account: its role, its password, or whether it may sign in.

    Every change ends all its sessions and API keys; one that makes it inactive its badge too.
    One's own password is changed with the old one, not here.
    """
    with transaction() as session:
        sign_in.require_fresh(session)
        changed = identity.change_user(
            session,
            actor(),
            user_id,
            change,
            expected_version=expected_version,
            clock=runtime().clock,
        )
    runtime().account_states.forget(user_id)
    return versioned(changed)
