"""Proofs that a carrier, a court or a stranger can keep in a file (C2SP tlog-proof@v1)."""

import base64
import re
from dataclasses import dataclass
from typing import Final

from waybill.codec import b64_decode
from waybill.transparency.checkpoint import read_hash
from waybill.transparency.errors import NoteError, ProofError
from waybill.transparency.merkle import MAX_PROOF_HASHES, verify_inclusion
from waybill.transparency.notes import MAX_NOTE_BYTES
from waybill.transparency.policy import Policy, Trusted, trust

HEADER: Final = "c2sp.org/tlog-proof@v1"
MAX_PROOF_BYTES: Final = 1 << 20
_INDEX: Final = re.compile(r"index (?P<index>0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True, kw_only=True)
class TlogProof:
    """That one entry is in a log: its index, the path to the root, and the signed checkpoint.

    `extra` is for whoever reads it and proves nothing by itself.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""

    def to_bytes(self) -> bytes:
        """Return the proof as it stands in a `.tlog-proof` file."""
        lines = [HEADER]
        if self.extra:
            lines.append(f"extra {base64.b64encode(self.extra).decode()}")
        lines.append(f"index {self.index}")
        lines += [base64.b64encode(found).decode() for found in self.hashes]
        return ("\n".join(lines) + "\n\n").encode() + self.checkpoint


def parse_proof(data: bytes) -> TlogProof:
    """Read a proof without believing it.

    Raises:
        ProofError: it is not written as `TlogProof.to_bytes` writes it, or is too long.
    """
    head, found, checkpoint = data.partition(b"\n\n")
    if not found or len(data) > MAX_PROOF_BYTES or len(checkpoint) > MAX_NOTE_BYTES:
        raise ProofError("a proof has a head, an empty line and a checkpoint")
    try:
        header, *lines = head.decode("ascii").split("\n")
        extra = _read_extra(lines.pop(0)) if lines and lines[0].startswith("extra ") else b""
        index = _INDEX.fullmatch(lines.pop(0) if lines else "")
        hashes = tuple(read_hash(line) for line in lines)
    except (UnicodeDecodeError, NoteError) as error:
        raise ProofError(f"a proof that cannot be read: {error}") from error
    if header != HEADER or index is None or len(hashes) > MAX_PROOF_HASHES:
        raise ProofError("a proof begins with its kind and the entry's index")
    return TlogProof(index=int(index["index"]), hashes=hashes, checkpoint=checkpoint, extra=extra)


def verify_proof(proof: TlogProof, leaf: bytes, policy: Policy) -> Trusted:
    """Verify that the leaf's hash is in the log the policy names, and return its checkpoint.

    Raises:
        NoteError: the checkpoint does not count.
        ProofError: the path does not lead from the leaf to the checkpoint's root.
    """
    trusted = trust(proof.checkpoint, policy)
    verify_inclusion(
        leaf,
        index=proof.index,
        size=trusted.checkpoint.size,
        proof=proof.hashes,
        root=trusted.checkpoint.root,
    )
    return trusted


def _read_extra(line: str) -> bytes:
    try:
        return b64_decode(line.removeprefix("extra "))
    except ValueError as error:
        raise ProofError("the extra data is base64") from error
