"""The product as gunicorn serves it, telling in each answer how long it took itself."""

import os
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from api import create_app
from waybill.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def timed(served: "WSGIApplication") -> "WSGIApplication":
    """Add `Server-Timing: app;dur=<milliseconds>`, which a browser keeps with the request."""

    def answer(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        began = time.perf_counter()

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:  # noqa: ANN401
            took_ms = (time.perf_counter() - began) * 1000
            return start(status, [*headers, ("Server-Timing", f"app;dur={took_ms:.2f}")], *more)

        return served(environ, begin)

    return answer


application = timed(create_app(Settings.from_env(os.environ)))
