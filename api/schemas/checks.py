"""Checks at the bay as they are answered: steps, evidence, decisions."""

from typing import Any

import msgspec
from marshmallow import fields
from typing_extensions import override  # typing's own needs Python 3.12

from api.fields import (
    Choice,
    DecimalString,
    Identity,
    Instant,
    Json,
    StrictBoolean,
    StrictInteger,
)
from api.schemas import Form
from api.schemas.answers import Said
from api.schemas.answers_at_bay import AskedPhotoSchema, AskedSchema, SignsSchema
from api.schemas.looking import ControlQuestionSchema, TagToScanSchema
from api.schemas.registry import MAX_VERSION, QUANTITY_PLACES
from api.schemas.verdicts import FindingField, VerdictSchema
from scanners.checklist import Step, StepKind, StepState
from scanners.rechecking import WhyAgain
from waybill.qr_payload.claims import MAX_GOODS_LINES
from waybill.registry.kinds import PlateColour
from waybill.rules.finding import Outcome
from waybill.rules.lifecycle import CheckStatus, WaybillStatus
from waybill.services.presentation import presented


class WordsSchema(Form):
    """One text in both languages."""

    zh = Said(required=True)
    en = Said(required=True)


class StepSchema(Form):
    """One step of the guided check."""

    kind = Choice(StepKind, required=True)
    needed = StrictBoolean(required=True, description="Whether this trip has it.")
    state = Choice(StepState, required=True)
    findings = fields.List(
        FindingField(),
        required=True,
        metadata={
            "description": "All of them in a check; in the answer to an act those that stand."
        },
    )


class StepField(fields.Nested):
    """A step with its findings, written as it is: an answer has fourteen of them."""

    def __init__(self) -> None:
        super().__init__(StepSchema)

    @override
    def _serialize(  # type: ignore[override]  # Nested names it otherwise than Field
        self, nested_obj: Step, attr: Any, obj: Any, **kwargs: Any
    ) -> object:
        return {
            "kind": nested_obj.kind.value,
            "needed": nested_obj.needed,
            "state": nested_obj.state.value,
            "findings": [presented(finding) for finding in nested_obj.findings],
        }


class EvidenceField(Json):
    """A piece of evidence, by its `type`: scan, plate, presence, answer, photo and others."""

    @override
    def write(self, value: object) -> object:
        return msgspec.to_builtins(value)


class CheckSummarySchema(Form):
    """A check in a list."""

    id = Identity(required=True)
    waybill_id = Identity(required=True)
    revision = StrictInteger(least=1, most=MAX_VERSION, required=True)
    facility_id = Identity(required=True)
    bay_id = Identity(required=True)
    status = Choice(CheckStatus, required=True)
    opened_at = Instant(required=True)
    decided_at = Instant(required=True, allow_none=True)


class NamedGoodsSchema(Form):
    """A goods line of the waybill, as a loader needs it."""

    position = StrictInteger(least=1, most=MAX_GOODS_LINES, required=True)
    un_number = Said(required=True)
    name_zh = Said(required=True)
    name_en = Said(required=True)
    division = Said(required=True)
    packing_group = Said(required=True)
    quantity_kg = DecimalString(places=QUANTITY_PLACES, required=True)
    compartment = StrictInteger(least=1, most=99, required=True, allow_none=True)


class NamedTripSchema(Form):
    """What the waybill names: against this the bay is compared."""

    id = Identity(required=True)
    number = Said(required=True, allow_none=True)
    revision = StrictInteger(least=1, most=MAX_VERSION, required=True)
    status = Choice(
        WaybillStatus,
        required=True,
        description="One that was cleared may be `cancelled` since: it is not loaded then.",
    )
    vehicle_plate = Said(required=True)
    vehicle_plate_colour = Choice(PlateColour, required=True)
    trailer_plate = Said(required=True, allow_none=True)
    trailer_plate_colour = Choice(PlateColour, required=True, allow_none=True)
    tank_number = Said(required=True, allow_none=True)
    driver_reference = Said(required=True)
    escort_reference = Said(required=True)


class ShowAgainSchema(Form):
    """A step that does not stand, and why."""

    step = Choice(StepKind, required=True)
    why = Choice(WhyAgain, required=True)


def _still_standing() -> fields.List[StepKind]:
    return fields.List(
        Choice(StepKind),
        required=True,
        metadata={"description": "Steps of which nothing has to be shown again."},
    )


