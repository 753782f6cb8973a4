"""Asking witnesses: what a log gets from an honest one, a forgetful one, a liar, and nobody."""

from collections.abc import Iterator
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from tests.harness.signed_log import SignedLog, entries, served, signer_of
from tests.harness.witnessing import make_witness, newest, verify_elsewhere
from waybill.clock import FixedClock
from waybill.outbound.witnesses import (
    NO_WITNESSES,
    CosignatureError,
    RemoteWitness,
    WitnessDisagreesError,
    WitnessListError,
    read_witnesses,
    request_cosignatures,
)
from waybill.transparency.notes import Signature
from waybill.witness.cosigning import Witness
from waybill.witness.service import Service
from waybill.witness.web import WebError


@pytest.fixture
def log() -> SignedLog:
    return SignedLog.of(entries(300))


@pytest.fixture
def witness(tmp_path: Path, log: SignedLog, clock: FixedClock) -> Witness:
    return make_witness(tmp_path, clock, log.followed())


@pytest.fixture
def remote(witness: Witness) -> Iterator[RemoteWitness]:
    with served(Service(witness)) as url:
        yield RemoteWitness(url=url, keys=(witness.signer.verifier,))


def request(
    remote: RemoteWitness, log: SignedLog, *, old: int = 0, size: int | None = None
) -> tuple[Signature, ...]:
    return request_cosignatures(
        remote,
        log.note(size),
        log.checkpoint(size),
        old=old,
        prove=lambda known: log.proof(known, size),
    )


@pytest.mark.parametrize(
    ("known", "old"),
    [
        pytest.param(None, 0, id="never seen"),
        pytest.param(None, 100, id="the witness has lost its memory"),
        pytest.param(100, 100, id="as thought"),
        pytest.param(100, 0, id="nothing is thought"),
        pytest.param(100, 99, id="another size is thought"),
        pytest.param(300, 300, id="the same once more"),
    ],
)
def test_it_cosigns_whatever_size_was_thought(
    remote: RemoteWitness,
    log: SignedLog,
    witness: Witness,
    clock: FixedClock,
    *,
    known: int | None,
    old: int,
) -> None:
    if known is not None:
        request(remote, log, size=known)

    (signature,) = request(remote, log, old=old)

    line, at = signature.line().encode(), int(clock.now().timestamp())
    verify_elsewhere(witness.signer.verifier, log.checkpoint().text(), line, at)
    assert newest(witness).size == 300


@pytest.mark.parametrize(
    "other",
    [
        pytest.param([b"rewritten", *entries(299, 1)], id="an entry rewritten"),
        pytest.param([b"rewritten", *entries(399, 1)], id="rewritten and grown"),
        pytest.param(entries(299), id="rolled back to a backup"),
    ],
)
@pytest.mark.parametrize("old", [0, 250, 300])
def test_a_log_that_is_not_what_it_was_is_told_so(
    remote: RemoteWitness, log: SignedLog, other: list[bytes], old: int
) -> None:
    request(remote, log)

    with pytest.raises(WitnessDisagreesError):
        request(remote, SignedLog.of(other), old=old)


