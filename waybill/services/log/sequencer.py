"""The sequencer: gives events their places, extends the tree and signs what it has become.

One leads at a time. Should two believe they do, the lock inside the transaction lets them take
turns, and the keys of the tables would refuse a second entry or checkpoint in one place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.errors import StateError
from waybill.services.log.checking import check_head
from waybill.services.log.keys import LOG_LOCK, add_log_key, log_signers
from waybill.settings import Settings
from waybill.storage.log import (
    EventPendingRow,
    EventRow,
    LogCheckpointRow,
    LogEntryRow,
    LogIdentityRow,
    LogKeyRow,
)
from waybill.storage.log_tree import (
    Identity,
    current_identity,
    entry_count,
    find_head,
    list_identities,
    read_leaves,
    tile_reader,
    write_tiles,
)
from waybill.storage.session import lock_names
from waybill.transparency.checkpoint import Checkpoint
from waybill.transparency.entry import event_entry
from waybill.transparency.merkle import EMPTY_ROOT, leaf_hash
from waybill.transparency.notes import Note
from waybill.transparency.tiles import (
    ENTRIES,
    WIDTH,
    ReadTile,
    Tile,
    grow,
    read_bundle,
    write_bundle,
)

BATCH: Final = 2_048
"""At most so many events become entries in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogTerms:
    """What an installation contributes to its log.

    `origin` is what a new log is called. `fixed` says that a person chose it: then a log that is
    called otherwise is refused.
    """

    origin: str
    key_dir: Path
    fixed: bool = False

    @classmethod
    def of(cls, settings: Settings) -> "LogTerms":
        """Return what an installation's settings say."""
        address = settings.public_url.partition("://")[2]
        return cls(
            origin=settings.log_origin or f"{address}/log",
            key_dir=settings.key_dir,
            fixed=settings.log_origin is not None,
        )


def open_log(session: Session, terms: LogTerms, *, clock: Clock) -> Identity:
    """Return the log's present origin; a log that is not yet gets its origin, key and checkpoint.

    Raises:
        StateError: the log is called otherwise than the settings say.
    """
    lock_names(session, [LOG_LOCK])
    known = list_identities(session)
    if known:
        if terms.fixed and terms.origin not in {identity.origin for identity in known}:
            raise StateError(
                f"日志名称为 {known[-1].origin}，与设置的 {terms.origin} 不符。",
                f"The log is {known[-1].origin}, the settings say {terms.origin}.",
                state="other-origin",
                act="sequence",
                next_step_zh="改回 WAYBILL_LOG_ORIGIN；日志名称一经启用不再更改。",
                next_step_en="Set WAYBILL_LOG_ORIGIN back: a log keeps its origin for ever.",
            )
        return known[-1]
    identity = Identity(epoch=0, origin=terms.origin)
    session.execute(
        insert(LogIdentityRow).values(epoch=0, origin=terms.origin, recorded_at=clock.now())
    )
    if session.scalar(select(LogKeyRow.kid).limit(1)) is None:
        add_log_key(session, None, terms.key_dir, clock=clock)
    sign_head(session, identity, terms.key_dir, size=0, root=EMPTY_ROOT, clock=clock)
    return identity


def sequence_batch(
    session: Session, key_dir: Path, *, clock: Clock, most: int = BATCH
) -> tuple[int, bool]:
    """Take what waits into the tree and sign it; return how many, and whether more may wait.

    Right after a succession what waits are the entries that the new tree has not taken in yet.

    Raises:
        LogMismatchError: the tree is not what was signed last; nothing is added.
        StateError: the log is not open, or a private key is not here.
    """
    lock_names(session, [LOG_LOCK])
    identity = current_identity(session)
    if identity is None:
        raise StateError("日志尚未启用。", "The log is not open.", state="closed", act="sequence")
    read = tile_reader(session, identity)
    size = check_head(session, identity, read, alone=True).size
    count = entry_count(session)
    if count > size:
        taken = [
            leaf.entry for leaf in read_leaves(session, identity, size, min(count, size + most))
        ]
    else:
        taken = _enter_pending(session, count, most)
    if taken:
        growth = grow(size, read, [leaf_hash(entry) for entry in taken])
        write_tiles(session, identity, growth, _bundles(size, read, taken))
        sign_head(session, identity, key_dir, size=growth.size, root=growth.root, clock=clock)
    return len(taken), len(taken) == most or count > size


def _enter_pending(session: Session, count: int, most: int) -> list[bytes]:
    """Give waiting events the next places and return their entries.

    Events are found by their waiting, never by an id greater than the last: one that was made
    earlier may be committed later.
    """
    rows = session.execute(
        select(EventRow.id, EventRow.body, EventRow.salt)
        .join(EventPendingRow, EventPendingRow.event_id == EventRow.id)
        .order_by(EventPendingRow.event_id)
        .limit(most)
    ).all()
    if not rows:
        return []
    session.execute(
        insert(LogEntryRow),
        [{"index": count + at, "event_id": row.id} for at, row in enumerate(rows)],
    )
    entered = select(LogEntryRow.event_id).where(LogEntryRow.index >= count)
    session.execute(
        delete(EventPendingRow).where(EventPendingRow.event_id.in_(entered)),
        execution_options={"synchronize_session": False},
    )
    return [event_entry(row.id, row.body, row.salt) for row in rows]


def _bundles(size: int, read: ReadTile, entries: Sequence[bytes]) -> list[tuple[Tile, bytes]]:
    """Return the bundles that further entries make full."""
    start, used = divmod(size, WIDTH)
    held: list[bytes] = []
    if used and used + len(entries) >= WIDTH:
        edge = Tile(ENTRIES, start, used)
        held = read_bundle(edge, read(edge))
    whole = [*held, *entries] if held or not used else []
    return [
        (Tile(ENTRIES, start + at // WIDTH, WIDTH), write_bundle(whole[at : at + WIDTH]))
        for at in range(0, len(whole) - WIDTH + 1, WIDTH)
    ]


def sign_head(
    session: Session, identity: Identity, key_dir: Path, *, size: int, root: bytes, clock: Clock
) -> None:
    """Sign what a tree has become with every key in force, and keep it."""
    text = Checkpoint(origin=identity.origin, size=size, root=root).text()
    signers = log_signers(session, key_dir, identity.origin)
    note = Note(text=text, signatures=tuple(signer.sign(text) for signer in signers))
    session.execute(
        insert(LogCheckpointRow).values(
            epoch=identity.epoch,
            size=size,
            recorded_at=clock.now(),
            root=root,
            note=note.to_bytes(),
        )
    )


def is_waiting(session: Session) -> bool:
    """Return whether there is anything to do, without a lock."""
    identity = current_identity(session)
    head = None if identity is None else find_head(session, identity.epoch)
    if head is None or entry_count(session) > head.size:
        return True
    return session.scalar(select(EventPendingRow.event_id).limit(1)) is not None
