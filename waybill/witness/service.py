"""The witness as a small web application (WSGI): one address takes, the others tell."""

import logging
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Final
from wsgiref.types import StartResponse, WSGIEnvironment

from waybill.clock import SystemClock
from waybill.codec import JsonValue, canonical_json
from waybill.witness.configuration import read_configuration
from waybill.witness.cosigning import TEXT_TYPE, Reply, Witness, add_checkpoint, open_witness
from waybill.witness.state import evidence_document, metrics_text, state_document
from waybill.witness.submission import MAX_SUBMISSION_BYTES
from waybill.witness.watching import Watcher

JSON_TYPE: Final = "application/json"
METRICS_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
SUBMIT: Final = "/add-checkpoint"
EVIDENCE: Final = "/evidence/"


@dataclass(slots=True)
class Service:
    """The application; `answers` counts by status what was submitted to this process."""

    witness: Witness
    answers: Counter[int] = field(default_factory=Counter)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        reply = self._reply(environ)
        headers = [
            ("Content-Type", reply.content_type),
            ("Content-Length", str(len(reply.body))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ]
        start(f"{reply.status.value} {reply.status.phrase}", headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else reply.body]

    def _reply(self, environ: WSGIEnvironment) -> Reply:
        path, method = environ.get("PATH_INFO") or "/", environ["REQUEST_METHOD"]
        if path == SUBMIT:
            reply = self._submitted(environ) if method == "POST" else _only("POST")
            self.answers[reply.status] += 1
            return reply
        return self._told(path) if method in {"GET", "HEAD"} else _only("GET")

    def _submitted(self, environ: WSGIEnvironment) -> Reply:
        data = _body(environ)
        if len(data) > MAX_SUBMISSION_BYTES:
            reason = f"a submission has at most {MAX_SUBMISSION_BYTES} bytes\n"
            return Reply(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, reason.encode())
        return add_checkpoint(self.witness, data)

    def _told(self, path: str) -> Reply:
        witness = self.witness
        key = witness.signer.verifier
        if path == "/":
            return _text(f"witness {key.name}\n")
        if path == "/key":
            return _text(f"{key.text()}\n")
        if path == "/logs":
            return _json({"witness": key.text(), "logs": state_document(witness)})
        if path == "/metrics":
            body = metrics_text(witness, self.answers)
            return Reply(HTTPStatus.OK, body.encode(), METRICS_TYPE)
        if path.startswith(EVIDENCE):
            # WSGI hands a path over as if its bytes were Latin-1.
            origin = path.removeprefix(EVIDENCE).encode("latin-1").decode(errors="replace")
            if origin in witness.logs:
                return _json({"origin": origin, "evidence": evidence_document(witness, origin)})
        return Reply(HTTPStatus.NOT_FOUND, b"there is nothing here\n")


def application(path: str) -> Service:
    """Return the service of a configuration, and look at its logs from now on (for gunicorn)."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    configuration = read_configuration(Path(path))
    witness = open_witness(configuration, SystemClock())
    threading.Thread(
        target=_watch, args=(witness, configuration.look_every.total_seconds()), daemon=True
    ).start()
    return Service(witness)


def _watch(witness: Witness, every_s: float) -> None:
    never = threading.Event()
    watcher = Watcher(witness=witness, pause=never.wait)
    while True:
        watcher.look_at_all()
        never.wait(every_s)


def _body(environ: WSGIEnvironment) -> bytes:
    """Return the body, or one byte more than is allowed of a longer one."""
    most = MAX_SUBMISSION_BYTES + 1
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isascii() and length.isdigit():
        body: bytes = environ["wsgi.input"].read(min(int(length), most))
        return body
    # Without a length only a server that marks the body's end may be read to it.
    chunked: bytes = (
        environ["wsgi.input"].read(most) if environ.get("wsgi.input_terminated") else b""
    )
    return chunked


def _text(text: str) -> Reply:
    return Reply(HTTPStatus.OK, text.encode(), TEXT_TYPE)


def _json(value: JsonValue) -> Reply:
    return Reply(HTTPStatus.OK, canonical_json(value) + b"\n", JSON_TYPE)


def _only(method: str) -> Reply:
    return Reply(HTTPStatus.METHOD_NOT_ALLOWED, f"only {method} is answered here\n".encode())
