"""Coming in through an organisation's own log-in.

The way there is a page with a link and not a redirect: what a form may lead to is this site alone
(`form-action`), and stays so.
"""

from http import HTTPStatus

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from api import sso
from api.auth import (
    HALF_COOKIE,
    SSO_BY_COOKIE,
    SSO_COOKIE,
    clear_cookie,
    clear_session_cookie,
    find_cookie,
    public,
    set_cookie,
    set_session_cookie,
)
from api.pages.language import local_address
from api.runtime import runtime
from waybill.services.identity import HalfSignedIn
from waybill.services.identity.sso import ATTEMPT_LIFETIME

blueprint = Blueprint("sso_pages", __name__, url_prefix="/sign-in/sso/<provider_id>")


@blueprint.post("")
@public("nobody has signed in yet")
def begin(provider_id: str) -> ResponseReturnValue:
    """Show the way to the provider; the browser goes by itself."""
    token, address = sso.begin(
        provider_id,
        invitation=request.form.get("invitation", "").strip(),
        next_address=local_address(request.form.get("next", "")),
    )
    provider = sso.client_of(provider_id).provider
    page = render_template("factors/sso.html", address=address, provider=provider)
    response = Response(page, mimetype="text/html")
    set_cookie(response, SSO_COOKIE, token, int(ATTEMPT_LIFETIME.total_seconds()))
    return response


@blueprint.get("/callback")
@public("nobody has signed in yet; the provider's answer is the credential")
def callback(provider_id: str) -> ResponseReturnValue:
    """Let somebody in who comes back."""
    entered, wanted = sso.come_back(provider_id, find_cookie(SSO_COOKIE))
    if isinstance(entered, HalfSignedIn):
        response = redirect(url_for("second_step_pages.form", next=wanted), HTTPStatus.SEE_OTHER)
        clear_session_cookie(response)
        set_cookie(response, HALF_COOKIE, entered.token, entered.expires_in_s)
    else:
        response = redirect(wanted, HTTPStatus.SEE_OTHER)
        set_session_cookie(response, entered)
    clear_cookie(response, SSO_COOKIE)
    lifetime_s = int(runtime().settings.refresh_token_lifetime.total_seconds())
    set_cookie(response, SSO_BY_COOKIE, provider_id, lifetime_s)
    return response
