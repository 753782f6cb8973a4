"""What the log publishes to everybody: checkpoints, tiles, bundles of entries, keys, origins."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from waybill.codec import JsonValue
from waybill.errors import NotFoundError
from waybill.services.log.keys import log_keys
from waybill.storage.log import EventRow
from waybill.storage.log_tree import (
    Head,
    Identity,
    cosignatures_of,
    find_head,
    list_identities,
    read_tile,
)
from waybill.transparency.errors import TileError
from waybill.transparency.notes import join_signatures, parse_note
from waybill.transparency.tiles import Tile, parse_tile_path, tile_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """An origin and its newest checkpoint; `note` carries the witnesses' signatures too."""

    identity: Identity
    head: Head
    note: bytes


def published(session: Session, epoch: int | None = None) -> Published:
    """Return what an origin publishes, by default the current one.

    Raises:
        NotFoundError: there is no such origin, or it has no checkpoint yet.
    """
    identity = find_identity(session, epoch)
    head = find_head(session, identity.epoch)
    if head is None:
        raise NotFoundError("log", identity.epoch)
    further = cosignatures_of(session, identity.epoch, head.size)
    note = join_signatures(parse_note(head.note), further).to_bytes() if further else head.note
    return Published(identity=identity, head=head, note=note)


def find_identity(session: Session, epoch: int | None = None) -> Identity:
    """Return an origin by its number, by default the current one.

    Raises:
        NotFoundError: there is none.
    """
    known = list_identities(session)
    if not known or (epoch is not None and not 0 <= epoch < len(known)):
        raise NotFoundError("log", epoch if epoch is not None else "current")
    return known[-1 if epoch is None else epoch]


def served_tile(session: Session, path: str, epoch: int | None = None) -> tuple[Tile, bytes]:
    """Return the tile or bundle at an address behind `tile/`.

    Of what is still growing any narrower width is served too, never more than was signed.

    Raises:
        NotFoundError: no such address, or the tree does not reach so far.
    """
    found = published(session, epoch)
    try:
        tile = parse_tile_path(path)
        reached = tile_at(tile.level, tile.index, found.head.size)
        if reached is None or tile.width > reached.width:
            raise NotFoundError("tile", path)
        return tile, read_tile(session, found.identity, tile)
    except TileError as error:
        raise NotFoundError("tile", path) from error


def key_lines(session: Session, epoch: int | None = None) -> str:
    """Return the keys in force, one a line as `name+hash+key`, the newest first."""
    keys = log_keys(session, find_identity(session, epoch))
    return "".join(f"{key.verifier.text()}\n" for key in keys if key.until_size is None)


def key_history(session: Session, epoch: int | None = None) -> Sequence[JsonValue]:
    """Return every key of an origin and which checkpoints it signs."""
    return [
        {
            "key": key.verifier.text(),
            "above_size": key.from_size,
            "up_to_size": key.until_size,
        }
        for key in log_keys(session, find_identity(session, epoch))
    ]


def origin_list(session: Session) -> Sequence[JsonValue]:
    """Return every origin, the current one last."""
    return [
        {"epoch": identity.epoch, "origin": identity.origin}
        for identity in list_identities(session)
    ]


def succession(session: Session, epoch: int | None = None) -> dict[str, JsonValue]:
    """Return the event by which an origin opened, body and salt included.

    It holds no personal value and is everybody's to read: the origin's first entry is recomputed
    from it.

    Raises:
        NotFoundError: there is no such origin, or it is the first.
    """
    identity = find_identity(session, epoch)
    row = identity.event_id and session.get(EventRow, identity.event_id)
    if not row:
        raise NotFoundError("succession", identity.epoch)
    return {
        "id": str(row.id),
        "body": base64.b64encode(row.body).decode(),
        "salt": row.salt.hex(),
    }
