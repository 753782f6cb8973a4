"""The witness looks for itself: honest logs pass, and each way to cheat raises its alarm."""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.harness.signed_log import ORIGIN, SignedLog, entries, served, signer_of
from tests.harness.witnessing import (
    alarms_of,
    evidence_of,
    make_witness,
    newest,
    verify_elsewhere,
)
from waybill.clock import FixedClock
from waybill.transparency.merkle import verify_consistency
from waybill.transparency.notes import parse_note
from waybill.witness.cosigning import Witness, add_checkpoint
from waybill.witness.store import Alarm
from waybill.witness.submission import Submission
from waybill.witness.watching import SECOND_LOOK_S, Watcher, fetch

DAY = timedelta(days=1)
Change = Callable[[bytes], bytes | None]


@pytest.fixture
def log() -> SignedLog:
    return SignedLog.of(entries(600))


@pytest.fixture
def address(log: SignedLog) -> Iterator[str]:
    with served(log) as url:
        yield url


@pytest.fixture
def witness(tmp_path: Path, log: SignedLog, address: str, clock: FixedClock) -> Witness:
    return make_witness(tmp_path, clock, log.followed(url=address, stands_still_after=DAY))


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def watcher(witness: Witness, pauses: list[float]) -> Watcher:
    return Watcher(witness=witness, pause=pauses.append)


def test_growth_is_proved_from_the_tiles_and_cosigned(
    log: SignedLog, witness: Witness, watcher: Watcher, clock: FixedClock
) -> None:
    watcher.look_at_all()
    first = newest(witness)
    clock.advance(timedelta(minutes=1))
    log.tree.append(entries(70_000, 600))

    watcher.look_at_all()

    second = newest(witness)
    assert (first.size, second.size, second.looked_at) == (600, 70_600, clock.now())
    assert (alarms_of(witness), evidence_of(witness)) == (set(), [])
    (own,) = [line for line in parse_note(second.note).signatures if line.name != ORIGIN]
    verify_elsewhere(
        witness.signer.verifier,
        log.checkpoint().text(),
        own.line().encode(),
        int(clock.now().timestamp()),
    )


def test_a_log_that_has_not_grown_is_left_as_it_is(
    witness: Witness, watcher: Watcher, clock: FixedClock
) -> None:
    before = clock.now()
    watcher.look_at_all()
    clock.advance(timedelta(minutes=1))

    watcher.look_at_all()

    assert newest(witness).cosigned_at == before
    assert newest(witness).looked_at == clock.now()


def test_an_empty_log_is_no_alarm(log: SignedLog, witness: Witness, watcher: Watcher) -> None:
    log.tree = SignedLog.of([]).tree

    watcher.look_at_all()

    assert (newest(witness).size, alarms_of(witness), newest(witness).trouble) == (0, set(), "")


