"""Release (放行): the loading record, the checks after loading, the loader's signature."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import Insert, Update, insert, update
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.document import (
    WaybillContent,
    digest,
    to_bytes,
)
from waybill.errors import StateError
from waybill.registry.access import Actor
from waybill.rules.evidence import LoadingItem
from waybill.rules.finding import Phase
from waybill.rules.lifecycle import Act, CheckStatus, WaybillStatus, check_transition
from waybill.sealing import sign_bytes
from waybill.services.checks.evidence import evidence_insert
from waybill.services.checks.filled_since import refuse_filled_since
from waybill.services.checks.left_aboard import refuse_left_aboard
from waybill.services.checks.parts import (
    parts_by_position,
    refuse_not_there,
    refuse_times,
    whole_loading,
)
from waybill.services.checks.reading import after_all, lock_waybill_of, read_check
from waybill.services.checks.record import record_of
from waybill.services.dossier import Dossier
from waybill.services.facts import facts_of
from waybill.services.keys import KeyRing
from waybill.services.trip_data import findings_data, loaded_data, moment_data, trip_data
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
from waybill.storage.records import CheckRecord, ClearanceRecord
from waybill.storage.waybills import LoadingCheckRow, ReleaseRow, WaybillRow
from waybill.storage.write import write_together

RECORD_TYPE: Final = "wb-rec+jws"
"""The type in the signature's header: a loading record is never taken for a waybill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What came of an attempt to release; `record_digest` is empty where it was refused."""

    check_id: UUID
    waybill_id: UUID
    judged_at: datetime
    verdict: Verdict
    record_digest: str

    @property
    def released(self) -> bool:
        """Whether the vehicle may leave."""
        return self.verdict.clears


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cleared:
    """A trip between clearance and release, locked; `leads_to` is where the release takes it."""

    dossier: Dossier
    check: CheckRecord
    clearance: ClearanceRecord
    content: WaybillContent
    leads_to: WaybillStatus


def release_load(
    session: Session,
    actor: Actor,
    check_id: UUID,
    loading: LoadingItem,
    *,
    keys: KeyRing,
    clock: Clock,
    clock_offset_ms: int | None = None,
) -> Release:
    """Judge what was loaded and, if nothing stops it, sign the loading record and release.

    A refusal is kept with its verdict; the load is put right, entered and judged again. The event
    says by how much a tablet's clock was ahead, `clock_offset_ms`; its times allow for it already.

    Raises:
        NotFoundError: there is no such check at the actor's organisation.
        StateError: the waybill is not cleared by this check, or was released already; or goods of
            an aborted loading may be aboard and nothing was weighed; or the tank took other goods
            since the clearance; or the vehicle stood at another bay when the lines given began to
            go in.
        InvalidFieldError: with what went in at other bays, the lines are not those of the waybill;
            or less than planned went in and nobody said why.
    """
    now = clock.now()
    trip = _read_cleared(session, actor, check_id)
    refuse_left_aboard(session, trip.dossier.waybill, loading)
    loading = _whole(trip, loading, at=now)
    facts = facts_of(trip.dossier, keys.table, at=now, added=(loading,))
    refuse_filled_since(trip.dossier, trip.clearance, facts, now)
    verdict = judge(facts, at=now, phase=Phase.AFTER_LOADING)
    document = _document(trip, loading, verdict, at=now)
    release = Release(
        check_id=check_id,
        waybill_id=trip.dossier.waybill.id,
        judged_at=now,
        verdict=verdict,
        record_digest=digest(document) if verdict.clears else "",
    )
    told = {} if clock_offset_ms is None else {"clock_offset_ms": clock_offset_ms}
    event = _event(actor, trip, release, {**loaded_data(loading), **told})
    event_id = event_id_at(now)
    released: tuple[Insert | Update, ...] = ()
    if release.released:
        released = _released(actor, trip, release, document, keys=keys, event_id=event_id)
    write_together(
        session,
        [
            *event_statements(event, event_id),
            evidence_insert(actor, check_id, loading, event_id, now),
            verdict_row(
                verdict, waybill_id=release.waybill_id, event_id=event_id, check_id=check_id
            ),
            *released,
        ],
    )
    return release


def _read_cleared(session: Session, actor: Actor, check_id: UUID) -> _Cleared:
    """Lock a trip and read it, if this check has cleared it and it is not released."""
    lock_waybill_of(session, check_id)
    dossier, check = read_check(session, actor, check_id, OF_CHECK_LOCKED)
    leads_to = check_transition(dossier.waybill.status, Act.RELEASE)
    clearance = _clearance_of(dossier, check)
    if dossier.content is None:
        raise ValueError("a cleared waybill has its signed document")
    return _Cleared(
        dossier=dossier,
        check=check,
        clearance=clearance,
        content=dossier.content,
        leads_to=leads_to,
    )


