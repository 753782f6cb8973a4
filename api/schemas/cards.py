"""Cards of vehicles, tanks, people and certificates."""

from dataclasses import dataclass
from typing import Any, Final

from marshmallow import fields, post_load

from api.fields import Choice, Code, Instant, StrictInteger
from api.rendering.qr import Level, qr_svg
from api.schemas import Form
from api.schemas.answers import Said
from api.schemas.pictures import Drawing, DrawingFieldsSchema
from api.schemas.registry import MAX_VERSION
from waybill.qr_payload import QrKind

ROLE: Final = "driver|escort|supervisor"


class CardSchema(Form):
    """A card that was just signed."""

    kind = Choice(QrKind, required=True)
    subject = Said(required=True, description="A plate, tank number, reference or id.")
    card_version = StrictInteger(least=1, most=MAX_VERSION, required=True)
    issued_at = Instant(required=True)
    valid_until = Instant(required=True)
    qr_text = Said(required=True, description="The text of the code.")
    svg = fields.Function(
        lambda card: qr_svg(card.qr_text),
        required=True,
        metadata={"type": "string", "description": "The code as a drawing."},
    )


class CardRoleSchema(Form):
    """For which work a person's card is."""

    role = Code(ROLE, required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> QrKind:
        """Return the kind of card."""
        return QrKind(data["role"])


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDrawing:
    """A person's card for some work, and how it is drawn."""

    kind: QrKind
    drawing: Drawing


class PersonDrawingSchema(DrawingFieldsSchema):
    """For which work a person's card is, and how it is drawn."""

    role = Code(ROLE, required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> PersonDrawing:
        """Return the value object."""
        drawing = Drawing(level=Level[data["level"]], scale=data["scale"])
        return PersonDrawing(kind=QrKind(data["role"]), drawing=drawing)


class RevokedCardSchema(Form):
    """The record whose cards are refused now."""

    version = StrictInteger(least=1, most=MAX_VERSION, required=True)
