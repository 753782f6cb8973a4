"""The second judgement: the server judges a record's check at the moment at which it was made."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.errors import StateError
from waybill.registry.offline import RecordProblem
from waybill.rules.evidence import ScanItem, ScanKind
from waybill.rules.finding import Outcome, Phase
from waybill.rules.lifecycle import CheckStatus, WaybillStatus
from waybill.services.checks.deciding import decide_check
from waybill.services.checks.opening import find_named, open_check
from waybill.services.checks.reading import read_check
from waybill.services.facts import facts_of
from waybill.services.offline.format import OfflineRecord, RecordedEvidence
from waybill.services.offline.items import (
    Keeping,
    ReadCode,
    claim_items,
    keep_items,
    says_no,
    seen_of,
)
from waybill.services.offline.looks import keep_looks
from waybill.services.offline.timing import Timing
from waybill.services.verdicts import Verdict, judge, standing_codes
from waybill.storage.facts_query import OF_CHECK_LOCKED
from waybill.storage.records import ClearanceRecord
from waybill.storage.waybills import ClearanceRow, LoadingCheckRow, WaybillRow

_NOBODY: Final = RecordProblem.SESSION_UNKNOWN
_UNPLACED: Final = frozenset({RecordProblem.CLOCK_CONTRADICTED, RecordProblem.TIMES_OUT_OF_ORDER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the server makes of a record.

    `cleared` is whether the waybill is cleared by it: `None` where nothing was judged. `standing`
    are the codes of what stands against it.
    """

    waybill_id: UUID | None = None
    check_id: UUID | None = None
    cleared: bool | None = None
    standing: tuple[str, ...] = ()
    problems: tuple[RecordProblem, ...] = ()


def judge_again(
    session: Session, keeping: Keeping, facility_id: UUID, doubts: Sequence[RecordProblem]
) -> Judged:
    """Keep what a record gathered as a check of its own, or of the one it went on with; judge it.

    A waybill is cleared only if the tablet cleared it, nothing casts a doubt on the record, and
    the server clears it at every moment that may be the true one. What nobody was there to see is
    evidence of nothing, and what cannot be placed in time is not put among what others saw.
    """
    begun, problems = _begun(session, keeping, facility_id)
    if _NOBODY in doubts or (begun is not None and not _UNPLACED.isdisjoint(doubts)):
        return _left_out(session, keeping, begun, problems)
    claim_items(session, keeping)
    check = begun or _opened(session, keeping)
    if check is None:
        if keeping.record.decision == "cleared":
            problems = (*problems, RecordProblem.WAYBILL_UNKNOWN)
        return _left_out(session, keeping, None, problems)
    waybill = _lock(session, check)
    if check.status is CheckStatus.ABORTED:
        return _over(keeping, check, problems, RecordProblem.CHECK_ABORTED)
    keep_looks(session, keeping, check.id)
    is_cleared = _is_cleared_by(session, check)
    if is_cleared and waybill is WaybillStatus.CANCELLED:
        return _over(keeping, check, problems, RecordProblem.VERDICT_DIFFERS)
    if is_cleared:
        # The decision was made before, and its answer was lost or something came later: it stands.
        # Whoever refused since has seen something, and people have to look.
        too_late = _contradict(session, keeping, check.id, keep_items(session, keeping, check.id))
        refused = keeping.record.decision == "refused"
        return Judged(
            waybill_id=check.waybill_id,
            check_id=check.id,
            cleared=True,
            problems=(
                *((RecordProblem.VERDICT_DIFFERS,) if refused else ()),
                *((RecordProblem.ITEM_REFUSED,) if too_late else ()),
            ),
        )
    if keep_items(session, keeping, check.id):
        problems = (*problems, RecordProblem.ITEM_REFUSED)
    return _decide(session, keeping, check, (*doubts, *problems), problems)


def _contradict(
    session: Session, keeping: Keeping, check_id: UUID, late: Sequence[RecordedEvidence]
) -> bool:
    """Whether what came too late for a check speaks against what it has cleared."""
    if any(map(says_no, late)):
        return True
    seen = tuple(seen_of(keeping, late))
    if not seen:
        return False
    dossier, _ = read_check(session, keeping.actor, check_id, OF_CHECK_LOCKED)
    at = keeping.clock.now()
    without, beside = (
        judge(
            facts_of(dossier, keeping.keys.table, at=at, added=added),
            at=at,
            phase=Phase.BEFORE_LOADING,
        )
        for added in ((), seen)
    )
    return not _failed(beside) <= _failed(without)


def _failed(verdict: Verdict) -> frozenset[str]:
    return frozenset(
        found.code for found in verdict.assessment.findings if found.outcome is Outcome.FAILED
    )


def _lock(session: Session, check: LoadingCheckRow) -> WaybillStatus:
    """Lock the check's waybill, and see both as whoever held the lock before has left them."""
    status = session.scalars(
        select(WaybillRow.status).where(WaybillRow.id == check.waybill_id).with_for_update()
    ).one()
    session.refresh(check)
    return status


