"""Patterns and what they found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import fields, post_load, pre_dump

from api.fields import Choice, DecimalString, Identity, Instant, Json, Text
from api.paging import PageQuerySchema
from api.schemas import Form
from api.schemas.answers import Said
from api.schemas.registry import page_request
from waybill.services.paging import PageRequest
from waybill.services.patterns.finding import FindingFilter, PatternFinding
from waybill.storage.patterns import PatternSubject


class ThresholdSchema(Form):
    """A figure from which on something stands out; `ours` is one that no law gives."""

    key = Said(required=True)
    value = DecimalString(places=3, required=True)
    unit = Said(required=True)
    zh = Said(required=True)
    en = Said(required=True)
    provenance = Said(required=True)


class PatternSchema(Form):
    """What a pattern looks for, and how much it has found."""

    code = Said(required=True)
    title_zh = Said(required=True)
    title_en = Said(required=True)
    looks_for_zh = Said(required=True)
    looks_for_en = Said(required=True)
    thresholds = fields.List(fields.Nested(ThresholdSchema), required=True)
    found = fields.Integer(required=True, metadata={"minimum": 0})


class PatternListSchema(Form):
    """All patterns."""

    items = fields.List(fields.Nested(PatternSchema), required=True)


class PatternFindingSchema(Form):
    """Something that was found: about whom, what was seen, the events behind it in their order.

    People stand by reference. `log_size` is the size of the log that was looked at.
    """

    id = Identity(required=True)
    code = Said(required=True)
    found_at = Instant(required=True)
    subject_kind = Choice(PatternSubject, required=True)
    subject_key = Said(required=True)
    detail = Json(required=True)
    events = fields.List(Identity(), required=True)
    log_size = fields.Integer(required=True, metadata={"minimum": 0})

    @pre_dump
    def present(self, finding: PatternFinding, **_: object) -> Mapping[str, object]:
        """Name the pattern by its code."""
        names = ("id", "found_at", "subject_kind", "subject_key", "detail", "events", "log_size")
        return {name: getattr(finding, name) for name in names} | {"code": finding.pattern.code}


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingPageQuery:
    """Which findings are wanted, and which page of them."""

    wanted: FindingFilter
    page: PageRequest


class FindingPageQuerySchema(PageQuerySchema):
    """Which findings are wanted; all of it must hold."""

    code = Text(most=40, description="The code of a pattern.")
    subject_kind = Choice(PatternSubject, description="Whom or what it is about.")
    subject_key = Text(most=64, description="An id, plate with colour, tank number or reference.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> FindingPageQuery:
        """Return the value object."""
        page = page_request(data)
        return FindingPageQuery(wanted=FindingFilter(**data), page=page)
