"""Issue: the carrier signs; number, bytes and signature are fixed from then on."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from waybill.clock import Clock, local_date
from waybill.codec import JsonValue
from waybill.document import WaybillContent, digest, to_bytes
from waybill.errors import (
    NotFoundError,
)
from waybill.qr_payload import encode_qr_text
from waybill.registry.access import Actor
from waybill.rules.finding import Phase
from waybill.rules.lifecycle import Act, WaybillStatus, check_transition
from waybill.sealing import SigningKey, sign_bytes
from waybill.services.dossier import Dossier
from waybill.services.facts import facts_of
from waybill.services.keys import KeyRing
from waybill.services.trip_data import findings_data, trip_data
from waybill.services.verdicts import Verdict, judge, standing_codes, verdict_row
from waybill.services.waybills.content import Seal, carrier_licence, claims_of, content_of
from waybill.services.waybills.issue_guards import refuse_incomplete, refuse_standing
from waybill.services.waybills.numbering import NumberScheme, area_licence_day_number
from waybill.services.waybills.versions import refuse_other_version
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
from waybill.storage.facts_query import FOR_ISSUE, OF_WAYBILL
from waybill.storage.records import AccountRecord
from waybill.storage.sequence import SequenceRecord, take_next
from waybill.storage.waybills import WaybillGoodsRow, WaybillRevisionRow, WaybillRow
from waybill.storage.write import (
    ChangedRow,
    NewRow,
    changed_row,
    new_row,
    write_together,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueTerms:
    """What the installation contributes to an issue."""

    keys: KeyRing
    issuer: str
    public_url: str
    clock: Clock
    number_scheme: NumberScheme = area_licence_day_number


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedWaybill:
    """A waybill that was just signed."""

    id: UUID
    number: str
    revision: int
    version: int
    digest: str
    qr_text: str
    verdict: Verdict


def preview_issue(
    session: Session, actor: Actor, waybill_id: UUID, *, keys: KeyRing, clock: Clock
) -> Verdict:
    """Judge a draft as issue would, without changing anything.

    Raises:
        NotFoundError: there is no such draft of the actor's.
        InvalidFieldError: a required field is empty.
    """
    now = clock.now()
    dossier = Dossier(OF_WAYBILL.read(session, _values(waybill_id, actor, now)))
    _refuse_foreign(dossier, actor, waybill_id)
    check_transition(dossier.waybill.status, Act.ISSUE)
    refuse_incomplete(dossier.draft, now)
    return judge(facts_of(dossier, keys.table, at=now), at=now, phase=Phase.ISSUE)


def issue_waybill(
    session: Session,
    actor: Actor,
    waybill_id: UUID,
    *,
    expected_version: int,
    accept_findings: bool,
    terms: IssueTerms,
) -> IssuedWaybill:
    """Sign a draft: its number, its bytes and its code are given and never change.

    Findings that stand do not stop an issue unless the authority's list says so, but they must
    be confirmed; they are kept and shown first to the loader.

    Raises:
        NotFoundError: there is no such draft of the actor's.
        StateError: it was issued or cancelled already.
        PreconditionFailedError: it was changed since it was seen.
        InvalidFieldError: a required field is empty, or the planned loading is past.
        IssueBlockedError: a finding stands that no confirmation passes.
        FindingsNotAcceptedError: findings stand and were not confirmed.
    """
    now = terms.clock.now()
    dossier = Dossier(FOR_ISSUE.read(session, _values(waybill_id, actor, now)))
    _refuse_foreign(dossier, actor, waybill_id)
    check_transition(dossier.waybill.status, Act.ISSUE)
    refuse_other_version(dossier.waybill.version, expected_version)
    refuse_incomplete(dossier.draft, now)

    verdict = judge(facts_of(dossier, terms.keys.table, at=now), at=now, phase=Phase.ISSUE)
    refuse_standing(
        verdict,
        accept_findings=accept_findings,
        trace=lambda: _blocked(actor, dossier, verdict),
    )
    account = dossier.gathered.first(AccountRecord)
    seal = Seal(
        number=_number(session, dossier, now, terms.number_scheme),
        issuer=terms.issuer,
        issued_at=now,
        dispatcher=(account.name_ref or "") if account else "",
        accepted_findings=tuple(standing_codes(verdict)),
    )
    content = content_of(dossier, seal)
    return _sign_and_keep(session, actor, dossier, content=content, verdict=verdict, terms=terms)


def _values(waybill_id: UUID, actor: Actor, now: datetime) -> dict[str, object]:
    return {
        "waybill_id": waybill_id,
        "actor_id": actor.user_id,
        "supervisor_reference": "",
        "sequence_day": f"{local_date(now):%Y%m%d}",
    }


def _refuse_foreign(dossier: Dossier, actor: Actor, waybill_id: UUID) -> None:
    if dossier.waybill.carrier_id != actor.organisation_id:
        raise NotFoundError("waybill", waybill_id)


def _number(session: Session, dossier: Dossier, now: datetime, scheme: NumberScheme) -> str:
    taken = dossier.gathered.first(SequenceRecord)
    if taken is None:
        licence = carrier_licence(dossier)
        taken = take_next(session, f"{local_date(now):%Y%m%d}", licence.number if licence else None)
    area_code = dossier.facility.area_code if dossier.facility else ""
    return scheme(area_code, taken.licence_tail, local_date(now), taken.taken)


def _sign_and_keep(
    session: Session,
    actor: Actor,
    dossier: Dossier,
    *,
    content: WaybillContent,
    verdict: Verdict,
    terms: IssueTerms,
) -> IssuedWaybill:
    key = terms.keys.signer()
    document = to_bytes(content)
    issued = IssuedWaybill(
        id=dossier.waybill.id,
        number=content.number,
        revision=content.revision,
        version=dossier.waybill.version + 1,
        digest=digest(document),
        qr_text=encode_qr_text(claims_of(content), key, terms.public_url),
        verdict=verdict,
    )
    event = _event(actor, dossier, content, issued)
    event_id = event_id_at(event.at)
    write_together(
        session,
        [
            *event_statements(event, event_id),
            verdict_row(verdict, waybill_id=issued.id, event_id=event_id),
            _revision_row(content, document, issued, key, event_id),
            *_goods_rows(content, issued.id),
            _waybill_change(content, dossier, issued),
        ],
    )
    return issued


def _blocked(actor: Actor, dossier: Dossier, verdict: Verdict) -> Event:
    """Return what the log tells of an issue that is blocked: nothing else of it is kept."""
    waybill_id = str(dossier.waybill.id)
    units = dossier.vehicles.values()
    return Event(
        kind=EventKind.ISSUE_BLOCKED,
        at=verdict.assessment.at,
        actor=actor,
        data={
            "waybill": waybill_id,
            "edition": verdict.assessment.edition,
            "blocked_by": sorted(f.code for f in verdict.assessment.blocking_at_issue),
            "standing": list(standing_codes(verdict)),
            "findings": findings_data(verdict),
            "facility": str(dossier.facility.id) if dossier.facility else None,
            "area": dossier.facility.area_code if dossier.facility else "",
        },
        subjects=(
            Subject(SubjectKey.WAYBILL, waybill_id),
            Subject(SubjectKey.ORGANISATION, str(actor.organisation_id)),
            *result_subjects(EventResult.ISSUE_BLOCKED, standing_codes(verdict)),
            *(plate_subject(unit.plate, unit.plate_colour.value) for unit in units),
        ),
    )


def _event(actor: Actor, dossier: Dossier, content: WaybillContent, issued: IssuedWaybill) -> Event:
    units = [unit for unit in (content.vehicle, content.trailer) if unit is not None]
    data: dict[str, JsonValue] = {
        "waybill": content.id,
        "number": content.number,
        "revision": content.revision,
        "document": issued.digest,
        "verdict": issued.verdict.digest,
        "accepted_findings": list(content.accepted_findings),
        "findings": findings_data(issued.verdict),
        "trip": trip_data(content, actor.organisation_id),
        "goods": [
            [item.un_number, item.entry_key, str(item.quantity_kg)] for item in content.goods
        ],
    }
    return Event(
        kind=EventKind.WAYBILL_ISSUED,
        at=content.issued_at,
        actor=actor,
        data=data,
        subjects=(
            Subject(SubjectKey.WAYBILL, content.id),
            Subject(SubjectKey.ORGANISATION, str(actor.organisation_id)),
            Subject(SubjectKey.FACILITY, content.loading_place.facility_id),
            *dossier.crew_subjects(),
            *goods_subjects(item.un_number for item in content.goods),
            *(plate_subject(unit.plate, unit.plate_colour.value) for unit in units),
        ),
    )


def _revision_row(
    content: WaybillContent,
    document: bytes,
    issued: IssuedWaybill,
    key: SigningKey,
    event_id: UUID,
) -> NewRow:
    return new_row(
        WaybillRevisionRow,
        waybill_id=issued.id,
        revision=content.revision,
        signed_at=content.issued_at,
        document=document,
        digest=issued.digest,
        document_jws=sign_bytes(document, key=key),
        qr_text=issued.qr_text,
        kid=key.kid,
        verdict_id=issued.verdict.id,
        event_id=event_id,
        reason="",
    )


def _goods_rows(content: WaybillContent, waybill_id: UUID) -> list[NewRow]:
    return [
        new_row(
            WaybillGoodsRow,
            waybill_id=waybill_id,
            position=item.position,
            entry_key=item.entry_key,
            un_number=item.un_number,
            quantity_kg=item.quantity_kg,
        )
        for item in content.goods
    ]


def _waybill_change(content: WaybillContent, dossier: Dossier, issued: IssuedWaybill) -> ChangedRow:
    return changed_row(
        WaybillRow,
        {"id": issued.id, "version": dossier.waybill.version},
        status=WaybillStatus.ISSUED,
        number=content.number,
        revision=content.revision,
        valid_from=content.valid_from,
        valid_until=content.valid_until,
        issued_at=content.issued_at,
        version=issued.version,
    )
