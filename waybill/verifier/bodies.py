"""Bodies and salts of events, from which each entry is made again."""

from uuid import UUID

from waybill.codec import JsonValue, b64_decode, parse_json
from waybill.transparency.entry import event_entry
from waybill.transparency.tiles import ENTRIES, WIDTH, Tile
from waybill.verifier.faults import FaultKind, entry_fault, range_fault
from waybill.verifier.sources import AbsentError, Source


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
                return self._source.read(path).splitlines()
            except AbsentError:
                continue
        detail = f"there is no {bodies_path(tile)}"
        raise range_fault(FaultKind.BODY_MISSING, start, start + count, detail)


def _entry_of(line: bytes, index: int) -> bytes:
    """Return the entry that one line of bodies gives.

    Raises:
        ValueError: it is not of the form that `waybill log export` writes.
    """
    value = parse_json(line, max_bytes=1 << 24, allow_floats=False)
    if not isinstance(value, dict) or value.get("index") != index:
        raise ValueError("the line is not of this entry")
    event_id = UUID(_text(value, "id"))
    return event_entry(
        event_id, b64_decode(_text(value, "body")), bytes.fromhex(_text(value, "salt"))
    )


def _text(value: dict[str, JsonValue], member: str) -> str:
    text = value.get(member)
    if not isinstance(text, str):
        raise ValueError(f"the line has no {member}")  # noqa: TRY004  a malformed value
    return text
