"""Everything that can go wrong, as problem+json (RFC 9457); pages get a page.

One table gives each error of the domain its status. A problem's `type` is
`urn:waybill:problem:<code>`, where the code is for ever; words are in both languages, and
`title`, `detail` and `next_step` in the reader's own.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from types import TracebackType
from typing import Final

from flask import Flask, Response, g, jsonify, render_template, request
from markupsafe import escape
from marshmallow import ValidationError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from api.field_errors import FieldError, field_errors
from api.http_words import HTTP_WORDS
from api.language import say
from api.runtime import runtime
from waybill import errors
from waybill.storage.commits import UnconfirmedError
from waybill.storage.session import ReadOnlyDatabaseError, is_unique_violation

LOGGER: Final = logging.getLogger("waybill.api")
TYPE_PREFIX: Final = "urn:waybill:problem:"
CONTENT_TYPE: Final = "application/problem+json"
API_PREFIXES: Final = ("/api/", "/log/", "/.well-known/", "/healthz", "/readyz", "/metrics")

STATUS_OF: Final[Mapping[type[errors.WaybillError], HTTPStatus]] = {
    errors.NotFoundError: HTTPStatus.NOT_FOUND,
    errors.AuthenticationError: HTTPStatus.UNAUTHORIZED,
    errors.ForbiddenError: HTTPStatus.FORBIDDEN,
    errors.ConflictError: HTTPStatus.CONFLICT,
    errors.DuplicateError: HTTPStatus.CONFLICT,
    errors.StateError: HTTPStatus.CONFLICT,
    errors.FindingsNotAcceptedError: HTTPStatus.CONFLICT,
    errors.IssueBlockedError: HTTPStatus.CONFLICT,
    errors.SealedFieldError: HTTPStatus.CONFLICT,
    errors.PreconditionFailedError: HTTPStatus.PRECONDITION_FAILED,
    errors.InvalidFieldError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.ThrottledError: HTTPStatus.TOO_MANY_REQUESTS,
}
"""The nearest class of an error's ancestry counts; a bare `WaybillError` is a conflict."""

OUT_OF_ORDER: Final = "out_of_order"
"""Name in `flask.g`: something inside has failed, so that the answer must do without it."""

EXTENSIONS: Final = ("current_version", "changed", "state", "act", "fields", "findings")
"""Attributes of errors that a program may want, passed on under their own names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One refusal, ready to be shown to a program or to a person."""

    status: HTTPStatus
    code: str
    title_zh: str
    title_en: str
    detail_zh: str = ""
    detail_en: str = ""
    next_step_zh: str = ""
    next_step_en: str = ""
    errors: tuple[FieldError, ...] = ()
    extensions: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, object]:
        """Return the members of the problem document."""
        members: dict[str, object] = {
            "type": TYPE_PREFIX + self.code,
            "code": self.code,
            "status": self.status.value,
            "title": say(self.title_zh, self.title_en),
            "title_zh": self.title_zh,
            "title_en": self.title_en,
            "detail": say(self.detail_zh, self.detail_en),
            "detail_zh": self.detail_zh,
            "detail_en": self.detail_en,
            "next_step": say(self.next_step_zh, self.next_step_en),
            "next_step_zh": self.next_step_zh,
            "next_step_en": self.next_step_en,
            "errors": [error.body() for error in self.errors],
            "request_id": g.get("request_id", ""),
        }
        return members | dict(self.extensions)


class RequestRefusedError(Exception):
    """The request itself is refused, before any rule of the domain was asked."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.title_en)
        self.problem = problem


def plain_problem(
    status: int,
    detail_zh: str = "",
    detail_en: str = "",
    *,
    code: str | None = None,
    next_step_zh: str = "",
    next_step_en: str = "",
    field_errors: tuple[FieldError, ...] = (),
) -> Problem:
    """Return a problem with the usual words of a status."""
    usual, title_zh, title_en = HTTP_WORDS.get(status, HTTP_WORDS[400])
    return Problem(
        status=HTTPStatus(status),
        code=code or usual,
        title_zh=title_zh,
        title_en=title_en,
        detail_zh=detail_zh,
        detail_en=detail_en,
        next_step_zh=next_step_zh,
        next_step_en=next_step_en,
        errors=field_errors,
    )


def problem_of(error: errors.WaybillError) -> Problem:
    """Return what an error of the domain looks like outside."""
    known = (STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF)
    return Problem(
        status=next(known, HTTPStatus.CONFLICT),
        code=error.code,
        title_zh=error.title_zh,
        title_en=error.title_en,
        detail_zh=error.detail_zh,
        detail_en=error.detail_en,
        next_step_zh=error.next_step_zh,
        next_step_en=error.next_step_en,
        errors=_errors_of(error),
        extensions={name: getattr(error, name) for name in EXTENSIONS if hasattr(error, name)},
        headers=_headers_of(error),
    )


def _errors_of(error: errors.WaybillError) -> tuple[FieldError, ...]:
    if isinstance(error, errors.InvalidFieldError):
        return tuple(
            FieldError(
                pointer=problem.pointer,
                code=problem.code,
                message_zh=problem.message_zh,
                message_en=problem.message_en,
            )
            for problem in error.problems
        )
    if error.pointer is None:
        return ()
    zh, en = error.detail_zh or error.title_zh, error.detail_en or error.title_en
    return (FieldError(pointer=error.pointer, code=error.code, message_zh=zh, message_en=en),)


def _headers_of(error: errors.WaybillError) -> Mapping[str, str]:
    if isinstance(error, errors.ThrottledError):
        return {"Retry-After": str(error.retry_after_s)}
    if isinstance(error, errors.AuthenticationError):
        return {"WWW-Authenticate": 'Bearer realm="waybill"'}
    return {}


def wants_page() -> bool:
    """Return whether the caller is a person's browser rather than a program."""
    if request.path.startswith(API_PREFIXES):
        return False
    accepted = request.accept_mimetypes
    return accepted["text/html"] > accepted["application/json"]