def _whole(trip: _Cleared, loading: LoadingItem, *, at: datetime) -> LoadingItem:
    """Return what was loaded at all bays, once what is said of this one can be."""
    evidence = trip.dossier.evidence()
    if loading.lines:
        # Lines that come with the release went in at the bay of the check.
        refuse_not_there(trip.check, evidence, trip.check.bay_id, loading.started_at)
        if parts_by_position(evidence):
            refuse_times(loading, trip.clearance.cleared_at, at)
    # What is signed is what is judged: no record of before is newer, whichever clock dated it.
    newest = msgspec.structs.replace(loading, at=after_all(loading.at, evidence))
    return whole_loading(trip.content, evidence, newest)


def _document(trip: _Cleared, loading: LoadingItem, verdict: Verdict, *, at: datetime) -> bytes:
    return to_bytes(
        record_of(
            trip.dossier,
            trip.check,
            trip.clearance,
            content=trip.content,
            loading=loading,
            verdict=verdict,
            at=at,
        )
    )


def _clearance_of(dossier: Dossier, check: CheckRecord) -> ClearanceRecord:
    clearance = dossier.gathered.first(ClearanceRecord)
    if (
        clearance is None
        or clearance.check_id != check.id
        or check.status is not CheckStatus.CLEARED
    ):
        raise StateError(
            "该运单由另一次查验准装。",
            "Another check cleared this waybill.",
            state=check.status.value,
            act=Act.RELEASE.value,
            next_step_zh="请在准装的那次查验中填写装货记录。",
            next_step_en="Enter the loading record in the check that cleared it.",
        )
    return clearance


def _event(
    actor: Actor, trip: _Cleared, release: Release, loaded: Mapping[str, JsonValue]
) -> Event:
    content, check, carrier_id = trip.content, trip.check, trip.dossier.waybill.carrier_id
    data: dict[str, JsonValue] = {
        "check": str(check.id),
        "waybill": content.id,
        "number": content.number,
        "revision": content.revision,
        "released": release.released,
        "verdict": release.verdict.digest,
        "record": release.record_digest or None,
        "standing": list(standing_codes(release.verdict)),
        "findings": findings_data(release.verdict),
        "bay": str(check.bay_id),
        "opened_at": moment_data(check.opened_at),
        "trip": trip_data(content, carrier_id),
        **loaded,
    }
    result = EventResult.RELEASED if release.released else EventResult.RELEASE_REFUSED
    units = [unit for unit in (content.vehicle, content.trailer) if unit is not None]
    return Event(
        kind=EventKind.LOAD_RELEASED if release.released else EventKind.RELEASE_REFUSED,
        at=release.judged_at,
        actor=actor,
        data=data,
        subjects=(
            Subject(SubjectKey.WAYBILL, content.id),
            Subject(SubjectKey.CHECK, str(check.id)),
            Subject(SubjectKey.ORGANISATION, str(carrier_id)),
            Subject(SubjectKey.FACILITY, str(check.facility_id)),
            Subject(SubjectKey.BAY, str(check.bay_id)),
            *trip.dossier.crew_subjects(),
            *goods_subjects(item.un_number for item in content.goods),
            *result_subjects(result, standing_codes(release.verdict)),
            *(plate_subject(unit.plate, unit.plate_colour.value) for unit in units),
        ),
    )


def _released(
    actor: Actor,
    trip: _Cleared,
    release: Release,
    document: bytes,
    *,
    keys: KeyRing,
    event_id: UUID,
) -> tuple[Insert | Update, ...]:
    """Return what lets the vehicle go: the signed record, the state of waybill and check."""
    key = keys.signer()
    signed = insert(ReleaseRow).values(
        waybill_id=release.waybill_id,
        check_id=release.check_id,
        verdict_id=release.verdict.id,
        loading_record=document,
        digest=release.record_digest,
        document_jws=sign_bytes(document, key=key, typ=RECORD_TYPE),
        kid=key.kid,
        released_by=actor.user_id,
        released_at=release.judged_at,
        event_id=event_id,
    )
    waybill = (
        update(WaybillRow)
        .where(WaybillRow.id == release.waybill_id)
        .values(status=trip.leads_to, released_at=release.judged_at, version=WaybillRow.version + 1)
    )
    check = (
        update(LoadingCheckRow)
        .where(LoadingCheckRow.id == release.check_id)
        .values(status=CheckStatus.RELEASED, version=LoadingCheckRow.version + 1)
    )
    return signed, waybill, check
