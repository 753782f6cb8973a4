"""What every answer carries: security headers, the request's id, a count in the metrics.

An answer of a replica that is behind carries `Waybill-As-Of`: what came later may be missing.
"""

import time
from typing import Final
from uuid import uuid4

from flask import Flask, Response, g, request

from api.desk import answered_as_of
from api.runtime import runtime
from waybill.journal import begin_request

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not `no-referrer`: with it browsers send `Origin: null` with every form, which is refused.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Set where the view has not set its own."""
STRICT_TRANSPORT: Final = "max-age=31536000"


def install_responses(app: Flask) -> None:
    """Give every answer of an application what it must carry."""
    app.before_request(_begin)
    app.after_request(_finish)


def _begin() -> None:
    # Ours, never the client's: it stands in logs, and in problems that people read aloud.
    g.request_id = uuid4().hex
    begin_request(g.request_id)
    g.began_s = time.perf_counter()


def _finish(response: Response) -> Response:
    own = {name.lower() for name in response.headers.keys()}  # noqa: SIM118  a list of pairs
    for name, value in HEADERS.items():
        if name == "Cache-Control" and request.endpoint == "static":
            continue
        if name.lower() not in own:
            response.headers.add(name, value)
    _leave_out_host(response)
    if runtime().settings.https:
        response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
    as_of = answered_as_of()
    if as_of is not None:
        response.headers["Waybill-As-Of"] = as_of.isoformat(timespec="seconds")
    response.headers["X-Request-ID"] = g.get("request_id", "")
    if "began_s" in g:
        runtime().metrics.observe(
            method=request.method,
            endpoint=request.endpoint or "none",
            status=response.status_code,
            duration_s=time.perf_counter() - g.began_s,
        )
    return response


def _leave_out_host(response: Response) -> None:
    """Redirect within the site by path: the host is whatever the client said it was."""
    location = response.headers.get("Location", "")
    if location.startswith(request.host_url):
        response.headers["Location"] = "/" + location.removeprefix(request.host_url).lstrip("/")
