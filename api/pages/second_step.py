"""The second step of signing in, through the pages.

The half sign-in lies in a cookie of its own, which no other route looks at, and its forms carry a
token of its own. What is told once (a secret, recovery codes) stands on the answer to the form
itself: no address leads back to it.
"""

import json
from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from werkzeug.wrappers import Response as BaseResponse

from api import second_step
from api.auth import (
    BROWSER_COOKIE,
    HALF_COOKIE,
    clear_cookie,
    find_cookie,
    public,
    set_session_cookie,
)
from api.csrf import bind_csrf, check_csrf
from api.language import say
from api.pages.language import local_address
from api.pages.layout import problems_of
from api.problems import problem_of
from api.rendering.qr import qr_svg
from waybill.errors import AuthenticationError, SignInAgainError, WaybillError
from waybill.registry.factors import NewTotp
from waybill.services.identity import Door, Enrolled, SignedIn

HALF_WAY = "the half sign-in's own cookie is the credential"

blueprint = Blueprint("second_step_pages", __name__, url_prefix="/sign-in")


@blueprint.get("/second-step")
@public(HALF_WAY)
def form() -> ResponseReturnValue:
    """Ask for the second step, or lead to making a factor."""
    try:
        return _page(_half())
    except AuthenticationError:
        return redirect(url_for("session.form"))


@blueprint.post("/second-step")
@public(HALF_WAY)
def code() -> ResponseReturnValue:
    """Take a code."""
    browser = find_cookie(BROWSER_COOKIE)
    return _enter(
        lambda half: second_step.take_code(half, Door.PAGES, _given("code"), browser=browser)
    )


@blueprint.post("/second-step/key")
@public(HALF_WAY)
def key() -> ResponseReturnValue:
    """Take what a security key signed."""
    return _enter(lambda half: second_step.take_key(half, Door.PAGES, _given("credential")))


@blueprint.post("/first-factor/totp")
@public(HALF_WAY)
def begin_totp() -> ResponseReturnValue:
    """Show the secret of a new authenticator, as a QR code and to be typed."""
    half = _half()
    return totp_page(second_step.begin_first_totp(half, Door.PAGES), half_way=True)


@blueprint.post("/first-factor/totp/code")
@public(HALF_WAY)
def confirm_totp() -> ResponseReturnValue:
    """Let in with the new authenticator's first code."""
    half = _half()

    def again(message: str) -> str:
        return totp_page(second_step.first_totp(half, Door.PAGES), half_way=True, message=message)

    return _made(lambda: second_step.confirm_first_totp(half, Door.PAGES, _given("code")), again)


@blueprint.post("/first-factor/key")
@public(HALF_WAY)
def add_key() -> ResponseReturnValue:
    """Let in with a security key that has just been made."""
    half = _half()
    return _made(
        lambda: second_step.add_first_key(half, Door.PAGES, _given("name"), _given("credential")),
        lambda message: _page(half, message),
    )


def totp_page(new: NewTotp, *, half_way: bool, message: str = "") -> str:
    """Return the page on which a new authenticator is set up."""
    return render_template(
        "factors/totp.html",
        secret=" ".join(new.secret[at : at + 4] for at in range(0, len(new.secret), 4)),
        svg=qr_svg(new.uri),
        half_way=half_way,
        message=message,
        next=_next(),
    )


def codes_page(codes: tuple[str, ...], *, onward: str) -> str:
    """Return the page that tells recovery codes, once."""
    return render_template("factors/codes.html", codes=codes, onward=onward)


def message_of(error: WaybillError) -> str:
    """Return what a page says of a refusal."""
    return " ".join(say(each.message_zh, each.message_en) for each in problems_of(error))


def _half() -> str:
    """Return the browser's half sign-in; a form must carry its token."""
    half = find_cookie(HALF_COOKIE)
    check_csrf(half)
    bind_csrf(half)
    return half


def _given(name: str) -> str:
    return request.form.get(name, "").strip()


def _next() -> str:
    return local_address(request.values.get("next", ""))


def _page(half: str, message: str = "") -> str:
    factors = second_step.second_step_of(half, Door.PAGES)
    if factors.any:
        ask = second_step.key_challenge(half, Door.PAGES) if factors.keys else None
        return render_template(
            "factors/second_step.html",
            factors=factors,
            options=json.dumps(ask),
            message=message,
            next=_next(),
        )
    return render_template(
        "factors/first.html",
        options=json.dumps(second_step.first_key_options(half, Door.PAGES)),
        message=message,
        next=_next(),
    )


def _enter(take: Callable[[str], SignedIn]) -> ResponseReturnValue:
    half = _half()
    try:
        signed_in = take(half)
    except WaybillError as error:
        try:
            page = _page(half, message_of(error))
        except AuthenticationError:
            return _over(error)
        return page, problem_of(error).status
    response = redirect(_next(), HTTPStatus.SEE_OTHER)
    return _hand_over(response, signed_in)


def _made(make: Callable[[], Enrolled], again: Callable[[str], str]) -> ResponseReturnValue:
    try:
        made = make()
    except (AuthenticationError, SignInAgainError):
        raise
    except WaybillError as error:
        return again(message_of(error)), problem_of(error).status
    page = codes_page(made.recovery_codes, onward=_next())
    return _hand_over(Response(page, mimetype="text/html"), made.signed_in)


def _over(error: WaybillError) -> ResponseReturnValue:
    """Ask for account and password again, and say why."""
    page = render_template("sign_in.html", next=_next(), username="", message=message_of(error))
    response = Response(page, status=problem_of(error).status, mimetype="text/html")
    clear_cookie(response, HALF_COOKIE)
    return response


def _hand_over(response: BaseResponse, signed_in: SignedIn) -> BaseResponse:
    clear_cookie(response, HALF_COOKIE)
    set_session_cookie(response, signed_in)
    return response
