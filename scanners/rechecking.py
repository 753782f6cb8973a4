"""After a refusal: what still stands of a check, and what must be shown again."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from scanners.checklist import Step, StepKind, StepState, step_of_code
from waybill.rules.evidence import AnswerItem, EvidenceItem, PlateItem, PresenceItem
from waybill.rules.questions import all_questions


class WhyAgain(StrEnum):
    """Why something is to be shown; `outdated` was seen too long ago to count."""

    MISSING = "missing"
    FAILED = "failed"
    UNKNOWN = "unknown"
    OUTDATED = "outdated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowAgain:
    """A step that does not stand, and why."""

    step: StepKind
    why: WhyAgain


def still_standing(steps: Iterable[Step]) -> tuple[StepKind, ...]:
    """Return the steps of which nothing has to be shown again."""
    return tuple(s.kind for s in steps if s.needed and s.state is StepState.PASSED)


def to_show_again(steps: Iterable[Step], outdated: Iterable[EvidenceItem]) -> tuple[ShowAgain, ...]:
    """Return the steps that do not stand, in their order.

    Args:
        steps: how they stand, judged without what is outdated.
        outdated: what was seen too long ago.
    """
    late = {_step_of(item) for item in outdated}
    return tuple(
        ShowAgain(step=s.kind, why=_why(s, late))
        for s in steps
        if s.needed and s.state is not StepState.PASSED
    )


def _why(step: Step, late: set[StepKind | None]) -> WhyAgain:
    if step.state is StepState.MISSING and step.kind in late:
        return WhyAgain.OUTDATED
    return WhyAgain(step.state.value)


def _step_of(item: EvidenceItem) -> StepKind | None:
    if isinstance(item, PlateItem):
        return StepKind.PLATE if item.unit == "tractor" else StepKind.TRAILER_PLATE
    if isinstance(item, PresenceItem):
        return StepKind(item.role)
    if isinstance(item, AnswerItem):
        rules = {question.id: question.rule for question in all_questions()}
        rule = rules.get(item.question)
        return StepKind.PLANT_ITEMS if rule is None else step_of_code(rule)
    return None
