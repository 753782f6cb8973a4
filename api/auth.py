"""Who is asking, and whether they may: every route says its permission or why it is public.

A view carries `@requires(Permission.X)` or `@public("why")`, or `@requires_device` (`api.devices`)
where a tablet asks in its own name. A route with none of them is closed. Who
asks is known by a bearer token, an API key (`X-Api-Key`, or as bearer), or a page session's
cookie; the first of them that is there counts, and a wrong one is never passed over.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import quote
from uuid import UUID

from flask import Flask, current_app, g, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as BaseResponse

from api.blueprint import note_permission
from api.csrf import SAFE_METHODS, bind_csrf, check_csrf, check_origin
from api.devices import identify, is_for_devices
from api.problems import OUT_OF_ORDER, wants_page
from api.runtime import runtime
from api.transactions import glancing, reading
from waybill.errors import AuthenticationError, ForbiddenError
from waybill.registry.access import Actor, Permission
from waybill.services import identity

ViewT = TypeVar("ViewT", bound=Callable[..., object])

SESSION_COOKIE: Final = "waybill_session"
HOST_PREFIX: Final = "__Host-"
"""Browsers keep a cookie so named for this host alone, and only over TLS."""
API_KEY_HEADER: Final = "X-Api-Key"
HALF_COOKIE: Final = "waybill_half"
BROWSER_COOKIE: Final = "waybill_browser"
SSO_COOKIE: Final = "waybill_sso"
SSO_BY_COOKIE: Final = "waybill_sso_by"
BROWSER_KNOWN_S: Final = 180 * 24 * 3600
SIGN_IN_PATH: Final = "/sign-in"
PERMISSION: Final = "__permission__"
PUBLIC: Final = "__public__"
UPLOADS: Final = "__uploads__"
OPEN_ENDPOINTS: Final = frozenset({"static"})
_CALLER: Final = "caller"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks. `family` is the session of a token or cookie; an API key has none."""

    actor: Actor
    family: UUID | None


def requires(permission: Permission) -> Callable[[ViewT], ViewT]:
    """Let a view be reached only by those who have a permission."""

    def mark(view: ViewT) -> ViewT:
        setattr(view, PERMISSION, permission)
        note_permission(view, permission.value)
        return view

    return mark


def public(reason: str) -> Callable[[ViewT], ViewT]:
    """Let a view be reached by anybody, and say why."""

    def mark(view: ViewT) -> ViewT:
        setattr(view, PUBLIC, reason)
        return view

    return mark


def accepts_uploads(view: ViewT) -> ViewT:
    """Let a view's requests be as long as an upload may be."""
    setattr(view, UPLOADS, True)
    return view


def actor() -> Actor:
    """Return who is acting in this request.

    Raises:
        AuthenticationError: nobody; a public view asks `find_actor` instead.
    """
    return caller().actor


def find_actor() -> Actor | None:
    """Return who is acting, `None` where that cannot be established.

    Pages that report a refusal ask too. So a session whose form was refused is nobody here, and
    once something inside has failed no database is asked.
    """
    if g.get(OUT_OF_ORDER):
        known = g.get(_CALLER)
        return known.actor if isinstance(known, Caller) else None
    try:
        return actor()
    except (AuthenticationError, ForbiddenError):
        return None


def caller() -> Caller:
    """Return who asks and with which session.

    Raises:
        AuthenticationError: there is no credential, or it does not count.
    """
    known = g.get(_CALLER)
    if not isinstance(known, Caller):
        known = _identify()
        setattr(g, _CALLER, known)
    return known


def install_auth(app: Flask) -> None:
    """Guard every route of an application."""
    app.before_request(_guard)


def set_session_cookie(response: BaseResponse, signed_in: identity.SignedIn) -> None:
    """Hand a page session to the browser, and a mark by which it is known again."""
    set_cookie(response, SESSION_COOKIE, signed_in.refresh_token, signed_in.expires_in_s)
    key = identity.derive_key(runtime().settings.secret_key, identity.Purpose.THROTTLE)
    mark = identity.new_browser_mark(signed_in.username, key=key)
    set_cookie(response, BROWSER_COOKIE, mark, BROWSER_KNOWN_S)


