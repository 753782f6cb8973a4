"""A new origin for a log that cannot go on under its old one, as after a restore from backup.

A restored database knows less than was published: to sign on would fork the log. The new origin's
first entry names the old origin, the size and root that are still there, and the reason; then come
the old entries in their order, so that every event has a proof again. It is signed by the same
keys, under the new name.
"""

from pathlib import Path

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.errors import DuplicateError, StateError
from waybill.registry.access import Actor
from waybill.services.log.checking import LogMismatchError, check_head
from waybill.services.log.keys import LOG_LOCK
from waybill.services.log.sequencer import sign_head
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.log import EventPendingRow, LogEntryRow, LogIdentityRow
from waybill.storage.log_tree import (
    Head,
    Identity,
    entry_count,
    find_head,
    list_identities,
    read_leaves,
)
from waybill.storage.session import lock_names
from waybill.transparency.merkle import EMPTY_ROOT, leaf_hash


def next_origin(known: tuple[Identity, ...]) -> str:
    """Return what the next origin is called: the first one's name and a number behind it."""
    return f"{known[0].origin}/{len(known)}"


def succeed_log(
    session: Session,
    actor: Actor | None,
    key_dir: Path,
    *,
    reason: str,
    origin: str | None = None,
    although_mismatch: bool = False,
    clock: Clock,
) -> Identity:
    """Open a new origin and sign its first checkpoint; the sequencer then takes in the rest.

    `although_mismatch` goes on although the old tree is not what was signed; the entry says so.

    Raises:
        StateError: there is no log to succeed, or a private key is not here.
        LogMismatchError: the old tree is not what was signed.
        DuplicateError: there was a log of this origin already.
    """
    lock_names(session, [LOG_LOCK])
    known = list_identities(session)
    if not known:
        raise StateError("日志尚未启用。", "The log is not open.", state="closed", act="succeed")
    old, wanted = known[-1], origin or next_origin(known)
    if wanted in {identity.origin for identity in known}:
        raise DuplicateError(
            f"已有名为 {wanted} 的日志。",
            f"There was a log of the origin {wanted} already.",
            next_step_zh="请另选名称。",
            next_step_en="Choose another origin.",
        )
    head, mismatch = _last_head(session, old, although_mismatch=although_mismatch)
    data: dict[str, JsonValue] = {
        "origin": old.origin,
        "size": head.size if head else 0,
        "root": (head.root if head else EMPTY_ROOT).hex(),
        "reason": reason,
        "mismatch": mismatch,
    }
    event = Event(kind=EventKind.LOG_SUCCEEDED, at=clock.now(), actor=actor, data=data)
    event_id, index = record_event(session, event), entry_count(session)
    new = Identity(epoch=old.epoch + 1, origin=wanted, succession_index=index, event_id=event_id)
    session.execute(insert(LogEntryRow).values(index=index, event_id=event_id))
    session.execute(delete(EventPendingRow).where(EventPendingRow.event_id == event_id))
    session.execute(
        insert(LogIdentityRow).values(
            epoch=new.epoch,
            origin=new.origin,
            recorded_at=clock.now(),
            succession_index=index,
            event_id=event_id,
        )
    )
    (first,) = read_leaves(session, new, 0, 1)
    sign_head(session, new, key_dir, size=1, root=leaf_hash(first.entry), clock=clock)
    return new


def _last_head(
    session: Session, old: Identity, *, although_mismatch: bool
) -> tuple[Head | None, str]:
    """Return the old log's newest checkpoint, and what is wrong with it where that is allowed."""
    try:
        return check_head(session, old, alone=True), ""
    except LogMismatchError as error:
        if not although_mismatch:
            raise
        return find_head(session, old.epoch), str(error)
