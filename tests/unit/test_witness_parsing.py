"""What strangers send: every text has one reading or none; one changed byte is never cosigned."""

from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.harness.signed_log import ORIGIN, SignedLog, entries
from tests.harness.witnessing import make_witness, newest
from waybill.clock import FixedClock
from waybill.transparency.errors import NoteError
from waybill.transparency.merkle import MAX_PROOF_HASHES
from waybill.witness.cosigning import Witness, add_checkpoint
from waybill.witness.submission import (
    Submission,
    parse_submission,
    parse_told_size,
    read_cosignatures,
)

LOG = SignedLog.of(entries(300))
HONEST = LOG.submission(100)
HASHES = st.lists(st.binary(min_size=32, max_size=32), max_size=MAX_PROOF_HASHES)
PIECES = st.sampled_from(
    [
        *(b"old ", b"0", b"1", b"300", b"\n", b"\n\n", b" ", b"A" * 43 + b"=", b"=", b"\r", b"\0"),
        *(LOG.note(), LOG.note(100), "— ".encode(), ORIGIN.encode()),
    ]
)
ANSWERS = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}


@pytest.fixture
def witness(tmp_path: Path, clock: FixedClock) -> Witness:
    """A witness that has cosigned size 100; what follows must leave it there."""
    made = make_witness(tmp_path, clock, LOG.followed())
    assert add_checkpoint(made, LOG.submission(0, 100)).status == HTTPStatus.OK
    return made


@given(old=st.integers(0, (1 << 63) - 1), proof=HASHES, note=st.binary(max_size=300))
def test_what_is_written_is_read_again(old: int, proof: list[bytes], note: bytes) -> None:
    sent = Submission(old=old, proof=tuple(proof), note=note)

    assert parse_submission(sent.to_bytes()) == sent


@given(st.one_of(st.binary(max_size=400), st.lists(PIECES, max_size=12).map(b"".join)))
@example(b"old 0\n\n")
@example(b"old 00\n\n")
def test_any_bytes_have_one_reading_or_none(data: bytes) -> None:
    with suppress(NoteError):
        assert parse_submission(data).to_bytes() == data


@given(st.one_of(st.binary(max_size=40), st.from_regex(rb"\A[0-9]{1,21}\n?\Z")))
def test_a_told_size_has_one_reading_or_none(data: bytes) -> None:
    with suppress(NoteError):
        assert f"{parse_told_size(data)}\n".encode() == data


@given(st.one_of(st.binary(max_size=200), st.lists(PIECES, max_size=6).map(b"".join)))
def test_nothing_but_a_cosignature_passes_for_one(data: bytes) -> None:
    key = LOG.signer.verifier

    with suppress(NoteError):
        signatures = read_cosignatures(LOG.checkpoint().text(), data, (key,))
        assert LOG.signer.sign(LOG.checkpoint().text()) in signatures


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, len(HONEST) - 1), byte=st.integers(0, 255))
def test_one_changed_byte_is_never_cosigned(witness: Witness, at: int, byte: int) -> None:
    changed = HONEST[:at] + bytes([byte]) + HONEST[at + 1 :]
    if changed == HONEST:
        return

    reply = add_checkpoint(witness, changed)

    assert reply.status in ANSWERS
    assert newest(witness).size == 100


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.integers(0, len(HONEST)), length=st.integers(1, 60), piece=PIECES)
def test_nothing_cut_out_or_put_in_is_cosigned(
    witness: Witness, start: int, length: int, piece: bytes
) -> None:
    cut = HONEST[:start] + HONEST[start + length :]
    filled = HONEST[:start] + piece + HONEST[start:]

    statuses = {add_checkpoint(witness, data).status for data in {cut, filled} - {HONEST}}

    assert statuses <= ANSWERS
    assert newest(witness).size == 100


@given(st.lists(PIECES, max_size=12).map(b"".join))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pieces_of_honest_requests_never_break_it(witness: Witness, data: bytes) -> None:
    assert add_checkpoint(witness, data).status in {*ANSWERS, HTTPStatus.OK}
    assert newest(witness).size in {100, 300}
