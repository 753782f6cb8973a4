"""Codes that are read and verified without a check."""

from dataclasses import dataclass
from typing import Any

from marshmallow import fields, post_load
from werkzeug.datastructures import FileStorage

from api.fields import Choice, StrictBoolean, UploadedFile
from api.schemas import Form
from api.schemas.answers import Said
from api.schemas.checks import WordsSchema
from api.schemas.evidence import ScannedText
from scanners.presenting import Presented, say_problem, say_what_was_read
from scanners.readers import ReadingKind
from waybill.codec import JsonValue
from waybill.rules.evidence import Presentation, ScanKind


@dataclass(frozen=True, slots=True, kw_only=True)
class TextToRead:
    """A text, and whether a keyboard gave it."""

    text: str
    typed: bool


class TextToReadSchema(Form):
    """A text to read."""

    text = ScannedText(required=True)
    typed = StrictBoolean(load_default=False, description="Whether a keyboard gave it.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> TextToRead:
        """Return the value object."""
        return TextToRead(**data)


def _claims(presented: Presented) -> dict[str, JsonValue] | None:
    claims = presented.scan.claims
    return None if claims is None else claims.to_claims()


class ReadCodeSchema(Form):
    """What a text is, what it names, and whether that is proven."""

    recognised = Choice(
        ReadingKind, required=True, attribute="reading.kind", description="Its format."
    )
    reader = Said(required=True, attribute="reading.reader", description="Empty where none did.")
    kind = Choice(
        ScanKind,
        required=True,
        allow_none=True,
        attribute="scan.kind",
        description="What it names; with a problem only what it claims.",
    )
    presentation = Choice(Presentation, required=True, attribute="scan.presentation")
    subject = Said(required=True, attribute="scan.subject")
    held = fields.Function(
        lambda presented: bool(presented.scan.claims),
        required=True,
        metadata={"type": "boolean", "description": "Whether signature, key and dates hold."},
    )
    claims = fields.Function(
        _claims,
        required=True,
        metadata={"description": "What a code that held says; else null."},
    )
    problem = Said(required=True, description="Empty, or a stable word for why not.")
    read = fields.Function(
        lambda presented: WordsSchema().dump(say_what_was_read(presented.item)), required=True
    )
    problem_words = fields.Function(
        lambda presented: WordsSchema().dump(say_problem(presented.problem)), required=True
    )


class PictureSchema(Form):
    """A picture of one or more codes."""

    picture = UploadedFile(required=True, description="JPEG, PNG or WebP.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> FileStorage:
        """Return the file."""
        found: FileStorage = data["picture"]
        return found


class ReadPictureSchema(Form):
    """The codes of a picture."""

    texts = fields.List(fields.String(), required=True)
    readings = fields.List(fields.Nested(ReadCodeSchema), required=True)
