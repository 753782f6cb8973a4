"""A log that was restored and goes on under a new name: what it took over is what was cosigned."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from tests.harness.signed_log import ORIGIN, SignedLog, entries, served, signer_of
from tests.harness.witnessing import alarms_of, evidence_of, make_witness, newest
from waybill.clock import FixedClock
from waybill.transparency.entry import event_entry
from waybill.witness.configuration import ConfigurationError, read_configuration
from waybill.witness.cosigning import Witness, add_checkpoint
from waybill.witness.store import Alarm
from waybill.witness.watching import Watcher

NEXT = f"{ORIGIN}/1"
EVENT = UUID("019ac0de-0000-7000-8000-000000000001")
SALT = b"s" * 32


@dataclass
class Restored:
    """A log restored to `size` entries, and the new one that says what it took over."""

    old: SignedLog
    new: SignedLog

    def say(self, size: int, root: bytes | None = None, origin: str = ORIGIN) -> None:
        root = self.old.checkpoint(size).root if root is None else root
        data = {"origin": origin, "size": size, "root": root.hex(), "reason": "restored"}
        body = json.dumps({"kind": "log-succeeded", "data": data}).encode()
        self.new.tree = SignedLog.of([event_entry(EVENT, body, SALT), *entries(size)]).tree
        told = {"id": str(EVENT), "body": base64.b64encode(body).decode(), "salt": SALT.hex()}
        self.new.served["/succession"] = json.dumps(told).encode()


@pytest.fixture
def logs() -> Restored:
    new = SignedLog.of([])
    new.signer = signer_of(NEXT)
    return Restored(SignedLog.of(entries(300)), new)


@pytest.fixture
def address(logs: Restored) -> Iterator[str]:
    with served(logs.new) as url:
        yield url


@pytest.fixture
def witness(tmp_path: Path, logs: Restored, address: str, clock: FixedClock) -> Witness:
    """A witness that has cosigned all 300 entries of the old log."""
    following = logs.new.followed(url=address, succeeds=ORIGIN)
    made = make_witness(tmp_path, clock, logs.old.followed(), following)
    add_checkpoint(made, logs.old.submission(0))
    return made


@pytest.fixture
def watcher(witness: Witness) -> Watcher:
    return Watcher(witness=witness, pause=lambda _: None)


def test_everything_was_taken_over(logs: Restored, witness: Witness, watcher: Watcher) -> None:
    logs.say(300)

    watcher.look_at_all()

    assert newest(witness, NEXT).size == 301
    assert (alarms_of(witness, NEXT), alarms_of(witness, ORIGIN)) == (set(), set())


def test_entries_that_were_lost_are_told_for_ever(
    logs: Restored, witness: Witness, watcher: Watcher
) -> None:
    logs.say(250)

    watcher.look_at_all()
    logs.new.tree.append(entries(10, 250))
    watcher.look_at_all()

    assert newest(witness, NEXT).size == 261
    assert (alarms_of(witness, NEXT), alarms_of(witness, ORIGIN)) == (set(), {Alarm.SHRUNK})
    assert evidence_of(witness, ORIGIN)[0].ours.startswith(logs.old.note())
    with witness.store.reading() as ledger:
        ((_, detail),) = ledger.alarms(ORIGIN).values()
    assert detail == f"{NEXT} goes on from size 250, 300 was cosigned"


def test_another_root_is_a_fork(logs: Restored, witness: Witness, watcher: Watcher) -> None:
    logs.say(300, root=b"x" * 32)

    watcher.look_at_all()

    assert alarms_of(witness, ORIGIN) == {Alarm.FORKED}


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(None, id="nothing is told"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"[]", id="no event"),
        pytest.param(b'{"id": 1}', id="no text"),
        pytest.param(b'{"id": "1", "body": "e30=", "salt": ""}', id="no id"),
        pytest.param(
            f'{{"id": "{EVENT}", "body": "e30=", "salt": "{SALT.hex()}"}}'.encode(), id="no data"
        ),
    ],
)
def test_what_is_no_succession_is_not_cosigned(
    logs: Restored, witness: Witness, watcher: Watcher, told: bytes | None
) -> None:
    logs.say(300)
    logs.new.served["/succession"] = told

    watcher.look_at_all()

    assert (newest(witness, NEXT).size, alarms_of(witness, NEXT)) == (0, {Alarm.BROKEN})


def test_a_succession_of_another_log_or_another_tree_is_not_cosigned(
    logs: Restored, witness: Witness, watcher: Watcher
) -> None:
    logs.say(300, origin="other.example.org/log")
    watcher.look_at_all()
    another_log = alarms_of(witness, NEXT)
    logs.say(300)
    honest = logs.new.served["/succession"]
    logs.say(299)
    logs.new.served["/succession"] = honest

    watcher.look_at_all()

    assert (another_log, alarms_of(witness, NEXT)) == ({Alarm.BROKEN}, {Alarm.BROKEN})
    assert newest(witness, NEXT).size == 0


def test_the_old_log_stays_in_the_list(tmp_path: Path, logs: Restored) -> None:
    path = tmp_path / "witness.toml"
    key = logs.new.signer.verifier.text()
    path.write_text(
        f'key = "k"\nstore = "s"\n[[log]]\norigin = "{NEXT}"\nkeys = ["{key}"]\n'
        f'succeeds = "{ORIGIN}"\n'
    )

    with pytest.raises(ConfigurationError, match="stays in the list"):
        read_configuration(path)
