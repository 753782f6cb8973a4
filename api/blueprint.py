"""Blueprints whose decorators are typed, whose bodies are read strictly and documented wholly."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

import flask
from flask.typing import ResponseReturnValue
from marshmallow import Schema
from typing_extensions import override  # typing's own needs Python 3.12

from api.reading import StrictParser

ViewT = TypeVar("ViewT", bound=Callable[..., object])
Doc = dict[str, Any]

SECURITY: Final[list[dict[str, list[str]]]] = [
    {"bearer": []},
    {"apiKey": []},
    {"pageSession": []},
]
DEVICE_SECURITY: Final[list[dict[str, list[str]]]] = [{"device": []}]
BODY_LOCATIONS: Final = frozenset({"json", "form", "files"})


if TYPE_CHECKING:

    class _Blueprint(flask.Blueprint):  # flask-smorest has no types; this is what is used of it
        _prepare_doc_cbks: list[Callable[..., Doc]]

        def __init__(
            self, name: str, import_name: str, *, url_prefix: str, description: str = ""
        ) -> None: ...

        def arguments(
            self, schema: type[Schema] | Schema, *, location: str = "json", **options: object
        ) -> Callable[[ViewT], ViewT]: ...

        def response(
            self,
            status_code: int,
            schema: type[Schema] | Schema | Mapping[str, object] | None = None,
            **options: object,
        ) -> Callable[[Callable[..., object]], Callable[..., ResponseReturnValue]]: ...

        def alt_response(
            self, status_code: int, response: str | None = None, **options: object
        ) -> Callable[[ViewT], ViewT]: ...

else:
    from flask_smorest import Blueprint as _Blueprint


class Blueprint(_Blueprint):
    """A resource of the API.

    Every operation's description gains the answers that it can give besides its own: what a
    protected route, a body, a version or an `Idempotency-Key` may be refused with.
    """

    ARGUMENTS_PARSER: ClassVar[StrictParser] = StrictParser()

    def __init__(
        self, name: str, import_name: str, *, url_prefix: str, description: str = ""
    ) -> None:
        super().__init__(name, import_name, url_prefix=url_prefix, description=description)
        self._prepare_doc_cbks.append(_describe_refusals)

    @override
    def arguments(
        self, schema: type[Schema] | Schema, *, location: str = "json", **options: object
    ) -> Callable[[ViewT], ViewT]:
        """Read a part of the request by a schema and hand it to the view as an argument."""
        read = super().arguments(schema, location=location, **options)

        def decorate(view: ViewT) -> ViewT:
            decorated = read(view)
            _note(decorated, "reads", [*_noted(view, "reads"), location])
            return decorated

        return decorate


def note(view: Callable[..., object], mark: str) -> None:
    """Leave a mark on a view, from which the description of its refusals is made."""
    _note(view, "marks", [*_noted(view, "marks"), mark])


def may_refuse(mark: str) -> Callable[[ViewT], ViewT]:
    """Describe refusals that a view adds by itself; `MARK_STATUSES` says which."""

    def decorate(view: ViewT) -> ViewT:
        note(view, mark)
        return view

    return decorate


def note_permission(view: Callable[..., object], permission: str) -> None:
    """Leave a view's permission where its description is made."""
    note(view, "protected")
    _note(view, "permission", [permission])


def _noted(view: Callable[..., object], name: str) -> list[str]:
    noted: list[str] = getattr(view, "_apidoc", {}).get("waybill", {}).get(name, [])
    return list(noted)


def _note(view: Callable[..., object], name: str, value: list[str]) -> None:
    doc: Doc = deepcopy(getattr(view, "_apidoc", {}))
    doc.setdefault("waybill", {})[name] = value
    setattr(view, "_apidoc", doc)  # noqa: B010  functions have no such attribute for mypy


MARK_STATUSES: Final[Mapping[str, tuple[HTTPStatus, ...]]] = {
    "protected": (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN),
    "versioned": (HTTPStatus.PRECONDITION_FAILED, HTTPStatus.PRECONDITION_REQUIRED),
    "idempotent": (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY),
    "raw": (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY),
    "device": (HTTPStatus.UNAUTHORIZED,),
    "throttled": (HTTPStatus.UNAUTHORIZED, HTTPStatus.TOO_MANY_REQUESTS),
    "limited": (HTTPStatus.TOO_MANY_REQUESTS,),
    "unauthenticated": (HTTPStatus.UNAUTHORIZED,),
    "half-way": (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN),
    "conflict": (HTTPStatus.CONFLICT,),
}
PARAMETERS: Final[Mapping[str, Doc]] = {
    "versioned": {
        "in": "header",
        "name": "If-Match",
        "required": True,
        "description": "The `ETag` of the version that was seen.",
        "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
    },
    "idempotent": {
        "in": "header",
        "name": "Idempotency-Key",
        "required": False,
        "description": "A repeat with the same key and body gets the first answer again.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{8,100}$"},
    },
}


def _describe_refusals(doc: Doc, doc_info: Doc, *, method: str, **_: object) -> Doc:
    """Add security, headers and problem answers to one operation's description."""
    noted = doc_info.get("waybill", {})
    marks, reads = noted.get("marks", []), noted.get("reads", [])
    statuses = {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}
    for mark in marks:
        statuses.update(MARK_STATUSES.get(mark, ()))
        if mark in PARAMETERS:
            doc.setdefault("parameters", []).append(deepcopy(PARAMETERS[mark]))
    if reads:
        statuses.add(HTTPStatus.UNPROCESSABLE_ENTITY)
    if BODY_LOCATIONS & set(reads):
        statuses |= {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE}
    if method in {"post", "put", "patch", "delete"}:
        statuses.add(HTTPStatus.CONFLICT)
    if permissions := noted.get("permission"):
        doc["x-permission"] = permissions[0]
    doc["security"] = _security(marks)
    answers = {str(int(status)): answer for status, answer in doc.get("responses", {}).items()}
    for status in sorted(statuses):
        answers[str(status.value)] = {"$ref": "#/components/responses/Problem"}
    doc["responses"] = answers
    return doc


def _security(marks: list[str]) -> list[dict[str, list[str]]]:
    if "device" in marks:
        return DEVICE_SECURITY
    return SECURITY if "protected" in marks else []