def _to_show_again() -> fields.List[dict[str, object]]:
    return fields.List(
        fields.Nested(ShowAgainSchema),
        required=True,
        metadata={
            "description": "Steps that do not stand. In a refused check plates, presence and "
            "answers count for an hour: they are `outdated` then."
        },
    )


class CheckSchema(Form):
    """A check as it stands at this moment. Nothing is decided by looking."""

    summary = fields.Nested(CheckSummarySchema, required=True)
    waybill = fields.Nested(NamedTripSchema, required=True, attribute="facts.waybill")
    goods = fields.List(fields.Nested(NamedGoodsSchema), required=True, attribute="facts.goods")
    items = fields.List(EvidenceField(), required=True, metadata={"description": "Oldest first."})
    steps = fields.List(StepField(), required=True)
    would_clear = StrictBoolean(required=True, description="Whether a decision now would clear.")
    verdicts = fields.List(fields.Nested(VerdictSchema), required=True)
    questions = fields.List(
        fields.Nested(AskedSchema),
        required=True,
        metadata={"description": "What is asked now: before loading, or once cleared after it."},
    )
    photos = fields.List(fields.Nested(AskedPhotoSchema), required=True)
    signs = fields.Nested(SignsSchema, required=True)
    still_standing = _still_standing()
    to_show_again = _to_show_again()
    earlier_id = Identity(
        required=True,
        allow_none=True,
        description="A refused check of this waybill at this bay that can be gone on with.",
    )
    lines_out = fields.List(
        StrictInteger(least=1, most=MAX_GOODS_LINES),
        required=True,
        metadata={"description": "Goods lines of which no part is recorded."},
    )
    closing_list = fields.List(
        fields.Nested(AskedSchema),
        required=True,
        metadata={"description": "What is seen anew at each further bay, once it is cleared."},
    )
    control_questions = fields.List(
        fields.Nested(ControlQuestionSchema), required=True, attribute="looks.controls"
    )
    presence_tags = fields.List(
        fields.Nested(TagToScanSchema), required=True, attribute="looks.tags"
    )


class OpenedSchema(Form):
    """What came of the code that was to open a check."""

    opened = StrictBoolean(required=True)
    read = fields.Nested(WordsSchema, required=True, metadata={"description": "What was read."})
    problem = Said(required=True, description="Empty, or a stable word for why not.")
    problem_words = fields.Nested(WordsSchema, required=True)
    check = fields.Nested(CheckSchema, required=True, allow_none=True)


class AdditionSchema(Form):
    """What was just shown or seen, what it means, and how the check stands with it."""

    outcome = Choice(Outcome, required=True, description="Of this piece of evidence alone.")
    item = EvidenceField(required=True, allow_none=True)
    read = fields.Nested(WordsSchema, required=True, metadata={"description": "What was read."})
    problem = Said(required=True, description="Empty, or a stable word for why it is refused.")
    problem_words = fields.Nested(WordsSchema, required=True)
    note = fields.Nested(WordsSchema, required=True, metadata={"description": "Or empty."})
    findings = fields.List(
        FindingField(),
        required=True,
        metadata={"description": "Those that it bears on."},
    )
    steps = fields.List(
        StepField(),
        required=True,
        metadata={"description": "Empty once the check is cleared."},
    )
    would_clear = StrictBoolean(
        required=True, description="Whether a decision, or once cleared a release, would pass."
    )


class DecisionSchema(Form):
    """How a check was decided; the verdict is kept whichever way it went."""

    check_id = Identity(required=True)
    waybill_id = Identity(required=True)
    decided_at = Instant(required=True)
    cleared = StrictBoolean(required=True, description="准装: whether the load may go on.")
    verdict = fields.Nested(VerdictSchema, required=True)
    steps = fields.List(StepField(), required=True)
    still_standing = _still_standing()
    to_show_again = _to_show_again()


class ReleaseSchema(Form):
    """What came of an attempt to release."""

    check_id = Identity(required=True)
    waybill_id = Identity(required=True)
    judged_at = Instant(required=True)
    released = StrictBoolean(required=True, description="放行: whether the vehicle may leave.")
    record_digest = Said(required=True, description="SHA-256 of the record; empty if refused.")
    verdict = fields.Nested(VerdictSchema, required=True)
