"""Bodies and salts of events, from which each entry is made again."""

from base64 import b64encode
from typing import Final
from uuid import UUID

from waybill.codec import b64_decode, canonical_json, parse_json
from waybill.transparency.entry import event_entry
from waybill.transparency.tiles import ENTRIES, WIDTH, Tile
from waybill.verifier.faults import FaultKind, entry_fault, range_fault
from waybill.verifier.sources import AbsentError, Source

MAX_LINE_BYTES: Final = 1 << 24


def bodies_path(bundle: Tile) -> str:
    """Return the address of the bodies of a bundle, such as `bodies/x001/234.ndjson`."""
    return f"bodies/{bundle.path.removeprefix('entries/')}.ndjson"


class Bodies:
    """The bodies and salts of an export, one line of JSON for each entry."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.verified = 0

    def verify(self, start: int, entries: list[bytes]) -> None:
        """Make the entries of one bundle from body and salt, and compare.

        Raises:
            LogFaultError: names the first that is missing or gives another entry.
        """
        lines = self._read(start, len(entries))
        for at, (entry, line) in enumerate(zip(entries, lines, strict=False)):
            try:
                made = _entry_of(line, start + at)
            except ValueError as error:
                raise entry_fault(FaultKind.BODY_WRONG, start + at, str(error)) from error
            if made != entry:
                detail = f"body and salt give {made.decode()}"
                raise entry_fault(FaultKind.BODY_WRONG, start + at, detail)
            self.verified += 1
        if len(lines) < len(entries):
            index = start + len(lines)
            raise entry_fault(FaultKind.BODY_MISSING, index, "its line is missing")

    def _read(self, start: int, count: int) -> list[bytes]:
        tile = Tile(ENTRIES, start // WIDTH, count)
        for path in dict.fromkeys([bodies_path(tile), bodies_path(Tile(ENTRIES, tile.index, 256))]):
            try:
                *lines, rest = self._source.read(path).split(b"\n")
            except AbsentError:
                continue
            return [*lines, rest] if rest else lines
        detail = f"there is no {bodies_path(tile)}"
        raise range_fault(FaultKind.BODY_MISSING, start, start + count, detail)


def body_line(index: int, event_id: UUID, body: bytes, salt: bytes) -> bytes:
    """Return the line by which an export gives the body and salt of an entry, without its end."""
    return canonical_json(
        {
            "body": b64encode(body).decode(),
            "id": str(event_id),
            "index": index,
            "salt": salt.hex(),
        }
    )


def parse_body_line(line: bytes) -> tuple[int, UUID, bytes, bytes]:
    """Read index, event, body and salt from a line as `body_line` writes it.

    Raises:
        ValueError: it is written in any other way.
    """
    value = parse_json(line, max_bytes=MAX_LINE_BYTES, allow_floats=False)
    members = value if isinstance(value, dict) else {}
    index = members.get("index")
    texts = [members.get(name) for name in ("id", "body", "salt")]
    if not isinstance(index, int) or not all(isinstance(text, str) for text in texts):
        raise ValueError("a line has body, id, index and salt")
    event_id, body, salt = map(str, texts)
    found = index, UUID(event_id), b64_decode(body), bytes.fromhex(salt)
    if body_line(*found) != line:
        raise ValueError("a line in another spelling than its own")
    return found


def _entry_of(line: bytes, index: int) -> bytes:
    found, event_id, body, salt = parse_body_line(line)
    if found != index:
        raise ValueError(f"the line is of entry {found}")
    return event_entry(event_id, body, salt)
