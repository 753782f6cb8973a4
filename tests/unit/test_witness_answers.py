"""C2SP tlog-witness, add-checkpoint: every answer, to a real request over HTTP."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

from tests.harness.signed_log import ORIGIN, SignedLog, entries, served, signer_of
from tests.harness.witnessing import (
    alarms_of,
    evidence_of,
    make_witness,
    newest,
    submit,
    verify_elsewhere,
)
from waybill.clock import FixedClock
from waybill.transparency.merkle import EMPTY_ROOT
from waybill.witness.cosigning import Witness
from waybill.witness.service import Service
from waybill.witness.store import Alarm
from waybill.witness.submission import Submission
from waybill.witness.web import Answer

Spoil = Callable[[tuple[bytes, ...]], tuple[bytes, ...]]


@pytest.fixture
def log() -> SignedLog:
    return SignedLog.of(entries(300))


@pytest.fixture
def witness(tmp_path: Path, log: SignedLog, clock: FixedClock) -> Witness:
    return make_witness(tmp_path, clock, log.followed())


@pytest.fixture
def address(witness: Witness) -> Iterator[str]:
    with served(Service(witness)) as url:
        yield url


class TestCosigned:
    """200: the answer is a cosignature, and the checkpoint is remembered."""

    @pytest.mark.parametrize(
        ("before", "old", "size"),
        [
            pytest.param(None, 0, 300, id="the first that is seen"),
            pytest.param(None, 0, 0, id="an empty log"),
            pytest.param(0, 0, 300, id="the first entries of an empty log"),
            pytest.param(1, 1, 2, id="one entry more"),
            pytest.param(255, 255, 257, id="over the edge of a tile"),
            pytest.param(256, 256, 300, id="from a perfect tree"),
            pytest.param(300, 300, 300, id="the same once more"),
        ],
    )
    def test_what_continues_the_tree(
        self,
        address: str,
        witness: Witness,
        log: SignedLog,
        *,
        before: int | None,
        old: int,
        size: int,
    ) -> None:
        if before is not None:
            assert submit(address, log.submission(0, before)).status == HTTPStatus.OK

        answer = submit(address, log.submission(old, size))

        assert answer.status == HTTPStatus.OK
        at = int(witness.clock.now().timestamp())
        text = log.checkpoint(size).text()
        verify_elsewhere(witness.signer.verifier, text, answer.body, at)
        assert (newest(witness).size, alarms_of(witness)) == (size, set())

    def test_signatures_of_strangers_are_ignored_and_not_kept(
        self, address: str, witness: Witness, log: SignedLog
    ) -> None:
        text = log.checkpoint().text()
        stranger = signer_of("stranger.example.org", seed=9).sign(text).line().encode()

        answer = submit(address, log.submission(0) + stranger)

        assert answer.status == HTTPStatus.OK
        assert newest(witness).note == log.note() + answer.body


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"old 0\n", id="no checkpoint"),
        pytest.param(b"old 00\n\n%s", id="leading zeros"),
        pytest.param(b"old -1\n\n%s", id="a negative size"),
        pytest.param(b"old +1\n\n%s", id="a sign"),
        pytest.param(b"old 1 \n\n%s", id="a space too many"),
        pytest.param(b"Old 1\n\n%s", id="another word"),
        pytest.param(b"old 99999999999999999999\n\n%s", id="a size beyond 64 bits"),
        pytest.param(b"old \xd9\xa1\n\n%s", id="digits of another script"),
        pytest.param(b"old 0\r\n\r\n%s", id="lines of another system"),
        pytest.param(b"old 1\nAAAA\n\n%s", id="a hash too short"),
        pytest.param(b"old 1\n" + b"!" * 44 + b"\n\n%s", id="no base64"),
        pytest.param(b"old 1\n" + (b"A" * 43 + b"=\n") * 64 + b"\n%s", id="64 hashes"),
        pytest.param(b"old 0\n\n\n%s", id="an empty line too many"),
        pytest.param(b"old 301\n\n%s", id="an old size above the checkpoint's"),
    ],
)
def test_400_what_is_not_written_as_agreed(
    address: str, witness: Witness, log: SignedLog, body: bytes
) -> None:
    answer = submit(address, body.replace(b"%s", log.note()))

    assert answer.status == HTTPStatus.BAD_REQUEST
    assert (newest(witness).size, alarms_of(witness)) == (0, set())


def test_400_an_unsigned_checkpoint(address: str, log: SignedLog) -> None:
    body = b"old 0\n\n" + log.checkpoint().text().encode() + b"\n"

    assert submit(address, body).status == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(ORIGIN, id="another key of the same name"),
        pytest.param("stranger.example.org", id="another name"),
    ],
)
def test_403_nobody_who_counts_has_signed(
    address: str, witness: Witness, log: SignedLog, name: str
) -> None:
    text = log.checkpoint().text()
    line = signer_of(name, seed=7).sign(text).line()

    answer = submit(address, f"old 0\n\n{text}\n{line}".encode())

    assert (answer.status, newest(witness).size) == (HTTPStatus.FORBIDDEN, 0)


def test_403_a_signature_of_other_words(address: str, witness: Witness, log: SignedLog) -> None:
    line = log.signer.sign(log.checkpoint(299).text()).line()

    answer = submit(address, f"old 0\n\n{log.checkpoint().text()}\n{line}".encode())

    assert (answer.status, newest(witness).size) == (HTTPStatus.FORBIDDEN, 0)


def test_404_a_log_that_is_not_followed(address: str) -> None:
    other = SignedLog.of(entries(3))
    other.signer = signer_of("other.example.org/log")

    assert submit(address, other.submission(0)).status == HTTPStatus.NOT_FOUND


class TestConflict:
    """409: the size that is known, so that the log can send the right proof."""

    @pytest.mark.parametrize(
        ("old", "size"),
        [
            pytest.param(0, 300, id="as if never seen"),
            pytest.param(99, 300, id="an older size"),
            pytest.param(101, 300, id="a newer size"),
            pytest.param(99, 99, id="a checkpoint that was passed"),
            pytest.param(0, 100, id="the same checkpoint from an older size"),
        ],
    )
    def test_the_known_size_is_told(
        self, address: str, witness: Witness, log: SignedLog, old: int, size: int
    ) -> None:
        submit(address, log.submission(0, 100))

        answer = submit(address, log.submission(old, size))

        assert answer == Answer(HTTPStatus.CONFLICT, b"100\n", "text/x.tlog.size")
        assert (newest(witness).size, alarms_of(witness)) == (100, set())

    @pytest.mark.parametrize("old", [0, 99, 100])
    def test_another_root_of_the_known_size_is_a_fork(
        self, address: str, witness: Witness, log: SignedLog, old: int
    ) -> None:
        submit(address, log.submission(0, 100))
        forked = SignedLog.of([b"rewritten", *entries(99, 1)])

        answer = submit(address, forked.submission(old))

        assert answer == Answer(HTTPStatus.CONFLICT, b"100\n", "text/x.tlog.size")
        assert alarms_of(witness) == {Alarm.FORKED}
        assert newest(witness).root == log.checkpoint(100).root
        (evidence,) = evidence_of(witness)
        assert (evidence.shown, evidence.root) == (forked.note(), forked.checkpoint().root)
        assert evidence.ours.startswith(log.note(100))


class TestUnproven:
    """422: the proof does not hold; both notes are kept, because it may be a fork."""

    @pytest.mark.parametrize(
        ("before", "spoil"),
        [
            pytest.param(100, lambda _: (), id="no proof"),
            pytest.param(100, lambda proof: proof[:-1], id="a hash too few"),
            pytest.param(100, lambda proof: (*proof, EMPTY_ROOT), id="a hash too many"),
            pytest.param(100, lambda proof: (EMPTY_ROOT, *proof[1:]), id="another hash"),
            pytest.param(0, lambda _: (EMPTY_ROOT,), id="a proof from nothing"),
            pytest.param(300, lambda _: (EMPTY_ROOT,), id="a proof of the same"),
        ],
    )
    def test_a_proof_that_does_not_hold(
        self,
        address: str,
        witness: Witness,
        log: SignedLog,
        before: int,
        spoil: Spoil,
    ) -> None:
        submit(address, log.submission(0, before))
        proof = spoil(log.proof(before))

        answer = submit(address, Submission(old=before, proof=proof, note=log.note()).to_bytes())

        assert answer.status == HTTPStatus.UNPROCESSABLE_ENTITY
        assert (newest(witness).size, alarms_of(witness)) == (before, {Alarm.UNPROVEN})

    def test_an_entry_rewritten_with_the_real_key(
        self, address: str, witness: Witness, log: SignedLog
    ) -> None:
        submit(address, log.submission(0, 100))
        rewritten = SignedLog.of([*entries(42), b"rewritten", *entries(257, 43)])

        answer = submit(address, rewritten.submission(100))

        assert answer.status == HTTPStatus.UNPROCESSABLE_ENTITY
        (evidence,) = evidence_of(witness)
        assert (evidence.kind, evidence.shown) == (Alarm.UNPROVEN, rewritten.note())
        assert evidence.ours.startswith(log.note(100))
