"""One's own account: second factors, password, and signing out everywhere."""

import json
from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import second_step
from api import sign_in as door
from api.auth import actor, clear_session_cookie, requires
from api.pages.second_step import codes_page, message_of, totp_page
from api.problems import problem_of
from api.runtime import runtime
from api.transactions import reading, transaction
from waybill.errors import SignInAgainError, WaybillError
from waybill.registry.access import Permission
from waybill.services import identity

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("")
@requires(Permission.WRITE_OWN_ACCOUNT)
def index() -> ResponseReturnValue:
    """Show what the account is signed in with."""
    return _page()


@blueprint.post("/totp")
@requires(Permission.WRITE_OWN_ACCOUNT)
def begin_totp() -> ResponseReturnValue:
    """Show the secret of a new authenticator."""
    return _told(lambda: totp_page(second_step.begin_own_totp(), half_way=False))


@blueprint.post("/totp/code")
@requires(Permission.WRITE_OWN_ACCOUNT)
def confirm_totp() -> ResponseReturnValue:
    """Let the new authenticator count."""

    def again(message: str) -> str:
        return totp_page(second_step.own_pending_totp(), half_way=False, message=message)

    return _told(lambda: _codes(second_step.confirm_own_totp(_given("code"))), again)


@blueprint.post("/totp/removal")
@requires(Permission.WRITE_OWN_ACCOUNT)
def remove_totp() -> ResponseReturnValue:
    """Take the authenticator away."""
    return _done(second_step.remove_own_totp)


@blueprint.post("/keys")
@requires(Permission.WRITE_OWN_ACCOUNT)
def add_key() -> ResponseReturnValue:
    """Keep a security key."""
    return _told(lambda: _codes(second_step.add_own_key(_given("name"), _given("credential"))))


@blueprint.post("/keys/<uuid:key_id>/removal")
@requires(Permission.WRITE_OWN_ACCOUNT)
def remove_key(key_id: UUID) -> ResponseReturnValue:
    """Take a security key away."""
    return _done(lambda: second_step.remove_own_key(key_id))


@blueprint.post("/recovery-codes")
@requires(Permission.WRITE_OWN_ACCOUNT)
def renew_codes() -> ResponseReturnValue:
    """Make new recovery codes."""
    return _told(lambda: _codes(second_step.renew_recovery_codes()))


@blueprint.post("/password")
@requires(Permission.WRITE_OWN_ACCOUNT)
def change_password() -> ResponseReturnValue:
    """Change the password; every session ends, this one too, and the API keys if wished."""
    old, new = request.form.get("old", ""), request.form.get("new", "")
    return _left(lambda: door.change_own_password(old, new, ends_keys=_ends_keys()))


@blueprint.post("/sign-out-everywhere")
@requires(Permission.WRITE_OWN_ACCOUNT)
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session, this one too, and the API keys if wished."""
    return _left(lambda: door.sign_out_everywhere(ends_keys=_ends_keys()))


@blueprint.post("/api-keys/<uuid:key_id>/revocation")
@requires(Permission.MANAGE_OWN_KEYS)
def revoke_api_key(key_id: UUID) -> ResponseReturnValue:
    """End one of the account's API keys."""

    def act() -> None:
        with transaction() as session:
            identity.revoke_api_key(session, actor(), key_id, clock=runtime().clock)

    return _done(act)


def _ends_keys() -> bool:
    return request.form.get("end_keys") == "yes"


def _given(name: str) -> str:
    return request.form.get(name, "").strip()


def _page(message: str = "") -> str:
    try:
        options = second_step.own_key_options()
    except SignInAgainError:
        options = None
    with reading() as session:
        api_keys = identity.keys_in_force(session, actor(), clock=runtime().clock)
    return render_template(
        "factors/account.html",
        factors=second_step.own_factors(),
        fresh=options is not None,
        options=json.dumps(options),
        api_keys=api_keys,
        message=message,
    )


def _codes(codes: tuple[str, ...]) -> ResponseReturnValue:
    """Tell new recovery codes; without any the account's page says it all."""
    home = url_for(".index")
    if codes:
        return codes_page(codes, onward=home)
    return redirect(f"{home}?done=saved", HTTPStatus.SEE_OTHER)


def _told(
    act: Callable[[], ResponseReturnValue], again: Callable[[str], str] = _page
) -> ResponseReturnValue:
    try:
        return act()
    except SignInAgainError as error:
        return _page(message_of(error)), problem_of(error).status
    except WaybillError as error:
        return again(message_of(error)), problem_of(error).status


def _done(act: Callable[[], None]) -> ResponseReturnValue:
    def done() -> ResponseReturnValue:
        act()
        return redirect(url_for(".index", done="saved"), HTTPStatus.SEE_OTHER)

    return _told(done)


def _left(act: Callable[[], None]) -> ResponseReturnValue:
    def left() -> ResponseReturnValue:
        act()
        response = redirect(url_for("session.form", done="signed-out"), HTTPStatus.SEE_OTHER)
        clear_session_cookie(response)
        return response

    return _told(left)
