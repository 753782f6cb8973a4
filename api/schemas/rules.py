"""The rule book: every rule with its law, its dates, its versions and its answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import fields, post_load, pre_dump
from typing_extensions import override  # typing's own needs Python 3.12

from api.fields import Choice, Code, LocalDate, StrictBoolean, StrictInteger
from api.schemas import Form
from api.schemas.answers import Said
from api.schemas.assessments import EDITION
from api.schemas.registry import MAX_VERSION
from waybill.rules.book import answers_of, figures_of, what_it_asks
from waybill.rules.explain import cite
from waybill.rules.facts import Regime
from waybill.rules.figures import Figure
from waybill.rules.finding import Outcome, Phase, Severity
from waybill.rules.notes import note_in
from waybill.rules.rule import Basis, Rule
from waybill.units import plain_decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleQuery:
    """Which rules are wanted: in force on a day (today), by an edition (newest), of a phase."""

    on: date | None = None
    edition: str | None = None
    phase: Phase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleList:
    """Rules that hold on a day by an edition."""

    on: date
    edition: str
    items: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEntry:
    """One rule in every version, newest first, with the figures of a day."""

    code: str
    on: date
    versions: tuple[Rule, ...]


class RuleQuerySchema(Form):
    """Which rules are wanted."""

    on = LocalDate(description="In force on this day (today).")
    edition = Code(EDITION, description="By this edition of the register (newest).")
    phase = Choice(Phase, description="Only those that judge in this phase.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> RuleQuery:
        """Return the value object."""
        return RuleQuery(**data)


class RuleDaySchema(Form):
    """The day whose figures are shown."""

    on = LocalDate(description="Figures in force on this day (today).")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> date | None:
        """Return the day, `None` for today."""
        return data.get("on")


class BasisSchema(Form):
    """A legal basis, as it is cited and by its parts."""

    zh = Said(required=True)
    en = Said(required=True)
    regulation_zh = Said(required=True)
    regulation_en = Said(required=True)
    article = Said(required=True, description="As the law numbers it; empty for the whole text.")

    @pre_dump
    def present(self, basis: Basis, **_: object) -> dict[str, object]:
        """Add how it is cited."""
        return {
            "zh": cite(basis, "zh"),
            "en": cite(basis, "en"),
            "regulation_zh": basis.regulation_zh,
            "regulation_en": basis.regulation_en,
            "article": basis.article,
        }


class RuleSchema(Form):
    """One version of one rule."""

    code = Said(required=True)
    version = StrictInteger(least=1, most=MAX_VERSION, required=True)
    severity = Choice(Severity, required=True)
    title_zh = Said(required=True)
    title_en = Said(required=True)
    asks_zh = Said(required=True, description="What it asks, in two or three sentences.")
    asks_en = Said(required=True)
    reads = fields.List(
        fields.String(), required=True, metadata={"description": "The facts it looks at."}
    )
    basis = fields.List(fields.Nested(BasisSchema), required=True)
    edition = Said(required=True, description="The first edition of the register that holds it.")
    in_force_from = LocalDate(required=True)
    in_force_until = LocalDate(required=True, allow_none=True, description="Null: until changed.")
    phases = fields.List(Choice(Phase), required=True)
    confirmed = StrictBoolean(required=True, description="Whether the law's own words were read.")
    confirmed_note_zh = Said(required=True, description="What is only believed.")
    confirmed_note_en = Said(required=True)
    relieved_by = fields.List(
        Choice(Regime),
        required=True,
        metadata={"description": "Small quantities that it is not asked of."},
    )

    @pre_dump
    def present(self, rule: Rule, **_: object) -> Mapping[str, object]:
        """Add what it asks."""
        return shown_rule(rule)


class RuleListSchema(Form):
    """Rules in force on a day."""

    on = LocalDate(required=True)
    edition = Said(required=True)
    items = fields.List(fields.Nested(RuleSchema), required=True)


class RuleWordsSchema(Form):
    """An answer in one language; names of facts stand in braces."""

    seen = Said(required=True)
    needed = Said(required=True)
    cure = Said(required=True)


class RuleAnswerSchema(Form):
    """An answer that a rule can give."""

    reason = Said(required=True)
    outcome = Choice(Outcome, required=True)
    zh = fields.Nested(RuleWordsSchema, required=True)
    en = fields.Nested(RuleWordsSchema, required=True)


class RuleFigureSchema(Form):
    """A figure of the law that a rule compares with."""

    key = Said(required=True)
    value = Said(required=True, description="A plain decimal.")
    unit_zh = Said(required=True)
    unit_en = Said(required=True)
    source_zh = Said(required=True)
    source_en = Said(required=True)
    confirmed = StrictBoolean(required=True)
    note_zh = Said(required=True, description="What is only believed, or where it was read.")
    note_en = Said(required=True)

    @pre_dump
    def present(self, figure: Figure, **_: object) -> dict[str, object]:
        """Write the value as text, unit and note in both languages."""
        names = ("key", "source_zh", "source_en", "confirmed")
        return {
            **{name: getattr(figure, name) for name in names},
            "value": f"{plain_decimal(figure.value):f}",
            "unit_zh": note_in(figure.unit, "zh"),
            "unit_en": note_in(figure.unit, "en"),
            "note_zh": note_in(figure.note, "zh"),
            "note_en": note_in(figure.note, "en"),
        }


class RuleVersionSchema(RuleSchema):
    """One version of a rule with every answer it can give."""

    answers = fields.List(fields.Nested(RuleAnswerSchema), required=True)

    @override
    @pre_dump
    def present(self, rule: Rule, **_: object) -> Mapping[str, object]:
        """Add what it asks and answers."""
        pairs = zip(answers_of(rule, "zh"), answers_of(rule, "en"), strict=True)
        answers = [
            {"reason": zh.reason, "outcome": Outcome(zh.outcome), "zh": zh, "en": en}
            for zh, en in pairs
        ]
        return {**shown_rule(rule), "answers": answers}


class RuleEntrySchema(Form):
    """A rule whole: every version, newest first, and its figures on a day."""

    code = Said(required=True)
    on = LocalDate(required=True)
    versions = fields.List(fields.Nested(RuleVersionSchema), required=True)
    figures = fields.List(fields.Nested(RuleFigureSchema), required=True)

    @pre_dump
    def present(self, entry: RuleEntry, **_: object) -> dict[str, object]:
        """Add the figures."""
        return {
            "code": entry.code,
            "on": entry.on,
            "versions": entry.versions,
            "figures": figures_of(entry.code, entry.on),
        }


def shown_rule(rule: Rule) -> Mapping[str, object]:
    """Return a version of a rule with what it asks, in a fixed order."""
    return {
        **{name: getattr(rule, name) for name in Rule.__dataclass_fields__ if name != "check"},
        "asks_zh": what_it_asks(rule.code, "zh"),
        "asks_en": what_it_asks(rule.code, "en"),
        "confirmed_note_zh": note_in(rule.confirmed_note, "zh"),
        "confirmed_note_en": note_in(rule.confirmed_note, "en"),
        "phases": [phase for phase in Phase if phase in rule.phases],
        "relieved_by": sorted(rule.relieved_by),
    }
