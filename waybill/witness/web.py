"""Asking another machine over HTTP: with an end in time and in size, and never led elsewhere."""

import contextlib
import http.client
import socket
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

TIMEOUT_S: Final = 10.0
DEADLINE_S: Final = 30.0


class WebError(Exception):
    """Nothing usable came back."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    content_type: str


def ask(
    url: str,
    *,
    max_bytes: int,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    timeout_s: float = TIMEOUT_S,
    deadline_s: float = DEADLINE_S,
) -> Answer:
    """Send a GET, or a POST where there is a body, and return the answer, whatever its status.

    No redirect is followed. `timeout_s` bounds each wait, `deadline_s` all of them together.

    Raises:
        WebError: nobody answers, too slowly, or with more than `max_bytes`.
    """
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=timeout_s)
    try:
        connection.connect()
        # A server that sends a byte now and then never runs into the socket's own time limit.
        timer = threading.Timer(deadline_s, _hang_up, [connection.sock])
        timer.start()
        try:
            return _exchange(connection, url, body, max_bytes, headers or {})
        finally:
            timer.cancel()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise WebError(f"{url}: {type(error).__name__}: {error}") from error
    finally:
        connection.close()


def _exchange(
    connection: http.client.HTTPConnection,
    url: str,
    body: bytes | None,
    max_bytes: int,
    given: Mapping[str, str],
) -> Answer:
    usual = {"Cache-Control": "no-cache", "Connection": "close", "User-Agent": "waybill-witness"}
    headers = {**usual, **given}
    parts = urlsplit(url)
    # A provider may tell its addresses apart by their query alone.
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request("GET" if body is None else "POST", path, body, headers)
    with connection.getresponse() as response:
        content = response.read(max_bytes + 1)
        if len(content) > max_bytes:
            raise WebError(f"{url}: more than {max_bytes} bytes")
        if response.length:
            raise WebError(f"{url}: the answer breaks off")
        return Answer(response.status, content, response.headers.get_content_type())


def _hang_up(connected: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)
