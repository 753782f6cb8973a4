"""Checkpoints: a log's name, size and root as the text of a note (C2SP tlog-checkpoint)."""

import base64
import re
from dataclasses import dataclass
from typing import Final

from waybill.codec import b64_decode
from waybill.transparency.errors import NoteError
from waybill.transparency.merkle import EMPTY_ROOT, HASH_BYTES

MAX_SIZE: Final = (1 << 63) - 1
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """How large a log is and what its root is. `origin` is the log's name for ever."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.origin or any("\n" in line or not line for line in self.extensions):
            raise NoteError("a line of a checkpoint is not empty")
        if "\n" in self.origin or not 0 <= self.size <= MAX_SIZE or len(self.root) != HASH_BYTES:
            raise NoteError("a checkpoint has one origin, a size, and a root of 32 bytes")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise NoteError("an empty tree has only one root")

    def text(self) -> str:
        """Return the text that is signed."""
        root = base64.b64encode(self.root).decode()
        return "\n".join([self.origin, str(self.size), root, *self.extensions]) + "\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a note as a checkpoint; who signed it is another question.

    Raises:
        NoteError: it is written in any other way than `Checkpoint.text` writes it.
    """
    origin, *lines = text.removesuffix("\n").split("\n")
    if not text.endswith("\n") or len(lines) < 2:  # noqa: PLR2004  size and root
        raise NoteError("a checkpoint has at least three lines")
    size, root, *extensions = lines
    if not _SIZE.fullmatch(size):
        raise NoteError("the size of a checkpoint is a decimal number without leading zeros")
    return Checkpoint(
        origin=origin, size=int(size), root=read_hash(root), extensions=tuple(extensions)
    )


def read_hash(text: str) -> bytes:
    """Read 32 bytes of base64, written in the one way they can be.

    Raises:
        NoteError: anything else.
    """
    try:
        decoded = b64_decode(text)
    except ValueError as error:
        raise NoteError("a hash is base64") from error
    if len(decoded) != HASH_BYTES:
        raise NoteError(f"a hash has {HASH_BYTES} bytes")
    return decoded
