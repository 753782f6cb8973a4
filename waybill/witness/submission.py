"""What a log sends to a witness, and what it gets back (C2SP tlog-witness, add-checkpoint)."""

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from waybill.transparency.checkpoint import read_hash
from waybill.transparency.errors import NoteError
from waybill.transparency.merkle import MAX_PROOF_HASHES
from waybill.transparency.notes import (
    MAX_NOTE_BYTES,
    Note,
    Signature,
    VerifierKey,
    open_note,
    parse_note,
)

MAX_SUBMISSION_BYTES: Final = MAX_NOTE_BYTES + 4096
"""A note, and before it at most 63 lines of 45 bytes and the old size."""
SIZE_TYPE: Final = "text/x.tlog.size"
MAX_SIZE_BYTES: Final = 20

_OLD: Final = re.compile(r"old (?P<size>0|[1-9][0-9]{0,18})")
_SIZE: Final = re.compile(rb"(?P<size>0|[1-9][0-9]{0,18})\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A signed checkpoint, and the proof that it continues the tree of size `old`."""

    old: int
    proof: tuple[bytes, ...]
    note: bytes

    def to_bytes(self) -> bytes:
        """Return the body of the request."""
        lines = [f"old {self.old}", *(base64.b64encode(found).decode() for found in self.proof)]
        return ("\n".join(lines) + "\n\n").encode() + self.note


def parse_submission(data: bytes) -> Submission:
    """Read the body of a request; neither proof nor note is believed yet.

    Raises:
        NoteError: it is not written as `Submission.to_bytes` writes it, or is too long.
    """
    head, found, note = data.partition(b"\n\n")
    if not found or len(data) > MAX_SUBMISSION_BYTES:
        raise NoteError("a submission is old size, proof, an empty line and a checkpoint")
    try:
        first, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise NoteError("a proof is base64") from error
    old = _OLD.fullmatch(first)
    if old is None:
        raise NoteError("a submission begins with the old size")
    if len(lines) > MAX_PROOF_HASHES:
        raise NoteError(f"a proof has at most {MAX_PROOF_HASHES} hashes")
    return Submission(
        old=int(old["size"]), proof=tuple(read_hash(line) for line in lines), note=note
    )


def parse_told_size(data: bytes) -> int:
    """Read the size that a witness tells when it knows another checkpoint than was thought.

    Raises:
        NoteError: anything but a decimal number and a line's end.
    """
    found = _SIZE.fullmatch(data)
    if found is None:
        raise NoteError("a size is a decimal number and a line's end")
    return int(found["size"])


def read_cosignatures(text: str, data: bytes, keys: Iterable[VerifierKey]) -> tuple[Signature, ...]:
    """Return the lines of an answer that known witnesses signed, each verified against the text.

    Raises:
        NoteError: malformed, or no known key has signed.
    """
    note = parse_note(text.encode() + b"\n" + data)
    signed = {(found.key.name, found.key.key_id) for found in open_note(note, keys)}
    return tuple(line for line in note.signatures if (line.name, line.key_id) in signed)


def kept_note(note: Note, keys: Iterable[VerifierKey]) -> Note:
    """Return a note with the signatures of known keys only; lines of strangers are not kept.

    Raises:
        NoteError: no known key has signed, or a signature in its name does not hold.
    """
    signed = {(found.key.name, found.key.key_id) for found in open_note(note, keys)}
    lines = tuple(line for line in note.signatures if (line.name, line.key_id) in signed)
    return Note(text=note.text, signatures=lines)
