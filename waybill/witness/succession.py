"""A log that follows another: its first entry must say so, and how far the old one had come."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from waybill.codec import b64_decode, parse_json
from waybill.transparency.entry import event_entry
from waybill.transparency.errors import TileError
from waybill.transparency.merkle import Nodes, leaf_hash
from waybill.witness.cosigning import Shown, Witness, evidence_of, report_fork, sound
from waybill.witness.store import Alarm, Ledger

MAX_SUCCESSION_BYTES: Final = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """What a new log says of the one it follows: name, and size and root that were still there."""

    origin: str
    size: int
    root: bytes


def verify_succession(told: bytes, nodes: Nodes) -> Succession:
    """Return what the first entry of a tree says, from the event that is told beside the tree.

    Raises:
        TileError: it is no succession, or not the tree's first entry.
    """
    try:
        event = _fields(parse_json(told))
        body = b64_decode(event["body"])
        entry = event_entry(UUID(event["id"]), body, bytes.fromhex(event["salt"]))
        data = parse_json(body)
        said = data["data"] if isinstance(data, dict) else None
        if not isinstance(said, dict) or not isinstance(said["size"], int):
            raise TypeError("no succession")  # noqa: TRY301  one reason for all that is malformed
        found = Succession(
            origin=str(said["origin"]), size=said["size"], root=bytes.fromhex(str(said["root"]))
        )
    except (ValueError, KeyError, TypeError) as error:
        raise TileError("what is told as the log's succession is none") from error
    if nodes(0, 0) != leaf_hash(entry):
        raise TileError("the succession that is told is not the log's first entry")
    return found


def compare_with_old(
    witness: Witness, ledger: Ledger, succession: Succession, shown: Shown
) -> None:
    """Raise the old log's alarm when the new one begins with less, or other, than we cosigned."""
    old = ledger.newest(succession.origin)
    if succession.size < old.size:
        ledger.keep(old.origin, evidence_of(Alarm.SHRUNK, old, shown), witness.clock.now())
        detail = f"{shown.log.origin} goes on from size {succession.size}, {old.size} was cosigned"
        sound(ledger, old.origin, Alarm.SHRUNK, detail, witness.clock)
    elif succession.size == old.size and succession.root != old.root:
        report_fork(witness, ledger, old, shown)


def _fields(event: object) -> dict[str, str]:
    if not isinstance(event, dict) or not all(isinstance(v, str) for v in event.values()):
        raise TypeError("no event")
    return event
