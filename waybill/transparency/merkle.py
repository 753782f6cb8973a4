"""The Merkle tree of RFC 6962, section 2.1: hashes, roots, proofs, and their verification.

A tree is known by the hashes of its perfect subtrees. `Nodes` gives them: level 0 are the leaves,
the hash at (level, index) covers the leaves from `index << level` on, `1 << level` of them.
Verification shares no code with the making of proofs.
"""

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Final, TypeAlias

from waybill.codec import sha256
from waybill.transparency.errors import ProofError

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = sha256(b"")
MAX_PROOF_HASHES: Final = 63
"""Enough for any tree whose size fits 64 bits with a sign (C2SP tlog-witness)."""

Nodes: TypeAlias = Callable[[int, int], bytes]


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of an entry as a leaf."""
    return sha256(b"\x00" + entry)


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash above two subtrees."""
    return sha256(b"\x01" + left + right)


def perfect_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root above the hashes of a perfect tree; their number is a power of two."""
    while len(hashes) > 1:
        hashes = [node_hash(*hashes[at : at + 2]) for at in range(0, len(hashes), 2)]
    return hashes[0]


def tree_root(size: int, nodes: Nodes) -> bytes:
    """Return the root of the tree of the first `size` leaves."""
    return _range_root(0, size, nodes) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, nodes: Nodes) -> tuple[bytes, ...]:
    """Return the audit path of a leaf, from its sibling up (RFC 6962, section 2.1.1).

    Raises:
        ProofError: the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ProofError(f"a tree of {size} has no leaf {index}")
    path = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_range_root(middle, high, nodes))
            high = middle
        else:
            path.append(_range_root(low, middle, nodes))
            low = middle
    return tuple(reversed(path))


def consistency_proof(old: int, new: int, nodes: Nodes) -> tuple[bytes, ...]:
    """Return the proof that one tree is the beginning of another (RFC 6962, section 2.1.2).

    Raises:
        ProofError: the old tree is empty, or larger than the new one.
    """
    if not 0 < old <= new:
        raise ProofError(f"no proof leads from a tree of {old} to one of {new}")
    path = []
    low, high = 0, new
    while old < high:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_range_root(middle, high, nodes))
            high = middle
        else:
            path.append(_range_root(low, middle, nodes))
            low = middle
    # Who verifies knows the old root; any smaller part of it must be told.
    if low:
        path.append(_range_root(low, high, nodes))
    return tuple(reversed(path))


def verify_inclusion(
    leaf: bytes, *, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Verify that the tree of this size and root holds the leaf's hash at the index.

    Raises:
        ProofError: it is not shown.
    """
    if not 0 <= index < size:
        raise ProofError(f"a tree of {size} has no leaf {index}")
    _refuse_odd_hashes((leaf, root, *proof))
    found = leaf
    for sibling, on_the_left in zip(proof, _sides(index, size - 1, len(proof)), strict=True):
        found = node_hash(sibling, found) if on_the_left else node_hash(found, sibling)
    if found != root:
        raise ProofError("the proof leads to another root")


def verify_consistency(
    *, old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Verify that the new tree begins with the whole old one.

    Raises:
        ProofError: it is not shown. Of an empty old tree nothing can be shown.
    """
    if not 0 < old <= new:
        raise ProofError(f"nothing leads from a tree of {old} to one of {new}")
    if old == new:
        if proof or old_root != new_root:
            raise ProofError("two trees of one size have two roots, or a proof too many")
        return
    if not proof:
        raise ProofError("the proof is empty")
    _refuse_odd_hashes((old_root, new_root, *proof))
    # The largest perfect tree at the right edge of the old one; the old root itself, if that is it.
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first, *rest = proof if node else (old_root, *proof)
    found_old = found_new = first
    for sibling, on_the_left in zip(rest, _sides(node, last, len(rest)), strict=True):
        if on_the_left:
            found_old = node_hash(sibling, found_old)
            found_new = node_hash(sibling, found_new)
        else:
            found_new = node_hash(found_new, sibling)
    if found_old != old_root:
        raise ProofError("the proof leads to another old root")
    if found_new != new_root:
        raise ProofError("the proof leads to another new root")


def _sides(node: int, last: int, hashes: int) -> list[bool]:
    """Return for each hash of a path to the root whether it stands to the left.

    `node` is where the path begins and `last` the rightmost place beside it, level by level
    (RFC 9162, sections 2.1.3.2 and 2.1.4.2).
    """
    sides = []
    while last:
        on_the_left = bool(node & 1) or node == last
        while on_the_left and not node & 1 and node:
            node, last = node >> 1, last >> 1
        sides.append(on_the_left)
        node, last = node >> 1, last >> 1
    if len(sides) != hashes:
        raise ProofError(f"the proof has {hashes} hashes instead of {len(sides)}")
    return sides


def _split(leaves: int) -> int:
    """Return the largest power of two below a number of leaves, at least two of them."""
    return 1 << ((leaves - 1).bit_length() - 1)


def _range_root(low: int, high: int, nodes: Nodes) -> bytes:
    """Return the hash over leaves that are a subtree of some tree: `low` stands on its corner."""
    hashes = []
    while low < high:
        level = (high - low).bit_length() - 1
        hashes.append(nodes(level, low >> level))
        low += 1 << level
    return reduce(lambda right, left: node_hash(left, right), reversed(hashes))


def _refuse_odd_hashes(hashes: Sequence[bytes]) -> None:
    if any(len(found) != HASH_BYTES for found in hashes):
        raise ProofError(f"a hash must have {HASH_BYTES} bytes")
