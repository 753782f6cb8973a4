"""What a tablet keeps for work without network: the arrivals of the day, judged ahead.

Each arrival is judged as the bay would judge it, at the beginning and at the end of the time for
which that may be used, so that no certificate runs out in between. What only the bay can show is
left open; nothing else may stand. People are references; names, telephones and numbers stay here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from waybill.clock import SHANGHAI, local_date
from waybill.registry.devices import Device
from waybill.registry.kinds import CertificateKind, CertificateStatus, RecordStatus
from waybill.rules.facts import BayFacts, CertificateFacts, Facts, PlantItemFacts
from waybill.rules.finding import Finding, Phase
from waybill.rules.lifecycle import WaybillStatus
from waybill.sealing import KeyTable
from waybill.services.checks.asking import items_to_ask
from waybill.services.checks.reading import CHECK_LIFETIME
from waybill.services.dossier import Dossier
from waybill.services.facts import facts_of
from waybill.services.looking.ahead import BayTag, LooksAhead, bay_tags, looks_ahead
from waybill.services.looking.keys import LookingKey
from waybill.services.offline.supervisors import KnownSupervisor, known_supervisors, over_at
from waybill.services.verdicts import judge
from waybill.storage.facts_query import OF_WAYBILL
from waybill.storage.gather import Gathered
from waybill.storage.opening_query import FOR_OPENING
from waybill.storage.registry import BayRow, FacilityRow, OrganisationRow
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
    looks: LooksAhead


@dataclass(frozen=True, slots=True, kw_only=True)
class BayBundle:
    """What one facility's tablets keep."""

    facility_id: UUID
    facility_name: str
    bays: tuple[tuple[UUID, str], ...]
    arrivals: tuple[ExpectedWaybill, ...]
    supervisors: tuple[KnownSupervisor, ...]
    supervisor_consents: bool
    tags: tuple[BayTag, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where and with what arrivals are judged ahead."""

    facts: BayFacts
    keys: KeyTable
    looking: LookingKey
    missing: frozenset[str]

    @property
    def facility_id(self) -> UUID:
        return UUID(self.facts.facility_id)


def bay_bundle(
    session: Session,
    device: Device,
    *,
    keys: KeyTable,
    looking: LookingKey,
    missing: frozenset[str],
    at: datetime,
    good_until: datetime,
) -> BayBundle:
    """Return what a tablet of a facility keeps.

    Args:
        session: the caller's.
        device: the tablet that asks.
        keys: who may have signed.
        looking: with what it is drawn what a check asks beside law and plant.
        missing: reasons that say that nobody has shown or answered anything yet.
        at: the moment from which, and
        good_until: the moment until which it must hold.
    """
    facility = session.get_one(FacilityRow, device.facility_id)
    place = _Place(facts=_bay_facts(session, facility), keys=keys, looking=looking, missing=missing)
    return BayBundle(
        facility_id=facility.id,
        facility_name=facility.name,
        bays=tuple((row.id, row.name) for row in _bays(session, facility.id)),
        arrivals=tuple(
            _expected(session, row, text, place, span=(at, good_until))
            for row, text in _expected_rows(session, facility.id, at)
        ),
        supervisors=known_supervisors(session, device.organisation_id, at),
        supervisor_consents=facility.supervisor_consents,
        tags=bay_tags(session, facility.id),
    )


def _bays(session: Session, facility_id: UUID) -> Sequence[BayRow]:
    return session.scalars(
        select(BayRow)
        .where(BayRow.facility_id == facility_id, BayRow.status == RecordStatus.ACTIVE)
        .order_by(BayRow.name)
    ).all()


def _bay_facts(session: Session, facility: FacilityRow) -> BayFacts:
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
    place: _Place,
    *,
    span: tuple[datetime, datetime],
) -> ExpectedWaybill:
    values = {"waybill_id": row.id, "actor_id": None, "supervisor_reference": ""}
    dossier = Dossier(OF_WAYBILL.read(session, values))
    opening = _read_opening(session, row, place.facility_id, span[0])
    asked = _asked(opening)
    findings: dict[str, Finding] = {}
    opened: set[str] = set()
    begins_at, ends_at = _usable(row, span)
    facts = facts_of(dossier, place.keys, at=begins_at)
    for at in (begins_at, ends_at):
        judged = replace(facts_of(dossier, place.keys, at=at), bay=place.facts, plant_items=asked)
        verdict = judge(judged, at=at, phase=Phase.BEFORE_LOADING)
        for found in verdict.assessment.findings:
            if found.reason in place.missing:
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
        facts=replace(facts, bay=place.facts, plant_items=asked),
        findings=tuple(findings.values()),
        open_codes=tuple(sorted(opened)),
        would_clear=not any(found.blocks for found in findings.values()),
        begins_at=begins_at,
        ends_at=ends_at,
        valid_until=_ends(facts),
        looks=looks_ahead(place.looking, dossier.content, place.facility_id, opening),
    )


def _usable(row: WaybillRow, span: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    """Return from when to when an arrival may be judged ahead: on its own day, while it holds."""
    planned = row.planned_loading_at or span[0]
    midnight = datetime.combine(local_date(planned), time.min, SHANGHAI).astimezone(UTC)
    begins_at = max(span[0], midnight, row.valid_from or midnight)
    last = midnight + timedelta(days=1) - _MOMENT
    ends_at = min(span[1], last, (row.valid_until or last) - _MOMENT)
    return begins_at, max(begins_at, ends_at)


def _read_opening(session: Session, row: WaybillRow, facility_id: UUID, at: datetime) -> Gathered:
    """Read what an opening check must know; of who will check nobody knows yet."""
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
    return FOR_OPENING.read(session, values)


def _asked(opening: Gathered) -> tuple[PlantItemFacts, ...]:
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
        for item in items_to_ask(opening)
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
        end = over_at(each.valid_until) if each.valid_until else None
        known = last.get(each.kind, end)
        last[each.kind] = None if known is None or end is None else max(known, end)
    return min((end for end in last.values() if end is not None), default=None)
