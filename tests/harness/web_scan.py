"""What a web scanner looks for in an answer: headers, cookies, foreign hosts, forms."""

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlsplit

from typing_extensions import override  # typing's own needs Python 3.12
from werkzeug.test import TestResponse

from api.auth import SIGN_IN_PATH

FIXED: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
CLOSED: Final = ("geolocation=()", "microphone=()", "payment=()", "usb=()")
"""What no page may ask a browser for."""
POLICY: Final = (
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
CACHEABLE: Final = re.compile(r"/(static|tablet|log|\.well-known)/")
"""Below these nothing belongs to an account."""
LINKS: Final = frozenset({"src", "href", "action", "formaction", "data", "poster", "srcset"})
TELLS: Final = ("Server", "X-Powered-By", "X-AspNet-Version", "Via")


def header_faults(answer: TestResponse) -> Iterator[str]:
    """Say which headers an answer lacks, or says too much by."""
    path, held = answer.request.path, answer.headers
    yield from (
        f"{name}: {held.get(name)}" for name, wanted in FIXED.items() if held.get(name) != wanted
    )
    policy = held.get("Content-Security-Policy", "")
    yield from (f"the policy lacks {part}" for part in POLICY if part not in policy)
    if "unsafe-inline" in policy or "unsafe-eval" in policy.replace("wasm-unsafe-eval", ""):
        yield f"the policy is {policy}"
    permissions = held.get("Permissions-Policy", "")
    yield from (f"permissions lack {part}" for part in CLOSED if part not in permissions)
    if held.get("Cache-Control") != "no-store" and not CACHEABLE.match(path):
        yield f"kept by browsers: {held.get('Cache-Control')}"
    if held.get("Access-Control-Allow-Origin") and not CACHEABLE.match(path):
        yield "other sites may read it"
    yield from (f"tells {name}" for name in TELLS if name in held)
    if (answer.mimetype or "").startswith("text/") and "charset=utf-8" not in held["Content-Type"]:
        yield f"no charset: {held['Content-Type']}"
    for cookie in held.getlist("Set-Cookie"):
        flags = {part.strip().partition("=")[0] for part in cookie.split(";")[1:]}
        yield from (
            f"a cookie without {flag}" for flag in ("HttpOnly", "SameSite") if flag not in flags
        )


def page_faults(answer: TestResponse) -> Sequence[str]:
    """Say what a page brings along, whom it asks, and which of its forms anybody could send."""
    reader = _Reader(signing_in=answer.request.path == SIGN_IN_PATH)
    reader.feed(answer.get_data(as_text=True))
    reader.close()
    return reader.faults


class _Reader(HTMLParser):
    """Notes each element that a policy without inline code would have to allow, and forms.

    Before signing in there is no session whose token a form could carry; where such a form comes
    from is known by its `Origin`.
    """

    def __init__(self, *, signing_in: bool) -> None:
        super().__init__()
        self._signing_in = signing_in
        self.faults: list[str] = []
        self._form: list[str] | None = None

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        said = self.faults.append
        if tag == "style" or (tag == "script" and "src" not in held):
            said(f"inline {tag}")
        if tag in {"iframe", "embed", "object", "base"}:
            said(f"an element {tag}")
        for name, value in held.items():
            if name == "style" or name.startswith("on"):
                said(f"inline {name} of {tag}")
            if name in LINKS:
                self._link(tag, value)
        if tag == "form" and held.get("method", "get").lower() == "post":
            self._form = []
        if self._form is not None and "name" in held:
            self._form.append(held["name"])

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._form is not None:
            if "csrf_token" not in self._form and not self._signing_in:
                self.faults.append(f"a form without token: {', '.join(self._form)}")
            self._form = None

    def _link(self, tag: str, value: str) -> None:
        parts = urlsplit(value.strip())
        if parts.netloc or parts.scheme not in {"", "tel", "data", "blob"}:
            self.faults.append(f"{tag} leads to {value}")
