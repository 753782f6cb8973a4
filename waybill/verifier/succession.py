"""When a log goes on under another name: what it says of the old one, and whether that fits.

After a restore from a backup a log opens a new origin. Its first entry is an event whose body
names the old origin, its size, its root and the reason; then come the entries of the old log. The
bodies of these events are published with their salts (`origins.json`, `<epoch>/succession`), so
that anybody can make the entries that the trees commit to, and with them the old trees.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

from waybill.codec import JsonValue, b64_decode, parse_json
from waybill.transparency.checkpoint import Checkpoint
from waybill.transparency.entry import event_entry
from waybill.transparency.merkle import leaf_hash, perfect_root
from waybill.transparency.notes import VerifierKey
from waybill.transparency.tiles import WIDTH
from waybill.verifier.faults import FaultKind, LogFaultError, log_fault, range_fault
from waybill.verifier.frontier import Frontier
from waybill.verifier.sources import AbsentError, Source
from waybill.verifier.state import Memory

ORIGINS: Final = "origins.json"
MAX_ORIGINS: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The first entry of a successor, and what its body says of the log before it."""

    entry: bytes
    origin: str
    size: int
    root: bytes
    reason: str


@dataclass(slots=True)
class OldTree:
    """The tree of an older origin, made again from the new one's entries as they go by.

    `opening` is the entry by which the old origin itself succeeded another: it stood first there,
    and in any later tree it stands where it was recorded. `roots` are by size.
    """

    origin: str
    roots: dict[int, bytes]
    opening: bytes | None
    _frontier: Frontier = field(default_factory=Frontier)
    _leaves: list[bytes] = field(default_factory=list)
    _met: bool = False

    def __post_init__(self) -> None:
        if self.opening is not None:
            self._leaves.append(leaf_hash(self.opening))

    def take(self, entries: Sequence[bytes], leaves: Sequence[bytes]) -> None:
        """Take further entries of the new log."""
        for entry, leaf in zip(entries, leaves, strict=True):
            if entry == self.opening:
                self._met = True
                continue
            self._compare()
            self._leaves.append(leaf)
            if len(self._leaves) == WIDTH:
                self._frontier.append(perfect_root(self._leaves))
                self._leaves = []
        self._compare()

    def finish(self) -> None:
        """Refuse a new log that does not hold all that it says of the old one."""
        size = self._frontier.size + len(self._leaves)
        if size < max(self.roots) or self._met != (self.opening is not None):
            raise _broken(f"of {self.origin} it holds {size} entries instead of {max(self.roots)}")

    def _compare(self) -> None:
        size = self._frontier.size + len(self._leaves)
        root = self.roots.get(size)
        if root is not None and self._frontier.root(self._leaves) != root:
            detail = f"the first {size} entries of {self.origin} had the root {root.hex()}"
            raise range_fault(FaultKind.SUCCESSION_BROKEN, 0, size + 1, detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """What a log says of those it goes on for, the last of them in `opening`.

    `keys` are those of the nearest origin known from before, under the new name; `lost` are how
    many of its entries were seen before and are gone.
    """

    opening: Opening
    trees: tuple[OldTree, ...]
    keys: tuple[VerifierKey, ...] = ()
    lost: int = 0

    def take(self, start: int, entries: Sequence[bytes], leaves: Sequence[bytes]) -> None:
        """Take entries of the new log from `start` on.

        Raises:
            LogFaultError: they are not what was said or seen of the old one.
        """
        skip = 0
        if start == 0:
            skip = 1
            if entries[0] != self.opening.entry:
                raise _broken("its first entry is not the succession that it publishes")
        for tree in self.trees:
            tree.take(entries[skip:], leaves[skip:])

    def finish(self) -> None:
        """Refuse a log that ends before the old one is whole."""
        for tree in self.trees:
            tree.finish()


def inherit(
    source: Source, memory: Memory, checkpoint: Checkpoint, *, accept_loss: bool
) -> Succession | None:
    """Return the succession of a log that is met for the first time; `None` if it has none.

    Raises:
        LogFaultError: what it says of an old log is not what was seen of that; or the address
            belonged to another log of which it says nothing.
    """
    if memory.of(checkpoint.origin).last is not None:
        return None
    openings = _read(source, checkpoint.origin)
    before = memory.addresses.get(source.address)
    if before not in {None, checkpoint.origin, *(opening.origin for opening in openings)}:
        raise log_fault(FaultKind.ANOTHER_LOG, f"{before} stood here, now {checkpoint.origin}")
    if not openings:
        return None
    entries = [None, *(opening.entry for opening in openings)]
    trees, lost = [], 0
    keys: tuple[VerifierKey, ...] = ()
    for opening, own in zip(openings, entries, strict=False):
        known = memory.of(opening.origin)
        roots = {opening.size: opening.root}
        if known.last is not None:
            seen = known.last.checkpoint
            keys, lost = known.keys, max(0, seen.size - opening.size)
            if lost == 0 and roots.setdefault(seen.size, seen.root) != seen.root:
                raise _broken(f"it names another root of size {seen.size} of {opening.origin}")
            if lost and not accept_loss:
                raise _lossy(opening, seen.size)
        trees.append(OldTree(opening.origin, roots, own))
    return Succession(
        opening=openings[-1],
        trees=tuple(trees),
        keys=tuple(replace(key, name=checkpoint.origin) for key in keys),
        lost=lost,
    )


def _lossy(opening: Opening, seen: int) -> LogFaultError:
    detail = f"{opening.origin} had {seen} entries, of which {opening.size} go on"
    return range_fault(FaultKind.SUCCESSION_BROKEN, opening.size, seen, detail)


def _broken(detail: str) -> LogFaultError:
    return log_fault(FaultKind.SUCCESSION_BROKEN, detail)


def _read(source: Source, origin: str) -> list[Opening]:
    """Return the openings from the second origin up to this one, oldest first."""
    try:
        names = _names(source.read(ORIGINS), origin)
    except AbsentError:
        return []
    except ValueError as error:
        raise _broken(f"{ORIGINS} cannot be read: {error}") from error
    openings = []
    for epoch in range(1, len(names)):
        try:
            openings.append(_opening(source.read(f"{epoch}/succession")))
        except (AbsentError, ValueError) as error:
            raise _broken(f"{epoch}/succession cannot be read: {error}") from error
    if [opening.origin for opening in openings] != names[:-1]:
        raise _broken("the successions do not follow one another")
    return openings


def _names(content: bytes, origin: str) -> list[str]:
    """Return the origins up to this one, the first first."""
    listed = _object(parse_json(content, allow_floats=False)).get("origins")
    if not isinstance(listed, list) or len(listed) > MAX_ORIGINS:
        raise ValueError("no list of origins")
    names = [_text(_object(item).get("origin")) for item in listed]
    return names[: names.index(origin) + 1]


def _opening(content: bytes) -> Opening:
    told = _object(parse_json(content, allow_floats=False))
    body, salt = b64_decode(_text(told.get("body"))), bytes.fromhex(_text(told.get("salt")))
    data = _object(_object(parse_json(body, allow_floats=False)).get("data"))
    size = data.get("size")
    if not isinstance(size, int):
        raise ValueError("no size")  # noqa: TRY004  a malformed value
    return Opening(
        entry=event_entry(UUID(_text(told.get("id"))), body, salt),
        origin=_text(data.get("origin")),
        size=size,
        root=bytes.fromhex(_text(data.get("root"))),
        reason=_text(data.get("reason")),
    )


def _object(value: JsonValue) -> dict[str, JsonValue]:
    if not isinstance(value, dict):
        raise ValueError("an object is missing")  # noqa: TRY004  a malformed value
    return value


def _text(value: JsonValue) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is missing")  # noqa: TRY004  a malformed value
    return value
