"""What of one event is counted: a pure function of its body, so that it can be done again.

Each event stands by itself: what is counted of it never depends on another event, on the registry
or on when it is read. A body of an earlier version lacks some of the data; that stays empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

import msgspec

from waybill.clock import SHANGHAI
from waybill.rules.finding import Outcome, Severity
from waybill.storage.events import EventKind
from waybill.storage.tally import TallyAct, TallyOutcome

ACTS: Final[Mapping[str, TallyAct]] = {
    EventKind.WAYBILL_ISSUED: TallyAct.ISSUE,
    EventKind.ISSUE_BLOCKED: TallyAct.ISSUE,
    EventKind.CHECK_OPENED: TallyAct.ARRIVAL,
    EventKind.CODE_SCANNED: TallyAct.SCAN,
    EventKind.CHECK_DECIDED: TallyAct.CHECK,
    EventKind.LOAD_RELEASED: TallyAct.RELEASE,
    EventKind.RELEASE_REFUSED: TallyAct.RELEASE,
    EventKind.WAYBILL_CANCELLED: TallyAct.CANCEL,
}
"""The kinds of event that are counted; of scans only those that were refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTally:
    """A rule that stood."""

    code: str
    outcome: Outcome
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsTally:
    """A goods line, in kilograms."""

    position: int
    un_number: str
    hazard_class: str
    planned_kg: Decimal | None
    loaded_kg: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What is counted of one event; its fields are the columns of `TallyRow`."""

    log_index: int
    event_id: UUID
    recorded_at: datetime
    day: date
    hour: int
    act: TallyAct
    outcome: TallyOutcome
    kind: str
    offline: bool
    user_id: UUID | None
    role: str
    waybill_id: UUID | None
    check_id: UUID | None
    carrier_id: UUID | None
    facility_id: UUID | None
    bay_id: UUID | None
    area_code: str
    vehicle: str
    trailer: str
    tank: str
    driver: str
    escort: str
    seconds_from_issue: int | None
    seconds_from_opening: int | None
    issued_after_loading: bool | None
    planned_kg: Decimal | None
    loaded_kg: Decimal | None
    rules: tuple[RuleTally, ...]
    goods: tuple[GoodsTally, ...]


class _Actor(msgspec.Struct, frozen=True):
    user: UUID
    organisation: UUID
    role: str


class _Trip(msgspec.Struct, frozen=True):
    """What `waybill.services.trip_data` wrote."""

    carrier: UUID | None = None
    facility: str = ""
    area: str = ""
    vehicle: str | None = None
    trailer: str | None = None
    tank: str | None = None
    driver: str = ""
    escort: str = ""
    issued_at: datetime | None = None
    goods: tuple[tuple[int, str, str, Decimal], ...] = ()


class _Item(msgspec.Struct, frozen=True):
    problem: str = ""


class _Data(msgspec.Struct, frozen=True):
    waybill: UUID | None = None
    check: UUID | None = None
    facility: str | None = None
    area: str = ""
    bay: UUID | None = None
    trip: _Trip | None = None
    findings: tuple[tuple[str, Outcome, Severity], ...] = ()
    cleared: bool = False
    problem: str = ""
    items: tuple[_Item, ...] = ()
    opened_at: datetime | None = None
    loaded: tuple[tuple[int, Decimal], ...] = ()
    loading_started_at: datetime | None = None
    offline: bool = False
    done_at: datetime | None = None


class _Body(msgspec.Struct, frozen=True):
    at: datetime
    actor: _Actor | None = None
    data: _Data = msgspec.field(default_factory=_Data)


def tally_of(log_index: int, event_id: UUID, kind: str, body: bytes) -> Tally | None:
    """Return what is counted of an event, `None` where nothing is.

    Raises:
        ValueError: the body is not one that was ever written; says which.
    """
    act = ACTS.get(kind)
    if act is None:
        return None
    try:
        read = msgspec.json.decode(body, type=_Body)
    except msgspec.DecodeError as error:
        raise ValueError(f"the body of entry {log_index} cannot be counted: {error}") from error
    problem = _problem(read.data)
    if act is TallyAct.SCAN and not problem:
        return None
    return _tally(log_index, event_id, kind, read)


def _tally(log_index: int, event_id: UUID, kind: str, body: _Body) -> Tally:
    data, actor = body.data, body.actor
    trip = data.trip or _Trip()
    done_at = data.done_at or body.at
    local = body.at.astimezone(SHANGHAI)
    goods = _goods(trip, data)
    facility = data.facility or trip.facility
    act = ACTS[kind]
    issuer = actor.organisation if actor and act is TallyAct.ISSUE else None
    return Tally(
        log_index=log_index,
        event_id=event_id,
        recorded_at=body.at,
        day=local.date(),
        hour=local.hour,
        act=act,
        outcome=_outcome(kind, data),
        kind=kind,
        offline=data.offline,
        user_id=actor.user if actor else None,
        role=actor.role if actor else "",
        waybill_id=data.waybill,
        check_id=data.check,
        carrier_id=trip.carrier or issuer,
        facility_id=UUID(facility) if facility else None,
        bay_id=data.bay,
        area_code=trip.area or data.area,
        vehicle=trip.vehicle or "",
        trailer=trip.trailer or "",
        tank=trip.tank or "",
        driver=trip.driver,
        escort=trip.escort,
        seconds_from_issue=None if act is TallyAct.ISSUE else _seconds(trip.issued_at, done_at),
        seconds_from_opening=_seconds(data.opened_at, done_at),
        issued_after_loading=_issued_after_loading(trip, data),
        planned_kg=sum((g.planned_kg or Decimal(0) for g in goods), Decimal(0)) if goods else None,
        loaded_kg=sum((kg for _, kg in data.loaded), Decimal(0)) if data.loaded else None,
        rules=tuple(RuleTally(code=c, outcome=o, severity=s) for c, o, s in sorted(data.findings)),
        goods=goods,
    )


def _problem(data: _Data) -> str:
    problems = (data.problem, *(item.problem for item in data.items))
    return next(filter(None, problems), "")


def _outcome(kind: str, data: _Data) -> TallyOutcome:
    """Return how it ended: a refusal without any stop that failed could only not be proven."""
    if kind in _REFUSALS or (kind == EventKind.CHECK_DECIDED and not data.cleared):
        stops = [outcome for _, outcome, severity in data.findings if severity is Severity.STOP]
        unproven = bool(stops) and Outcome.FAILED not in stops
        return TallyOutcome.UNPROVEN if unproven else TallyOutcome.REFUSED
    return TallyOutcome.PASSED


_REFUSALS: Final = (EventKind.ISSUE_BLOCKED, EventKind.RELEASE_REFUSED, EventKind.CODE_SCANNED)


def _goods(trip: _Trip, data: _Data) -> tuple[GoodsTally, ...]:
    loaded = dict(data.loaded)
    return tuple(
        GoodsTally(
            position=position,
            un_number=un_number,
            hazard_class=hazard_class,
            planned_kg=planned_kg,
            loaded_kg=loaded.get(position),
        )
        for position, un_number, hazard_class, planned_kg in trip.goods
    )


def _seconds(since: datetime | None, at: datetime) -> int | None:
    return None if since is None else int((at - since).total_seconds())


def _issued_after_loading(trip: _Trip, data: _Data) -> bool | None:
    """Compare whole minutes: that is how people write down when they began."""
    if data.loading_started_at is None or trip.issued_at is None:
        return None
    return data.loading_started_at < trip.issued_at.replace(second=0, microsecond=0)
