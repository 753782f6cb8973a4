"""What of a record can be believed: who acted, when, by which bundle, at which bay."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.registry.access import Actor, Permission
from waybill.registry.devices import DeviceStatus
from waybill.registry.offline import RecordProblem
from waybill.services.identity.access import actor_of
from waybill.services.offline.bundle_ids import bundle_made_at
from waybill.services.offline.format import OfflineRecord
from waybill.services.offline.signed_on import find_session, runs_at
from waybill.services.offline.timing import Timing, time_record
from waybill.settings import Settings
from waybill.storage.devices import BaySessionRow, DeviceRow
from waybill.storage.identity import UserRow
from waybill.storage.registry import BayRow

_NAMES_ANYBODY: Final = frozenset({RecordProblem.SESSION_UNKNOWN, RecordProblem.DEVICE_REVOKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Believed:
    """Who acted (`None`: nobody whom this installation knows), when, and what speaks against it."""

    actor: Actor | None
    timing: Timing
    problems: tuple[RecordProblem, ...]

    @property
    def sender(self) -> Actor | None:
        """Whom the log names: nobody who was not signed on, as a tablet can tell of anybody."""
        return self.actor if _NAMES_ANYBODY.isdisjoint(self.problems) else None


def believe(
    session: Session,
    device: DeviceRow,
    record: OfflineRecord,
    *,
    settings: Settings,
    received_at: datetime,
) -> Believed:
    """Hold what a record tells against what the server knows itself."""
    person = session.get(UserRow, record.person) if record.person else None
    if person is not None and person.organisation_id != device.organisation_id:
        person = None
    signed_on = find_session(session, device.id, record.session, record.person)
    made_at = bundle_made_at(settings.secret_key, device.id, record.bundle or "")
    started_at = signed_on.started_at if signed_on is not None else None
    known = [device.enrolled_at, started_at, made_at]
    earliest = max(moment for moment in known if moment is not None)
    timing = time_record(record, earliest=earliest, received_at=received_at)
    problems = [
        *_of_device(session, device, record),
        *_of_person(person),
        *_of_session(signed_on, timing),
        *_of_bundle(record, made_at, timing, settings),
        *(RecordProblem(code) for code in timing.problems),
    ]
    actor = None if person is None else actor_of(person, device_id=device.id)
    return Believed(actor=actor, timing=timing, problems=tuple(problems))


def _of_device(
    session: Session, device: DeviceRow, record: OfflineRecord
) -> Iterator[RecordProblem]:
    if device.status is DeviceStatus.REVOKED:
        yield RecordProblem.DEVICE_REVOKED
    facility_id: UUID | None = session.scalar(
        select(BayRow.facility_id).where(BayRow.id == record.bay_id)
    )
    if facility_id != device.facility_id:
        yield RecordProblem.OTHER_BAY


def _of_person(person: UserRow | None) -> Iterator[RecordProblem]:
    if person is None:
        yield RecordProblem.PERSON_UNKNOWN
    elif not person.active or Permission.CHECK_LOADING not in actor_of(person).permissions:
        yield RecordProblem.PERSON_NOT_ALLOWED


def _of_session(signed_on: BaySessionRow | None, timing: Timing) -> Iterator[RecordProblem]:
    """Ask that the person was signed on at this device for the whole check."""
    moments = (timing.opened_at, timing.decided_at)
    if signed_on is None or not all(runs_at(signed_on, moment) for moment in moments):
        yield RecordProblem.SESSION_UNKNOWN


def _of_bundle(
    record: OfflineRecord, made_at: datetime | None, timing: Timing, settings: Settings
) -> Iterator[RecordProblem]:
    """Ask for what a clearance was proven by; who cleared nothing needed no bundle."""
    if record.decision != "cleared":
        return
    if made_at is None:
        yield RecordProblem.BUNDLE_UNKNOWN
    elif timing.decided_at > made_at + settings.offline_preclearance_lifetime:
        yield RecordProblem.BUNDLE_STALE
