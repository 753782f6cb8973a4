"""The way through a log from its first entry to its last: everything is recomputed, in order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from waybill.transparency.checkpoint import Checkpoint
from waybill.transparency.merkle import leaf_hash, perfect_root
from waybill.transparency.tiles import HEIGHT, WIDTH, Tile
from waybill.verifier.bodies import Bodies
from waybill.verifier.entries import event_id_of
from waybill.verifier.faults import FaultKind, entry_fault, range_fault
from waybill.verifier.frontier import Frontier
from waybill.verifier.reading import Piece, read_ahead, read_hashes, read_piece
from waybill.verifier.repeats import SeenIds
from waybill.verifier.sources import Source
from waybill.verifier.succession import Succession


@dataclass(slots=True, kw_only=True)
class Walk:
    """One run over a log up to a checkpoint whose signature is believed already.

    `frontier` is where it begins and, as it goes, what it has verified. `remembered` are roots by
    the sizes at which they were seen before; `known` is a frontier of then, to say where the log
    parts from it. `succession` is what a log says of those it goes on for.
    """

    source: Source
    checkpoint: Checkpoint
    frontier: Frontier
    seen: SeenIds
    remembered: Mapping[int, bytes] = field(default_factory=dict)
    known: Frontier | None = None
    bodies: Bodies | None = None
    succession: Succession | None = None
    entries: int = 0
    tail: list[bytes] = field(default_factory=list)
    _tiles: dict[int, tuple[int, list[bytes]]] = field(default_factory=dict)

    def run(self) -> Iterator[int]:
        """Verify piece by piece, and yield how many entries hold so far.

        Raises:
            LogFaultError: the first thing that does not hold.
            UnreadableError: the source could not be asked; `frontier` is what held until then.
        """
        size = self.checkpoint.size
        self._compare_edges()
        pieces = range(self.frontier.size // WIDTH, -(-size // WIDTH))
        for piece in read_ahead(pieces, self._read, self.source.readers):
            self._take(piece)
            yield self.frontier.size + len(self.tail)
        self._compare_remembered(self.tail)
        if self.frontier.root(self.tail) != self.checkpoint.root:
            start = max((s for s in self.remembered if s <= size), default=0)
            detail = f"the root of all {size} entries is {self.frontier.root(self.tail).hex()}"
            raise range_fault(FaultKind.ROOT_WRONG, start, size, detail)
        if self.succession is not None:
            self.succession.finish()
        repeat = self.seen.first_repeat()
        if repeat is not None:
            detail = f"event {repeat.event_id.hex()} stands at {repeat.first} already"
            raise entry_fault(FaultKind.ENTRY_REPEATED, repeat.index, detail)

    def _read(self, index: int) -> Piece:
        return read_piece(self.source, index, self.checkpoint.size)

    def _take(self, piece: Piece) -> None:
        start = self.frontier.size
        leaves = [leaf_hash(entry) for entry in piece.entries]
        if leaves != piece.stored:
            raise self._judge(piece, leaves)
        self._note_events(start, piece.entries)
        if self.bodies is not None:
            self.bodies.verify(start, piece.entries)
        if self.succession is not None:
            self.succession.take(start, piece.entries, leaves)
        self._compare_remembered(leaves)
        self.entries += len(leaves)
        if len(leaves) < WIDTH:
            self.tail = leaves
            return
        for level, promoted in enumerate(self.frontier.append(perfect_root(leaves)), 1):
            self._compare(level, (self.frontier.size >> (HEIGHT * level)) - 1, promoted)

    def _note_events(self, start: int, entries: list[bytes]) -> None:
        event_ids: list[bytes] = []
        for index, entry in enumerate(entries, start):
            try:
                event_ids.append(event_id_of(entry))
            except ValueError as error:
                detail = f"{error}: {entry[:200]!r}"
                raise entry_fault(FaultKind.ENTRY_NOT_CANONICAL, index, detail) from error
        self.seen.add(start, event_ids)

    def _judge(self, piece: Piece, leaves: list[bytes]) -> Exception:
        """Return what is wrong where bundle and tile disagree; the level above decides."""
        start = self.frontier.size
        pairs = zip(leaves, piece.stored, strict=True)
        at = next(at for at, (mine, stored) in enumerate(pairs) if mine != stored)
        detail = f"the entry's hash is {leaves[at].hex()}, the tile has {piece.stored[at].hex()}"
        if self._fits(piece.index, leaves):
            return entry_fault(FaultKind.TILE_WRONG, start + at, detail)
        return entry_fault(FaultKind.ENTRY_NOT_THE_LEAF, start + at, detail)

    def _fits(self, index: int, leaves: list[bytes]) -> bool:
        """Return whether the tree above has the entries and not what their tile says."""
        if len(leaves) < WIDTH:
            return self.frontier.root(leaves) == self.checkpoint.root
        return self._stored(1, index) == perfect_root(leaves)

    def _compare_edges(self) -> None:
        """Compare the tiles that a former run knew narrower."""
        for level in range(1, len(self.frontier.edges) + 1):
            first = self.frontier.size >> (HEIGHT * (level + 1)) << HEIGHT
            for at, known in enumerate(self.frontier.edge(level)):
                self._compare(level, first + at, known)

    def _compare(self, level: int, index: int, computed: bytes) -> None:
        stored = self._stored(level, index)
        if stored != computed:
            start = index << (HEIGHT * level)
            until = start + (1 << (HEIGHT * level))
            detail = f"level {level}, hash {index} is {stored.hex()}, not {computed.hex()}"
            raise range_fault(FaultKind.TILE_WRONG, start, until, detail)

    def _stored(self, level: int, index: int) -> bytes:
        number, slot = divmod(index, WIDTH)
        held = self._tiles.get(level)
        if held is None or held[0] != number:
            reached = self.checkpoint.size >> (HEIGHT * level)
            tile = Tile(level, number, min(WIDTH, reached - number * WIDTH))
            held = self._tiles[level] = (number, read_hashes(self.source, tile))
        return held[1][slot]

    def _compare_remembered(self, leaves: list[bytes]) -> None:
        """Compare roots of before that are reached inside the next leaves."""
        start = self.frontier.size
        for size, root in self.remembered.items():
            # A size on the border of two pieces is reached by the second, or by the log's end.
            inside = start <= size < start + WIDTH and size <= start + len(leaves)
            if inside and self.frontier.root(leaves[: size - start]) != root:
                low, high = 0, size
                if self.known is not None and self.known.size == start:
                    low, high = self.frontier.first_difference(self.known) or (start, size)
                detail = f"its first {size} entries had the root {root.hex()}"
                raise range_fault(FaultKind.LOG_FORKED, low, high, detail)