def test_a_log_that_is_not_followed_is_refused(remote: RemoteWitness) -> None:
    other = SignedLog.of(entries(3))
    other.signer = signer_of("other.example.org/log")

    with pytest.raises(CosignatureError, match="answers 404"):
        request(remote, other)


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        pytest.param("200 OK", "text/plain", b"", id="nothing"),
        pytest.param("200 OK", "text/plain", b"<html>", id="another page"),
        pytest.param("200 OK", "text/plain", None, id="the cosignature of another"),
        pytest.param("409 Conflict", "text/x.tlog.size", b"-1\n", id="no size"),
        pytest.param("409 Conflict", "text/plain", b"1\n", id="no size by its kind"),
        pytest.param("302 Found", "text/plain", b"", id="led elsewhere"),
        pytest.param("500 Internal Server Error", "text/plain", b"", id="a fault"),
    ],
)
def test_an_answer_that_is_no_cosignature(
    log: SignedLog,
    witness: Witness,
    clock: FixedClock,
    *,
    status: str,
    kind: str,
    body: bytes | None,
) -> None:
    text = log.checkpoint(299).text()
    lie = witness.signer.cosign(text, clock.now()).line().encode() if body is None else body

    def liar(_: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        start(status, [("Content-Type", kind), ("Location", "http://127.0.0.1:1/")])
        return [lie]

    with served(liar) as url, pytest.raises(CosignatureError):
        request(RemoteWitness(url=url, keys=(witness.signer.verifier,)), log)


def test_a_witness_that_tells_size_after_size_is_given_up(log: SignedLog, witness: Witness) -> None:
    asked: list[int] = []

    def restless(environ: WSGIEnvironment, start: StartResponse) -> list[bytes]:
        environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        asked.append(len(asked) + 1)
        start("409 Conflict", [("Content-Type", "text/x.tlog.size")])
        return [f"{asked[-1]}\n".encode()]

    remote_keys = (witness.signer.verifier,)
    with served(restless) as url, pytest.raises(CosignatureError, match="another size each time"):
        request(RemoteWitness(url=url, keys=remote_keys), log)

    assert asked == [1, 2, 3]


def test_nobody_there(log: SignedLog, remote: RemoteWitness) -> None:
    with served(log) as gone:
        pass

    with pytest.raises(WebError):
        request(RemoteWitness(url=gone, keys=remote.keys), log)


class TestList:
    """The file that names the witnesses."""

    ONE = '[[witness]]\nurl = "https://w.example.org/"\nkeys = ["%s"]\n'

    def test_no_file_is_no_witness(self) -> None:
        assert read_witnesses(None) == NO_WITNESSES

    def test_witnesses_and_quorum(self, tmp_path: Path, witness: Witness) -> None:
        key = witness.signer.verifier
        path = tmp_path / "witnesses.toml"
        path.write_text("quorum = 1\n" + self.ONE % key.text())

        found = read_witnesses(path)

        assert (found.quorum, found.witnesses) == (
            1,
            (RemoteWitness(url="https://w.example.org", keys=(key,)),),
        )

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            pytest.param("", "quorum must be", id="empty"),
            pytest.param("quorum = true\n%s", "quorum must be", id="no number"),
            pytest.param("quorum = 2\n%s", "a number of the named", id="more than there are"),
            pytest.param("quorum = -1\n%s", "a number of the named", id="less than none"),
            pytest.param("quorum = 1\n%s%s", "named once", id="one twice"),
            pytest.param("quorum = 0\nwitness = 1\n", "[[witness]]", id="no table"),
            pytest.param("quorum = 0\nwitnesses = []\n", "nothing: witnesses", id="a slip"),
            pytest.param("quorum = 1\n%sweight = 2\n", "nothing: weight", id="an entry too many"),
            pytest.param("quorum = 0\n[[witness]]\nurl = 'x'\n", "http", id="no address"),
        ],
    )
    def test_a_list_that_cannot_be_used(
        self, tmp_path: Path, witness: Witness, text: str, reason: str
    ) -> None:
        path = tmp_path / "witnesses.toml"
        path.write_text(text.replace("%s", self.ONE % witness.signer.verifier.text()))

        with pytest.raises(WitnessListError) as caught:
            read_witnesses(path)

        assert reason in str(caught.value)

    def test_the_key_of_a_log_is_no_witness(self, tmp_path: Path, log: SignedLog) -> None:
        path = tmp_path / "witnesses.toml"
        path.write_text("quorum = 1\n" + self.ONE % log.signer.verifier.text())

        with pytest.raises(WitnessListError, match="COSIGNATURE"):
            read_witnesses(path)
