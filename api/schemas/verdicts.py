"""Findings and verdicts, as every resource that judges answers them."""

from typing import Any

from marshmallow import fields, pre_dump
from typing_extensions import override

from api.fields import Choice, Identity, Instant, Json, StrictBoolean, StrictInteger
from api.schemas import Form
from api.schemas.answers import Said
from api.schemas.registry import MAX_VERSION
from waybill.rules.finding import Outcome, Phase, Severity
from waybill.services.presentation import presented
from waybill.services.verdicts import Verdict
from waybill.services.waybills.queries import StoredVerdict


class ExplanationSchema(Form):
    """A finding in words. `needed` and `cure` are empty where nothing is asked for."""

    code = Said(required=True)
    title = Said(required=True)
    outcome = Said(required=True)
    severity = Said(required=True)
    seen = Said(required=True, description="What was seen.")
    needed = Said(required=True, description="What is needed.")
    cure = Said(required=True, description="What to do about it.")
    basis = Said(required=True, description="The law that asks for it.")


class FindingSchema(Form):
    """What one rule said."""

    code = Said(required=True, description="The rule, such as `TNK-02.approved`.")
    version = StrictInteger(least=1, most=MAX_VERSION, required=True)
    severity = Choice(Severity, required=True)
    outcome = Choice(Outcome, required=True)
    reason = Said(required=True, description="A stable word for why.")
    facts = Json(required=True, description="What was judged.")
    zh = fields.Nested(ExplanationSchema, required=True)
    en = fields.Nested(ExplanationSchema, required=True)


class FindingField(fields.Nested):
    """A finding with its words, written as it is: an answer has some forty of them."""

    def __init__(self, *, allow_none: bool = False) -> None:
        super().__init__(FindingSchema, required=True, allow_none=allow_none)

    @override
    def _serialize(  # type: ignore[override]  # Nested names it otherwise than Field
        self, nested_obj: Any, attr: Any, obj: Any, **kwargs: Any
    ) -> object:
        return None if nested_obj is None else presented(nested_obj)


class VerdictSchema(Form):
    """What was judged at one moment, by every rule in force then."""

    id = Identity(required=True)
    judged_at = Instant(required=True)
    phase = Choice(Phase, required=True)
    edition = Said(required=True, description="The state of the rule register.")
    clears = StrictBoolean(required=True, description="Whether nothing stops the load.")
    digest = Said(required=True, description="SHA-256 of facts and findings; the log names it.")
    check_id = Identity(required=True, allow_none=True)
    findings = fields.List(FindingField(), required=True)

    @pre_dump
    def flatten(self, verdict: Verdict | StoredVerdict, **_: object) -> StoredVerdict:
        """Bring a verdict of this moment into the shape of a stored one."""
        if isinstance(verdict, StoredVerdict):
            return verdict
        assessment = verdict.assessment
        return StoredVerdict(
            id=verdict.id,
            judged_at=assessment.at,
            phase=assessment.phase,
            edition=assessment.edition,
            clears=verdict.clears,
            digest=verdict.digest,
            check_id=None,
            findings=assessment.findings,
        )
