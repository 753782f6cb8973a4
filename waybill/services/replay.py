"""Judging again what was judged: every stored verdict must come out the same.

A verdict is recomputed from its stored facts with the edition that judged it. What is compared are
the findings, the digest that the log names, and the flag by which the load went on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, sessionmaker

from waybill.clock import Clock
from waybill.codec import JsonValue, parse_json, sha256
from waybill.errors import NotFoundError
from waybill.registry.access import Actor, Permission
from waybill.rules.assess import Difference, assess, compare, findings_from_bytes
from waybill.rules.facts import Facts
from waybill.rules.finding import Phase
from waybill.services.event_search import MAX_BODY_BYTES
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.log import EventRow
from waybill.storage.session import read_session
from waybill.storage.waybills import VerdictRow

MAX_REPLAYS: Final = 1000
"""How many verdicts one page recomputes at most."""


class Fault(StrEnum):
    """What is wrong with a stored verdict besides its findings."""

    UNREADABLE = "unreadable"
    DIGEST = "digest"
    CLEARS = "clears"
    EVENT = "event"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayRange:
    """Which verdicts are recomputed: of one waybill, from a moment on, before a moment."""

    waybill_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A verdict after it was recomputed; `equal` says that nothing at all differs."""

    verdict_id: UUID
    waybill_id: UUID
    event_id: UUID
    judged_at: datetime
    phase: Phase
    edition: str
    digest: str
    faults: tuple[Fault, ...] = ()
    differences: tuple[Difference, ...] = ()

    @property
    def equal(self) -> bool:
        """Whether facts, findings, digest, flag and event agree."""
        return not (self.faults or self.differences)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayPage:
    """Some verdicts recomputed: how many, those that differ, and behind which one to go on."""

    replayed: int
    differing: tuple[Replayed, ...]
    next_after: UUID | None


def replay_row(row: VerdictRow, event_body: bytes) -> Replayed:
    """Recompute a stored verdict and compare it with all that is stored of it."""
    faults: list[Fault] = []
    differences: tuple[Difference, ...] = ()
    stored = sha256(row.facts + b"\x00" + row.findings).hex()
    if stored != row.digest:
        faults.append(Fault.DIGEST)
    if _named_by(event_body) != row.digest:
        faults.append(Fault.EVENT)
    try:
        again = assess(
            Facts.from_bytes(row.facts), at=row.judged_at, phase=row.phase, edition=row.edition
        )
        differences = compare(findings_from_bytes(row.findings), again)
    except ValueError:
        faults.append(Fault.UNREADABLE)
    else:
        if again.clears is not row.clears:
            faults.append(Fault.CLEARS)
    return Replayed(
        verdict_id=row.id,
        waybill_id=row.waybill_id,
        event_id=row.event_id,
        judged_at=row.judged_at,
        phase=row.phase,
        edition=row.edition,
        digest=row.digest,
        faults=tuple(faults),
        differences=differences,
    )


def _named_by(event_body: bytes) -> JsonValue:
    """Return the digest that an event names."""
    body = parse_json(event_body, max_bytes=MAX_BODY_BYTES)
    data = body.get("data") if isinstance(body, dict) else None
    return data.get("verdict") if isinstance(data, dict) else None


def replay_page(
    session: Session, wanted: ReplayRange, *, after: UUID | None = None, limit: int = MAX_REPLAYS
) -> ReplayPage:
    """Recompute one page of verdicts, oldest first."""
    statement = select(VerdictRow, EventRow.body).join(EventRow, EventRow.id == VerdictRow.event_id)
    statement = statement.where(*_conditions(wanted)).order_by(VerdictRow.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(VerdictRow.id > after)
    rows = session.execute(statement).all()
    shown = rows[:limit]
    found = [replay_row(row, body) for row, body in shown]
    return ReplayPage(
        replayed=len(found),
        differing=tuple(replayed for replayed in found if not replayed.equal),
        next_after=found[-1].verdict_id if len(rows) > limit else None,
    )


def replay_all(
    sessions: sessionmaker[Session], wanted: ReplayRange, *, limit: int = MAX_REPLAYS
) -> Iterator[ReplayPage]:
    """Recompute all verdicts page by page; no more than one page is held at any time."""
    after: UUID | None = None
    while True:
        with read_session(sessions) as session:
            page = replay_page(session, wanted, after=after, limit=limit)
        yield page
        after = page.next_after
        if after is None:
            return


def audit_replay(
    session: Session,
    actor: Actor,
    wanted: ReplayRange,
    *,
    after: UUID | None = None,
    limit: int = MAX_REPLAYS,
    clock: Clock,
) -> ReplayPage:
    """Recompute a page of verdicts for somebody who watches over the log, and record it.

    Raises:
        ForbiddenError: the account does not read the log.
    """
    actor.require(Permission.READ_EVENTS)
    page = replay_page(session, wanted, after=after, limit=limit)
    filters: dict[str, JsonValue] = {
        name: value.isoformat() if isinstance(value, datetime) else str(value)
        for name in ReplayRange.__dataclass_fields__
        if (value := getattr(wanted, name)) is not None
    }
    _record(session, actor, page, filters, at=clock.now())
    return page


def audit_event(session: Session, actor: Actor, event_id: UUID, *, clock: Clock) -> Replayed:
    """Recompute the verdict that an event names, and record that it was.

    Raises:
        ForbiddenError: the account does not read the log.
        NotFoundError: there is no such event, or it names no verdict.
    """
    actor.require(Permission.READ_EVENTS)
    found = session.execute(
        select(VerdictRow, EventRow.body)
        .join(EventRow, EventRow.id == VerdictRow.event_id)
        .where(VerdictRow.event_id == event_id)
    ).first()
    if found is None:
        raise NotFoundError("verdict", event_id)
    replayed = replay_row(*found)
    differing = () if replayed.equal else (replayed,)
    page = ReplayPage(replayed=1, differing=differing, next_after=None)
    _record(session, actor, page, {"event": str(event_id)}, at=clock.now())
    return replayed


def names_verdict(session: Session, event_id: UUID) -> bool:
    """Whether an event is that of a verdict."""
    found = select(VerdictRow.id).where(VerdictRow.event_id == event_id)
    return session.scalar(found) is not None


def _conditions(wanted: ReplayRange) -> Sequence[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.waybill_id is not None:
        conditions.append(VerdictRow.waybill_id == wanted.waybill_id)
    if wanted.since is not None:
        conditions.append(VerdictRow.judged_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(VerdictRow.judged_at < wanted.until)
    return conditions


def _record(
    session: Session,
    actor: Actor,
    page: ReplayPage,
    filters: Mapping[str, JsonValue],
    *,
    at: datetime,
) -> None:
    data: dict[str, JsonValue] = {
        "filters": dict(filters),
        "replayed": page.replayed,
        "differing": [str(found.verdict_id) for found in page.differing],
    }
    subjects = tuple(
        Subject(SubjectKey.WAYBILL, waybill_id)
        for waybill_id in sorted({str(found.waybill_id) for found in page.differing})
    )
    record_event(
        session,
        Event(
            kind=EventKind.VERDICTS_REPLAYED,
            at=at,
            actor=actor,
            data=data,
            subjects=subjects,
        ),
    )
