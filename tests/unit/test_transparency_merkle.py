"""Roots and proofs against fixed cases, against the definition, and wrong in every small way."""

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.harness.trees import MemoryTree, log_vectors, slow_root
from waybill.transparency.errors import ProofError
from waybill.transparency.merkle import (
    EMPTY_ROOT,
    Nodes,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    perfect_root,
    tree_root,
    verify_consistency,
    verify_inclusion,
)

GOLDEN = log_vectors("golden")
PROBES = log_vectors("probes")
LEAVES = [leaf_hash(bytes.fromhex(leaf)) for leaf in GOLDEN["leaf_inputs"]]


def nodes_over(leaves: list[bytes]) -> Nodes:
    return lambda level, index: perfect_root(leaves[index << level : (index + 1) << level])


def unhex(hashes: list[str]) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(found) for found in hashes)


def probes(kind: str) -> list[Any]:
    return [
        pytest.param(case, id=f"{case['file']} {case['desc']}".replace("testdata/", ""))
        for case in PROBES[kind]
    ]


def test_hashes_are_those_of_the_standard() -> None:
    assert {
        "empty_root": EMPTY_ROOT.hex(),
        "empty_leaf": leaf_hash(b"").hex(),
        "leaf_L123456": leaf_hash(b"L123456").hex(),
        "node_N123_N456": node_hash(b"N123", b"N456").hex(),
    } == GOLDEN["hasher"]
    assert [leaf.hex() for leaf in LEAVES] == GOLDEN["leaf_hashes"]


def test_roots_are_those_of_the_standard() -> None:
    roots = {str(size): tree_root(size, nodes_over(LEAVES)).hex() for size in range(9)}

    assert roots == GOLDEN["roots"]


def test_proofs_are_those_of_the_standard() -> None:
    nodes = nodes_over(LEAVES)

    assert [
        inclusion_proof(case["leaf_index"], case["tree_size"], nodes)
        for case in GOLDEN["inclusion"]
    ] == [unhex(case["proof"]) for case in GOLDEN["inclusion"]]
    assert [
        consistency_proof(case["size1"], case["size2"], nodes) for case in GOLDEN["consistency"]
    ] == [unhex(case["proof"]) for case in GOLDEN["consistency"]]


@pytest.mark.parametrize("case", probes("inclusion"))
def test_a_wrong_proof_of_inclusion_is_refused_and_a_right_one_is_not(case: dict[str, Any]) -> None:
    def verify() -> None:
        verify_inclusion(
            bytes.fromhex(case["leaf_hash"]),
            index=case["leaf_index"],
            size=case["tree_size"],
            proof=unhex(case["proof"]),
            root=bytes.fromhex(case["root"]),
        )

    if case["want_error"]:
        with pytest.raises(ProofError):
            verify()
    else:
        verify()


@pytest.mark.parametrize("case", probes("consistency"))
def test_a_wrong_proof_of_consistency_is_refused_and_a_right_one_is_not(
    case: dict[str, Any],
) -> None:
    def verify() -> None:
        verify_consistency(
            old=case["size1"],
            new=case["size2"],
            proof=unhex(case["proof"]),
            old_root=bytes.fromhex(case["root1"]),
            new_root=bytes.fromhex(case["root2"]),
        )

    if case["want_error"]:
        with pytest.raises(ProofError):
            verify()
    else:
        verify()


def test_all_roots_and_proofs_of_trees_up_to_130_are_as_others_compute_them() -> None:
    nodes = nodes_over([leaf_hash(bytes([value])) for value in range(130)])
    lines: dict[str, list[str]] = {"root": [], "inclusion": [], "consistency": []}
    for size in range(131):
        lines["root"].append(f"{size} {tree_root(size, nodes).hex()}\n")
        for index in range(size):
            path = "".join(f" {found.hex()}" for found in inclusion_proof(index, size, nodes))
            lines["inclusion"].append(f"{index} {size}{path}\n")
        for old in range(1, size + 1):
            path = "".join(f" {found.hex()}" for found in consistency_proof(old, size, nodes))
            lines["consistency"].append(f"{old} {size}{path}\n")

    assert {
        kind: hashlib.sha256("".join(found).encode()).hexdigest() for kind, found in lines.items()
    } == log_vectors("fold")["sha256_of_all_lines"]


@given(st.integers(1, 400), st.data())
def test_every_leaf_and_every_beginning_of_a_tree_can_be_shown(size: int, data: Any) -> None:  # noqa: ANN401
    entries = [value.to_bytes(2, "big") for value in range(size)]
    leaves = [leaf_hash(entry) for entry in entries]
    nodes = nodes_over(leaves)
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    root = tree_root(size, nodes)

    assert root == slow_root(leaves) == MemoryTree(entries).root
    verify_inclusion(
        leaves[index], index=index, size=size, proof=inclusion_proof(index, size, nodes), root=root
    )
    verify_consistency(
        old=old,
        new=size,
        proof=consistency_proof(old, size, nodes),
        old_root=slow_root(leaves[:old]),
        new_root=root,
    )


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 3), (3, 3)])
def test_what_is_not_in_a_tree_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ProofError, match="has no leaf"):
        inclusion_proof(index, size, nodes_over(LEAVES))


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3), (-1, 3)])
def test_a_tree_does_not_grow_out_of_nothing_or_shrink(old: int, new: int) -> None:
    with pytest.raises(ProofError, match="no proof leads"):
        consistency_proof(old, new, nodes_over(LEAVES))