class TestForks:
    """A fork is for ever: the alarm stays when the log shows its honest face again."""

    def test_an_entry_rewritten_with_the_real_key(
        self, log: SignedLog, witness: Witness, watcher: Watcher, caplog: pytest.LogCaptureFixture
    ) -> None:
        watcher.look_at_all()
        honest, note = log.tree, log.note()
        log.tree = SignedLog.of([*entries(42), b"rewritten", *entries(660, 43)]).tree

        watcher.look_at_all()
        watcher.look_at_all()

        assert (newest(witness).size, alarms_of(witness)) == (600, {Alarm.FORKED})
        assert [r.levelno for r in caplog.records if "ALARM" in r.message] == [logging.CRITICAL]
        (evidence,) = evidence_of(witness)
        assert (evidence.kind, evidence.shown) == (Alarm.FORKED, log.note())
        assert evidence.ours.startswith(note)
        # Anybody can see from it that the log signed two histories.
        verify_consistency(
            old=600,
            new=703,
            proof=evidence.proof,
            old_root=log.checkpoint(600).root,
            new_root=log.checkpoint().root,
        )
        assert log.checkpoint(600).root != honest.root
        log.tree = honest
        log.tree.append(entries(1, 600))
        watcher.look_at_all()
        assert (newest(witness).size, alarms_of(witness)) == (601, {Alarm.FORKED})

    def test_another_tree_of_the_same_size(
        self, log: SignedLog, witness: Witness, watcher: Watcher
    ) -> None:
        watcher.look_at_all()
        root = newest(witness).root
        log.tree = SignedLog.of([*entries(599), b"rewritten"]).tree

        watcher.look_at_all()

        assert (newest(witness).root, alarms_of(witness)) == (root, {Alarm.FORKED})
        assert [evidence.shown for evidence in evidence_of(witness)] == [log.note()]

    def test_a_fork_shown_to_one_client_that_submits_it(
        self, witness: Witness, watcher: Watcher
    ) -> None:
        watcher.look_at_all()
        forked = SignedLog.of([*entries(500), b"for one client only"])
        add_checkpoint(witness, forked.submission(0))
        before = alarms_of(witness)

        watcher.look_at_all()

        assert (before, alarms_of(witness)) == (set(), {Alarm.FORKED})
        assert [(e.kind, e.shown) for e in evidence_of(witness)] == [(Alarm.FORKED, forked.note())]

    def test_a_removed_entry(self, log: SignedLog, witness: Witness, watcher: Watcher) -> None:
        watcher.look_at_all()
        log.tree = SignedLog.of([*entries(300), *entries(400, 301)]).tree

        watcher.look_at_all()

        assert alarms_of(witness) == {Alarm.FORKED}


class TestShrinking:
    """Yesterday's backup: the log shows less than was cosigned."""

    def test_a_rollback(
        self, log: SignedLog, witness: Witness, watcher: Watcher, pauses: list[float]
    ) -> None:
        watcher.look_at_all()
        log.tree = SignedLog.of(entries(550)).tree

        watcher.look_at_all()

        assert (newest(witness).size, alarms_of(witness)) == (600, {Alarm.SHRUNK})
        assert pauses == [SECOND_LOOK_S]
        assert [evidence.shown for evidence in evidence_of(witness)] == [log.note()]
        # And when it grows again, with other entries than it had:
        log.tree.append([b"other"] * 60)
        watcher.look_at_all()
        assert alarms_of(witness) == {Alarm.SHRUNK, Alarm.FORKED}

    def test_the_alarm_ends_when_the_log_is_whole_again(
        self, log: SignedLog, witness: Witness, watcher: Watcher
    ) -> None:
        watcher.look_at_all()
        whole = log.tree
        log.tree = SignedLog.of(entries(550)).tree
        watcher.look_at_all()
        log.tree = whole

        watcher.look_at_all()

        assert (alarms_of(witness), len(evidence_of(witness))) == (set(), 1)

    def test_a_cache_that_is_late_is_no_alarm(self, log: SignedLog, witness: Witness) -> None:
        Watcher(witness=witness, pause=lambda _: None).look_at_all()
        log.served["/checkpoint"] = log.note(550)
        late = Watcher(witness=witness, pause=lambda _: log.served.clear())

        late.look_at_all()

        assert (alarms_of(witness), evidence_of(witness)) == (set(), [])


class TestStandingStill:
    """What does not grow in time may be held back from somebody."""

    def test_a_day_without_growth(
        self, log: SignedLog, witness: Witness, watcher: Watcher, clock: FixedClock
    ) -> None:
        watcher.look_at_all()
        clock.advance(DAY)
        watcher.look_at_all()
        at_the_limit = alarms_of(witness)
        clock.advance(timedelta(seconds=1))

        watcher.look_at_all()

        assert (at_the_limit, alarms_of(witness)) == (set(), {Alarm.STANDS_STILL})
        log.tree.append(entries(1, 600))
        watcher.look_at_all()
        assert alarms_of(witness) == set()

    def test_a_log_that_cannot_be_reached(self, tmp_path: Path, clock: FixedClock) -> None:
        log = SignedLog.of(entries(3))
        with served(log) as gone:
            followed = log.followed(url=gone, stands_still_after=DAY)
        witness = make_witness(tmp_path, clock, followed)
        watcher = Watcher(witness=witness, pause=lambda _: None)
        watcher.look_at_all()
        before = (alarms_of(witness), newest(witness).looked_at)
        clock.advance(DAY + timedelta(seconds=1))

        watcher.look_at_all()

        assert (before, alarms_of(witness)) == ((set(), None), {Alarm.STANDS_STILL})
        assert "ConnectionRefusedError" in newest(witness).trouble


