"""Whom to believe: the keys of a log, its witnesses, and how many of them must have signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from waybill.transparency.checkpoint import Checkpoint, parse_checkpoint
from waybill.transparency.errors import NoteError
from waybill.transparency.notes import Algorithm, Note, VerifierKey, open_note, parse_note


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What makes a checkpoint of one log count.

    Of `log_keys` one suffices, so that a log can change its key. Of `witnesses` at least `quorum`
    must have cosigned; keys of one name are one witness.
    """

    origin: str
    log_keys: tuple[VerifierKey, ...]
    witnesses: tuple[VerifierKey, ...] = ()
    quorum: int = 0

    def __post_init__(self) -> None:
        if not self.log_keys or any(k.algorithm is not Algorithm.ED25519 for k in self.log_keys):
            raise NoteError("a log signs with at least one ordinary key")
        if any(k.algorithm is not Algorithm.COSIGNATURE for k in self.witnesses):
            raise NoteError("a witness signs with a key for cosignatures")
        if not 0 <= self.quorum <= len({key.name for key in self.witnesses}):
            raise NoteError("a quorum is a number of the named witnesses")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """A checkpoint that counts, and when each witness saw it."""

    checkpoint: Checkpoint
    note: Note
    seen_at: Mapping[str, datetime]


def trust(data: bytes, policy: Policy) -> Trusted:
    """Read a signed checkpoint and hold it against a policy.

    Raises:
        NoteError: malformed, of another log, not signed by it, or by too few witnesses.
    """
    note = parse_note(data)
    checkpoint = parse_checkpoint(note.text)
    if checkpoint.origin != policy.origin:
        raise NoteError(f"a checkpoint of another log: {checkpoint.origin}")
    open_note(note, policy.log_keys)
    seen = cosigned_by(note, policy.witnesses)
    if len(seen) < policy.quorum:
        raise NoteError(f"{len(seen)} witnesses have signed, {policy.quorum} must have")
    return Trusted(checkpoint=checkpoint, note=note, seen_at=seen)


def cosigned_by(note: Note, witnesses: tuple[VerifierKey, ...]) -> dict[str, datetime]:
    """Return which witnesses have cosigned a note, and when each last did.

    Raises:
        NoteError: a signature in the name of one of them does not hold.
    """
    names = {(line.name, line.key_id) for line in note.signatures}
    seen: dict[str, datetime] = {}
    for key in witnesses:
        if (key.name, key.key_id) not in names:
            continue
        (signed,) = open_note(note, (key,))
        seen[key.name] = max(filter(None, (signed.at, seen.get(key.name))))
    return seen
