"""Notes, keys, checkpoints: what is signed by whom, and all that is not."""

import base64
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.harness.trees import log_vectors
from waybill.transparency.checkpoint import Checkpoint, parse_checkpoint
from waybill.transparency.errors import NoteError
from waybill.transparency.merkle import EMPTY_ROOT
from waybill.transparency.notes import (
    MAX_NOTE_BYTES,
    Algorithm,
    Note,
    NoteSigner,
    Signature,
    Signed,
    VerifierKey,
    join_signatures,
    open_note,
    parse_note,
    parse_verifier_key,
)
from waybill.transparency.policy import Policy, trust

EXAMPLE = log_vectors("note")
TESTLOG = log_vectors("testlog")
ORIGIN = "waybill.example/log"
AT = datetime(2026, 11, 26, 6, 5, tzinfo=UTC)
LOG = NoteSigner(name=ORIGIN, private_key=Ed25519PrivateKey.from_private_bytes(b"l" * 32))
OTHER = NoteSigner(name=ORIGIN, private_key=Ed25519PrivateKey.from_private_bytes(b"o" * 32))
WITNESS = NoteSigner(
    name="witness.example/w1",
    private_key=Ed25519PrivateKey.from_private_bytes(b"w" * 32),
    algorithm=Algorithm.COSIGNATURE,
)
SECOND = NoteSigner(
    name="witness.example/w2",
    private_key=Ed25519PrivateKey.from_private_bytes(b"2" * 32),
    algorithm=Algorithm.COSIGNATURE,
)
TEXT = Checkpoint(origin=ORIGIN, size=3, root=b"r" * 32).text()


def note(*signatures: Signature, text: str = TEXT) -> Note:
    return Note(text=text, signatures=signatures)


def test_the_example_of_the_format_is_read_and_believed() -> None:
    key = parse_verifier_key(EXAMPLE["vkey"])
    read = parse_note(EXAMPLE["note"].encode())

    assert key.text() == EXAMPLE["vkey"]
    assert read.to_bytes() == EXAMPLE["note"].encode()
    assert open_note(read, [key]) == (Signed(key=key, at=None),)


def test_checkpoints_of_a_real_log_are_read_and_believed() -> None:
    policy = Policy(
        origin="example.com/log/testdata", log_keys=(parse_verifier_key(TESTLOG["vkey"]),)
    )
    for size, text in TESTLOG["checkpoints"].items():
        trusted = trust(text.encode(), policy)

        assert trusted.checkpoint.size == int(size)
        assert trusted.note.text == trusted.checkpoint.text()


def test_what_was_signed_is_read_back_with_its_signers() -> None:
    whole = note(LOG.sign(TEXT), WITNESS.cosign(TEXT, AT)).to_bytes()
    read = parse_note(whole)

    assert read.to_bytes() == whole
    assert open_note(read, [WITNESS.verifier, LOG.verifier]) == (
        Signed(key=WITNESS.verifier, at=AT),
        Signed(key=LOG.verifier, at=None),
    )


def test_signatures_of_unknown_keys_are_passed_over_and_one_known_suffices() -> None:
    foreign = Signature(name=ORIGIN, key_id=b"\0\0\0\0", blob=b"anything")

    assert open_note(note(foreign, LOG.sign(TEXT)), [LOG.verifier, OTHER.verifier]) == (
        Signed(key=LOG.verifier, at=None),
    )
    with pytest.raises(NoteError, match="no known key"):
        open_note(note(foreign, OTHER.sign(TEXT)), [LOG.verifier])


@pytest.mark.parametrize("signer", [LOG, WITNESS], ids=["log", "witness"])
def test_a_signature_in_the_name_of_a_known_key_must_hold(signer: NoteSigner) -> None:
    good = signer.sign(TEXT) if signer is LOG else signer.cosign(TEXT, AT)
    bad = Signature(name=good.name, key_id=good.key_id, blob=good.blob[:-1] + b"\0")

    with pytest.raises(NoteError, match="does not hold"):
        open_note(note(LOG.sign(TEXT), good, bad), [LOG.verifier, signer.verifier])


def test_a_cosignature_counts_for_its_own_moment_alone() -> None:
    good = WITNESS.cosign(TEXT, AT)
    later = (int(AT.timestamp()) + 1).to_bytes(8, "big") + good.blob[8:]
    moved = Signature(name=good.name, key_id=good.key_id, blob=later)

    with pytest.raises(NoteError, match="does not hold"):
        open_note(note(moved), [WITNESS.verifier])


@pytest.mark.parametrize(
    "blob", [b"short", b"\xff" * 72, bytes(71), bytes(73)], ids=["short", "time", "71", "73"]
)
def test_a_cosignature_of_another_form_is_refused(blob: bytes) -> None:
    line = Signature(name=WITNESS.name, key_id=WITNESS.verifier.key_id, blob=blob)

    with pytest.raises(NoteError, match="malformed"):
        open_note(note(line), [WITNESS.verifier])


def test_the_newest_cosignature_of_a_witness_tells_when_it_looked() -> None:
    earlier = WITNESS.cosign(TEXT, datetime(2026, 11, 25, tzinfo=UTC))
    whole = note(WITNESS.cosign(TEXT, AT), earlier)

    assert open_note(whole, [WITNESS.verifier]) == (Signed(key=WITNESS.verifier, at=AT),)


