"""Signing in and out through the pages."""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import sign_in as door
from api.auth import (
    BROWSER_COOKIE,
    HALF_COOKIE,
    SSO_BY_COOKIE,
    clear_cookie,
    clear_session_cookie,
    find_actor,
    find_cookie,
    public,
    requires,
    set_cookie,
    set_session_cookie,
)
from api.language import say
from api.pages.language import local_address
from api.problems import problem_of
from waybill.errors import AuthenticationError, ThrottledError
from waybill.registry.access import Permission
from waybill.services.identity import Door, HalfSignedIn

blueprint = Blueprint("session", __name__)


@blueprint.get("/sign-in")
@public("nobody has signed in yet")
def form() -> ResponseReturnValue:
    """Ask for account and password; who is in already goes on."""
    wanted = local_address(request.args.get("next", ""))
    if find_actor() is not None:
        return redirect(wanted)
    return render_template("sign_in.html", next=wanted, username="", message="")


@blueprint.post("/sign-in")
@public("nobody has signed in yet")
def begin() -> ResponseReturnValue:
    """Let somebody in, or say why not."""
    wanted = local_address(request.form.get("next", ""))
    username = request.form.get("username", "").strip()
    try:
        outcome = door.sign_in(
            username,
            request.form.get("password", ""),
            Door.PAGES,
            browser=find_cookie(BROWSER_COOKIE),
        )
    except (AuthenticationError, ThrottledError) as error:
        words = (
            say(error.detail_zh, error.detail_en),
            say(error.next_step_zh, error.next_step_en),
        )
        page = render_template(
            "sign_in.html", next=wanted, username=username, message=" ".join(filter(None, words))
        )
        return page, problem_of(error).status
    if isinstance(outcome, HalfSignedIn):
        response = redirect(url_for("second_step_pages.form", next=wanted), HTTPStatus.SEE_OTHER)
        clear_session_cookie(response)
        set_cookie(response, HALF_COOKIE, outcome.token, outcome.expires_in_s)
        return response
    response = redirect(wanted, HTTPStatus.SEE_OTHER)
    set_session_cookie(response, outcome)
    return response


@blueprint.post("/sign-out")
@requires(Permission.READ_OWN_ACCOUNT)
def end() -> ResponseReturnValue:
    """End the session."""
    door.sign_out()
    came_by = find_cookie(SSO_BY_COOKIE) or None
    address = url_for("session.form", done="signed-out", by=came_by)
    response = redirect(address, HTTPStatus.SEE_OTHER)
    clear_session_cookie(response)
    clear_cookie(response, SSO_BY_COOKIE)
    return response
