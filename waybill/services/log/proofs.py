"""Proofs that an event is in the log, and that one size of the log is the beginning of another."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.errors import NotFoundError, StateError
from waybill.outbound.witnesses import NO_WITNESSES, WitnessList
from waybill.registry.access import Actor, Permission
from waybill.services.log.cosignatures import find_cosigned
from waybill.services.log.serving import Published, published
from waybill.services.waybills.queries import get_waybill
from waybill.storage.events import Event, EventKind, SubjectKey, record_event
from waybill.storage.log import EventRow, EventSubjectRow, LogEntryRow
from waybill.storage.log_tree import tile_reader
from waybill.transparency.entry import event_entry
from waybill.transparency.merkle import consistency_proof, inclusion_proof
from waybill.transparency.proof import TlogProof
from waybill.transparency.tiles import TileNodes

HANDED_OUT: Final = frozenset(
    {EventKind.WAYBILL_ISSUED.value, EventKind.CHECK_DECIDED.value, EventKind.LOAD_RELEASED.value}
)
"""Kinds of events that whoever sees the waybill gets whole, body and salt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inclusion:
    """That a leaf is in the tree of a size: `hashes` lead from its sibling to the root."""

    index: int
    size: int
    leaf: bytes
    hashes: tuple[bytes, ...]
    checkpoint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Consistency:
    """That the tree of `old` leaves is the beginning of the tree of `new` ones."""

    old: int
    new: int
    hashes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventProof:
    """An event's place in the log. `body` and `salt` are `None` for whoever may not read them."""

    event_id: UUID
    kind: str
    entry: bytes
    inclusion: Inclusion
    body: bytes | None
    salt: bytes | None

    def tlog_proof(self) -> TlogProof:
        """Return the proof as it stands in a `.tlog-proof` file."""
        return TlogProof(
            index=self.inclusion.index,
            hashes=self.inclusion.hashes,
            checkpoint=self.inclusion.checkpoint,
        )


def prove_event(
    session: Session, actor: Actor, event_id: UUID, *, listed: WitnessList, clock: Clock
) -> EventProof:
    """Return an event's proof to those who read the log or see the waybill it is about.

    Reading a body by right of reading the log is itself an event.

    Raises:
        NotFoundError: there is no such event that the account may know of.
        StateError: the event has no place yet; it gets one within a second.
    """
    row = session.get(EventRow, event_id)
    if row is None:
        raise NotFoundError("event", event_id)
    reads_log = Permission.READ_EVENTS in actor.permissions
    if not reads_log:
        _refuse_stranger(session, actor, event_id)
    whole = reads_log or row.kind in HANDED_OUT
    proof = proof_of(session, published(session), row, whole=whole, listed=listed)
    if reads_log:
        data: dict[str, JsonValue] = {"filters": {"event": str(event_id)}, "shown": 1}
        record_event(
            session, Event(kind=EventKind.EVENTS_SEARCHED, at=clock.now(), actor=actor, data=data)
        )
    return proof


def proof_of(
    session: Session,
    found: Published,
    row: EventRow,
    *,
    whole: bool,
    listed: WitnessList = NO_WITNESSES,
) -> EventProof:
    """Return the proof of an event in what an origin publishes.

    It leads to the newest checkpoint that the quorum of the listed witnesses has cosigned, if that
    reaches so far: without an outside witness a proof says little against whoever runs the log.

    Raises:
        StateError: the event has no place there yet.
    """
    place = session.scalar(select(LogEntryRow.index).where(LogEntryRow.event_id == row.id))
    index = None if place is None else found.identity.leaf_of(place)
    if index is None or index >= found.head.size:
        raise StateError(
            "该留痕尚未记入日志，稍后即可核验。",
            "The event is not in the log yet.",
            state="pending",
            act="prove",
            next_step_zh="请一两秒后再试。",
            next_step_en="Try again in a second or two.",
        )
    cosigned = find_cosigned(session, found, listed)
    if cosigned is not None and index < cosigned.head.size:
        found = cosigned
    entry = event_entry(row.id, row.body, row.salt)
    return EventProof(
        event_id=row.id,
        kind=row.kind,
        entry=entry,
        inclusion=_inclusion(session, found, index, found.head.size),
        body=row.body if whole else None,
        salt=row.salt if whole else None,
    )


def prove_inclusion(session: Session, index: int, size: int | None) -> Inclusion:
    """Return the proof of a leaf in the tree of a size, by default the newest.

    Raises:
        NotFoundError: the log has no such leaf, or is not so large.
    """
    found = published(session)
    wanted = found.head.size if size is None else size
    if not index < wanted <= found.head.size:
        raise NotFoundError("proof", f"{index} in {wanted}")
    return _inclusion(session, found, index, wanted)


def prove_consistency(session: Session, old: int, new: int | None) -> Consistency:
    """Return the proof between two sizes, by default up to the newest.

    Raises:
        NotFoundError: the log is not so large, or the first size is not the smaller.
    """
    found = published(session)
    wanted = found.head.size if new is None else new
    if not 0 < old <= wanted <= found.head.size:
        raise NotFoundError("proof", f"{old} to {wanted}")
    nodes = TileNodes(wanted, tile_reader(session, found.identity))
    return Consistency(old=old, new=wanted, hashes=consistency_proof(old, wanted, nodes))


def _inclusion(session: Session, found: Published, index: int, size: int) -> Inclusion:
    nodes = TileNodes(size, tile_reader(session, found.identity))
    return Inclusion(
        index=index,
        size=size,
        leaf=nodes(0, index),
        hashes=inclusion_proof(index, size, nodes),
        checkpoint=found.note,
    )


def _refuse_stranger(session: Session, actor: Actor, event_id: UUID) -> None:
    """Refuse whoever sees none of the waybills that an event is about."""
    keys = session.scalars(
        select(EventSubjectRow.subject_key).where(
            EventSubjectRow.event_id == event_id,
            EventSubjectRow.subject_kind == SubjectKey.WAYBILL.value,
        )
    ).all()
    for key in keys:
        try:
            get_waybill(session, actor, UUID(key))
        except NotFoundError:
            continue
        return
    raise NotFoundError("event", event_id)
