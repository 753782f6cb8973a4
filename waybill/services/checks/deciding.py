"""The decision: cleared (准装) or refused (不准装), once all evidence is in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Insert, Update, insert, update
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.errors import StateError
from waybill.registry.access import Actor
from waybill.rules.evidence import EvidenceItem
from waybill.rules.facts import Facts
from waybill.rules.finding import Phase
from waybill.rules.lifecycle import Act, CheckStatus, WaybillStatus, check_transition
from waybill.services.checks.consent import refuse_without_consent
from waybill.services.checks.lasting import outdated_items
from waybill.services.checks.reading import lock_waybill_of, read_check, refuse_closed
from waybill.services.checks.told import Told, told_data
from waybill.services.dossier import Dossier
from waybill.services.facts import facts_of
from waybill.services.keys import KeyRing
from waybill.services.trip_data import findings_data, moment_data, trip_data
from waybill.services.verdicts import Verdict, judge, standing_codes, verdict_row
from waybill.storage.events import (
    Event,
    EventKind,
    EventResult,
    Subject,
    SubjectKey,
    event_id_at,
    event_statements,
    goods_subjects,
    plate_subject,
    result_subjects,
)
from waybill.storage.facts_query import OF_CHECK_LOCKED
from waybill.storage.records import BayRecord, CheckRecord, ClearanceRecord
from waybill.storage.waybills import ClearanceRow, LoadingCheckRow, WaybillRow
from waybill.storage.write import write_together


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """How a check was decided; its verdict is kept whichever way it went.

    `outdated` is what was seen too long before to count, see `lasting`.
    """

    check_id: UUID
    waybill_id: UUID
    decided_at: datetime
    facts: Facts
    verdict: Verdict
    outdated: tuple[EvidenceItem, ...] = ()

    @property
    def cleared(self) -> bool:
        """Whether the load may go on."""
        return self.verdict.clears


def decide_check(
    session: Session,
    actor: Actor,
    check_id: UUID,
    *,
    keys: KeyRing,
    clock: Clock,
    told: Told | None = None,
) -> Decision:
    """Judge a check and keep the verdict, whether it clears or refuses.

    The waybill's row stays locked until the caller's transaction ends, so two tablets cannot both
    clear one waybill. A refused check stays open: it is cured and decided again. What a tablet
    decided without network is judged at the moment that is `told`; whether another check cleared
    the waybill in the meantime is then for the rules to say.

    Raises:
        NotFoundError: there is no such check at the actor's organisation.
        StateError: the check is over, or another check cleared the waybill in the meantime;
            or the loading supervisor has not agreed.
    """
    now = clock.now()
    lock_waybill_of(session, check_id)
    at = told.at if told else now
    dossier, check = read_check(session, actor, check_id, OF_CHECK_LOCKED)
    refuse_closed(check, Act.CLEAR.value, at)
    if told is None:
        _refuse_cleared_meanwhile(dossier, check)

    facts = facts_of(dossier, keys.table, at=at)
    verdict = judge(facts, at=at, phase=Phase.BEFORE_LOADING)
    if verdict.clears:
        bay = dossier.gathered.first(BayRecord)
        refuse_without_consent(dossier.evidence(), check, bay, facts)
    decision = Decision(
        check_id=check_id,
        waybill_id=dossier.waybill.id,
        decided_at=at,
        facts=facts,
        verdict=verdict,
        outdated=outdated_items(dossier.evidence(), check, at),
    )
    event = _event(actor, dossier, check, decision, at=now, told=told)
    event_id = event_id_at(now)
    write_together(
        session,
        [
            *event_statements(event, event_id),
            verdict_row(
                verdict, waybill_id=decision.waybill_id, event_id=event_id, check_id=check_id
            ),
            _check_update(check, decision),
            *(_clearance(actor, dossier, facts, decision, event_id) if verdict.clears else ()),
        ],
    )
    return decision


def _refuse_cleared_meanwhile(dossier: Dossier, check: CheckRecord) -> None:
    """Tell the second of two tablets that the first was quicker.

    A waybill that was used before this check began is judged and refused by its rule instead.
    """
    clearance = dossier.gathered.first(ClearanceRecord)
    status = dossier.waybill.status
    was_open = clearance is None or clearance.cleared_at >= check.opened_at
    if status in (WaybillStatus.CLEARED, WaybillStatus.RELEASED) and was_open:
        check_transition(status, Act.CLEAR)


def _event(
    actor: Actor,
    dossier: Dossier,
    check: CheckRecord,
    decision: Decision,
    *,
    at: datetime,
    told: Told | None,
) -> Event:
    facts, waybill = decision.facts, decision.facts.waybill
    data: dict[str, JsonValue] = {
        "check": str(decision.check_id),
        "waybill": waybill.id,
        "number": waybill.number,
        "revision": waybill.revision,
        "cleared": decision.cleared,
        "verdict": decision.verdict.digest,
        "edition": decision.verdict.assessment.edition,
        "standing": list(standing_codes(decision.verdict)),
        "supervisor": facts.supervisor.reference if facts.supervisor else None,
        "findings": findings_data(decision.verdict),
        "bay": str(check.bay_id),
        "opened_at": moment_data(check.opened_at),
        "trip": trip_data(dossier.content, waybill.carrier_id) if dossier.content else None,
        **told_data(told),
    }
    result = EventResult.CLEARED if decision.cleared else EventResult.REFUSED
    units = [unit for unit in (facts.tractor, facts.trailer) if unit is not None]
    return Event(
        kind=EventKind.CHECK_DECIDED,
        at=at,
        actor=actor,
        data=data,
        subjects=(
            Subject(SubjectKey.WAYBILL, waybill.id),
            Subject(SubjectKey.CHECK, str(decision.check_id)),
            Subject(SubjectKey.ORGANISATION, waybill.carrier_id),
            *([Subject(SubjectKey.FACILITY, facts.bay.facility_id)] if facts.bay else []),
            Subject(SubjectKey.BAY, str(check.bay_id)),
            *dossier.crew_subjects(),
            *goods_subjects(line.un_number for line in facts.goods),
            *result_subjects(result, standing_codes(decision.verdict)),
            *(plate_subject(unit.plate, unit.plate_colour.value) for unit in units),
        ),
    )


def _check_update(check: CheckRecord, decision: Decision) -> Update:
    """Return where the check stands; a refusal that is told late does not come before another."""
    decided_at = decision.decided_at
    if not decision.cleared and check.decided_at is not None:
        decided_at = max(decided_at, check.decided_at)
    return (
        update(LoadingCheckRow)
        .where(LoadingCheckRow.id == check.id)
        .values(
            status=CheckStatus.CLEARED if decision.cleared else CheckStatus.REFUSED,
            decided_at=decided_at,
            version=LoadingCheckRow.version + 1,
        )
    )


def _clearance(
    actor: Actor, dossier: Dossier, facts: Facts, decision: Decision, event_id: UUID
) -> tuple[Insert, Update]:
    status = check_transition(dossier.waybill.status, Act.CLEAR)
    if facts.supervisor is None:
        raise StateError(state=status.value, act=Act.CLEAR.value)
    clearance = insert(ClearanceRow).values(
        waybill_id=decision.waybill_id,
        revision=dossier.waybill.revision,
        check_id=decision.check_id,
        verdict_id=decision.verdict.id,
        supervisor_id=UUID(facts.supervisor.id),
        cleared_by=actor.user_id,
        cleared_at=decision.decided_at,
        event_id=event_id,
    )
    waybill = (
        update(WaybillRow)
        .where(WaybillRow.id == decision.waybill_id)
        .values(status=status, version=WaybillRow.version + 1)
    )
    return clearance, waybill
