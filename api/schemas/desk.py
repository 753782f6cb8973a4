"""The auditor's desk: kept searches, exports, a waybill's story."""

from dataclasses import dataclass
from typing import Any

from marshmallow import fields, post_load, pre_dump

from api.fields import Choice, Identity, Instant, Json, Many, StrictBoolean, StrictInteger, Text
from api.schemas import Form
from api.schemas.answers import Said
from api.schemas.events import EventFilterSchema, EventSchema, read_filters, settle_person
from api.schemas.registry import MAX_VERSION
from api.schemas.verdicts import FindingField
from waybill.rules.finding import Phase
from waybill.rules.lifecycle import WaybillStatus
from waybill.services.desk.exports import Export, ExportFormat
from waybill.services.desk.searches import NAME_LENGTH, SavedSearch, query_to_json
from waybill.services.desk.story import SignedPaper
from waybill.services.event_search import EventQuery
from waybill.storage.desk import ExportStatus
from waybill.storage.personal import PersonalVault

MAX_ROWS = 2**53 - 1
"""Greatest whole number that every reader of JSON keeps exactly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedSearch:
    """What is looked for, and under which name it is kept."""

    name: str
    query: EventQuery
    id_number: str | None

    def settled(self, vault: PersonalVault) -> EventQuery:
        """Return what is looked for, with a person as the keyed hash under which it is found."""
        return settle_person(self.query, self.id_number, vault)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedExport:
    """What is looked for, and as what it is written."""

    formats: tuple[ExportFormat, ...]
    query: EventQuery
    id_number: str | None

    def settled(self, vault: PersonalVault) -> EventQuery:
        """Return what is looked for, with a person as the keyed hash under which it is found."""
        return settle_person(self.query, self.id_number, vault)


class PersonFilterSchema(EventFilterSchema):
    """What is looked for, in a body: a person too."""

    id_number = Text(most=18, description="公民身份号码 (GB 11643); needs `personal:read`.")


class NewSearchSchema(PersonFilterSchema):
    """A search to keep. A person is kept as a keyed hash, never by number."""

    name = Text(most=NAME_LENGTH, required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> WantedSearch:
        """Return the value object."""
        name, id_number = data.pop("name"), data.pop("id_number", None)
        return WantedSearch(name=name, query=read_filters(data), id_number=id_number)


class NewExportSchema(PersonFilterSchema):
    """A search whose events are wanted as files."""

    formats = Many(Choice(ExportFormat), least=1, most=len(ExportFormat), required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> WantedExport:
        """Return the value object."""
        formats, id_number = data.pop("formats"), data.pop("id_number", None)
        return WantedExport(formats=formats, query=read_filters(data), id_number=id_number)


class SavedSearchSchema(Form):
    """A kept search."""

    id = Identity(required=True)
    name = Said(required=True)
    created_at = Instant(required=True)
    search = Json(required=True, description="What is looked for, but for a person.")
    for_person = StrictBoolean(required=True, description="Whether a person is looked for.")

    @pre_dump
    def flatten(self, saved: SavedSearch, **_: object) -> dict[str, object]:
        """Leave out the keyed hash."""
        return {
            "id": saved.id,
            "name": saved.name,
            "created_at": saved.created_at,
            "search": told(saved.query),
            "for_person": saved.for_person,
        }


class ExportSchema(Form):
    """An export and how far it is."""

    id = Identity(required=True)
    requested_at = Instant(required=True)
    search = Json(required=True, description="What is looked for, but for a person.")
    for_person = StrictBoolean(required=True, description="Whether a person is looked for.")
    formats = Many(Choice(ExportFormat), required=True)
    status = Choice(ExportStatus, required=True)
    rows_done = StrictInteger(least=0, most=MAX_ROWS, required=True)
    rows_estimated = StrictInteger(
        least=0, most=MAX_ROWS, required=True, allow_none=True, description="Null before it began."
    )
    ended_at = Instant(required=True, allow_none=True)
    size = StrictInteger(least=0, most=MAX_ROWS, required=True, allow_none=True)
    sha256 = Said(required=True, allow_none=True, description="Of the file, hexadecimal.")
    fault = Said(required=True, description="A stable word for why it failed.")

    @pre_dump
    def flatten(self, export: Export, **_: object) -> dict[str, object]:
        """Leave out the keyed hash."""
        shown: dict[str, object] = {
            name: getattr(export, name) for name in Export.__dataclass_fields__ if name != "query"
        }
        person = export.query.person_index is not None
        return shown | {"search": told(export.query), "for_person": person}


class PaperSchema(Form):
    """Signed bytes, and whether their signature holds now."""

    revision = StrictInteger(
        least=1,
        most=MAX_VERSION,
        required=True,
        allow_none=True,
        description="Of the waybill; null for a loading record.",
    )
    size = StrictInteger(least=0, most=MAX_ROWS, required=True, description="Bytes it covers.")
    digest = Said(required=True, description="SHA-256 of these bytes, hexadecimal.")
    kid = Said(required=True, description="The key that signed them.")
    problem = Said(required=True, description="Empty while the signature holds.")

    @pre_dump
    def flatten(self, paper: SignedPaper, **_: object) -> dict[str, object]:
        """Name what is wrong by its code."""
        return {
            "revision": paper.revision,
            "size": paper.size,
            "digest": paper.digest,
            "kid": paper.kid,
            "problem": paper.problem.code if paper.problem else "",
        }


class StoryVerdictSchema(Form):
    """What was judged: every rule's finding with the facts it judged."""

    phase = Choice(Phase, required=True)
    edition = Said(required=True)
    clears = StrictBoolean(required=True)
    digest = Said(required=True)
    findings = fields.List(FindingField(), required=True)


class StoryPhotoSchema(Form):
    """A photo of a check; `/api/v1/checks/{check_id}/photos/{sha256}` shows it."""

    check_id = Identity(required=True)
    shows = Said(required=True)
    sha256 = Said(required=True)
    shown = StrictBoolean(required=True, description="Not once it is erased or restricted.")


class ChapterSchema(Form):
    """One thing that happened, and what came with it."""

    event = fields.Nested(EventSchema, required=True)
    paper = fields.Nested(PaperSchema, required=True, allow_none=True)
    verdict = fields.Nested(StoryVerdictSchema, required=True, allow_none=True)
    photos = fields.List(fields.Nested(StoryPhotoSchema), required=True)


class StorySchema(Form):
    """Everything that happened to a waybill, oldest first."""

    waybill_id = Identity(required=True)
    number = Said(required=True)
    status = Choice(WaybillStatus, required=True)
    chapters = fields.List(fields.Nested(ChapterSchema), required=True)
    whole = StrictBoolean(required=True, description="False where there is more than is shown.")


def told(query: EventQuery) -> dict[str, object]:
    """Return what a search looks for, under the names by which it is asked, without a person."""
    names = {field.attribute or name: field.data_key or name for name, field in _FILTERS.items()}
    kept = query_to_json(query)
    return {names[name]: value for name, value in kept.items() if name != "person_index"}


_FILTERS = EventFilterSchema().fields
