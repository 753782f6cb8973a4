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
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from http import HTTPStatus
from typing import Final, ParamSpec

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Response, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import bindparam, delete, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from api.auth import actor
from api.blueprint import note
from api.field_errors import FieldError
from api.problems import RequestRefusedError, plain_problem
from api.runtime import runtime
from api.transactions import transaction
from waybill.codec import sha256
from waybill.services.identity import Purpose, derive_key
from waybill.storage.base import Base
from waybill.storage.identity import IdempotencyKeyRow
from waybill.storage.prepared import Prepared

P = ParamSpec("P")

KEY_HEADER: Final = "Idempotency-Key"
REPLAYED_HEADER: Final = "Idempotency-Replayed"
LIFETIME: Final = timedelta(hours=48)
KEPT_HEADERS: Final = ("Content-Type", "ETag", "Location")
SWEEP_EVERY: Final = 20
SWEEP: Final = 100
"""One request in `SWEEP_EVERY` removes up to this many answers that are older than `LIFETIME`."""
NONCE_BYTES: Final = 12
_KEYS: Final = Base.metadata.tables[IdempotencyKeyRow.__tablename__]
_GIVEN: Final = ("principal", "key", "created_at", "request_digest", "headers")
_CLAIMS: Final = {
    name: Prepared(
        dialect.insert(_KEYS)
        .values({each: bindparam(f"new_{each}", type_=_KEYS.c[each].type) for each in _GIVEN})
        .on_conflict_do_nothing()
        .returning(_KEYS.c.key)
    )
    for name, dialect in (("postgresql", postgresql), ("sqlite", sqlite))
}
_IS_IT: Final = (_KEYS.c.principal == bindparam("whose")) & (_KEYS.c.key == bindparam("which"))
_READ: Final = select(_KEYS).where(_IS_IT)
_FREE: Final = delete(_KEYS).where(_IS_IT)
_FREE_STALE: Final = delete(_KEYS).where(
    _IS_IT, _KEYS.c.created_at <= bindparam("before", type_=_KEYS.c.created_at.type)
)
_ANSWER: Final = Prepared(
    update(_KEYS)
    .where(_IS_IT)
    .values(
        {
            each: bindparam(f"new_{each}", type_=_KEYS.c[each].type)
            for each in ("status", "headers", "body")
        }
    )
)
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
            asked = _Asked(str(actor().user_id), key, _request_digest())
            if not _claim(session, asked, now):
                return _replay(session, asked)
            response = make_response(view(*args, **kwargs))
            if response.status_code < HTTPStatus.BAD_REQUEST:
                _keep(session, asked, response)
            else:
                session.execute(_FREE, asked.by_key)
            return response

    note(once, "idempotent")
    return once


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whose key it is, the key, and for which request."""

    principal: str
    key: str
    digest: str

    @property
    def by_key(self) -> dict[str, object]:
        """The values by which the key's row is found."""
        return {"whose": self.principal, "which": self.key}

    @property
    def bound_to(self) -> bytes:
        """What an answer is encrypted for, so that it opens at no other key."""
        return f"{self.principal}\x00{self.key}\x00{self.digest}".encode()


def _claim(session: Session, asked: _Asked, now: datetime) -> bool:
    """Say whether the key is now ours; somebody who claims it meanwhile is waited for."""
    if _insert(session, asked, now):
        return True
    session.execute(_FREE_STALE, asked.by_key | {"before": now - LIFETIME})
    return _insert(session, asked, now)


def _insert(session: Session, asked: _Asked, now: datetime) -> bool:
    new = {
        "new_principal": asked.principal,
        "new_key": asked.key,
        "new_created_at": now,
        "new_request_digest": asked.digest,
        "new_headers": "",
    }
    claim = _CLAIMS[session.get_bind().dialect.name]
    return bool(claim.rows(session, new))


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


def _keep(session: Session, asked: _Asked, response: Response) -> None:
    kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    nonce = secrets.token_bytes(NONCE_BYTES)
    body = nonce + _cipher().encrypt(nonce, response.get_data(), asked.bound_to)
    answer = {"new_status": response.status_code, "new_headers": json.dumps(kept), "new_body": body}
    _ANSWER.run(session, asked.by_key | answer)


def _replay(session: Session, asked: _Asked) -> Response:
    row = session.execute(_READ, asked.by_key).one_or_none()
    if row is None or row.request_digest != asked.digest:
        raise _refused(
            "idempotency-key-reused",
            "该键已用于另一个请求。",
            "This key was used for another request.",
        )
    headers = {**json.loads(row.headers), REPLAYED_HEADER: "true"}
    body = _cipher().decrypt(row.body[:NONCE_BYTES], row.body[NONCE_BYTES:], asked.bound_to)
    return Response(body, status=row.status, headers=headers)


def _cipher() -> AESGCM:
    return AESGCM(derive_key(runtime().settings.secret_key, Purpose.KEPT_ANSWER))


def _refused(code: str, zh: str, en: str) -> RequestRefusedError:
    error = FieldError(
        pointer=f"/{KEY_HEADER}", code=code, message_zh=zh, message_en=en, place="header"
    )
    return RequestRefusedError(plain_problem(422, zh, en, code=code, field_errors=(error,)))
