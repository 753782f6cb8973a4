"""Reports of the public, and what of the black list the public reads."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marshmallow import fields, post_load

from api.fields import Choice, Identity, Instant, LocalDate, StrictBoolean, Text
from api.schemas import Form
from waybill.registry.cases import CaseMatter, PublicReport
from waybill.registry.kinds import PlateColour, SubjectKind
from waybill.registry.measures import PublishedEntry
from waybill.services.cases.opening import CONTACT_LENGTH, PLACE_LENGTH
from waybill.services.cases.texts import TEXT_LENGTH


class PublicReportSchema(Form):
    """What somebody saw. Text, place and contact are kept encrypted and can be erased."""

    matter = Choice(CaseMatter, required=True)
    text = Text(most=TEXT_LENGTH, lines=True, required=True, description="What was seen.")
    place = Text(most=PLACE_LENGTH, required=True)
    seen_at = Instant(required=True)
    plate = Text(least=0, most=20, load_default="", description="Of the vehicle, if it was read.")
    plate_colour = Choice(PlateColour, load_default=None, allow_none=True)
    contact = Text(
        least=0,
        most=CONTACT_LENGTH,
        load_default="",
        description="How to reach whoever reports; left out, nobody can ask back.",
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> PublicReport:
        """Return the value object."""
        return PublicReport(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedReport:
    """What whoever reports is told: a number to ask by, and nothing of the case."""

    number: str


class ReceivedReportSchema(Form):
    """The number under which a report is kept."""

    number = Text(required=True)


class PublishedEntrySchema(Form):
    """A published entry of the black list; never of a person."""

    id = Identity(required=True)
    subject_kind = Choice(SubjectKind, required=True, description="organisation or vehicle.")
    name = Text(required=True, description="An organisation's name, or a plate.")
    uscc = Text(least=0, required=True, description="An organisation's credit code.")
    plate_colour = Choice(PlateColour, required=True, allow_none=True)
    decision_number = Text(most=60, required=True)
    reason = Text(most=500, required=True)
    legal_basis = Text(most=300, required=True)
    valid_from = LocalDate(required=True)
    valid_until = LocalDate(required=True, allow_none=True, description="null is until lifted.")
    appealed = StrictBoolean(required=True, description="Whether an appeal waits for its answer.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedBlackList:
    """The published black list as it was read at a moment."""

    read_at: datetime
    items: tuple[PublishedEntry, ...]


class PublishedBlackListSchema(Form):
    """The published entries that bar at the moment of reading."""

    read_at = Instant(required=True, description="When this was read; it changes at any time.")
    items = fields.List(fields.Nested(PublishedEntrySchema), required=True)
