"""`Idempotency-Key`: a write that is sent again is answered again and not done again.

The key is claimed in the transaction of the write itself, so the two stand or fall together, and
of two that arrive at once the second waits for the first. Only what was done is kept: a refusal
changed nothing and is judged anew, because its cause may have been cured in between.

The answer may name people, so it is stored encrypted, bound to whose key it is, and removed some
time after two days. It stands above `@blueprint.arguments` and `@blueprint.response`, and never on
a view that answers with a secret.
"""

import json
import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from http import HTTPStatus
from typing import Final, ParamSpec

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Response, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import delete, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.auth import actor
from api.blueprint import note
from api.field_errors import FieldError
from api.problems import RequestRefusedError, plain_problem
from api.runtime import runtime
from api.transactions import transaction
from waybill.codec import sha256
from waybill.services.identity import Purpose, derive_key
from waybill.storage.identity import IdempotencyKeyRow

P = ParamSpec("P")

KEY_HEADER: Final = "Idempotency-Key"
REPLAYED_HEADER: Final = "Idempotency-Replayed"
LIFETIME: Final = timedelta(hours=48)
KEPT_HEADERS: Final = ("Content-Type", "ETag", "Location")
SWEEP_EVERY: Final = 20
SWEEP: Final = 100
"""One request in `SWEEP_EVERY` removes up to this many answers that are older than `LIFETIME`."""
NONCE_BYTES: Final = 12
_KEY: Final = re.compile("[A-Za-z0-9_-]{8,100}")


def idempotent(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Honour `Idempotency-Key` on a view that writes."""

    @wraps(view)
    def once(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        key = request.headers.get(KEY_HEADER)
        if key is None:
            return view(*args, **kwargs)
        if not _KEY.fullmatch(key):
            raise _refused("idempotency-key", "应为 8 至 100 个字母、数字、“_”或“-”。",
                           "It has 8 to 100 letters, digits, _ or -.")  # fmt: skip
        with transaction() as session:
            now = runtime().clock.now()
            if secrets.randbelow(SWEEP_EVERY) == 0:
                _sweep(session, now)
            row = _claim(session, key, now)
            if row.status is not None:
                return _replay(row)
            response = make_response(view(*args, **kwargs))
            if response.status_code < HTTPStatus.BAD_REQUEST:
                _keep(row, response)
            else:
                session.delete(row)
            return response

    note(once, "idempotent")
    return once


def _claim(session: Session, key: str, now: datetime) -> IdempotencyKeyRow:
    """Return the row of a key: a new one that is now ours, or the one with the first answer."""
    principal, digest = str(actor().user_id), _request_digest()
    found = _find(session, principal, key)
    if found is not None and found.created_at <= now - LIFETIME:
        session.delete(found)
        session.flush()
        found = None
    if found is None:
        made = IdempotencyKeyRow(
            principal=principal, key=key, created_at=now, request_digest=digest
        )
        try:
            with session.begin_nested():
                session.add(made)
        except IntegrityError:
            # Somebody claimed it meanwhile; the insert has waited for their transaction's end.
            found = _find(session, principal, key)
        else:
            return made
    if found is None or found.request_digest != digest:
        raise _refused(
            "idempotency-key-reused",
            "该键已用于另一个请求。",
            "This key was used for another request.",
        )
    return found


def _find(session: Session, principal: str, key: str) -> IdempotencyKeyRow | None:
    return session.scalar(
        select(IdempotencyKeyRow).where(
            IdempotencyKeyRow.principal == principal, IdempotencyKeyRow.key == key
        )
    )


def _sweep(session: Session, now: datetime) -> None:
    """Remove some of the answers that nobody may ask for any more."""
    row = IdempotencyKeyRow
    old = (
        select(row.principal, row.key)
        .where(row.created_at <= now - LIFETIME)
        .limit(SWEEP)
        .with_for_update(skip_locked=True)
    )
    session.execute(
        delete(row).where(tuple_(row.principal, row.key).in_(old)),
        execution_options={"synchronize_session": False},
    )


def _request_digest() -> str:
    head = f"{request.method}\n{request.full_path}\n{request.mimetype}\n"
    head += f"{request.headers.get('If-Match', '')}\n"
    body = request.get_data(cache=True)
    # What separates the parts of a form is drawn anew each time that the same form is sent.
    boundary = request.mimetype_params.get("boundary", "").encode()
    return sha256(head.encode() + (body.replace(boundary, b"") if boundary else body)).hex()


def _keep(row: IdempotencyKeyRow, response: Response) -> None:
    kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    row.status = response.status_code
    row.headers = json.dumps(kept)
    nonce = secrets.token_bytes(NONCE_BYTES)
    row.body = nonce + _cipher().encrypt(nonce, response.get_data(), _whose(row))


def _replay(row: IdempotencyKeyRow) -> Response:
    headers = {**json.loads(row.headers), REPLAYED_HEADER: "true"}
    sealed = row.body or b""
    body = _cipher().decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _whose(row))
    return Response(body, status=row.status, headers=headers)


def _cipher() -> AESGCM:
    return AESGCM(derive_key(runtime().settings.secret_key, Purpose.KEPT_ANSWER))


def _whose(row: IdempotencyKeyRow) -> bytes:
    return f"{row.principal}\x00{row.key}\x00{row.request_digest}".encode()


def _refused(code: str, zh: str, en: str) -> RequestRefusedError:
    error = FieldError(
        pointer=f"/{KEY_HEADER}", code=code, message_zh=zh, message_en=en, place="header"
    )
    return RequestRefusedError(plain_problem(422, zh, en, code=code, field_errors=(error,)))