def test_further_signatures_replace_those_of_the_same_key() -> None:
    first = note(LOG.sign(TEXT), WITNESS.cosign(TEXT, datetime(2026, 11, 25, tzinfo=UTC)))
    joined = join_signatures(first, [WITNESS.cosign(TEXT, AT), SECOND.cosign(TEXT, AT)])

    assert [line.name for line in joined.signatures] == [ORIGIN, WITNESS.name, SECOND.name]
    assert open_note(joined, [WITNESS.verifier]) == (Signed(key=WITNESS.verifier, at=AT),)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"text\n\n\xe2\x80\x94 a AAAAAAA=",
        b"text\n\n- a AAAAAAA=\n",
        b"text\n\n\xe2\x80\x94 a  AAAAAAA=\n",
        b"text\n\n\xe2\x80\x94 a AAAAAAB=\n",
        b"text\n\n\xe2\x80\x94 a AAAAAA\n",
        b"text\n\n\xe2\x80\x94 a AAAAAA==\n",
        b"text\n\n\xe2\x80\x94 a\xe3\x80\x80b AAAAAAA=\n",
        b"text\n\n\xe2\x80\x94 a+b AAAAAAA=\n",
        b"text\r\n\n\xe2\x80\x94 a AAAAAAA=\n",
        b"\xff\n\n\xe2\x80\x94 a AAAAAAA=\n",
        b"x" * MAX_NOTE_BYTES + b"\n\n\xe2\x80\x94 a AAAAAAA=\n",
        b"text\n\n" + b"\xe2\x80\x94 a AAAAAAA=\n" * 65,
    ],
)
def test_what_is_not_written_as_a_note_is_refused(broken: bytes) -> None:
    with pytest.raises(NoteError):
        parse_note(broken)


def test_a_note_has_room_for_64_signatures_and_text_with_empty_lines() -> None:
    read = parse_note(b"one\n\ntwo\n\n\n" + b"\xe2\x80\x94 a AAAAAAA=\n" * 64)

    assert (read.text, len(read.signatures)) == ("one\n\ntwo\n\n", 64)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000",
        LOG.verifier.text().replace("+", "-"),
        LOG.verifier.text() + "\n",
        LOG.verifier.text().upper(),
        LOG.verifier.text().replace(ORIGIN, ORIGIN + "x"),
        f"name+00000000+{base64.b64encode(bytes([2]) + bytes(32)).decode()}",
        f"name+00000000+{base64.b64encode(bytes([1]) + bytes(31)).decode()}",
    ],
)
def test_what_is_not_a_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        parse_verifier_key(text)


@pytest.mark.parametrize("name", ["", "a b", "a\u00a0b", "a+b", "a\u0000b", "a\u0085b"])
def test_a_name_has_no_spaces(name: str) -> None:
    with pytest.raises(NoteError):
        VerifierKey(name=name, algorithm=Algorithm.ED25519, public_key=bytes(32))


def test_a_key_signs_only_as_what_it_is() -> None:
    with pytest.raises(NoteError, match="does not sign"):
        WITNESS.sign(TEXT)
    with pytest.raises(NoteError, match="does not sign"):
        LOG.cosign(TEXT, AT)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "origin\n1\n",
        TEXT.removesuffix("\n"),
        TEXT.replace("\n3\n", "\n03\n"),
        TEXT.replace("\n3\n", "\n-3\n"),
        TEXT.replace("\n3\n", "\n٣\n"),
        TEXT.replace("\n3\n", "\n9999999999999999999\n"),
        TEXT.replace("=", ""),
        TEXT.replace("cnI=", "cnJ="),
        "origin\n1\nAAAA\n",
        "\n" + TEXT,
        TEXT + "\n",
        TEXT.replace("\n3\n", "\n0\n"),
    ],
)
def test_what_is_not_written_as_a_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        parse_checkpoint(text)


def test_a_checkpoint_may_have_extensions_and_an_empty_log_has_one_too() -> None:
    long = Checkpoint(origin="a", size=1, root=b"r" * 32, extensions=("x", "y"))
    empty = Checkpoint(origin="a", size=0, root=EMPTY_ROOT)

    assert parse_checkpoint(long.text()) == long
    assert parse_checkpoint(empty.text()) == empty


@pytest.mark.parametrize(
    ("origin", "size", "root", "extensions"),
    [
        ("", 1, b"r" * 32, ()),
        ("a\nb", 1, b"r" * 32, ()),
        ("a", -1, b"r" * 32, ()),
        ("a", 1 << 63, b"r" * 32, ()),
        ("a", 1, b"r" * 31, ()),
        ("a", 0, b"r" * 32, ()),
        ("a", 1, b"r" * 32, ("",)),
        ("a", 1, b"r" * 32, ("x\ny",)),
    ],
)
def test_an_impossible_checkpoint_is_not_made(
    origin: str, size: int, root: bytes, extensions: tuple[str, ...]
) -> None:
    with pytest.raises(NoteError):
        Checkpoint(origin=origin, size=size, root=root, extensions=extensions)