def clear_session_cookie(response: BaseResponse) -> None:
    """Take the page session from the browser."""
    clear_cookie(response, SESSION_COOKIE)


def set_cookie(response: BaseResponse, name: str, value: str, lifetime_s: int) -> None:
    """Hand a cookie to the browser: over TLS bound to this host, and never shown to a script."""
    response.set_cookie(
        _named(name),
        value,
        max_age=lifetime_s,
        secure=runtime().settings.https,
        httponly=True,
        samesite="Lax",
    )


def clear_cookie(response: BaseResponse, name: str) -> None:
    """Take a cookie of ours from the browser."""
    response.delete_cookie(
        _named(name), secure=runtime().settings.https, httponly=True, samesite="Lax"
    )


def find_cookie(name: str) -> str:
    """Return a cookie of ours, empty where there is none."""
    return request.cookies.get(_named(name), "")


def _named(name: str) -> str:
    return f"{HOST_PREFIX}{name}" if runtime().settings.https else name


def _guard() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint in OPEN_ENDPOINTS:
        return None
    view = current_app.view_functions[request.endpoint]
    if getattr(view, UPLOADS, False):
        request.max_content_length = runtime().settings.max_upload_bytes
    if hasattr(view, PUBLIC):
        check_origin()
        return None
    if is_for_devices(view):
        identify()
        return None
    permission = getattr(view, PERMISSION, None)
    if not isinstance(permission, Permission):
        raise ForbiddenError("该地址未开放。", "This route is closed.")
    try:
        found = caller()
    except AuthenticationError:
        if wants_page() and request.method in SAFE_METHODS:
            return redirect(f"{SIGN_IN_PATH}?next={quote(request.path)}")
        raise
    found.actor.require(permission)
    return None


def _identify() -> Caller:
    header = request.headers.get("Authorization")
    if header is not None:
        scheme, _, credential = header.partition(" ")
        if scheme.lower() != "bearer":
            raise identity.refused_token()
        if credential.startswith(identity.KEY_MARK):
            return _by_api_key(credential)
        return _by_access_token(credential)
    api_key = request.headers.get(API_KEY_HEADER)
    if api_key is not None:
        return _by_api_key(api_key)
    cookie = find_cookie(SESSION_COOKIE)
    if cookie:
        return _by_cookie(cookie)
    raise AuthenticationError(
        "请先登录。",
        "Sign in first.",
        next_step_zh="请登录，或在请求中附上访问令牌。",
        next_step_en="Sign in, or send an access token with the request.",
    )


def _by_api_key(text: str) -> Caller:
    with reading() as session:
        found = identity.authenticate_api_key(session, text, now=runtime().clock.now())
    return Caller(actor=found, family=None)


def _by_access_token(token: str) -> Caller:
    now = runtime().clock.now()
    claims = identity.read_access_token(token, settings=runtime().settings, now=now)
    state = _account_state(claims.user_id, claims.family)
    if state.credentials_version != claims.credentials_version:
        raise identity.refused_token()
    return Caller(actor=state.actor, family=claims.family)


def _by_cookie(token: str) -> Caller:
    with reading() as session:
        found = identity.find_page_session(session, token)
    if found is None:
        raise identity.refused_token()
    user_id, family = found
    state = _account_state(user_id, family)
    check_csrf(token)
    bind_csrf(token)
    return Caller(actor=state.actor, family=family)


def _account_state(user_id: UUID, family: UUID) -> identity.AccountState:
    """Return what an account may do: remembered for reading, always fresh for writing.

    At a tablet nothing is remembered: once it is revoked it reads nothing more, not for a second.
    """
    states, now = runtime().account_states, runtime().clock.now()
    state = states.find(user_id, family, now=now) if request.method in SAFE_METHODS else None
    if state is None:
        with glancing() as session:
            state = identity.load_account_state(session, user_id, family, now=now)
        if state is None:
            states.forget(user_id)
            raise identity.refused_token()
        if state.actor.device_id is None:
            states.remember(family, state, now=now)
    return state
