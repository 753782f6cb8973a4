"""Release (放行): the loading record, the checks after loading, the loader's signature."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

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
from waybill.sealing import SigningKey, sign_bytes
from waybill.services.checks.evidence import evidence_insert
from waybill.services.checks.left_aboard import refuse_left_aboard
from waybill.services.checks.parts import parts_by_position, refuse_times, whole_loading
from waybill.services.checks.reading import lock_waybill_of, read_check
from waybill.services.checks.record import record_of
from waybill.services.dossier import Dossier
from waybill.services.facts import facts_of
from waybill.services.keys import KeyRing
from waybill.services.trip_data import findings_data, loaded_data, moment_data, trip_data
from waybill.services.verdicts import Verdict, judge, standing_codes, verdict_insert
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
from waybill.storage.write import Written, write_together

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
            an aborted loading may be aboard and nothing was weighed.
        InvalidFieldError: with what went in at other bays, the lines are not those of the waybill;
            or less than planned went in and nobody said why.
    """
    now = clock.now()
    lock_waybill_of(session, check_id)
    dossier, check = read_check(session, actor, check_id, OF_CHECK_LOCKED)
    status = check_transition(dossier.waybill.status, Act.RELEASE)
    clearance = _clearance_of(dossier, check)
    content = _content(dossier)
    refuse_left_aboard(session, dossier.waybill, loading)
    if loading.lines and parts_by_position(dossier.evidence()):
        refuse_times(loading, clearance.cleared_at, now)
    loading = whole_loading(content, dossier.evidence(), loading)

    facts = facts_of(dossier, keys.table, at=now, added=(loading,))
    verdict = judge(facts, at=now, phase=Phase.AFTER_LOADING)
    document = to_bytes(
        record_of(
            dossier,
            check,
            clearance,
            content=content,
            loading=loading,
            verdict=verdict,
            at=now,
        )
    )
    release = Release(
        check_id=check_id,
        waybill_id=dossier.waybill.id,
        judged_at=now,
        verdict=verdict,
        record_digest=digest(document) if verdict.clears else "",
    )
    trip = {"trip": trip_data(content, dossier.waybill.carrier_id), **loaded_data(loading)}
    if clock_offset_ms is not None:
        trip["clock_offset_ms"] = clock_offset_ms
    event = _event(actor, dossier, content, check, release, trip=trip)
    event_id = event_id_at(now)
    statements: list[Written] = [
        *event_statements(event, event_id),
        evidence_insert(actor, check_id, loading, event_id, now),
        verdict_insert(
            verdict, waybill_id=release.waybill_id, event_id=event_id, check_id=check_id
        ),
    ]
    if release.released:
        statements.append(_release_insert(actor, release, document, keys.signer(), event_id))
        statements += _updates(release, status)
    write_together(session, statements)
    return release


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


def _content(dossier: Dossier) -> WaybillContent:
    if dossier.content is None:
        raise ValueError("a cleared waybill has its signed document")
    return dossier.content


def _event(
    actor: Actor,
    dossier: Dossier,
    content: WaybillContent,
    check: CheckRecord,
    release: Release,
    *,
    trip: Mapping[str, JsonValue],
) -> Event:
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
        **trip,
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
            Subject(SubjectKey.ORGANISATION, str(dossier.waybill.carrier_id)),
            Subject(SubjectKey.FACILITY, str(check.facility_id)),
            Subject(SubjectKey.BAY, str(check.bay_id)),
            *dossier.crew_subjects(),
            *goods_subjects(item.un_number for item in content.goods),
            *result_subjects(result, standing_codes(release.verdict)),
            *(plate_subject(unit.plate, unit.plate_colour.value) for unit in units),
        ),
    )


def _release_insert(
    actor: Actor, release: Release, document: bytes, key: SigningKey, event_id: UUID
) -> Insert:
    return insert(ReleaseRow).values(
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


def _updates(release: Release, status: WaybillStatus) -> tuple[Update, Update]:
    return (
        update(WaybillRow)
        .where(WaybillRow.id == release.waybill_id)
        .values(status=status, version=WaybillRow.version + 1),
        update(LoadingCheckRow)
        .where(LoadingCheckRow.id == release.check_id)
        .values(status=CheckStatus.RELEASED, version=LoadingCheckRow.version + 1),
    )