def respond(problem: Problem) -> Response:
    """Answer with a problem, as a document or as a page, and count it."""
    runtime().metrics.refuse(problem.code)
    if wants_page():
        response = Response(_page(problem), mimetype="text/html")
    else:
        response = jsonify(problem.body())
        response.mimetype = CONTENT_TYPE
    response.status_code = problem.status
    response.headers.extend(problem.headers)
    return response


def _page(problem: Problem) -> str:
    try:
        return render_template("problem.html", problem=problem)
    except Exception as error:  # noqa: BLE001  whatever it is, the reader gets an answer
        LOGGER.error(  # noqa: TRY400  a message may hold personal values
            "request %s: no page for a problem: %s",
            g.get("request_id", ""),
            type(error).__name__,
        )
        title = escape(say(problem.title_zh, problem.title_en))
        return f"<!doctype html><meta charset=utf-8><title>{title}</title><h1>{title}</h1>"


def _on_domain_error(error: errors.WaybillError) -> Response:
    return respond(problem_of(error))


def _on_refused_request(error: RequestRefusedError) -> Response:
    return respond(error.problem)


def _on_invalid_fields(error: ValidationError) -> Response:
    return respond(plain_problem(422, field_errors=field_errors(error.messages)))


def _on_http_error(error: HTTPException) -> BaseResponse:
    if error.response is not None or (error.code or 500) < HTTPStatus.BAD_REQUEST:
        return error.get_response()  # a redirect, or an answer that is ready
    response = respond(plain_problem(error.code or 500))
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    return response


def _on_stale_record(_: Exception) -> Response:
    """Answer the second of two writers whom no lock kept apart."""
    return respond(problem_of(errors.ConflictError()))


def _on_database_error(error: DBAPIError) -> Response:
    """Tell a database that cannot serve from a statement that is wrong."""
    if isinstance(error, OperationalError) or error.connection_invalidated:
        return _on_unavailable_database(error)
    if is_unique_violation(error):
        # Somebody else made the same in this moment; the act that looked first says it better.
        LOGGER.warning("request %s: made twice at once", g.get("request_id", ""))
        return _on_stale_record(error)
    return _on_unexpected(error)


AWAY: Final = (
    "数据库暂时无法使用，此次操作未确认完成。",
    "The database cannot be used right now; this act was not confirmed.",
)
READ_ONLY: Final = (
    "数据库当前只读（备库，或正在切换主库），此次操作未办理。",
    "The database takes no writes right now (it is a standby, or changes); nothing was done.",
)
UNCONFIRMED: Final = (
    "数据库当前不确认写入（备库失联），此次操作未办理。",
    "The database confirms no writes right now (a standby is away); nothing was done.",
)


def _on_unavailable_database(error: Exception) -> Response:
    """Ask to come back: the database is away, locked for too long, or broke a deadlock.

    Whether a connection that is lost during the commit has committed, nobody here can know.
    """
    setattr(g, OUT_OF_ORDER, True)
    cause = getattr(error, "orig", None) or error
    LOGGER.warning("request %s: %s", g.get("request_id", ""), type(cause).__name__)
    said = AWAY
    if isinstance(error, ReadOnlyDatabaseError):
        said = READ_ONLY
    elif isinstance(error, UnconfirmedError):
        said = UNCONFIRMED
    problem = plain_problem(
        503,
        *said,
        next_step_zh="请稍后重试；重试时使用同一 Idempotency-Key，不会重复办理。",
        next_step_en="Try again in a moment; with the same Idempotency-Key nothing is done twice.",
    )
    return respond(replace(problem, headers={"Retry-After": "2"}))


def _on_unexpected(error: Exception) -> Response:
    setattr(g, OUT_OF_ORDER, True)
    # The message may hold personal values of a statement, so only its kind and place are kept.
    LOGGER.error(
        "request %s: %s", g.get("request_id", ""), type(error).__name__, exc_info=_bare(error)
    )
    return respond(
        plain_problem(
            500,
            "请将请求编号告知管理员。",
            "Tell an administrator the id of this request.",
        )
    )


def _bare(error: Exception) -> tuple[type[Exception], Exception, TracebackType | None]:
    return type(error), Exception("message left out"), error.__traceback__


def install_problems(app: Flask) -> None:
    """Register the handlers of everything that can be raised."""
    app.register_error_handler(errors.WaybillError, _on_domain_error)
    app.register_error_handler(RequestRefusedError, _on_refused_request)
    app.register_error_handler(ValidationError, _on_invalid_fields)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(StaleDataError, _on_stale_record)
    app.register_error_handler(DBAPIError, _on_database_error)
    app.register_error_handler(PoolTimeoutError, _on_unavailable_database)
    app.register_error_handler(Exception, _on_unexpected)
