"""Judging and keeping the verdict: what is stored beside every decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from waybill.codec import new_id
from waybill.rules.assess import Assessment, assess, verdict_digest
from waybill.rules.facts import Facts
from waybill.rules.finding import Finding, Phase
from waybill.rules.register import current_edition
from waybill.storage.waybills import VerdictRow
from waybill.storage.write import NewRow, new_row


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """An assessment with the exact bytes that are kept of it, made when they are asked for.

    Most verdicts are looked at once, after a scan, and never kept; an issue asks for each part of
    one several times. Without slots: what is made stays in the instance.
    """

    id: UUID
    assessment: Assessment
    judged: Facts

    @cached_property
    def facts(self) -> bytes:
        """The canonical bytes of what was judged."""
        return self.judged.to_bytes()

    @cached_property
    def findings(self) -> bytes:
        """The canonical bytes of what every rule said."""
        return self.assessment.findings_bytes()

    @cached_property
    def digest(self) -> str:
        """What the log names it by."""
        return verdict_digest(self.facts, self.findings)

    @cached_property
    def clears(self) -> bool:
        """Whether every rule in force lets the load go on."""
        return self.assessment.clears

    @cached_property
    def standing(self) -> tuple[Finding, ...]:
        """The findings somebody has to look at."""
        return self.assessment.standing


def judge(facts: Facts, *, at: datetime, phase: Phase) -> Verdict:
    """Judge facts by the rules in force."""
    assessment = assess(facts, at=at, phase=phase, edition=current_edition())
    return Verdict(id=new_id(), assessment=assessment, judged=facts)


def verdict_row(
    verdict: Verdict, *, waybill_id: UUID, event_id: UUID, check_id: UUID | None = None
) -> NewRow:
    """Return the row that keeps a verdict."""
    return new_row(
        VerdictRow,
        id=verdict.id,
        waybill_id=waybill_id,
        judged_at=verdict.assessment.at,
        phase=verdict.assessment.phase,
        edition=verdict.assessment.edition,
        clears=verdict.clears,
        facts=verdict.facts,
        findings=verdict.findings,
        digest=verdict.digest,
        event_id=event_id,
        check_id=check_id,
    )


def standing_codes(verdict: Verdict) -> Sequence[str]:
    """Return the codes of the findings that stand open, each once, sorted."""
    return sorted({finding.code for finding in verdict.standing})
