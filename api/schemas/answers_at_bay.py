"""What is asked at the bay, and what comes in as an answer: yes or no, a photo, an override."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from marshmallow import fields, post_load
from werkzeug.datastructures import FileStorage

from api.fields import Choice, Code, StrictBoolean, StrictInteger, Text, UploadedFile
from api.schemas import Form
from api.schemas.answers import Said
from api.schemas.evidence import DoneAtSchema, ShownAtSchema
from waybill.rules.evidence import AnswerItem, OverrideItem
from waybill.rules.finding import Phase
from waybill.rules.looking import Why
from waybill.rules.signs import Mark

ITEM: Final = "[a-z0-9_-]{1,60}"
"""The id of a question of the law or of an item of a plant, or what a photo shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenAnswer:
    """Yes or no to one question; yes means that it is as it must be."""

    question: str
    answer: Literal["yes", "no"]
    shown_at: datetime | None = None
    done_at: datetime | None = None

    def at(self, moment: datetime) -> AnswerItem:
        """Return it as evidence of a moment."""
        return AnswerItem(question=self.question, answer=self.answer, at=moment)


class GivenAnswerSchema(ShownAtSchema, DoneAtSchema):
    """Yes or no to one question; yes means that it is as it must be."""

    question = Code(ITEM, required=True, description="An id from the check's `questions`.")
    answer = Code("yes|no", required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> GivenAnswer:
        """Return the value object."""
        return GivenAnswer(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenOverride:
    """That somebody lets an item of the plant pass, and why."""

    item: str
    reason: str

    def at(self, moment: datetime) -> OverrideItem:
        """Return it as evidence of a moment; the service says whose it is."""
        return OverrideItem(item=self.item, by="", reason=self.reason, at=moment)


class GivenOverrideSchema(Form):
    """That somebody lets an item of the plant pass, and why."""

    item = Code(ITEM, required=True, description="The id of an item of the plant.")
    reason = Text(most=300, required=True, description="At least five characters; it is logged.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> GivenOverride:
        """Return the value object."""
        return GivenOverride(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shows:
    """What a photo shows, and since when it was asked for."""

    shows: str
    shown_at: datetime | None


class ShowsSchema(ShownAtSchema):
    """What a photo shows."""

    shows = Code(ITEM, required=True, description="An id from `questions` or `photos`.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> Shows:
        """Return the value object."""
        return Shows(**data)


class PhotoSchema(Form):
    """A photo; the picture alone is kept, as JPEG, without what the camera wrote into it."""

    picture = UploadedFile(required=True, description="JPEG, PNG or WebP.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> FileStorage:
        """Return the file."""
        found: FileStorage = data["picture"]
        return found


class AskedSchema(Form):
    """One thing that is asked now, by the law (`rule`) or by the plant (no rule)."""

    id = Said(required=True)
    rule = Said(required=True, description="The rule's code; empty for an item of the plant.")
    zh = Said(required=True)
    en = Said(required=True)
    answer = StrictBoolean(required=True, allow_none=True, description="Yes, no, or not answered.")
    photo = StrictBoolean(required=True, description="Whether a photo belongs to the answer.")
    photo_taken = StrictBoolean(required=True)
    stops = StrictBoolean(required=True, description="Whether the load waits for it.")
    overridden_by = fields.List(
        fields.String(), required=True, metadata={"description": "Accounts that let it pass."}
    )
    overridden = StrictBoolean(required=True, description="Whether they are enough.")


class AskedPhotoSchema(Form):
    """One thing that a photo is to show.

    What law and plant ask for is waited for; what risk or chance asks for never is.
    """

    shows = Said(required=True)
    zh = Said(required=True)
    en = Said(required=True)
    taken = StrictBoolean(required=True)
    why = Choice(Why, required=True, description="Who asks: law, plant, risk, or chance.")
    phase = Choice(Phase, required=True, description="Before loading, or after it.")


class PlateSchema(Form):
    """An orange plate that must be seen; a plain one has no numbers."""

    hazard_identification_number = Said(required=True)
    un_number = Said(required=True)
    compartments = fields.List(
        StrictInteger(least=1, most=99),
        required=True,
        metadata={"description": "Whose sides bear it; empty for the whole unit."},
    )


class PlacardSchema(Form):
    """A placard that must be seen."""

    label = Said(required=True)
    division = Said(required=True, description="What stands in it, on class 1.")


class SignsSchema(Form):
    """What must be seen on the vehicle for what it carries."""

    plates = fields.List(fields.Nested(PlateSchema), required=True)
    placards = fields.List(fields.Nested(PlacardSchema), required=True)
    marks = fields.List(Choice(Mark), required=True)
