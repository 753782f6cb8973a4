"""Whom a checkpoint is believed from, and proofs that stand alone in a file."""

import base64
import json
from hashlib import sha256
from uuid import UUID

import pytest

from tests.harness.trees import MemoryTree
from tests.unit.test_transparency_notes import AT, LOG, ORIGIN, OTHER, SECOND, WITNESS, note
from waybill.transparency.checkpoint import Checkpoint
from waybill.transparency.entry import event_entry
from waybill.transparency.errors import NoteError, ProofError
from waybill.transparency.merkle import inclusion_proof, leaf_hash
from waybill.transparency.notes import Signature
from waybill.transparency.policy import Policy, trust
from waybill.transparency.proof import TlogProof, parse_proof, verify_proof
from waybill.transparency.tiles import TileNodes

ENTRIES = [f"entry {number}".encode() for number in range(300)]
TREE = MemoryTree(ENTRIES)
TEXT = Checkpoint(origin=ORIGIN, size=TREE.size, root=TREE.root).text()
BOTH = Policy(
    origin=ORIGIN,
    log_keys=(LOG.verifier, OTHER.verifier),
    witnesses=(WITNESS.verifier, SECOND.verifier),
    quorum=1,
)


def proof_of(index: int, *signatures: Signature, extra: bytes = b"") -> TlogProof:
    hashes = inclusion_proof(index, TREE.size, TileNodes(TREE.size, TREE.read))
    signed = note(LOG.sign(TEXT), *signatures, text=TEXT).to_bytes()
    return TlogProof(index=index, hashes=hashes, checkpoint=signed, extra=extra)


def test_a_proof_in_a_file_is_read_back_and_holds() -> None:
    proof = proof_of(257, WITNESS.cosign(TEXT, AT), extra=b"for whoever reads it")
    read = parse_proof(proof.to_bytes())

    trusted = verify_proof(read, leaf_hash(ENTRIES[257]), BOTH)

    assert read == proof
    assert trusted.checkpoint == Checkpoint(origin=ORIGIN, size=300, root=TREE.root)
    assert trusted.seen_at == {WITNESS.name: AT}
    assert parse_proof(proof_of(0).to_bytes()) == proof_of(0)


def test_a_proof_of_another_entry_does_not_hold() -> None:
    with pytest.raises(ProofError, match="another root"):
        verify_proof(proof_of(257, WITNESS.cosign(TEXT, AT)), leaf_hash(ENTRIES[256]), BOTH)


def test_too_few_witnesses_are_not_enough() -> None:
    strict = Policy(origin=ORIGIN, log_keys=BOTH.log_keys, witnesses=BOTH.witnesses, quorum=2)
    one = proof_of(3, WITNESS.cosign(TEXT, AT))

    with pytest.raises(NoteError, match="1 witnesses have signed, 2 must have"):
        verify_proof(one, leaf_hash(ENTRIES[3]), strict)
    with pytest.raises(NoteError, match="0 witnesses"):
        verify_proof(proof_of(3), leaf_hash(ENTRIES[3]), BOTH)


def test_a_witness_does_not_stand_in_for_the_log() -> None:
    signed = note(WITNESS.cosign(TEXT, AT), SECOND.cosign(TEXT, AT), text=TEXT).to_bytes()

    with pytest.raises(NoteError, match="no known key"):
        trust(signed, BOTH)


def test_either_key_of_a_log_counts_while_it_changes_them() -> None:
    plain = Policy(origin=ORIGIN, log_keys=(LOG.verifier, OTHER.verifier))

    for signer in (LOG, OTHER):
        assert trust(note(signer.sign(TEXT), text=TEXT).to_bytes(), plain).seen_at == {}


def test_another_log_of_the_same_key_is_another_log() -> None:
    text = Checkpoint(origin="waybill.example/other", size=1, root=b"r" * 32).text()

    with pytest.raises(NoteError, match="another log"):
        trust(note(LOG.sign(text), text=text).to_bytes(), BOTH)


@pytest.mark.parametrize(
    ("log_keys", "witnesses", "quorum"),
    [
        ((), (), 0),
        ((WITNESS.verifier,), (), 0),
        ((LOG.verifier,), (OTHER.verifier,), 0),
        ((LOG.verifier,), (WITNESS.verifier,), 2),
        ((LOG.verifier,), (), -1),
        ((LOG.verifier,), (WITNESS.verifier, WITNESS.verifier), 2),
    ],
)
def test_a_policy_that_cannot_be_kept_is_not_made(
    log_keys: tuple[()], witnesses: tuple[()], quorum: int
) -> None:
    with pytest.raises(NoteError):
        Policy(origin=ORIGIN, log_keys=log_keys, witnesses=witnesses, quorum=quorum)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"c2sp.org/tlog-proof@v1\nindex 1\n",
        b"c2sp.org/tlog-proof@v1\n\ncheckpoint",
        b"c2sp.org/tlog-proof@v2\nindex 1\n\ncheckpoint",
        b"c2sp.org/tlog-proof@v1\nindex 01\n\ncheckpoint",
        b"c2sp.org/tlog-proof@v1\nindex -1\n\ncheckpoint",
        b"c2sp.org/tlog-proof@v1\nextra *\nindex 1\n\ncheckpoint",
        b"c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n\ncheckpoint",
        b"c2sp.org/tlog-proof@v1\nindex 1\n\xff\n\ncheckpoint",
        b"c2sp.org/tlog-proof@v1\nindex 1\n"
        + base64.b64encode(bytes(32))
        + b"\n\n"
        + bytes(1 << 17),
        b"c2sp.org/tlog-proof@v1\nindex 1\n"
        + b"\n".join([base64.b64encode(bytes(32))] * 64)
        + b"\n\nx",
    ],
)
def test_what_is_not_written_as_a_proof_is_refused(broken: bytes) -> None:
    with pytest.raises(ProofError):
        parse_proof(broken)


def test_an_entry_says_id_and_salted_hash_and_nothing_else() -> None:
    event_id = UUID("019ac0de-0000-7000-8000-000000000001")

    entry = event_entry(event_id, b'{"kind":"check-decided"}', b"s" * 32)

    assert json.loads(entry) == {
        "v": 1,
        "id": str(event_id),
        "body": sha256(b"s" * 32 + b'{"kind":"check-decided"}').hexdigest(),
    }
    assert entry == json.dumps(json.loads(entry), sort_keys=True, separators=(",", ":")).encode()
    with pytest.raises(ValueError, match="32 bytes"):
        event_entry(event_id, b"", b"short")
