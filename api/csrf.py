"""Forms of pages: a request that a foreign page made in somebody's name is refused.

The session cookie is `SameSite=Lax`; besides, each unsafe request must carry a token that only a
page of ours can know, and may not name another origin.
"""

import hmac
from typing import Final
from urllib.parse import urlsplit

from flask import g, request

from api.runtime import runtime
from waybill.errors import ForbiddenError
from waybill.services.identity import Purpose, derive_key

CSRF_FIELD: Final = "csrf_token"
CSRF_HEADER: Final = "X-CSRF-Token"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_SESSION: Final = "page_session_token"


def csrf_token() -> str:
    """Return the token that forms of the present page session carry; templates call it."""
    return _token_of(g.get(_SESSION, ""))


def bind_csrf(session_token: str) -> None:
    """Bind the request's forms to a page session, known by its cookie."""
    setattr(g, _SESSION, session_token)


def check_csrf(session_token: str) -> None:
    """Refuse an unsafe request of a page session without its token.

    Raises:
        ForbiddenError: the token is missing or another's, or the request comes from elsewhere.
    """
    if request.method in SAFE_METHODS:
        return
    check_origin()
    given = request.headers.get(CSRF_HEADER) or request.form.get(CSRF_FIELD, "")
    if not hmac.compare_digest(given.encode(), _token_of(session_token).encode()):
        raise _foreign_request()


def check_origin() -> None:
    """Refuse an unsafe request that says it comes from another origin.

    Raises:
        ForbiddenError: it names another host, or none that can be read.
    """
    origin = request.headers.get("Origin")
    if request.method in SAFE_METHODS or origin is None:
        return
    settings = runtime().settings
    given = urlsplit(origin)
    plain = settings.https and given.scheme != "https"  # anybody on the way may have written it
    if plain or given.netloc not in {request.host, urlsplit(settings.public_url).netloc}:
        raise _foreign_request()


def _token_of(session_token: str) -> str:
    key = derive_key(runtime().settings.secret_key, Purpose.PAGE_FORM)
    return hmac.new(key, session_token.encode(), "sha256").hexdigest()


def _foreign_request() -> ForbiddenError:
    return ForbiddenError(
        "该请求不是从本系统页面发出的，或页面已过期。",
        "This request was not made from a page of this system, or the page is too old.",
        next_step_zh="请刷新页面后重试。",
        next_step_en="Load the page again and try once more.",
    )
