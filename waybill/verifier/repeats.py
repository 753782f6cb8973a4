"""Whether one event stands in a log twice, with memory that does not grow with the log.

Ids lie in 256 files by their last byte, which is random; at the end each file is looked at alone.
The files are kept beside the state, so that an interrupted run goes on with them.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

BUCKETS: Final = 256
ID_BYTES: Final = 16
INDEX_BYTES: Final = 8
RECORD_BYTES: Final = ID_BYTES + INDEX_BYTES
MAX_WAITING_BYTES: Final = 1 << 21


@dataclass(frozen=True, slots=True)
class Repeat:
    """An event that stands in the log again at `index`."""

    event_id: bytes
    first: int
    index: int


class SeenIds:
    """The ids of the entries read so far."""

    def __init__(self, folder: Path, size: int) -> None:
        """Take up the files that a run left which had read `size` entries, or begin them."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._waiting = [bytearray() for _ in range(BUCKETS)]
        self._bytes = 0
        for bucket in range(BUCKETS):
            _cut(self._path(bucket), size)

    def add(self, start: int, event_ids: list[bytes]) -> None:
        """Note the ids of the entries from `start` on."""
        waiting = self._waiting
        for index, event_id in enumerate(event_ids, start):
            waiting[event_id[-1]] += event_id + index.to_bytes(INDEX_BYTES, "big")
        self._bytes += len(event_ids) * RECORD_BYTES
        if self._bytes > MAX_WAITING_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        for bucket, waiting in enumerate(self._waiting):
            if waiting:
                with self._path(bucket).open("ab") as file:
                    file.write(waiting)
                waiting.clear()
        self._bytes = 0

    def first_repeat(self) -> Repeat | None:
        """Return the first entry whose event stood in the log before."""
        self.flush()
        found: Repeat | None = None
        for bucket in range(BUCKETS):
            seen: dict[bytes, int] = {}
            for event_id, index in _records(self._path(bucket)):
                first = seen.setdefault(event_id, index)
                if first != index and (found is None or index < found.index):
                    found = Repeat(event_id, first, index)
        return found

    def remove(self) -> None:
        """Remove the files: the run is at its end."""
        for bucket in range(BUCKETS):
            self._path(bucket).unlink(missing_ok=True)
        self._folder.rmdir()

    def _path(self, bucket: int) -> Path:
        return self._folder / f"{bucket:02x}"


def _records(path: Path) -> list[tuple[bytes, int]]:
    data = path.read_bytes() if path.exists() else b""
    return [
        (data[at : at + ID_BYTES], int.from_bytes(data[at + ID_BYTES : at + RECORD_BYTES], "big"))
        for at in range(0, len(data) - RECORD_BYTES + 1, RECORD_BYTES)
    ]


def _cut(path: Path, size: int) -> None:
    """Cut off what was written after the run was last remembered; indices ascend in a file."""
    if not path.exists():
        return
    kept = path.stat().st_size // RECORD_BYTES
    with path.open("r+b") as file:
        while kept:
            file.seek((kept - 1) * RECORD_BYTES + ID_BYTES)
            if int.from_bytes(file.read(INDEX_BYTES), "big") < size:
                break
            kept -= 1
        file.truncate(kept * RECORD_BYTES)
