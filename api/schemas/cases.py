"""Cases of the authority."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from marshmallow import ValidationError, fields, post_load

from api.fields import (
    Choice,
    Identity,
    Instant,
    LocalDate,
    Many,
    QueryFlag,
    StrictBoolean,
    StrictInteger,
    Text,
    fault,
)
from api.paging import PageQuerySchema
from api.schemas import Form
from api.schemas.corrections import CorrectionRequestSchema
from api.schemas.registry import MAX_VERSION, page_request
from waybill.registry.cases import (
    CaseAct,
    CaseFilter,
    CaseMatter,
    CaseOpening,
    CaseOutcome,
    CaseSource,
    CaseStatus,
    CaseSubject,
    RequestAsking,
)
from waybill.registry.kinds import PlateColour
from waybill.services.cases.opening import PATTERN_LENGTH
from waybill.services.cases.texts import TEXT_LENGTH
from waybill.services.paging import PageRequest

MAX_EVENTS: Final = 200
MAY_NAME_PEOPLE: Final = "It may name people, so it is kept encrypted and can be erased."


class CaseOpeningSchema(Form):
    """What somebody states when a case is opened."""

    matter = Choice(CaseMatter, required=True)
    text = Text(most=TEXT_LENGTH, lines=True, required=True, description=MAY_NAME_PEOPLE)
    about_kind = Choice(CaseSubject, load_default=None, allow_none=True)
    about_id = Identity(load_default=None, allow_none=True, description="With `about_kind`.")
    pattern_code = Text(
        most=PATTERN_LENGTH, load_default=None, allow_none=True, description="Of what found it."
    )
    event_ids = Many(
        Identity(), most=MAX_EVENTS, load_default=(), description="Events that it rests on."
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> CaseOpening:
        """Return the value object."""
        kind, about_id = data.pop("about_kind"), data.pop("about_id")
        if (kind is None) != (about_id is None):
            words = fault(
                "whole-subject",
                "请同时填写对象类别和编号。",
                "Give kind and id of the subject together.",
            ).messages
            raise ValidationError({"about_id": words})
        return CaseOpening(about=None if kind is None else (kind, about_id), **data)


class CommentSchema(Form):
    """A comment on a case."""

    text = Text(most=TEXT_LENGTH, lines=True, required=True, description=MAY_NAME_PEOPLE)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> str:
        """Return the text."""
        return str(data["text"])


class AssignmentSchema(Form):
    """Whose case it is from now on."""

    user_id = Identity(required=True, description="An auditor's account.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> UUID:
        """Return the account."""
        found: UUID = data["user_id"]
        return found


class DeadlineSchema(Form):
    """The last day of a case."""

    due_on = LocalDate(required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> date:
        """Return the day."""
        found: date = data["due_on"]
        return found


class AskingSchema(Form):
    """What a carrier is asked, and until when."""

    organisation_id = Identity(required=True, description="The carrier.")
    text = Text(most=TEXT_LENGTH, lines=True, required=True, description="The carrier reads it.")
    due_on = LocalDate(required=True, description="The last day for an answer.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> RequestAsking:
        """Return the value object."""
        return RequestAsking(**data)


class CaseDecisionSchema(Form):
    """How a case is decided, and why."""

    outcome = Choice(CaseOutcome, required=True)
    text = Text(most=TEXT_LENGTH, lines=True, required=True, description=MAY_NAME_PEOPLE)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> tuple[CaseOutcome, str]:
        """Return both."""
        return data["outcome"], data["text"]


class CaseSchema(Form):
    """A case as a list shows it."""

    id = Identity(required=True)
    number = Text(required=True)
    opened_at = Instant(required=True)
    source = Choice(CaseSource, required=True)
    matter = Choice(CaseMatter, required=True)
    status = Choice(CaseStatus, required=True)
    due_on = LocalDate(required=True, description="The last day of the case.")
    next_due_on = LocalDate(required=True, description="That of an open request, if earlier.")
    overdue = StrictBoolean(required=True)
    about_kind = Choice(CaseSubject, required=True, allow_none=True)
    about_id = Identity(required=True, allow_none=True)
    about_name = Text(least=0, required=True, description="A person's is masked.")
    organisation_id = Identity(required=True, allow_none=True)
    organisation_name = Text(least=0, required=True)
    plate = Text(required=True, allow_none=True, description="As the public reported it.")
    plate_colour = Choice(PlateColour, required=True, allow_none=True)
    assigned_to = Identity(required=True, allow_none=True)
    assignee = Text(least=0, required=True, description="The account's name.")
    outcome = Choice(CaseOutcome, required=True, allow_none=True)
    pattern_code = Text(required=True, allow_none=True)
    version = StrictInteger(least=1, most=MAX_VERSION, required=True)


class CaseNoteSchema(Form):
    """One thing that happened to a case."""

    at = Instant(required=True)
    act = Choice(CaseAct, required=True)
    event_id = Identity(required=True)
    role = Text(least=0, required=True)
    by = Text(least=0, required=True, description="An account; empty for the public.")
    text = Text(least=0, most=TEXT_LENGTH, required=True)
    detail = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "What the act settled."},
    )


class CaseDetailSchema(Form):
    """A case whole."""

    case = fields.Nested(CaseSchema, required=True)
    notes = fields.List(fields.Nested(CaseNoteSchema), required=True)
    requests = fields.List(fields.Nested(CorrectionRequestSchema), required=True)
    event_ids = Many(Identity(), required=True, description="Events that it rests on.")
    place = Text(least=0, required=True, description="Where the public saw it.")
    seen_at = Instant(required=True, allow_none=True)
    contact_given = StrictBoolean(required=True, description="Shown only by a disclosure.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseQuery:
    """Which cases are wanted, and which page."""

    wanted: CaseFilter
    page: PageRequest


class CaseQuerySchema(PageQuerySchema):
    """Which cases are wanted; all of it must hold."""

    status = Choice(CaseStatus)
    source = Choice(CaseSource)
    matter = Choice(CaseMatter)
    organisation_id = Identity(data_key="organisation")
    assigned_to = Identity(data_key="assignee", description="An account.")
    overdue = QueryFlag(description="Only those whose last day has passed.")
    closed = QueryFlag(description="Closed ones too.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> CaseQuery:
        """Return the value object."""
        page = page_request(data)
        return CaseQuery(wanted=CaseFilter(**data), page=page)
