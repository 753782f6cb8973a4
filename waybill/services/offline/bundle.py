"""What a tablet keeps for work without network: the arrivals of the day, judged ahead.

Each arrival is judged as the bay would judge it, at the beginning and at the end of the time for
which that may be used, so that no certificate runs out in between. What only the bay can show is
left open; nothing else may stand. People are references; names, telephones and numbers stay here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import String, and_, cast, or_, select
from sqlalchemy.orm import Session

from waybill.clock import SHANGHAI, local_date
from waybill.registry.devices import Device
from waybill.registry.kinds import CertificateKind, CertificateStatus, PersonRole, RecordStatus
from waybill.rules.facts import BayFacts, CertificateFacts, Facts, PlantItemFacts
from waybill.rules.finding import Finding, Phase
from waybill.rules.lifecycle import WaybillStatus
from waybill.sealing import KeyTable
from waybill.services.checks.asking import items_to_ask
from waybill.services.checks.reading import CHECK_LIFETIME
from waybill.services.dossier import SUPERVISOR_MARK, Dossier
from waybill.services.facts import facts_of
from waybill.services.verdicts import judge
from waybill.storage.facts_query import OF_WAYBILL
from waybill.storage.identity import UserRow
from waybill.storage.opening_query import FOR_OPENING
from waybill.storage.registry import (
    BayRow,
    CertificateRow,
    FacilityRow,
    OrganisationRow,
    PersonRow,
)
from waybill.storage.waybills import WaybillRevisionRow, WaybillRow

AHEAD: Final = timedelta(hours=24)
BEHIND: Final = timedelta(hours=12)
"""Arrivals planned from this long ago to this far ahead are given: a day's work and its delays."""
MOST_ARRIVALS: Final = 200
_MOMENT: Final = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedWaybill:
    """One arrival as it would be judged at the bay if all that is to be shown there were shown.

    `findings` stand whatever the bay shows; `open_codes` are what the bay alone can settle.
    It was judged at `begins_at` and at `ends_at`, its day's part of the time of the bundle.
    `valid_until` names the first moment at which something of the record is over, per role.
    """

    waybill_id: UUID
    number: str
    status: WaybillStatus
    planned_loading_at: datetime | None
    carrier: str
    qr_text: str
    facts: Facts
    findings: tuple[Finding, ...]
    open_codes: tuple[str, ...]
    would_clear: bool
    begins_at: datetime
    ends_at: datetime
    valid_until: Mapping[str, datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSupervisor:
    """A loading supervisor whose qualification runs, by reference."""

    reference: str
    card_version: int
    valid_until: datetime | None
    user_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BayBundle:
    """What one facility's tablets keep."""

    facility_id: UUID
    facility_name: str
    bays: tuple[tuple[UUID, str], ...]
    arrivals: tuple[ExpectedWaybill, ...]
    supervisors: tuple[KnownSupervisor, ...]


def bay_bundle(
    session: Session,
    device: Device,
    *,
    keys: KeyTable,
    missing: frozenset[str],
    at: datetime,
    good_until: datetime,
) -> BayBundle:
    """Return what a tablet of a facility keeps.

    Args:
        session: the caller's.
        device: the tablet that asks.
        keys: who may have signed.
        missing: reasons that say that nobody has shown or answered anything yet.
        at: the moment from which, and
        good_until: the moment until which it must hold.
    """
    facility = session.get_one(FacilityRow, device.facility_id)
    place = _place(session, facility)
    return BayBundle(
        facility_id=facility.id,
        facility_name=facility.name,
        bays=tuple((row.id, row.name) for row in _bays(session, facility.id)),
        arrivals=tuple(
            _expected(session, row, text, place, keys=keys, missing=missing, span=(at, good_until))
            for row, text in _expected_rows(session, facility.id, at)
        ),
        supervisors=_supervisors(session, device.organisation_id, at),
    )


def _bays(session: Session, facility_id: UUID) -> Sequence[BayRow]:
    return session.scalars(
        select(BayRow)
        .where(BayRow.facility_id == facility_id, BayRow.status == RecordStatus.ACTIVE)
        .order_by(BayRow.name)
    ).all()


def _place(session: Session, facility: FacilityRow) -> BayFacts:
    owner = session.get_one(OrganisationRow, facility.organisation_id)
    statuses = (("organisation", owner.status), ("facility", facility.status))
    return BayFacts(
        facility_id=str(facility.id),
        loader_uscc=owner.uscc,
        organisation_id=str(owner.id),
        closed=tuple(name for name, status in statuses if status is not RecordStatus.ACTIVE),
    )


def _expected_rows(
    session: Session, facility_id: UUID, at: datetime
) -> Sequence[tuple[WaybillRow, str]]:
    newest = and_(
        WaybillRevisionRow.waybill_id == WaybillRow.id,
        WaybillRevisionRow.revision == WaybillRow.revision,
    )
    rows = session.execute(
        select(WaybillRow, WaybillRevisionRow.qr_text)
        .select_from(WaybillRow)
        .join(WaybillRevisionRow, newest)
        .where(
            WaybillRow.facility_id == facility_id,
            WaybillRow.planned_loading_at.between(at - BEHIND, at + AHEAD),
            or_(WaybillRow.valid_until.is_(None), WaybillRow.valid_until > at),
        )
        .order_by(WaybillRow.planned_loading_at, WaybillRow.id)
        .limit(MOST_ARRIVALS)
    )
    return [(row, text) for row, text in rows]


def _expected(
    session: Session,
    row: WaybillRow,
    qr_text: str,
    place: BayFacts,
    *,
    keys: KeyTable,
    missing: frozenset[str],
    span: tuple[datetime, datetime],
) -> ExpectedWaybill:
    values = {"waybill_id": row.id, "actor_id": None, "supervisor_reference": ""}
    dossier = Dossier(OF_WAYBILL.read(session, values))
    asked = _asked(session, row, UUID(place.facility_id), span[0])
    findings: dict[str, Finding] = {}
    opened: set[str] = set()
    begins_at, ends_at = _usable(row, span)
    facts = facts_of(dossier, keys, at=begins_at)
    for at in (begins_at, ends_at):
        judged = replace(facts_of(dossier, keys, at=at), bay=place, plant_items=asked)
        verdict = judge(judged, at=at, phase=Phase.BEFORE_LOADING)
        for found in verdict.assessment.findings:
            if found.reason in missing:
                opened |= {found.code} if found.blocks else set()
            elif found.blocks or (found.stands and at == begins_at):
                findings[found.code] = found
    carrier = dossier.organisation(row.carrier_id)
    return ExpectedWaybill(
        waybill_id=row.id,
        number=row.number or "",
        status=row.status,
        planned_loading_at=row.planned_loading_at,
        carrier=carrier.name if carrier else "",
        qr_text=qr_text,
        facts=replace(facts, bay=place, plant_items=asked),
        findings=tuple(findings.values()),
        open_codes=tuple(sorted(opened)),
        would_clear=not any(found.blocks for found in findings.values()),
        begins_at=begins_at,
        ends_at=ends_at,
        valid_until=_ends(facts),
    )


def _usable(row: WaybillRow, span: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    """Return from when to when an arrival may be judged ahead: on its own day, while it holds."""
    planned = row.planned_loading_at or span[0]
    midnight = datetime.combine(local_date(planned), time.min, SHANGHAI).astimezone(UTC)
    begins_at = max(span[0], midnight, row.valid_from or midnight)
    last = midnight + timedelta(days=1) - _MOMENT
    ends_at = min(span[1], last, (row.valid_until or last) - _MOMENT)
    return begins_at, max(begins_at, ends_at)


def _asked(
    session: Session, row: WaybillRow, facility_id: UUID, at: datetime
) -> tuple[PlantItemFacts, ...]:
    values = {
        "waybill_id": row.id,
        "facility_id": facility_id,
        "bay_id": None,
        "actor_id": None,
        "carrier_id": row.carrier_id,
        "driver_id": row.driver_id,
        "tank_id": row.tank_id,
        "since": at - CHECK_LIFETIME,
    }
    items = items_to_ask(FOR_OPENING.read(session, values))
    return tuple(
        PlantItemFacts(
            id=str(item.id),
            version=item.version,
            phase=item.phase,
            question_zh=item.question_zh,
            question_en=item.question_en,
            photo=item.photo,
            stops=item.stops,
        )
        for item in items
    )


def _ends(facts: Facts) -> Mapping[str, datetime | None]:
    holders = {
        "vehicle": facts.tractor,
        "trailer": facts.trailer,
        "tank": facts.tank,
        "driver": facts.driver,
        "escort": facts.escort,
    }
    return {role: _end(record.certificates) for role, record in holders.items() if record}


def _end(certificates: Sequence[CertificateFacts]) -> datetime | None:
    """Return when the first kind of certificate is over, of each kind the one that runs longest."""
    last: dict[CertificateKind, datetime | None] = {}
    for each in certificates:
        if each.status is not CertificateStatus.VALID:
            continue
        end = _over_at(each.valid_until) if each.valid_until else None
        known = last.get(each.kind, end)
        last[each.kind] = None if known is None or end is None else max(known, end)
    return min((end for end in last.values() if end is not None), default=None)


def _over_at(last_day: date) -> datetime:
    """Return the first moment after a day in Shanghai."""
    return datetime.combine(last_day + timedelta(days=1), time.min, SHANGHAI).astimezone(UTC)


def _supervisors(
    session: Session, organisation_id: UUID, at: datetime
) -> tuple[KnownSupervisor, ...]:
    # Roles are a short JSON list of fixed words, so the quoted word finds them in any dialect.
    role = f'"{PersonRole.LOADING_SUPERVISOR.value}"'
    rows = session.execute(
        select(PersonRow, CertificateRow.valid_until, UserRow.id)
        .select_from(PersonRow)
        .join(
            CertificateRow,
            and_(
                CertificateRow.subject_id == PersonRow.id,
                CertificateRow.kind == CertificateKind.SUPERVISOR_QUALIFICATION,
                CertificateRow.status == CertificateStatus.VALID,
            ),
        )
        .outerjoin(UserRow, and_(UserRow.person_id == PersonRow.id, UserRow.active))
        .where(
            PersonRow.organisation_id == organisation_id,
            PersonRow.status == RecordStatus.ACTIVE,
            cast(PersonRow.roles, String).contains(role),
        )
        .order_by(PersonRow.id, CertificateRow.valid_until)
    )
    known = [
        KnownSupervisor(
            reference=SUPERVISOR_MARK + person.reference,
            card_version=person.card_version,
            valid_until=_over_at(valid_until) if valid_until else None,
            user_id=user_id,
        )
        for person, valid_until, user_id in rows
    ]
    return tuple(each for each in known if each.valid_until is None or each.valid_until > at)
