"""How a code is drawn."""

from dataclasses import dataclass
from typing import Any

from marshmallow import post_load

from api.fields import Code, QueryInteger
from api.rendering.qr import MAX_SCALE, Level
from api.schemas import Form


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """How a code is drawn: how much damage it survives, and how many pixels a module has."""

    level: Level
    scale: int


class DrawingFieldsSchema(Form):
    """How a code is drawn; a drawing that needs to know more inherits these."""

    level = Code("[MQ]", load_default="M", description="M for screens, Q for paper.")
    scale = QueryInteger(least=1, most=MAX_SCALE, load_default=8, description="Pixels a module.")


class DrawingQuerySchema(DrawingFieldsSchema):
    """How a code is drawn."""

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> Drawing:
        """Return the value object."""
        return Drawing(level=Level[data["level"]], scale=data["scale"])
