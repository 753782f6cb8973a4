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
from marshmallow import ValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from api.field_errors import FieldError, field_errors
from api.language import say
from waybill import errors

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


HTTP_WORDS: Final[Mapping[int, tuple[str, str, str]]] = {
    400: ("bad-request", "请求无法读取", "The request cannot be read"),
    401: ("authentication-failed", "身份未能确认", "You could not be identified"),
    403: ("forbidden", "没有权限", "You may not do this"),
    404: ("not-found", "未找到", "Not found"),
    405: ("method-not-allowed", "不支持此操作", "This method is not possible here"),
    406: ("not-acceptable", "无法提供该格式", "This form is not available"),
    408: ("timeout", "请求超时", "The request took too long"),
    409: ("conflict", "记录已被他人更改", "Somebody else changed this first"),
    412: ("precondition-failed", "版本不符", "The version is not the one you saw"),
    413: ("too-large", "内容过大", "What was sent is too large"),
    414: ("address-too-long", "地址过长", "The address is too long"),
    415: ("unsupported-media-type", "不支持的内容类型", "This kind of content is not read here"),
    422: ("invalid-field", "填写有误", "Some fields cannot be accepted"),
    428: ("precondition-required", "须说明所见版本", "Say which version you saw"),
    429: ("throttled", "尝试过于频繁", "Too many attempts"),
    431: ("headers-too-large", "请求头过大", "The headers are too large"),
    500: ("internal-error", "系统内部错误", "Something went wrong inside"),
    503: ("unavailable", "暂时无法服务", "Not available right now"),
}


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
    """Answer with a problem, as a document or as a page."""
    if wants_page():
        response = Response(render_template("problem.html", problem=problem), mimetype="text/html")
    else:
        response = jsonify(problem.body())
        response.mimetype = CONTENT_TYPE
    response.status_code = problem.status
    response.headers.extend(problem.headers)
    return response


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


def _on_stale_record(_: StaleDataError) -> Response:
    """Answer the second of two writers whom no lock kept apart."""
    return respond(problem_of(errors.ConflictError()))


def _on_unreachable_database(error: OperationalError) -> Response:
    """Ask to come back: the database is away, locked for too long, or broke a deadlock."""
    LOGGER.warning("request %s: %s", g.get("request_id", ""), type(error.orig).__name__)
    problem = plain_problem(
        503,
        "数据库暂时无法使用，未作任何更改。",
        "The database cannot be used right now; nothing was changed.",
        next_step_zh="请稍后重试。",
        next_step_en="Try again in a moment.",
    )
    return respond(replace(problem, headers={"Retry-After": "2"}))


def _on_unexpected(error: Exception) -> Response:
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
    app.register_error_handler(OperationalError, _on_unreachable_database)
    app.register_error_handler(Exception, _on_unexpected)
