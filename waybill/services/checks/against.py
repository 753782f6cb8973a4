"""What speaks against a load: no decision misses it, and nothing that was said before undoes it."""

from collections.abc import Iterator
from datetime import datetime

from waybill.rules.evidence import (
    AnswerItem,
    EvidenceItem,
    OverrideItem,
    PlateItem,
    PresenceItem,
    ScanItem,
)
from waybill.rules.finding import Outcome
from waybill.services.checks.reading import after_all
from waybill.services.checks.told import Told
from waybill.services.dossier import Dossier
from waybill.services.verdicts import Verdict


def speaks_against(item: EvidenceItem | None) -> bool:
    """Whether something may do so by itself, whatever the waybill says."""
    return isinstance(item, PlateItem) or _says_no(item)


def contradicts(verdict: Verdict) -> bool:
    """Whether something is otherwise than it must be; what is only missing is unknown."""
    return any(f.blocks and f.outcome is Outcome.FAILED for f in verdict.assessment.findings)


def counts_from(item: EvidenceItem, dossier: Dossier, told: Told | None) -> datetime:
    """Return the moment as of which something counts.

    What is said now comes after all that was said, and so does a no that is told late. That of a
    record counts in its turn, as the record tells what was said after it too; but whoever let an
    open question pass did not know of it.
    """
    if told is None:
        return after_all(item.at, dossier.evidence())
    at = told.at
    if told.record is None:
        return after_all(at, dossier.evidence()) if _says_no(item) else at
    if isinstance(item, AnswerItem) and _says_no(item):
        return after_all(at, _overrides(dossier, item.question))
    return at


def _overrides(dossier: Dossier, question: str) -> Iterator[OverrideItem]:
    for item in dossier.evidence():
        if isinstance(item, OverrideItem) and item.item == question:
            yield item


def _says_no(item: EvidenceItem | None) -> bool:
    if isinstance(item, ScanItem):
        return bool(item.problem)
    if isinstance(item, PresenceItem):
        return not item.present
    return isinstance(item, AnswerItem) and item.answer == "no"
