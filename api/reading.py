"""Reading requests strictly: JSON with one meaning, no unknown field, no field said twice."""

from collections.abc import Mapping
from typing import Any, Final, NoReturn

from flask import Request
from marshmallow import RAISE, Schema, ValidationError, fields
from typing_extensions import override  # typing's own needs Python 3.12
from webargs.flaskparser import FlaskParser

from api.field_errors import LOCATIONS, field_errors
from api.fields import fault
from api.problems import RequestRefusedError, plain_problem
from waybill.codec import parse_json

JSON_TYPE: Final = "application/json"


class StrictParser(FlaskParser):
    """Hands what was sent to a schema, or refuses it with a problem."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012  webargs reads it as is
        "json": RAISE,
        "form": RAISE,
        "query": RAISE,
        "querystring": RAISE,
        "files": RAISE,
    }

    @override
    def _raw_load_json(self, req: Request) -> Any:
        return read_json(req)

    @override
    def load_querystring(self, req: Request, schema: Schema) -> Any:
        """Return the query; a parameter that stands twice is refused, unless it is a list."""
        _refuse_repeated(req, schema)
        return super().load_querystring(req, schema)

    @override
    def handle_error(
        self,
        error: ValidationError,
        req: Request,
        schema: Schema,
        *,
        error_status_code: int | None,
        error_headers: Mapping[str, str] | None,
    ) -> NoReturn:
        """Raise the problem that names every field."""
        messages: Any = error.messages
        location, inner = next(iter(messages.items()))
        found = field_errors(inner, place=LOCATIONS.get(location, "body"))
        raise RequestRefusedError(plain_problem(422, field_errors=found)) from error


def read_json(req: Request) -> object:
    """Return the body's JSON.

    Raises:
        RequestRefusedError: 415 for another content type, 400 for JSON that is malformed or
            could be read in two ways.
        werkzeug.exceptions.RequestEntityTooLarge: the body is longer than allowed.
    """
    if req.mimetype != JSON_TYPE:
        raise RequestRefusedError(
            plain_problem(
                415,
                "请以 application/json 提交。",
                "Send it as application/json.",
            )
        )
    body = req.get_data(cache=True)
    try:
        return parse_json(body)
    except ValueError as error:
        raise RequestRefusedError(
            plain_problem(
                400,
                "内容不是唯一可读的 JSON（格式错误、重复字段、嵌套过深或数字无效）。",
                "The body is not JSON with one meaning: malformed, a duplicate key, nested too "
                "deeply, or a number out of range.",
                code="malformed-json",
            )
        ) from error


def _refuse_repeated(req: Request, schema: Schema) -> None:
    lists = {
        field.data_key or name
        for name, field in schema.load_fields.items()
        if isinstance(field, fields.List)
    }
    repeated = {
        name: fault("repeated", "参数重复。", "This parameter stands more than once.").messages
        for name, values in req.args.lists()
        if len(values) > 1 and name not in lists
    }
    if repeated:
        raise ValidationError({**repeated})
