"""What a rule says: one finding each, whether it is content or not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from waybill.codec import JsonValue


class Outcome(StrEnum):
    """How a rule ended. Only `PASSED` and `NOT_APPLICABLE` let a load go on."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Severity(StrEnum):
    """What a rule that has not passed does: stop the load, warn, or inform."""

    STOP = "STOP"
    WARN = "WARN"
    INFO = "INFO"


class Phase(StrEnum):
    """At which point of a waybill's life is judged; each rule names its phases.

    `DAY_BEFORE` judges an issued waybill again ahead of its planned loading, `ROADSIDE` a load
    that is on its way.
    """

    ISSUE = "issue"
    DAY_BEFORE = "day_before"
    BEFORE_LOADING = "before_loading"
    AFTER_LOADING = "after_loading"
    ROADSIDE = "roadside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule's answer about one set of facts.

    `code` names the rule (`VEH-02.tractor`), `version` the version of it that judged. `reason` is
    a stable word for why the outcome is what it is (`expired`, `not_covered`); with `code` it
    selects the texts people read. `facts` are what was seen and what would be needed, as text,
    whole numbers and lists of them, never floats and never personal values.
    """

    code: str
    version: int
    severity: Severity
    outcome: Outcome
    reason: str
    facts: Mapping[str, JsonValue] = field(default_factory=dict)

    @property
    def blocks(self) -> bool:
        """Whether this finding alone keeps a load from going on."""
        return self.severity is Severity.STOP and self.stands

    @property
    def stands(self) -> bool:
        """Whether somebody has to look at this: it failed, or it could not be decided.

        What merely informs stands in nobody's way and asks for nobody's confirmation.
        """
        asked = self.severity is not Severity.INFO
        return asked and self.outcome in (Outcome.FAILED, Outcome.UNKNOWN)
