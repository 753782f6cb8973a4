"""What a law that comes will change."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import fields, post_load

from api.fields import Code, Identity, LocalDate, StrictBoolean, StrictInteger
from api.schemas import Form
from api.schemas.answers import Said
from api.schemas.assessments import EDITION
from api.schemas.verdicts import FindingField
from waybill.services.next_edition import MAX_JUDGED


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewWish:
    """Of which day the law is compared with today's, by which edition of the register."""

    on: date
    edition: str | None = None


class PreviewWishSchema(Form):
    """Of which day the law is compared with today's."""

    on = LocalDate(required=True, description="A later day, in Asia/Shanghai.")
    edition = Code(EDITION, description="Of the rules on that day; the newest.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> PreviewWish:
        """Return the value object."""
        return PreviewWish(**data)


class LawStateSchema(Form):
    """What holds on a day."""

    on = LocalDate(required=True)
    edition = Said(required=True, description="Of the register of rules.")
    list_edition = Said(required=True, description="Of the dangerous goods list.")
    figures = Said(required=True, description="Edition of the law's figures.")


class RuleChangeSchema(Form):
    """A rule that will say something else; null: it is not asked under that law."""

    code = Said(required=True)
    before = FindingField(allow_none=True)
    after = FindingField(allow_none=True)


class AffectedSchema(Form):
    """Somebody or something whose verdict changes."""

    kind = Said(required=True, description="waybill, tank, vehicle or organisation.")
    id = Identity(required=True)
    name = Said(required=True, description="Number, plate or name.")
    entry_key = Said(required=True, description="The goods' rows; empty where it is not of goods.")
    changes = fields.List(fields.Nested(RuleChangeSchema), required=True)


class EditionPreviewSchema(Form):
    """What changes between the law of today and that of a later day."""

    before = fields.Nested(LawStateSchema, required=True)
    after = fields.Nested(LawStateSchema, required=True)
    judged = StrictInteger(
        least=0, most=MAX_JUDGED, required=True, description="Trips, planned and made up."
    )
    complete = StrictBoolean(required=True, description="Whether everything was judged.")
    affected = fields.List(fields.Nested(AffectedSchema), required=True)
