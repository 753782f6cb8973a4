"""What the bay is told: a service's answer together with the steps and words of the scanners."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from scanners.checklist import Step, StepKind, concerned, outcome_of, steps
from scanners.presenting import (
    Presented,
    Words,
    say_other_than_asked,
    say_problem,
    say_what_was_read,
)
from scanners.rechecking import ShowAgain, still_standing, to_show_again
from waybill.clock import local_date
from waybill.rules.asking import Asked, AskedPhoto, asked_photos, asked_questions
from waybill.rules.evidence import EvidenceItem, ScanItem, ScanKind
from waybill.rules.facts import Facts
from waybill.rules.finding import Finding, Outcome, Phase
from waybill.rules.lifecycle import CheckStatus
from waybill.rules.looking import Why
from waybill.rules.signs import (
    Mark,
    Plate,
    Sign,
    marks_for,
    orange_plates_for,
    placards_for,
)
from waybill.services.checks.bays import CLOSING_LIST
from waybill.services.checks.deciding import Decision
from waybill.services.checks.evidence import AddedEvidence
from waybill.services.checks.opening import OpenedCheck
from waybill.services.checks.parts import parts_by_position
from waybill.services.checks.queries import CheckSummary, CheckView
from waybill.services.looking.reading import Looks
from waybill.services.verdicts import Verdict
from waybill.services.waybills.queries import StoredVerdict

SILENCE = Words("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What must be seen on the vehicle for what it carries."""

    plates: tuple[Plate, ...]
    placards: tuple[Sign, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check with its steps; `questions` are those of its stage, after the clearance others."""

    summary: CheckSummary
    facts: Facts
    items: tuple[EvidenceItem, ...]
    steps: tuple[Step, ...]
    would_clear: bool
    verdicts: tuple[StoredVerdict, ...]
    questions: tuple[Asked, ...]
    photos: tuple[AskedPhoto, ...]
    signs: Signs
    still_standing: tuple[StepKind, ...]
    to_show_again: tuple[ShowAgain, ...]
    earlier_id: UUID | None
    lines_out: tuple[int, ...]
    closing_list: tuple[Asked, ...]
    looks: Looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What came of the code that was to open a check."""

    read: Words
    problem: str
    problem_words: Words
    check: Check | None

    @property
    def opened(self) -> bool:
        """Whether there is a check now."""
        return self.check is not None

    @property
    def status(self) -> HTTPStatus:
        """Created where there is one; else the answer is still an answer."""
        return HTTPStatus.CREATED if self.opened else HTTPStatus.OK


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What was just shown or seen, and how the check stands with it.

    After the clearance there are no more steps, and `would_clear` is about the release.
    """

    outcome: Outcome
    item: EvidenceItem | None
    read: Words
    problem: str
    problem_words: Words
    note: Words
    findings: tuple[Finding, ...]
    steps: tuple[Step, ...]
    would_clear: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision with its steps."""

    check_id: UUID
    waybill_id: UUID
    decided_at: datetime
    cleared: bool
    verdict: Verdict
    steps: tuple[Step, ...]
    still_standing: tuple[StepKind, ...]
    to_show_again: tuple[ShowAgain, ...]


def check_of(view: CheckView) -> Check:
    """Return a check as the bay is shown it."""
    walk = steps(view.facts, view.standing.assessment.findings)
    recorded = parts_by_position(view.items)
    return Check(
        summary=view.summary,
        facts=view.facts,
        items=view.items,
        steps=walk,
        would_clear=view.standing.clears,
        verdicts=view.verdicts,
        questions=asked_of(view),
        photos=photos_of(view),
        signs=signs_of(view.facts),
        still_standing=still_standing(walk),
        to_show_again=to_show_again(walk, view.outdated),
        earlier_id=view.earlier_id,
        lines_out=tuple(g.position for g in view.facts.goods if g.position not in recorded),
        closing_list=closing_list_of(view),
        looks=view.looks,
    )


def closing_list_of(view: CheckView) -> tuple[Asked, ...]:
    """Return what is seen anew at each further bay of a cleared check; before, nothing."""
    if view.summary.status is not CheckStatus.CLEARED:
        return ()
    on = local_date(view.standing.assessment.at)
    return tuple(
        asked
        for asked in asked_questions(view.facts, Phase.BEFORE_LOADING, on)
        if asked.rule == CLOSING_LIST
    )


def photos_of(view: CheckView) -> tuple[AskedPhoto, ...]:
    """Return every photo that is asked for, each thing once: the law goes first."""
    by_law = asked_photos(view.facts)
    by_plant = tuple(
        AskedPhoto(
            shows=asked.id,
            zh=asked.zh,
            en=asked.en,
            taken=asked.photo_taken,
            phase=phase_of(view),
            why=Why.PLANT,
        )
        for asked in asked_of(view)
        if asked.photo
    )
    named = {photo.shows for photo in by_law}
    others = (photo for photo in view.looks.photos if photo.shows not in named)
    return (*by_law, *by_plant, *others)


def asked_of(view: CheckView) -> tuple[Asked, ...]:
    """Return what is asked at the stage at which a check is."""
    return asked_questions(view.facts, phase_of(view), local_date(view.standing.assessment.at))


def phase_of(view: CheckView) -> Phase:
    """Return the stage at which a check is."""
    decided = view.summary.status in (CheckStatus.CLEARED, CheckStatus.RELEASED)
    return Phase.AFTER_LOADING if decided else Phase.BEFORE_LOADING


def signs_of(facts: Facts) -> Signs:
    """Return the signs that a vehicle must show."""
    return Signs(
        plates=orange_plates_for(facts), placards=placards_for(facts), marks=marks_for(facts)
    )


def opened_of(opened: OpenedCheck, check: CheckView | None) -> Opened:
    """Return what the bay is told of a code that was to open a check."""
    return Opened(
        read=say_what_was_read(opened.item),
        problem=opened.problem,
        problem_words=say_problem(opened.problem),
        check=check_of(check) if check else None,
    )


def scan_of(added: AddedEvidence, presented: Presented, expected: ScanKind | None) -> Addition:
    """Return what the bay is told of a code; its words are of what was kept."""
    item = added.item if isinstance(added.item, ScanItem) else None
    problem = item.problem if item else presented.problem
    return _addition(
        added,
        read=say_what_was_read(item),
        problem=problem,
        note=say_other_than_asked(item, expected),
    )


def seen_of(added: AddedEvidence) -> Addition:
    """Return what the bay is told of something that somebody saw."""
    return _addition(added, read=SILENCE, problem="", note=SILENCE)


def decided_of(decision: Decision) -> Decided:
    """Return what the bay is told of a decision."""
    walk = steps(decision.facts, decision.verdict.assessment.findings)
    return Decided(
        check_id=decision.check_id,
        waybill_id=decision.waybill_id,
        decided_at=decision.decided_at,
        cleared=decision.cleared,
        verdict=decision.verdict,
        steps=_standing(walk),
        still_standing=still_standing(walk),
        to_show_again=to_show_again(walk, decision.outdated),
    )


def _addition(added: AddedEvidence, *, read: Words, problem: str, note: Words) -> Addition:
    assessment = added.verdict.assessment
    findings = assessment.findings
    before = assessment.phase is Phase.BEFORE_LOADING
    return Addition(
        outcome=outcome_of(added.item, findings),
        item=added.item,
        read=read,
        problem=problem,
        problem_words=say_problem(problem),
        note=note,
        findings=concerned(added.item, findings) if added.item else (),
        steps=_standing(steps(added.facts, findings)) if before else (),
        would_clear=added.verdict.clears,
    )


def _standing(found: Iterable[Step]) -> tuple[Step, ...]:
    """Return steps with what stands alone: all findings in two languages are most of an answer."""
    return tuple(
        replace(step, findings=tuple(each for each in step.findings if each.stands))
        for step in found
    )
