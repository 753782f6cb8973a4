"""Judging and keeping the verdict: what is stored beside every decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Insert, insert

from waybill.codec import new_id
from waybill.rules.assess import Assessment, assess
from waybill.rules.facts import Facts
from waybill.rules.finding import Phase
from waybill.rules.register import current_edition
from waybill.storage.waybills import VerdictRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """An assessment with the exact bytes that are kept of it.

    `digest` is what the log names: SHA-256 over facts ‖ 0x00 ‖ findings, hexadecimal.
    """

    id: UUID
    assessment: Assessment
    facts: bytes
    digest: str

    @property
    def clears(self) -> bool:
        """Whether every rule in force lets the load go on."""
        return self.assessment.clears


def judge(facts: Facts, *, at: datetime, phase: Phase) -> Verdict:
    """Judge facts by the rules in force and fix the bytes of the verdict."""
    assessment = assess(facts, at=at, phase=phase, edition=current_edition())
    content = facts.to_bytes()
    return Verdict(
        id=new_id(), assessment=assessment, facts=content, digest=assessment.digest(content)
    )


def verdict_insert(
    verdict: Verdict, *, waybill_id: UUID, event_id: UUID, check_id: UUID | None = None
) -> Insert:
    """Return the insert that keeps a verdict."""
    return insert(VerdictRow).values(
        id=verdict.id,
        waybill_id=waybill_id,
        judged_at=verdict.assessment.at,
        phase=verdict.assessment.phase,
        edition=verdict.assessment.edition,
        clears=verdict.clears,
        facts=verdict.facts,
        findings=verdict.assessment.findings_bytes(),
        digest=verdict.digest,
        event_id=event_id,
        check_id=check_id,
    )


def standing_codes(verdict: Verdict) -> Sequence[str]:
    """Return the codes of the findings that stand open, each once, sorted."""
    return sorted({finding.code for finding in verdict.assessment.standing})
