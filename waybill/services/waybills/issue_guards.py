"""What keeps a draft from being issued, each named at once with what would help."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from waybill.errors import (
    FieldProblem,
    FindingsNotAcceptedError,
    InvalidFieldError,
    IssueBlockedError,
)
from waybill.rules.fields import Signature, missing_fields
from waybill.services.presentation import presented
from waybill.services.verdicts import Verdict
from waybill.services.waybills.draft import FIELD_OF_DRAFT, Draft
from waybill.storage.events import Event

LATEST_PLANNED: Final = timedelta(hours=1)
"""How far back the planned loading may lie at issue: a slow form, not a late entry."""


def refuse_incomplete(draft: Draft, now: datetime) -> None:
    """Refuse a draft that lacks what the carrier's signature needs.

    Raises:
        InvalidFieldError: names every field that is empty, and a planned loading that is past.
    """
    given = {name: getattr(draft, field) for name, field in FIELD_OF_DRAFT.items()}
    problems = [
        FieldProblem(
            pointer=f"/{FIELD_OF_DRAFT[name]}",
            code="required",
            message_zh="签发前必须填写。",
            message_en="Needed before the waybill can be issued.",
        )
        for name in missing_fields(given, Signature.CARRIER)
    ]
    planned = draft.planned_loading_at
    if planned is not None and planned < now - LATEST_PLANNED:
        problems.append(
            FieldProblem(
                pointer="/planned_loading_at",
                code="in-the-past",
                message_zh="计划装货时间已过：请改为将要装货的时间。",
                message_en="The planned loading is past: give the time at which it will be loaded.",
            )
        )
    if problems:
        raise InvalidFieldError(problems)


def refuse_standing(verdict: Verdict, *, accept_findings: bool, trace: Callable[[], Event]) -> None:
    """Refuse findings that nobody has confirmed, and those that no confirmation passes.

    What `trace` tells is left in the log where no confirmation passes: that somebody tried is of
    interest.

    Raises:
        IssueBlockedError: a finding stands that no confirmation passes.
        FindingsNotAcceptedError: findings stand and were not confirmed.
    """
    blocking = verdict.assessment.blocking_at_issue
    if blocking:
        error = IssueBlockedError([presented(finding) for finding in blocking])
        error.trace = trace()
        raise error
    if verdict.standing and not accept_findings:
        raise FindingsNotAcceptedError([presented(finding) for finding in verdict.standing])
