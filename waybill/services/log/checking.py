"""Whether the log is what it was: its newest tree, its last bundles, and no event left out.

Whoever changes an event, an entry, a tile or a checkpoint behind the program's back meets one of
these: the head is looked at before every batch and at every question about health, the last
bundles at start, everything by `waybill log check`.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from waybill.services.log.keys import verifier_keys
from waybill.storage.log import EventPendingRow, EventRow, LogEntryRow
from waybill.storage.log_tree import (
    Head,
    Identity,
    entry_count,
    find_head,
    read_leaves,
    read_tile,
    tile_reader,
)
from waybill.transparency.checkpoint import parse_checkpoint
from waybill.transparency.errors import TransparencyError
from waybill.transparency.notes import open_note, parse_note
from waybill.transparency.tiles import (
    ENTRIES,
    WIDTH,
    ReadTile,
    Tile,
    read_bundle,
    root_from_tiles,
)

LAST_BUNDLES: Final = 8
LAST_EVENTS: Final = 2_000
"""How many of the newest events are looked through for one that was left out."""


class LogMismatchError(TransparencyError):
    """The log is not what its newest checkpoint says. Nothing may be added to it."""


def check_head(
    session: Session, identity: Identity, read: ReadTile | None = None, *, alone: bool = False
) -> Head:
    """Return the newest checkpoint, when tree, entries and signature are what it says.

    `alone` says that nobody adds to the log meanwhile: then there is no entry too many either.

    Raises:
        LogMismatchError: says what differs.
    """
    head = find_head(session, identity.epoch)
    if head is None:
        raise LogMismatchError(f"{identity.origin} has no checkpoint")
    try:
        note = parse_note(head.note)
        signed = parse_checkpoint(note.text)
        open_note(note, verifier_keys(session, identity, head.size))
        root = root_from_tiles(head.size, read or tile_reader(session, identity))
    except TransparencyError as error:
        raise LogMismatchError(f"the checkpoint of size {head.size}: {error}") from error
    if (signed.origin, signed.size, signed.root) != (identity.origin, head.size, head.root):
        raise LogMismatchError(f"the checkpoint of size {head.size} says something else")
    if root != head.root:
        raise LogMismatchError(f"the tree of size {head.size} has another root than was signed")
    _check_count(session, identity, head.size, alone=alone)
    return head


def _check_count(session: Session, identity: Identity, size: int, *, alone: bool) -> None:
    """Compare the number of entries; after a succession a new tree takes in the old ones first."""
    turn = identity.succession_index
    expected = size if turn is None else max(size, turn + 1)
    count = entry_count(session)
    if count < expected or (alone and count != expected):
        raise LogMismatchError(f"there are {count} entries instead of {expected}")


def check_bundles(session: Session, identity: Identity, indexes: range) -> None:
    """Compare full bundles with the events they were made from.

    Raises:
        LogMismatchError: names the first event that is not what was entered.
    """
    for index in indexes:
        tile = Tile(ENTRIES, index, WIDTH)
        try:
            entries = read_bundle(tile, read_tile(session, identity, tile))
            leaves = read_leaves(session, identity, index * WIDTH, (index + 1) * WIDTH)
        except TransparencyError as error:
            raise LogMismatchError(f"bundle {tile.path}: {error}") from error
        for leaf, entry in zip(leaves, entries, strict=True):
            if leaf.entry != entry:
                raise LogMismatchError(
                    f"event {leaf.event_id} is not what was entered as {leaf.index}"
                )


def check_at_start(session: Session, identity: Identity) -> Head:
    """Check the head, the last bundles and that no entry is missing; nobody may add meanwhile.

    Raises:
        LogMismatchError: says what differs.
    """
    head = check_head(session, identity, alone=True)
    full = head.size // WIDTH
    check_bundles(session, identity, range(max(0, full - LAST_BUNDLES), full))
    found = session.scalar(select(func.count()).select_from(LogEntryRow)) or 0
    if found != entry_count(session):
        raise LogMismatchError(f"there are {found} entries and some are missing")
    return head


def stray_events(session: Session, *, newest: int | None = LAST_EVENTS) -> tuple[UUID, ...]:
    """Return events that neither wait for the tree nor are in it; `None` looks through all.

    The triggers of the database make this impossible; whoever went around them is found here.
    """
    recent = select(EventRow.id).order_by(EventRow.id.desc()).limit(newest).subquery()
    return tuple(
        session.scalars(
            select(recent.c.id)
            .where(
                ~select(EventPendingRow.event_id)
                .where(EventPendingRow.event_id == recent.c.id)
                .exists(),
                ~select(LogEntryRow.event_id).where(LogEntryRow.event_id == recent.c.id).exists(),
            )
            .order_by(recent.c.id)
        )
    )
