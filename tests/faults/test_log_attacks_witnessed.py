"""What a witness adds: whoever never saw the log before finds the attack by the missing signature.

The second half drives the witness that the authority runs, over the interface of C2SP
tlog-witness and nothing else.
"""

import base64
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.harness.logs import ORIGIN, TestLog, Told, events, told
from tests.harness.verifying import verify_ours
from waybill.transparency.merkle import consistency_proof
from waybill.transparency.notes import Algorithm, NoteSigner, join_signatures, parse_note
from waybill.transparency.tiles import TileNodes

SIZE: Final = 700
AT: Final = 301
SEEN: Final = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)
WITNESS: Final = NoteSigner(
    name="witness.test/w1",
    private_key=Ed25519PrivateKey.from_private_bytes(b"w" * 32),
    algorithm=Algorithm.COSIGNATURE,
)
ATTACKS: Final[dict[str, Callable[[list[Told]], list[Told]]]] = {
    "an entry rewritten": lambda e: [
        *e[:AT],
        Told(e[AT].event_id, b"{}", e[AT].salt),
        *e[AT + 1 :],
    ],
    "an entry removed": lambda e: [*e[:AT], *e[AT + 1 :], told(10_000)],
    "an entry inserted": lambda e: [*e[:AT], told(10_000), *e[AT:]],
    "two entries swapped": lambda e: [*e[:AT], e[AT + 1], e[AT], *e[AT + 2 :]],
    "a rollback": lambda e: e[:500],
    "a rollback that has grown": lambda e: [*e[:500], *events(900, 20_000)],
}


def cosigned(log: TestLog, folder: Path) -> Path:
    """Publish a log whose checkpoint the witness has cosigned."""
    log.write(folder)
    note = parse_note(log.checkpoint())
    joined = join_signatures(note, [WITNESS.cosign(note.text, SEEN)])
    (folder / "checkpoint").write_bytes(joined.to_bytes())
    return folder


class TestAFreshVerifierThatNamesAWitness:
    """It has no memory of its own and needs none."""

    OPTIONS = ("--witness", WITNESS.verifier.text())

    def test_it_believes_what_the_witness_has_cosigned(self, tmp_path: Path) -> None:
        folder = cosigned(TestLog(events(SIZE)), tmp_path / "honest")

        found = verify_ours(tmp_path / "state", folder, *self.OPTIONS)

        assert (found.exit_code, found.told["witnesses"]) == (
            0,
            {"witness.test/w1": SEEN.isoformat()},
        )

    @pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
    def test_it_refuses_what_the_witness_has_not(
        self, tmp_path: Path, attack: Callable[[list[Told]], list[Told]]
    ) -> None:
        forged = TestLog(attack(events(SIZE))).write(tmp_path / "forged")

        found = verify_ours(tmp_path / "state", forged, *self.OPTIONS)

        assert (found.exit_code, found.told["fault"]) == (1, "too-few-witnesses")

    def test_a_cosignature_of_the_honest_checkpoint_does_not_help_the_forged_one(
        self, tmp_path: Path
    ) -> None:
        honest = cosigned(TestLog(events(SIZE)), tmp_path / "honest")
        forged = TestLog(ATTACKS["an entry rewritten"](events(SIZE)))
        forged.write(tmp_path / "forged")
        stolen = parse_note((honest / "checkpoint").read_bytes()).signatures[1]
        joined = join_signatures(parse_note(forged.checkpoint()), [stolen])
        (tmp_path / "forged" / "checkpoint").write_bytes(joined.to_bytes())

        found = verify_ours(tmp_path / "state", tmp_path / "forged", *self.OPTIONS)

        assert (found.exit_code, found.told["fault"]) == (1, "too-few-witnesses")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a witness answers to a submission."""

    status: int
    body: bytes


def submit(address: str, log: TestLog, old: int) -> Answer:
    """Submit a log's checkpoint with the best proof it can give (C2SP tlog-witness)."""
    proof: tuple[bytes, ...] = ()
    if 0 < old < log.tree.size:
        nodes = TileNodes(log.tree.size, log.tree.read)
        proof = consistency_proof(old, log.tree.size, nodes)
    lines = [f"old {old}", *(base64.b64encode(found).decode() for found in proof)]
    body = ("\n".join(lines) + "\n\n").encode() + log.checkpoint()
    request = urllib.request.Request(f"{address}/add-checkpoint", body, method="POST")  # noqa: S310  our own
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310  our own
            return Answer(answer.status, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.read())


@contextmanager
def running_witness(folder: Path) -> Iterator[tuple[str, str]]:
    """Run the product's witness of the test log; give its address and key."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{probe.getsockname()[1]}"
    program = [sys.executable, "-c", "from api.cli import main; main()", "witness"]
    named = [*program, "key", str(folder / "witness.key"), "--name", "witness.test/w2"]
    key = subprocess.run(named, check=True, capture_output=True, text=True).stdout.strip()
    config = folder / "witness.toml"
    config.write_text(
        f'key = "witness.key"\nstore = "witness.sqlite3"\n\n[[log]]\norigin = "{ORIGIN}"\n'
        f'keys = ["{TestLog([]).key}"]\n'
    )
    command = [*program, "serve", "--config", str(config), "--listen", listen]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            wait_for(f"http://{listen}/")
            yield f"http://{listen}", key
        finally:
            server.terminate()


def wait_for(address: str) -> None:
    end_s = time.monotonic() + 30
    while time.monotonic() < end_s:
        try:
            urllib.request.urlopen(address).close()  # noqa: S310  our own
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the witness does not answer")


def test_the_witness_cosigns_the_honest_log_and_none_of_the_attacks(tmp_path: Path) -> None:
    honest = TestLog(events(SIZE))
    with running_witness(tmp_path) as (address, key):
        first = submit(address, honest, 0)
        refused = {
            name: {
                submit(address, TestLog(attack(events(SIZE))), old).status for old in (0, 500, SIZE)
            }
            for name, attack in ATTACKS.items()
        }
        honest.append(events(50, SIZE))
        grown = submit(address, honest, SIZE)

    assert (first.status, grown.status) == (200, 200)
    # 400 and 409: another old size, or another root of it; 422: the proof does not lead there.
    assert all(statuses <= {400, 409, 422} for statuses in refused.values()), refused
    assert refused["a rollback that has grown"] == {409, 422}
    assert_verified_with(honest, grown, key, tmp_path)


def assert_verified_with(log: TestLog, answer: Answer, key: str, folder: Path) -> None:
    """Find the log whole by a verifier that asks for the witness's signature."""
    log.write(folder / "published")
    (folder / "published" / "checkpoint").write_bytes(log.checkpoint() + answer.body)

    found = verify_ours(folder / "state", folder / "published", "--witness", key)

    assert (found.exit_code, list(found.told["witnesses"])) == (0, ["witness.test/w2"])
