"""Whom to believe about a log: keys that were given, are known, or are met just now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from waybill.transparency.checkpoint import Checkpoint, parse_checkpoint
from waybill.transparency.errors import NoteError
from waybill.transparency.notes import Note, VerifierKey, open_note, parse_note, parse_verifier_key
from waybill.transparency.policy import cosigned_by
from waybill.verifier.faults import FaultKind, log_fault
from waybill.verifier.sources import AbsentError, Source


class KeyTrust(StrEnum):
    """Where the keys come from that a log was believed by."""

    GIVEN = "given"
    REMEMBERED = "remembered"
    FIRST_USE = "first-use"
    INHERITED = "inherited"


@dataclass(frozen=True, slots=True, kw_only=True)
class WitnessPolicy:
    """Which witnesses are known, and how many of them must have signed."""

    keys: tuple[VerifierKey, ...] = ()
    quorum: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Believed:
    """A checkpoint with the signatures it needs. `keys` are to be remembered."""

    data: bytes
    checkpoint: Checkpoint
    keys: tuple[VerifierKey, ...]
    key_trust: KeyTrust
    seen_at: Mapping[str, datetime]


def read_claim(source: Source) -> tuple[bytes, Note, Checkpoint]:
    """Read a log's checkpoint without believing it.

    Raises:
        AbsentError: there is none.
        LogFaultError: it is not one.
    """
    data = source.read("checkpoint")
    try:
        note = parse_note(data)
        return data, note, parse_checkpoint(note.text)
    except NoteError as error:
        raise log_fault(FaultKind.CHECKPOINT_MALFORMED, str(error)) from error


def believe(
    source: Source,
    claim: tuple[bytes, Note, Checkpoint],
    *,
    keys: tuple[VerifierKey, ...],
    key_trust: KeyTrust,
    witnesses: WitnessPolicy,
) -> Believed:
    """Hold a checkpoint against keys and witnesses; without keys take those that the log offers.

    Raises:
        LogFaultError: nobody known has signed it, or too few witnesses.
        UnreadableError: the source could not be asked.
    """
    data, note, checkpoint = claim
    offered = read_offered_keys(source, checkpoint.origin)
    if not keys:
        keys, key_trust = offered, KeyTrust.FIRST_USE
    try:
        signed = open_note(note, keys)
    except NoteError as error:
        known = key_trust in {KeyTrust.REMEMBERED, KeyTrust.INHERITED}
        signed_by_offered = known and _signs(note, offered)
        kind = FaultKind.ANOTHER_KEY if signed_by_offered else FaultKind.CHECKPOINT_UNSIGNED
        raise log_fault(kind, str(error)) from error
    try:
        seen_at = cosigned_by(note, witnesses.keys)
    except NoteError as error:
        raise log_fault(FaultKind.TOO_FEW_WITNESSES, str(error)) from error
    if len(seen_at) < witnesses.quorum:
        detail = f"{len(seen_at)} witnesses have signed, {witnesses.quorum} must have"
        raise log_fault(FaultKind.TOO_FEW_WITNESSES, detail)
    # A key that signs beside one that is believed is the next one: it is taken up.
    beside = tuple(key for key in offered if key not in keys and _signs(note, (key,)))
    return Believed(
        data=data,
        checkpoint=checkpoint,
        keys=(*(found.key for found in signed), *beside),
        key_trust=key_trust,
        seen_at=seen_at,
    )


def read_offered_keys(source: Source, origin: str) -> tuple[VerifierKey, ...]:
    """Return the keys that a log offers of itself, one a line; none, where they cannot be read."""
    try:
        lines = source.read("key").decode().split()
        keys = tuple(parse_verifier_key(line) for line in lines)
    except (AbsentError, ValueError):
        return ()
    return tuple(key for key in keys if key.name == origin)


def _signs(note: Note, keys: tuple[VerifierKey, ...]) -> bool:
    try:
        open_note(note, keys)
    except NoteError:
        return False
    return True
