"""What is written past its schema, because answers are made of it, says what the schema says."""

import json

from api.schemas.checks import StepField, StepSchema
from scanners.checklist import steps
from tests.harness.rule_facts import AT
from tests.harness.rule_trips import trip
from waybill.rules.assess import assess
from waybill.rules.finding import Phase
from waybill.rules.register import current_edition


def test_a_step_is_written_as_its_schema_would() -> None:
    facts = trip(escort=None)
    judged = assess(facts, at=AT, phase=Phase.BEFORE_LOADING, edition=current_edition())
    field = StepField()

    for step in steps(facts, judged.findings):
        written = field.serialize("step", {"step": step})
        assert json.dumps(written) == json.dumps(StepSchema().dump(step))
