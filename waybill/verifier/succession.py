"""When a log goes on under another name: what it says of the old one, and whether that fits.

After a restore from a backup a log opens a new origin. Its first entry is an event whose body
names the old origin, its size, its root and the reason; then come the old entries again. The body
is published with its salt, so that anybody can tell that it is what the tree commits to.
"""

from dataclasses import dataclass, field, replace

from waybill.codec import parse_json
from waybill.transparency.checkpoint import Checkpoint
from waybill.transparency.entry import event_entry
from waybill.transparency.merkle import perfect_root
from waybill.transparency.notes import VerifierKey
from waybill.transparency.tiles import WIDTH
from waybill.verifier.bodies import parse_body_line
from waybill.verifier.faults import FaultKind, log_fault, range_fault
from waybill.verifier.frontier import Frontier
from waybill.verifier.sources import AbsentError, Source
from waybill.verifier.state import Memory

PATH = "succession"


@dataclass(slots=True)
class OldTree:
    """The old log's tree, made again from the new one's leaves, which begin with the opening."""

    opening: bytes
    roots: dict[int, bytes]
    _frontier: Frontier = field(default_factory=Frontier)
    _leaves: list[bytes] = field(default_factory=list)

    def take(self, start: int, entries: list[bytes], leaves: list[bytes]) -> None:
        """Take the next leaves of the new tree.

        Raises:
            LogFaultError: the opening, or a root of the old tree, is not what was said of it.
        """
        if start == 0:
            if entries[0] != self.opening:
                detail = "its first entry is not the succession that it publishes"
                raise log_fault(FaultKind.SUCCESSION_BROKEN, detail)
            leaves = leaves[1:]
        for leaf in leaves:
            self._compare()
            self._leaves.append(leaf)
            if len(self._leaves) == WIDTH:
                self._frontier.append(perfect_root(self._leaves))
                self._leaves = []
        self._compare()

    def _compare(self) -> None:
        size = self._frontier.size + len(self._leaves)
        root = self.roots.get(size)
        if root is not None and self._frontier.root(self._leaves) != root:
            detail = f"the first {size} entries of the old log had the root {root.hex()}"
            raise range_fault(FaultKind.SUCCESSION_BROKEN, 0, size + 1, detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """What a log says of the one it goes on for. `lost` are entries seen before that are gone."""

    origin: str
    size: int
    root: bytes
    reason: str
    opening: bytes
    keys: tuple[VerifierKey, ...] = ()
    lost: int = 0
    tree: OldTree | None = None


def inherit(
    source: Source, memory: Memory, checkpoint: Checkpoint, *, accept_loss: bool
) -> Succession | None:
    """Return the succession of a log that is met for the first time; `None` if it has none.

    Raises:
        LogFaultError: what it says of the old log is not what was seen of that; or the address
            belonged to another log of which it says nothing.
    """
    if memory.of(checkpoint.origin).last is not None:
        return None
    found = _read(source)
    before = memory.addresses.get(source.address)
    if before not in {None, checkpoint.origin, found.origin if found else None}:
        raise log_fault(FaultKind.ANOTHER_LOG, f"{before} stood here, now {checkpoint.origin}")
    if found is None:
        return None
    known = memory.of(found.origin)
    keys = tuple(replace(key, name=checkpoint.origin) for key in known.keys)
    roots, lost = {found.size: found.root}, 0
    if known.last is not None:
        seen = known.last.checkpoint
        lost = max(0, seen.size - found.size)
        if roots.setdefault(seen.size, seen.root) != seen.root:
            detail = f"it names another root of size {seen.size} than {found.origin} had"
            raise log_fault(FaultKind.SUCCESSION_BROKEN, detail)
        if lost:
            del roots[seen.size]
    if lost and not accept_loss:
        detail = f"{found.origin} had {lost} more entries than the {found.size} that go on"
        size = found.size
        raise range_fault(FaultKind.SUCCESSION_BROKEN, size + 1, size + 1 + lost, detail)
    return replace(found, keys=keys, lost=lost, tree=OldTree(found.opening, roots))


def _read(source: Source) -> Succession | None:
    try:
        return _parse(source.read(PATH))
    except AbsentError:
        return None
    except ValueError as error:
        raise log_fault(FaultKind.SUCCESSION_BROKEN, f"it cannot be read: {error}") from error


def _parse(content: bytes) -> Succession:
    _, event_id, body, salt = parse_body_line(content.removesuffix(b"\n"))
    told = parse_json(body, allow_floats=False)
    data = told.get("data") if isinstance(told, dict) else None
    members = data if isinstance(data, dict) else {}
    size = members.get("size")
    texts = [members.get(name) for name in ("origin", "root", "reason")]
    if not isinstance(size, int) or not all(isinstance(text, str) for text in texts):
        raise ValueError("a succession names origin, size, root and reason")
    origin, root, reason = map(str, texts)
    return Succession(
        origin=origin,
        size=size,
        root=bytes.fromhex(root),
        reason=reason,
        opening=event_entry(event_id, body, salt),
    )