def _over(
    keeping: Keeping,
    check: LoadingCheckRow,
    problems: tuple[RecordProblem, ...],
    why: RecordProblem,
) -> Judged:
    """Leave what is over as it is, aborted or cancelled since: nothing is added to it.

    A tablet that cleared meanwhile let somebody load, so people have to look. One that did not
    agrees with the end.
    """
    wanted = keeping.record.decision == "cleared"
    return Judged(
        waybill_id=check.waybill_id,
        check_id=check.id,
        cleared=False,
        problems=(*problems, why) if wanted else problems,
    )


def _begun(
    session: Session, keeping: Keeping, facility_id: UUID
) -> tuple[LoadingCheckRow | None, tuple[RecordProblem, ...]]:
    """Return the check that was begun online and that a record goes on with, if it may."""
    record = keeping.record
    if record.check_id is None:
        return None, ()
    begun = session.get(LoadingCheckRow, record.check_id)
    if begun is not None and (begun.facility_id, begun.waybill_id) == (
        facility_id,
        record.waybill.id or begun.waybill_id,
    ):
        return begun, ()
    return None, (RecordProblem.OTHER_CHECK,)


def _opened(session: Session, keeping: Keeping) -> LoadingCheckRow | None:
    """Open a check of a record's own, `None` where it names no waybill."""
    opened = open_check(
        session,
        keeping.actor,
        keeping.record.bay_id,
        _named(keeping.record, keeping.read, keeping.timing),
        looking=keeping.looking,
        seal=keeping.record.looks or "",
        clock=keeping.clock,
        told=keeping.told(keeping.timing.counts_from),
    )
    return session.get_one(LoadingCheckRow, opened.check_id) if opened.check_id else None


def find_waybill(
    session: Session, record: OfflineRecord, read: ReadCode, timing: Timing
) -> UUID | None:
    """Return which waybill a record is about: by its code, else as the tablet read it then.

    Nothing is cleared by it; but a load that a tablet let in is asked about wherever it may be.
    """
    return find_named(session, _named(record, read, timing), record.waybill.id)


def _named(record: OfflineRecord, read: ReadCode, timing: Timing) -> ScanItem | None:
    """Return what a record was begun with, as it read then."""
    waybill, at = record.waybill, timing.opened_at
    return read(waybill.text, at=at, typed=waybill.typed, expected=ScanKind.WAYBILL)[0]


def _left_out(
    session: Session,
    keeping: Keeping,
    begun: LoadingCheckRow | None,
    problems: tuple[RecordProblem, ...],
) -> Judged:
    """Judge nothing: only what the record is about is known."""
    if begun is not None:
        return Judged(waybill_id=begun.waybill_id, check_id=begun.id, problems=problems)
    waybill_id = find_waybill(session, keeping.record, keeping.read, keeping.timing)
    return Judged(waybill_id=waybill_id, problems=problems)


def _is_cleared_by(session: Session, check: LoadingCheckRow) -> bool:
    clearance = session.get(ClearanceRow, check.waybill_id)
    return clearance is not None and clearance.check_id == check.id


def _decide(
    session: Session,
    keeping: Keeping,
    check: LoadingCheckRow,
    doubts: Sequence[RecordProblem],
    problems: tuple[RecordProblem, ...],
) -> Judged:
    decision = keeping.record.decision
    verdict, elsewhere = _worst(session, keeping, check.id)
    wanted = decision == "cleared"
    confirmed = wanted and verdict.clears and not doubts
    open_still = check.status in (CheckStatus.OPEN, CheckStatus.REFUSED)
    if open_still and (confirmed or (decision is not None and not verdict.clears)):
        confirmed = _decided(session, keeping, check, verdict) and confirmed
        problems = problems if confirmed or not verdict.clears else (*problems, _CONSENT)
    if wanted and not verdict.clears:
        differs = RecordProblem.CLEARED_ELSEWHERE if elsewhere else RecordProblem.VERDICT_DIFFERS
        problems = (*problems, differs)
    if decision == "refused" and verdict.clears:
        problems = (*problems, RecordProblem.VERDICT_DIFFERS)
    return Judged(
        waybill_id=check.waybill_id,
        check_id=check.id,
        cleared=confirmed,
        standing=tuple(standing_codes(verdict)),
        problems=problems,
    )


_CONSENT: Final = RecordProblem.CONSENT_MISSING


def _decided(session: Session, keeping: Keeping, check: LoadingCheckRow, verdict: Verdict) -> bool:
    """Decide the check as it was told; whether it could be: a plant may ask for a consent."""
    told = keeping.told(verdict.assessment.at)
    try:
        decide_check(
            session, keeping.actor, check.id, keys=keeping.keys, clock=keeping.clock, told=told
        )
    except StateError:
        return False
    return True


def _worst(session: Session, keeping: Keeping, check_id: UUID) -> tuple[Verdict, bool]:
    """Return the verdict at the true moment, and whether another check cleared the waybill.

    Where the moment is only known between bounds, a verdict that does not clear goes before.
    """
    dossier, _ = read_check(session, keeping.actor, check_id, OF_CHECK_LOCKED)
    verdicts = [
        judge(facts_of(dossier, keeping.keys.table, at=at), at=at, phase=Phase.BEFORE_LOADING)
        for at in keeping.timing.moments
    ]
    clearance = dossier.gathered.first(ClearanceRecord)
    refusals = [verdict for verdict in verdicts if not verdict.clears]
    return (refusals or verdicts)[-1], clearance is not None
