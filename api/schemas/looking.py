"""Against ticking without looking: control questions, presence tags, and the time things took."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from marshmallow import fields, post_load

from api.fields import Choice, Code, Identity, Instant, StrictBoolean, Text
from api.schemas import Form
from api.schemas.answers import Said
from api.schemas.evidence import ScannedText, ShownAtSchema
from waybill.registry.kinds import ItemStatus, TagPoint
from waybill.registry.looking import PresenceTagParticulars, TagSeen

CHOICE: Final = "[A-Za-z0-9_.]{1,20}"


class ChoiceSchema(Form):
    """One answer that can be chosen."""

    value = Said(required=True)
    zh = Said(required=True)
    en = Said(required=True)


class ControlQuestionSchema(Form):
    """A question whose right answer the server knows. It stops nothing."""

    id = Said(required=True)
    zh = Said(required=True)
    en = Said(required=True)
    choices = fields.List(fields.Nested(ChoiceSchema), required=True)
    answered = Said(required=True, allow_none=True, description="What was chosen last.")
    correct = StrictBoolean(required=True, allow_none=True)
    hint_zh = Said(required=True, description="Said after a wrong answer, else empty.")
    hint_en = Said(required=True)


class TagToScanSchema(Form):
    """A tag that hangs at an inspection point of the check's bay."""

    point = Choice(TagPoint, required=True)
    label = Said(required=True, description="The plant's own words, or empty.")
    zh = Said(required=True)
    en = Said(required=True)
    seen = StrictBoolean(required=True, description="Whether it was scanned in this check.")


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenControl:
    """An answer to a control question."""

    question: str
    answer: str
    shown_at: datetime | None


class GivenControlSchema(ShownAtSchema):
    """An answer to a control question."""

    question = Code("[a-z_]{1,60}", required=True, description="From `control_questions`.")
    answer = Code(CHOICE, required=True, description="The value of one of its choices.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> GivenControl:
        """Return the value object."""
        return GivenControl(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedTag:
    """A presence tag that was scanned."""

    text: str
    at: datetime | None
    shown_at: datetime | None


class ScannedTagSchema(ShownAtSchema):
    """A presence tag that was scanned."""

    text = ScannedText(required=True, description="The text of its code, `WBP1.…`.")
    at = Instant(
        load_default=None,
        allow_none=True,
        description="When it was scanned; the server's time where it is not said.",
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> ScannedTag:
        """Return the value object."""
        return ScannedTag(**data)


class SeenTagSchema(Form):
    """How a tag was found. One of another bay is kept and told like one of this bay."""

    seen = Choice(TagSeen, required=True)
    at = Instant(required=True)
    point = Choice(TagPoint, required=True, allow_none=True)
    label = Said(required=True)
    bay_name = Said(required=True, description="Where it belongs; empty for an unknown one.")
    zh = Said(required=True)
    en = Said(required=True)


class PresenceTagSchema(Form):
    """A tag of a plant."""

    id = Identity(required=True)
    facility_id = Identity(required=True)
    bay_id = Identity(required=True)
    bay_name = Said(required=True)
    point = Choice(TagPoint, required=True)
    label = Said(required=True)
    created_at = Instant(required=True)
    status = Choice(ItemStatus, required=True)


class PresenceTagParticularsSchema(Form):
    """What a new tag is for."""

    bay_id = Identity(required=True, description="A bay of the facility.")
    point = Choice(TagPoint, required=True)
    label = Text(least=0, most=60, load_default="", description="The plant's own words.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> PresenceTagParticulars:
        """Return the value object."""
        return PresenceTagParticulars(**data)
