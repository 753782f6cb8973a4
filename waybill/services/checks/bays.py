"""Loading at several bays of one facility in turn: arriving at the next one, and what goes in.

The check of the first bay has cleared the trip whole. At each further bay the closing list is seen
anew, since earth, chocks and surroundings are others there; nothing goes in there before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec import UNSET
from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock, local_date
from waybill.codec import JsonValue
from waybill.errors import FieldProblem, InvalidFieldError, NotFoundError, StateError
from waybill.registry.access import Actor
from waybill.registry.kinds import RecordStatus
from waybill.rules.asking import asked_questions
from waybill.rules.evidence import (
    BayArrivalItem,
    EvidenceItem,
    LoadingItem,
    LoadingPartItem,
)
from waybill.rules.facts import Facts
from waybill.rules.finding import Phase
from waybill.rules.lifecycle import CheckStatus, WaybillStatus
from waybill.services.checks.evidence import evidence_insert
from waybill.services.checks.parts import (
    line_problems,
    lines_out,
    parts_by_position,
    refuse_not_there,
    refuse_times,
)
from waybill.services.checks.reading import lock_waybill_of, read_check
from waybill.services.dossier import Dossier
from waybill.services.facts import facts_of
from waybill.services.keys import KeyRing
from waybill.services.verdicts import Verdict, judge
from waybill.storage.events import (
    Event,
    EventKind,
    Subject,
    SubjectKey,
    event_id_at,
    event_statements,
)
from waybill.storage.facts_query import OF_CHECK_LOCKED
from waybill.storage.records import CheckRecord, ClearanceRecord
from waybill.storage.registry import BayRow
from waybill.storage.write import write_together

CLOSING_LIST: Final = "HAND-02.before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """The vehicle at another bay."""

    check_id: UUID
    bay_id: UUID
    arrived_at: datetime
    confirmed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedPart:
    """A part that was kept: how all that is in so far is judged, and which lines are still out.

    `verdict` is not kept and releases nothing.
    """

    check_id: UUID
    bay_id: UUID
    recorded_at: datetime
    lines_out: tuple[int, ...]
    verdict: Verdict


def arrive_at_bay(
    session: Session,
    actor: Actor,
    check_id: UUID,
    *,
    bay_id: UUID,
    confirmed: Sequence[str],
    keys: KeyRing,
    clock: Clock,
) -> Arrival:
    """Keep that a cleared vehicle stands at another bay and that its closing list was seen there.

    Raises:
        NotFoundError: there is no such check or bay at this facility.
        StateError: the load is not cleared, or is released or broken off.
        InvalidFieldError: something of the closing list is not confirmed.
    """
    now = clock.now()
    dossier, check = _read_cleared(session, actor, check_id)
    _refuse_other_facility(session, check, bay_id)
    facts = facts_of(dossier, keys.table, at=now)
    asked = closing_list(facts, now)
    _refuse_unconfirmed(asked, confirmed)
    item = BayArrivalItem(bay_id=str(bay_id), confirmed=asked, at=now)
    _keep(session, actor, check, item, at=now)
    return Arrival(check_id=check_id, bay_id=bay_id, arrived_at=now, confirmed=asked)


def record_part(
    session: Session,
    actor: Actor,
    check_id: UUID,
    item: LoadingPartItem,
    *,
    keys: KeyRing,
    clock: Clock,
    clock_offset_ms: int | None = None,
) -> RecordedPart:
    """Keep what went in at one bay, while other lines are still to come.

    A line is loaded at one bay; recorded again there, the later record holds. The event says by
    how much a tablet's clock was ahead, as that of the release does.

    Raises:
        NotFoundError: there is no such check or bay at this facility.
        StateError: the load is not cleared, or is released or broken off; or the vehicle did not
            arrive at that bay before the loading began there.
        InvalidFieldError: a line is not the waybill's, is given twice, went in at another bay, or
            is less than planned or than recorded before and nobody said why; or the vehicle is
            to go on although everything is in.
    """
    now = clock.now()
    dossier, check = _read_cleared(session, actor, check_id)
    _refuse_other_facility(session, check, UUID(item.bay_id))
    if item.next_bay_id is not UNSET:
        _refuse_other_facility(session, check, UUID(item.next_bay_id))
    if dossier.content is None:
        raise NotFoundError("check", check_id)
    before = dossier.evidence()
    clearance = dossier.gathered.first(ClearanceRecord)
    refuse_times(item, clearance.cleared_at if clearance else None, now)
    refuse_not_there(check, before, UUID(item.bay_id), item.started_at)
    out = lines_out(dossier.content, (*before, item))
    problems = line_problems(dossier.content, before, item) or _next_problems(item, out)
    if problems:
        raise InvalidFieldError(problems)
    so_far = _so_far((*before, item), at=now)
    facts = facts_of(dossier, keys.table, at=now, added=(item, so_far))
    verdict = judge(facts, at=now, phase=Phase.AFTER_LOADING)
    _keep(session, actor, check, item, at=now, clock_offset_ms=clock_offset_ms)
    return RecordedPart(
        check_id=check_id,
        bay_id=UUID(item.bay_id),
        recorded_at=now,
        lines_out=out,
        verdict=verdict,
    )


def closing_list(facts: Facts, at: datetime) -> tuple[str, ...]:
    """Return the ids of what is seen anew at every bay."""
    asked = asked_questions(facts, Phase.BEFORE_LOADING, local_date(at))
    return tuple(question.id for question in asked if question.rule == CLOSING_LIST)


def _read_cleared(session: Session, actor: Actor, check_id: UUID) -> tuple[Dossier, CheckRecord]:
    lock_waybill_of(session, check_id)
    dossier, check = read_check(session, actor, check_id, OF_CHECK_LOCKED)
    cleared = (CheckStatus.CLEARED, WaybillStatus.CLEARED)
    if (check.status, dossier.waybill.status) != cleared:
        raise StateError(
            "只有准装之后、放行之前可以在装卸车位装货。",
            f"Loading is between clearance and release; the check is {check.status.value}.",
            state=check.status.value,
            act="load",
            next_step_zh="先完成装货前查验；已放行或中止的不再装货。",
            next_step_en="Clear the load first; what is released or aborted is not loaded.",
        )
    return dossier, check


def _refuse_other_facility(session: Session, check: CheckRecord, bay_id: UUID) -> None:
    found = session.scalar(
        select(BayRow.id).where(
            BayRow.id == bay_id,
            BayRow.facility_id == check.facility_id,
            BayRow.status == RecordStatus.ACTIVE,
        )
    )
    if found is None:
        raise NotFoundError("bay", bay_id)


def _refuse_unconfirmed(asked: Sequence[str], confirmed: Sequence[str]) -> None:
    missing = [question for question in asked if question not in confirmed]
    if missing:
        named = ", ".join(missing)
        raise InvalidFieldError(
            [
                FieldProblem(
                    pointer="/confirmed",
                    code="not-confirmed",
                    message_zh=f"以下各项须在本车位逐项确认后才能装货：{named}。",
                    message_en=f"Confirm each of these at this bay before loading: {named}.",
                )
            ]
        )


def _next_problems(item: LoadingPartItem, out: Sequence[int]) -> list[FieldProblem]:
    """Return why the vehicle cannot go on to the bay that was named, if it cannot."""
    if item.next_bay_id is UNSET or (out and item.next_bay_id != item.bay_id):
        return []
    return [
        FieldProblem(
            pointer="/next_bay_id",
            code="nothing-further",
            message_zh="已全部装完，或下一车位就是本车位：不需要转车位。",
            message_en="Everything is in, or the next bay is this one: it need not go on.",
        )
    ]


def _so_far(items: Sequence[EvidenceItem], *, at: datetime) -> LoadingItem:
    """Return all that is in so far as one record, to be judged and never kept."""
    recorded = parts_by_position(items)
    parts = [part for part, _ in recorded.values()]
    return LoadingItem(
        lines=tuple(line for _, (_, line) in sorted(recorded.items())),
        started_at=min(part.started_at for part in parts),
        finished_at=max(part.finished_at for part in parts),
        at=at,
        seals=tuple(dict.fromkeys(seal for part in parts for seal in part.seals)),
    )


def _keep(
    session: Session,
    actor: Actor,
    check: CheckRecord,
    item: BayArrivalItem | LoadingPartItem,
    *,
    at: datetime,
    clock_offset_ms: int | None = None,
) -> None:
    event_id = event_id_at(at)
    offset: dict[str, JsonValue] = (
        {} if clock_offset_ms is None else {"clock_offset_ms": clock_offset_ms}
    )
    write_together(
        session,
        [
            *event_statements(_event(actor, check, item, offset, at=at), event_id),
            evidence_insert(actor, check.id, item, event_id, at),
        ],
    )


def _event(
    actor: Actor,
    check: CheckRecord,
    item: BayArrivalItem | LoadingPartItem,
    offset: Mapping[str, JsonValue],
    *,
    at: datetime,
) -> Event:
    data: dict[str, JsonValue] = {
        "check": str(check.id),
        "waybill": str(check.waybill_id),
        "items": [msgspec.to_builtins(item)],
        **offset,
    }
    return Event(
        kind=EventKind.EVIDENCE_ADDED,
        at=at,
        actor=actor,
        data=data,
        subjects=(
            Subject(SubjectKey.WAYBILL, str(check.waybill_id)),
            Subject(SubjectKey.CHECK, str(check.id)),
            Subject(SubjectKey.FACILITY, str(check.facility_id)),
            Subject(SubjectKey.BAY, item.bay_id),
        ),
    )
