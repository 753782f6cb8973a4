"""Judging without writing: what is judged and how, and what came out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from marshmallow import ValidationError, fields, post_load, pre_dump
from typing_extensions import override  # typing's own needs Python 3.12

from api.fields import Choice, Code, Identity, Instant, StrictBoolean, StrictField, fault
from api.fields.base import described
from api.schemas import Form
from api.schemas.answers import Said
from api.schemas.drafts import DraftSchema
from api.schemas.verdicts import FindingField
from waybill.rules.assess import Assessment
from waybill.rules.explain import verdict_word
from waybill.rules.facts import Facts
from waybill.rules.finding import Phase
from waybill.services.assessing import AssessmentTerms
from waybill.services.waybills.draft import Draft

FACTS_PREFIX: Final = "Facts."
SUBJECTS: Final = ("waybill_id", "draft", "facts")
EDITION: Final = "[0-9]{4}-[0-9]{2}(-[0-9]{2})?"
YEARS: Final = range(2020, 2100)


def facts_components() -> Mapping[str, dict[str, object]]:
    """Return the JSON Schemas of `waybill.rules.facts`, by their names in the description."""
    template = "#/components/schemas/" + FACTS_PREFIX + "{name}"
    _, found = msgspec.json.schema_components([Facts], ref_template=template)
    return {FACTS_PREFIX + name: _plain(schema) for name, schema in found.items()}


def _plain(schema: dict[str, object]) -> dict[str, object]:
    """Return a schema without `items: false`, which the description's maker takes for a name.

    Such lists say how long they are by themselves.
    """
    return {
        name: _plain(part) if isinstance(part, dict) else part
        for name, part in schema.items()
        if part is not False or name != "items"
    }


class GivenFacts(StrictField[dict[str, object]]):
    """An object that holds the facts of a trip; its members are read by the service."""

    openapi = described(**{"$ref": f"#/components/schemas/{FACTS_PREFIX}Facts"})

    @override
    def read(self, value: object) -> dict[str, object]:
        if not isinstance(value, dict):
            raise fault("not-an-object", "应为对象。", "It must be an object.")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentWish:
    """What is to be judged, a waybill by its id, a draft or plain facts, and how."""

    terms: AssessmentTerms
    subject: UUID | Draft | dict[str, object]


def refuse_odd_year(value: datetime) -> None:
    """Refuse a moment in a year for which nobody judges."""
    if value.year not in YEARS:
        raise fault("out-of-range", "年份不合理。", "Nothing is judged for such a year.")


class AssessmentWishSchema(Form):
    """One of `waybill_id`, `draft` and `facts`, and how it is judged."""

    waybill_id = Identity(description="A draft of one's own, or an issued waybill.")
    draft = fields.Nested(
        DraftSchema,
        metadata={"description": "As for `POST /waybills`; judged without being stored."},
    )
    facts = GivenFacts(description="All facts of a trip; figures of the law are filled in.")
    at = Instant(validate=refuse_odd_year, description="When; a later moment is welcome. Now.")
    phase = Choice(Phase, load_default=Phase.ISSUE)
    edition = Code(EDITION, description="Of the rules; the newest.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> AssessmentWish:
        """Return the value object."""
        terms = AssessmentTerms(
            **{name: data.pop(name) for name in ("at", "phase", "edition") if name in data}
        )
        if len(data) != 1:
            listed = "、".join(SUBJECTS)
            words = fault(
                "one-of",
                f"须填写其中一项：{listed}。",
                f"Give exactly one of {', '.join(SUBJECTS)}.",
            )
            raise ValidationError({"_schema": words.messages})
        return AssessmentWish(terms=terms, subject=next(iter(data.values())))


class VerdictWordSchema(Form):
    """The one word of a verdict, in both languages."""

    zh = Said(required=True)
    en = Said(required=True)


class AssessmentSchema(Form):
    """What every rule in force said; nothing of it was kept."""

    edition = Said(required=True, description="The state of the rule register.")
    phase = Choice(Phase, required=True)
    at = Instant(required=True)
    clears = StrictBoolean(required=True, description="Whether nothing stops the load.")
    verdict = fields.Nested(VerdictWordSchema, required=True)
    findings = fields.List(FindingField(), required=True)

    @pre_dump
    def present(self, assessment: Assessment, **_: object) -> dict[str, object]:
        """Add the word of the verdict."""
        return {
            "edition": assessment.edition,
            "phase": assessment.phase,
            "at": assessment.at,
            "clears": assessment.clears,
            "verdict": {
                "zh": verdict_word(assessment, "zh"),
                "en": verdict_word(assessment, "en"),
            },
            "findings": assessment.findings,
        }
