"""What a law that comes will change: for open waybills, tanks, vehicles and carriers.

Everything is judged twice at the same moment, by the law of today and by that of the later day, so
that what only time changes, such as a paper that runs out, is no effect of the law.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock, local_date
from waybill.registry.access import Actor, Permission
from waybill.registry.kinds import SubjectKind
from waybill.rules.lifecycle import WaybillStatus
from waybill.services.affected import LATE
from waybill.services.dossier import Dossier
from waybill.services.facts import facts_of
from waybill.services.keys import read_key_table
from waybill.services.law_states import Change, LawState, changes, law_on
from waybill.services.probes import Named, Probe, tank_probes, unit_probes
from waybill.storage.facts_query import OF_WAYBILL
from waybill.storage.waybills import WaybillRow

MAX_JUDGED: Final = 4000
"""How many trips, planned and made up, one report over HTTP judges; the command has no limit."""
WAYBILL: Final = "waybill"
_PREFIXES: Final = {"CAR": SubjectKind.ORGANISATION, "VEH": SubjectKind.VEHICLE}
"""Whom a rule's finding about a probe is about, by the letters of its code; else the tank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """Somebody or something whose verdict changes. `entry_key` are the goods it is judged with."""

    kind: str
    id: UUID
    name: str
    entry_key: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionPreview:
    """What changes between two laws. `complete` says that everything was judged."""

    before: LawState
    after: LawState
    judged: int
    complete: bool
    affected: tuple[Affected, ...]


def preview_edition(
    session: Session,
    actor: Actor | None,
    on: date,
    *,
    edition: str | None = None,
    most: int | None = MAX_JUDGED,
    clock: Clock,
) -> EditionPreview:
    """Compare the law of today with that of a later day over all that is on record.

    Args:
        session: the caller's; nothing is written.
        actor: who asks; `None` for the command line.
        on: the later day, in Asia/Shanghai.
        edition: of the register on that day; the newest where none is said.
        most: how many trips are judged at most; `None` for all.
        clock: says what today is.

    Raises:
        ForbiddenError: the account may not.
        InvalidFieldError: there is no such edition, or no law holds on that day.
    """
    if actor is not None:
        actor.require(Permission.PREVIEW_EDITION)
    before, after = law_on(local_date(clock.now())), law_on(on, edition)
    judged, found, complete = 0, [], True
    for affected in _each(session, before, after, clock):
        if judged == most:
            complete = False
            break
        judged += 1
        found += affected
    return EditionPreview(
        before=before, after=after, judged=judged, complete=complete, affected=_once(found)
    )


def _each(
    session: Session, before: LawState, after: LawState, clock: Clock
) -> Iterator[list[Affected]]:
    """Judge one trip after the other, and give whom it shows to be affected."""
    yield from _waybills(session, before, after, clock)
    for probe in tank_probes(session, before.goods_list, clock=clock):
        yield _told(probe, changes(probe.facts, before, after, at=clock.now()))
    for probe in unit_probes(session, clock=clock):
        yield _told(probe, changes(probe.facts, before, after, at=clock.now()))


def _waybills(
    session: Session, before: LawState, after: LawState, clock: Clock
) -> Iterator[list[Affected]]:
    now, keys = clock.now(), read_key_table(session)
    open_ones = select(WaybillRow.id, WaybillRow.number).where(
        WaybillRow.status == WaybillStatus.ISSUED, WaybillRow.planned_loading_at > now - LATE
    )
    for waybill_id, number in session.execute(open_ones.order_by(WaybillRow.id)).all():
        values = {"waybill_id": waybill_id, "actor_id": None, "supervisor_reference": ""}
        facts = facts_of(Dossier(OF_WAYBILL.read(session, values)), keys, at=now)
        changed = changes(facts, before, after, at=now)
        keys_of_goods = ", ".join(line.entry_key for line in facts.goods)
        yield (
            [
                Affected(
                    kind=WAYBILL,
                    id=waybill_id,
                    name=str(number),
                    entry_key=keys_of_goods,
                    changes=changed,
                )
            ]
            if changed
            else []
        )


def _told(probe: Probe, changed: tuple[Change, ...]) -> list[Affected]:
    """Return whom the changes of a probe are about, each with its own."""
    about: dict[Named, list[Change]] = {}
    for change in changed:
        kind = _PREFIXES.get(change.code.partition("-")[0], SubjectKind.TANK)
        named = next((n for n in probe.named if n.kind is kind), probe.named[-1])
        about.setdefault(named, []).append(change)
    return [
        Affected(
            kind=named.kind.value,
            id=named.id,
            name=named.name,
            entry_key=probe.entry_key,
            changes=tuple(own),
        )
        for named, own in about.items()
    ]


def _once(found: list[Affected]) -> tuple[Affected, ...]:
    """Return each affected once for the same goods and changes, in the order they were found."""
    kept: dict[tuple[str, UUID, str, tuple[str, ...]], Affected] = {}
    for affected in found:
        codes = tuple(change.code for change in affected.changes)
        kept.setdefault((affected.kind, affected.id, affected.entry_key, codes), affected)
    return tuple(kept.values())
