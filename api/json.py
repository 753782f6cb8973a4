"""JSON as the application writes it."""

from typing import Any

import msgspec
from flask import Response
from flask.json.provider import DefaultJSONProvider
from typing_extensions import override


class Json(DefaultJSONProvider):
    """Writes answers by msgspec: what a bay is told is long, and half of it is Chinese."""

    ensure_ascii = False
    sort_keys = False

    @override
    def response(self, *args: Any, **kwargs: Any) -> Response:
        content = msgspec.json.encode(
            self._prepare_response_obj(args, kwargs), enc_hook=self.default
        )
        return Response(content, mimetype=self.mimetype)
