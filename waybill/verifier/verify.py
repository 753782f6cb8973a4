"""The whole verification of a log, from its checkpoint to its last entry."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from waybill.transparency.checkpoint import Checkpoint
from waybill.transparency.notes import VerifierKey
from waybill.verifier.bodies import Bodies
from waybill.verifier.faults import (
    FaultKind,
    LogFaultError,
    UnreadableError,
    log_fault,
    range_fault,
)
from waybill.verifier.frontier import Frontier
from waybill.verifier.repeats import SeenIds
from waybill.verifier.sources import AbsentError, Source
from waybill.verifier.state import Memory, Reached
from waybill.verifier.succession import Succession, inherit
from waybill.verifier.trusting import Believed, KeyTrust, WitnessPolicy, believe, read_claim
from waybill.verifier.walk import Walk

SAVE_EVERY_S = 5.0
"""How much work a run loses at most when it is killed."""

CONTRADICTIONS: Final = frozenset({FaultKind.LOG_FORKED, FaultKind.LOG_SHRANK})
"""Faults that are proved by two checkpoints with the log's own signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be verified, and how.

    `keys` are the log's own, from somebody other than the log. `only_new` goes on behind the last
    checkpoint that held: what lies before it is not read again. `bodies` are read from there.
    `accept_loss` takes a succession as it is, with what it says was lost.
    """

    keys: tuple[VerifierKey, ...] = ()
    witnesses: WitnessPolicy = field(default_factory=WitnessPolicy)
    only_new: bool = False
    bodies: Source | None = None
    accept_loss: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """That a log holds, and what that rests on.

    `start` is the first entry that this run read; those before it held in a former one.
    `remembered` is the size of the checkpoint the log was compared with, `None` the first time.
    """

    address: str
    believed: Believed
    start: int
    entries: int
    bodies: int
    remembered: int | None
    succession: Succession | None


Progress = Callable[[int, int], None]


def verify_log(source: Source, memory: Memory, wish: Wish, *, progress: Progress) -> Verified:
    """Verify a log to its last entry, and remember that it holds.

    Raises:
        LogFaultError: it does not hold.
        UnreadableError: it could not be read; how far it held is remembered.
    """
    try:
        claim = read_claim(source)
    except AbsentError as error:
        raise UnreadableError(
            f"{source.address} 没有检查点。", f"there is no checkpoint at {source.address}."
        ) from error
    checkpoint = claim[2]
    succession = inherit(source, memory, checkpoint, accept_loss=wish.accept_loss)
    keys, trust = _keys(wish, memory, checkpoint, succession)
    believed = believe(source, claim, keys=keys, key_trust=trust, witnesses=wish.witnesses)
    try:
        _refuse_other_past(memory, checkpoint)
        walk = _walk(source, memory, wish, checkpoint, succession)
        start = walk.frontier.size
        _run(walk, memory, believed, progress)
    except LogFaultError as error:
        raise _with_evidence(error, memory, believed) from error
    last = Reached(note=believed.data, frontier=walk.frontier)
    known = memory.of(checkpoint.origin).last
    memory.note_end(checkpoint.origin, source.address, believed.keys, last)
    walk.seen.remove()
    return Verified(
        address=source.address,
        believed=believed,
        start=start,
        entries=walk.entries,
        bodies=walk.bodies.verified if walk.bodies else 0,
        remembered=known.checkpoint.size if known else None,
        succession=succession,
    )


def _keys(
    wish: Wish, memory: Memory, checkpoint: Checkpoint, succession: Succession | None
) -> tuple[tuple[VerifierKey, ...], KeyTrust]:
    if wish.keys:
        return wish.keys, KeyTrust.GIVEN
    known = memory.of(checkpoint.origin).keys
    if known:
        return known, KeyTrust.REMEMBERED
    return (succession.keys if succession else ()), KeyTrust.INHERITED


def _refuse_other_past(memory: Memory, checkpoint: Checkpoint) -> None:
    """Refuse a log that is shorter than it was.

    Raises:
        LogFaultError: it is.
    """
    known = memory.of(checkpoint.origin)
    sizes = [reached.checkpoint.size for reached in (known.last, known.run) if reached]
    largest = max(sizes, default=0)
    if checkpoint.size < largest:
        detail = f"it had {largest} entries and now has {checkpoint.size}"
        raise range_fault(FaultKind.LOG_SHRANK, checkpoint.size, largest, detail)


def _walk(
    source: Source,
    memory: Memory,
    wish: Wish,
    checkpoint: Checkpoint,
    succession: Succession | None,
) -> Walk:
    known = memory.of(checkpoint.origin)
    frontier = Frontier()
    goes_on = known.run is not None and (known.run.bodies or wish.bodies is None)
    if known.run is not None and goes_on and succession is None:
        frontier = known.run.frontier.copy()
    elif known.last is not None and wish.only_new:
        frontier = known.last.frontier.copy()
    remembered = {
        reached.checkpoint.size: reached.checkpoint.root
        for reached in (known.run, known.last)
        if reached is not None
    }
    return Walk(
        source=source,
        checkpoint=checkpoint,
        seen=SeenIds(memory.run_folder(checkpoint.origin), frontier.size),
        frontier=frontier,
        remembered=remembered,
        known=known.last.frontier if known.last else None,
        bodies=Bodies(wish.bodies) if wish.bodies else None,
        succession=succession,
    )


def _run(walk: Walk, memory: Memory, believed: Believed, progress: Progress) -> None:
    """Walk to the end, and keep how far it came whenever it is broken off."""
    origin, size = walk.checkpoint.origin, walk.checkpoint.size
    saved = time.monotonic()
    try:
        for position in walk.run():
            progress(position, size)
            if time.monotonic() - saved > SAVE_EVERY_S:
                _save(walk, memory, believed)
                saved = time.monotonic()
    except LogFaultError as error:
        memory.begin_anew(origin)
        walk.seen.remove()
        raise _fork_first(walk, error) from error
    except BaseException:
        _save(walk, memory, believed)
        raise


def _with_evidence(error: LogFaultError, memory: Memory, believed: Believed) -> LogFaultError:
    """Keep the signed checkpoints that contradict each other, in files beside the memory."""
    if error.fault.kind not in CONTRADICTIONS:
        return error
    known = memory.of(believed.checkpoint.origin)
    seen = [reached.note for reached in (known.last, known.run) if reached is not None]
    kept = tuple(memory.keep_evidence(note) for note in dict.fromkeys([*seen, believed.data]))
    return LogFaultError(replace(error.fault, evidence=kept))


def _save(walk: Walk, memory: Memory, believed: Believed) -> None:
    walk.seen.flush()
    origin, frontier = walk.checkpoint.origin, walk.frontier.copy()
    before = memory.of(origin).run
    # What a former run was shown counts until this one has come past it.
    passed = before is None or before.checkpoint.size <= frontier.size
    note = believed.data if before is None or passed else before.note
    memory.note_run(origin, Reached(note=note, frontier=frontier, bodies=walk.bodies is not None))


def _fork_first(walk: Walk, error: LogFaultError) -> LogFaultError:
    """Return the fault to tell: two roots of one size are a fork, whatever else was found."""
    size, root = walk.checkpoint.size, walk.checkpoint.root
    if error.fault.kind is FaultKind.LOG_FORKED or walk.remembered.get(size, root) == root:
        return error
    return log_fault(FaultKind.LOG_FORKED, f"two roots of size {size} are signed")
