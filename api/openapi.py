"""The API's description (OpenAPI 3.1), made from the views themselves, and a page to read it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Blueprint, Flask, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue
from marshmallow import fields
from typing_extensions import override  # typing's own needs Python 3.12

from api.auth import API_KEY_HEADER, SESSION_COOKIE, public
from api.devices import DEVICE_HEADER
from api.fields import StrictField
from api.problems import CONTENT_TYPE
from api.schemas.assessments import facts_components

TITLE: Final = "Waybill"
VERSION: Final = "1"
DESCRIPTION: Final = (
    "Electronic waybills and loading checks for dangerous goods (危险货物电子运单与装货查验). "
    "Decimals are strings, moments carry their zone, dates are meant in Asia/Shanghai. "
    "Errors are problem documents (RFC 9457)."
)
TEXT: Final[dict[str, object]] = {"type": "string"}

PROBLEM_SCHEMA: Final[dict[str, object]] = {
    "type": "object",
    "required": ["type", "code", "status", "title", "errors", "request_id"],
    "properties": {
        "type": {"type": "string", "pattern": "^urn:waybill:problem:[a-z0-9-]+$"},
        "code": {"type": "string", "description": "The last part of `type`; for ever."},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        **{
            f"{name}{suffix}": TEXT
            for name in ("title", "detail", "next_step")
            for suffix in ("", "_zh", "_en")
        },
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["in", "pointer", "code", "message_zh", "message_en"],
                "properties": {
                    "in": {"enum": ["body", "query", "header", "path"]},
                    "pointer": {"type": "string", "description": "JSON Pointer (RFC 6901)."},
                    "code": TEXT,
                    "message_zh": TEXT,
                    "message_en": TEXT,
                },
            },
        },
        "request_id": TEXT,
        "current_version": {"type": ["integer", "null"]},
        "changed": {"type": "array", "items": TEXT},
        "state": TEXT,
        "act": TEXT,
        "fields": {"type": "array", "items": TEXT},
        "findings": {"type": "array", "items": {"type": "object"}},
    },
}
SECURITY_SCHEMES: Final[Mapping[str, dict[str, str]]] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "An access token of `POST /api/v1/tokens`, or an API key.",
    },
    "apiKey": {"type": "apiKey", "in": "header", "name": API_KEY_HEADER},
    "device": {
        "type": "apiKey",
        "in": "header",
        "name": DEVICE_HEADER,
        "description": "A compact JWS (ES256) that a tablet signs anew: header `alg`, `kid` (the "
        "device's id), `typ` `wb-dev+jwt`; claims `aud` `waybill-device`, `sub` (the id), `iat`.",
    },
    "pageSession": {
        "type": "apiKey",
        "in": "cookie",
        "name": SESSION_COOKIE,
        "description": "A page's session; unsafe methods need `X-CSRF-Token` too.",
    },
}

documentation = Blueprint("documentation", __name__, url_prefix="/api")


if TYPE_CHECKING:

    class _Api:  # flask-smorest has no types; this is what is used of it
        spec: APISpec

        def __init__(self, app: Flask, *, spec_kwargs: Mapping[str, object]) -> None: ...

        def _register_error_handlers(self) -> None: ...

        def register_blueprint(self, blp: Blueprint) -> None: ...

else:
    from flask_smorest import Api as _Api


class DescribedApi(_Api):
    """Collects the descriptions; problems are answered by `api.problems`, not here."""

    DEFAULT_ERROR_RESPONSE_NAME = None  # every refusal is described, one by one

    @override
    def _register_error_handlers(self) -> None:
        return


def make_api(app: Flask) -> DescribedApi:
    """Return the collector of an application's descriptions."""
    app.config.update(API_TITLE=TITLE, API_VERSION=VERSION, OPENAPI_VERSION="3.1.0")
    plugin = MarshmallowPlugin()
    made = DescribedApi(
        app,
        spec_kwargs={
            "marshmallow_plugin": plugin,
            "info": {"description": DESCRIPTION},
            "servers": [{"url": "/"}],
        },
    )
    converter = plugin.converter
    if converter is None:
        raise RuntimeError("the plugin was not initialised")
    converter.add_attribute_function(_describe_field)  # type: ignore[no-untyped-call]  # theirs
    components = made.spec.components
    components.schema("Problem", PROBLEM_SCHEMA)
    for name, schema in facts_components().items():
        components.schema(name, schema)
    components.response(
        "Problem",
        {
            "description": "Refused; the problem says why.",
            "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        },
    )
    for name, scheme in SECURITY_SCHEMES.items():
        components.security_scheme(name, dict(scheme))
    return made


def _describe_field(_: object, field: fields.Field[Any], **__: object) -> dict[str, Any]:
    """Return what one of our fields takes; `null` too where it may be null."""
    if not isinstance(field, StrictField):
        return {}
    described = dict(field.openapi)
    if field.allow_none and "type" in described:
        described["type"] = [described["type"], "null"]
    return described


def description() -> dict[str, Any]:
    """Return the running application's description."""
    found: DescribedApi = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"]
    spec: dict[str, Any] = found.spec.to_dict()
    return spec


@documentation.get("/openapi.json")
@public("how to talk to the API is no secret")
def openapi_json() -> ResponseReturnValue:
    """Return the description as JSON."""
    return jsonify(description())


@documentation.get("/docs")
@public("how to talk to the API is no secret")
def docs() -> ResponseReturnValue:
    """Return the description as a page to read, without anything from elsewhere."""
    return render_template("docs.html", spec=description())
