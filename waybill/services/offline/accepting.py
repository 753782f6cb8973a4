"""Taking a record of a check without network: judged again, once, however often it is sent.

A record never clears what the server does not clear too. One that the server confirms does clear
it; any other leaves the waybill as it is, and where a tablet let somebody load against the
server's verdict, people are called in: a case with both sides.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue, new_id, sha256
from waybill.errors import StateError
from waybill.registry.cases import CaseSubject
from waybill.registry.offline import (
    REFUSING,
    KeptRecord,
    RecordProblem,
    RecordState,
    TabletDecision,
)
from waybill.sealing import DeviceJws
from waybill.services.cases.opening import contradict_case
from waybill.services.keys import KeyRing
from waybill.services.looking.keys import LookingKey
from waybill.services.offline.believing import Believed, believe
from waybill.services.offline.format import OfflineRecord, RecordedPhoto
from waybill.services.offline.items import Keeping, ReadCode
from waybill.services.offline.judging import Judged, find_waybill, judge_again
from waybill.services.offline.queries import find_record
from waybill.services.trip_data import moment_data
from waybill.settings import Settings
from waybill.storage.devices import DeviceRow
from waybill.storage.events import (
    Event,
    EventKind,
    EventResult,
    Subject,
    SubjectKey,
    record_event,
    result_subjects,
)
from waybill.storage.offline import OfflineItemRow, OfflinePhotoRow, OfflineRecordRow
from waybill.storage.personal import PersonalVault
from waybill.storage.session import lock_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """With what records are taken: the scanners' eyes, keys, vault, settings and the clock."""

    read: ReadCode
    keys: KeyRing
    looking: LookingKey
    vault: PersonalVault
    settings: Settings
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A record as it is kept; `first` is false where it was sent before."""

    record: KeptRecord
    first: bool


@dataclass(slots=True, kw_only=True)
class _Outcome:
    """What became of a record."""

    state: RecordState
    judged: Judged = field(default_factory=Judged)
    problems: tuple[RecordProblem, ...] = ()
    case_id: UUID | None = None


def take_record(
    session: Session,
    device: DeviceRow,
    envelope: DeviceJws,
    record: OfflineRecord,
    *,
    taking: Taking,
) -> Taken:
    """Judge a record again and keep it with what came of it.

    The number stays locked until the caller's transaction ends, so of two that arrive at once the
    second gets the first one's answer.

    Raises:
        StateError: its number is another device's, or was given to another record before.
    """
    lock_names(session, [f"offline record {record.number}"])
    digest = sha256(envelope.payload).hex()
    known = session.scalar(select(OfflineRecordRow).where(OfflineRecordRow.number == record.number))
    if known is not None and (known.device_id, known.digest) == (device.id, digest):
        return Taken(record=find_record(session, known.id), first=False)
    if known is not None or record.prefix != device.prefix:
        raise _other_number(record.number)

    received_at = taking.clock.now()
    believed = believe(session, device, record, settings=taking.settings, received_at=received_at)
    outcome = _judge(session, device, record, believed, taking)
    event = _event(device, record, believed, outcome, digest=digest, at=received_at)
    event_id = record_event(session, event)
    if _is_for_people(record, outcome):
        outcome.case_id = _open_case(
            session, device, record, outcome, event_id=event_id, taking=taking
        )
    row = _row(device, envelope, record, believed, outcome, digest=digest, event_id=event_id)
    row.received_at = received_at
    session.add(row)
    session.flush()
    _keep_ids(session, device, record, row, outcome)
    return Taken(record=find_record(session, row.id), first=True)


def _judge(
    session: Session, device: DeviceRow, record: OfflineRecord, believed: Believed, taking: Taking
) -> _Outcome:
    if believed.actor is None or not REFUSING.isdisjoint(believed.problems):
        about = Judged(waybill_id=find_waybill(session, record, taking.read, believed.timing))
        return _Outcome(state=RecordState.REFUSED, judged=about, problems=believed.problems)
    keeping = Keeping(
        actor=believed.actor,
        device_id=device.id,
        record=record,
        timing=believed.timing,
        read=taking.read,
        keys=taking.keys,
        looking=taking.looking,
        clock=taking.clock,
    )
    judged = judge_again(session, keeping, device.facility_id, believed.problems)
    problems = (*believed.problems, *judged.problems)
    state = RecordState.CONTRADICTED if problems else RecordState.ACCEPTED
    return _Outcome(state=state, judged=judged, problems=problems)


def _is_for_people(record: OfflineRecord, outcome: _Outcome) -> bool:
    """Whether tablet and server contradict each other about a load that may be under way."""
    if outcome.state is RecordState.ACCEPTED:
        return False
    speaks_against = bool(outcome.judged.cleared and outcome.judged.problems)
    return record.decision == "cleared" or speaks_against


def _event(
    device: DeviceRow,
    record: OfflineRecord,
    believed: Believed,
    outcome: _Outcome,
    *,
    digest: str,
    at: datetime,
) -> Event:
    judged = outcome.judged
    data: dict[str, JsonValue] = {
        "offline_record": record.number,
        "device": str(device.id),
        "person": str(record.person) if record.person else None,
        "digest": digest,
        "state": outcome.state.value,
        "problems": [problem.value for problem in outcome.problems],
        "decision": record.decision,
        "reasons": list(record.reasons),
        "cleared": bool(judged.cleared),
        "standing": list(judged.standing),
        "waybill": str(judged.waybill_id) if judged.waybill_id else None,
        "check": str(judged.check_id) if judged.check_id else None,
        "done_at": moment_data(believed.timing.decided_at),
        "told_at": moment_data(record.decided_at or record.made_at),
        "clock_offset_ms": record.clock_offset_ms,
    }
    subjects = [
        Subject(SubjectKey.DEVICE, str(device.id)),
        Subject(SubjectKey.FACILITY, str(device.facility_id)),
        Subject(SubjectKey.ORGANISATION, str(device.organisation_id)),
    ]
    if judged.waybill_id is not None:
        subjects.append(Subject(SubjectKey.WAYBILL, str(judged.waybill_id)))
    if judged.check_id is not None:
        subjects.append(Subject(SubjectKey.CHECK, str(judged.check_id)))
    if outcome.state is not RecordState.ACCEPTED:
        subjects += result_subjects(EventResult.CONTRADICTED)
    return Event(
        kind=EventKind.OFFLINE_RECORD_RECEIVED,
        at=at,
        actor=believed.sender,
        data=data,
        subjects=tuple(subjects),
    )


def _open_case(
    session: Session,
    device: DeviceRow,
    record: OfflineRecord,
    outcome: _Outcome,
    *,
    event_id: UUID,
    taking: Taking,
) -> UUID:
    judged = outcome.judged
    about = (CaseSubject.FACILITY, device.facility_id)
    if judged.waybill_id is not None:
        about = (CaseSubject.WAYBILL, judged.waybill_id)
    codes = ", ".join([*(problem.value for problem in outcome.problems), *judged.standing])
    zh, en = _CLEARED if record.decision == "cleared" else _REFUSED
    text = f"{zh}离线记录 {record.number}：{codes}\n{en} Record {record.number}: {codes}"
    return contradict_case(
        session,
        text,
        about=about,
        organisation_id=device.organisation_id,
        event_ids=[event_id],
        vault=taking.vault,
        clock=taking.clock,
    )


_CLEARED: Final = (
    "平板离线准装，服务器不予确认。",
    "A tablet cleared without network and the server does not confirm it.",
)
_REFUSED: Final = (
    "平板离线所见与服务器的准装不符。",
    "What a tablet saw without network speaks against what the server has cleared.",
)


def _row(
    device: DeviceRow,
    envelope: DeviceJws,
    record: OfflineRecord,
    believed: Believed,
    outcome: _Outcome,
    *,
    digest: str,
    event_id: UUID,
) -> OfflineRecordRow:
    judged = outcome.judged
    return OfflineRecordRow(
        number=record.number,
        device_id=device.id,
        facility_id=device.facility_id,
        received_at=believed.timing.latest,
        digest=digest,
        sent=envelope.compact,
        person_id=record.person,
        opened_at=believed.timing.opened_at,
        decided_at=believed.timing.decided_at,
        state=outcome.state,
        problems=[problem.value for problem in outcome.problems],
        reasons=list(record.reasons),
        standing=list(judged.standing),
        event_id=event_id,
        clock_offset_ms=record.clock_offset_ms,
        decision=TabletDecision(record.decision) if record.decision else None,
        cleared=judged.cleared,
        waybill_id=judged.waybill_id,
        check_id=judged.check_id,
        case_id=outcome.case_id,
    )


def _keep_ids(
    session: Session,
    device: DeviceRow,
    record: OfflineRecord,
    row: OfflineRecordRow,
    outcome: _Outcome,
) -> None:
    """Remember which items came in, and which photos are still to come.

    Of a record by which nothing was judged nothing came in: what it tells may be told again.
    """
    judged = outcome.judged.cleared is not None
    ids = {item.id for item in record.evidence}
    known = set(session.scalars(select(OfflineItemRow.id).where(OfflineItemRow.id.in_(ids))))
    fresh = [item for item in record.evidence if item.id not in known]
    rows: Sequence[dict[str, UUID]] = [{"id": each.id, "record_id": row.id} for each in fresh]
    if rows and judged:
        session.execute(insert(OfflineItemRow), rows)
    session.add_all(
        OfflinePhotoRow(
            id=new_id(),
            device_id=device.id,
            record_id=row.id,
            check_id=outcome.judged.check_id if judged else None,
            shows=item.shows,
            sha256=item.sha256,
            person_id=item.person or record.person,
        )
        for item in fresh
        if isinstance(item, RecordedPhoto)
    )
    session.flush()


NEXT_ZH: Final = "请保留该记录并联系主管核对设备。"
NEXT_EN: Final = "Keep the record and have the supervisor look at the device."


def _other_number(number: str) -> StateError:
    return StateError(
        f"编号 {number} 不属于此设备或已用于另一份记录。",
        f"The number {number} is not this device's or belongs to another record.",
        state="number-used",
        act="take-record",
        next_step_zh=NEXT_ZH,
        next_step_en=NEXT_EN,
    )