class TestWhatDoesNotHold:
    """A checkpoint nobody signed, and tiles that are not those of the checkpoint."""

    @pytest.mark.parametrize("served_instead", [b"not a note", b""], ids=["words", "nothing"])
    def test_what_is_no_checkpoint(
        self, log: SignedLog, witness: Witness, watcher: Watcher, served_instead: bytes
    ) -> None:
        log.served["/checkpoint"] = served_instead

        watcher.look_at_all()

        assert alarms_of(witness) == {Alarm.UNSIGNED}

    @pytest.mark.parametrize("name", [ORIGIN, "other.example.org/log"])
    def test_another_key(
        self, log: SignedLog, witness: Witness, watcher: Watcher, name: str
    ) -> None:
        other = SignedLog.of(entries(600))
        other.signer = signer_of(name, seed=8)
        log.served["/checkpoint"] = other.note()

        watcher.look_at_all()
        log.served.clear()
        during = alarms_of(witness)
        watcher.look_at_all()

        assert (during, alarms_of(witness)) == ({Alarm.UNSIGNED}, set())

    @pytest.mark.parametrize(
        "change",
        [
            pytest.param(lambda tile: tile[:-1] + bytes([tile[-1] ^ 1]), id="one bit"),
            pytest.param(lambda tile: tile[:-32], id="a hash too few"),
            pytest.param(lambda _: None, id="not served"),
        ],
    )
    def test_a_tile_that_is_not_the_signed_tree(
        self, log: SignedLog, witness: Witness, watcher: Watcher, change: Change
    ) -> None:
        tile = max(log.tree.tiles, key=lambda found: (-found.level, found.index))
        log.served[f"/tile/{tile.path}"] = change(log.tree.tiles[tile])

        watcher.look_at_all()

        assert (newest(witness).size, alarms_of(witness)) == (0, {Alarm.BROKEN})
        log.served.clear()
        watcher.look_at_all()
        assert (newest(witness).size, alarms_of(witness)) == (600, set())


def test_a_bad_proof_for_the_right_tree_is_cleared_by_the_next_look(
    log: SignedLog, witness: Witness, watcher: Watcher
) -> None:
    watcher.look_at_all()
    log.tree.append(entries(10, 600))
    add_checkpoint(witness, Submission(old=600, proof=(), note=log.note()).to_bytes())
    before = alarms_of(witness)

    watcher.look_at_all()

    assert (before, alarms_of(witness), evidence_of(witness)) == ({Alarm.UNPROVEN}, set(), [])


def test_trouble_with_one_log_keeps_nobody_from_the_others(
    tmp_path: Path, clock: FixedClock, log: SignedLog, address: str
) -> None:
    other = SignedLog.of(entries(3))
    other.signer = signer_of("other.example.org/log")
    first = other.followed(url="http://127.0.0.1:1/first")
    witness = make_witness(tmp_path, clock, first, log.followed(url=address))

    def faulty(url: str, max_bytes: int) -> bytes:
        if "/first" in url:
            raise RuntimeError("a fault of the program")
        return fetch(url, max_bytes)

    Watcher(witness=witness, pause=lambda _: None, fetch=faulty).look_at_all()

    assert (newest(witness).size, alarms_of(witness)) == (600, set())
