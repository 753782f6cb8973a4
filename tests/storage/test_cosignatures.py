"""The collector over both databases: who has cosigned what, and who keeps nobody waiting."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from tests.harness.sequenced_log import ORIGIN, sequencer, tell_quickly
from tests.harness.signed_log import served
from tests.harness.witnessing import make_witness, newest
from waybill.clock import FixedClock
from waybill.collecting import LONGEST_PAUSE_S, Collecting, collecting, pause_s
from waybill.outbound.witnesses import NO_WITNESSES, RemoteWitness, WitnessList
from waybill.sequencing import Sequencing
from waybill.services.log.cosignatures import (
    REFRESH_AFTER,
    Cosigned,
    record_cosignatures,
    witness_standing,
)
from waybill.services.log.keys import verifier_keys
from waybill.services.log.serving import published
from waybill.storage.log import LogCosignatureRow
from waybill.storage.session import read_session, session_factory, write_session
from waybill.transparency.errors import NoteError
from waybill.transparency.notes import VerifierKey
from waybill.transparency.policy import Policy, trust
from waybill.witness.configuration import FollowedLog
from waybill.witness.cosigning import Witness
from waybill.witness.service import Service

NAMES = ("one.example.org", "two.example.org")


@pytest.fixture
def sessions(committing_engine: Engine) -> sessionmaker[Session]:
    return session_factory(committing_engine)


@pytest.fixture
def log(sessions: sessionmaker[Session], tmp_path: Path, clock: FixedClock) -> Sequencing:
    made = sequencer(sessions, tmp_path / "keys", clock)
    made.open()
    grow(made, clock, 299)  # the key was the first event
    return made


def grow(log: Sequencing, clock: FixedClock, many: int) -> None:
    tell_quickly(log.sessions, many, clock.now())
    log.all()


def keys_of(log: Sequencing) -> tuple[VerifierKey, ...]:
    with read_session(log.sessions) as session:
        return verifier_keys(session, published(session).identity, 0)


@pytest.fixture
def witnesses(log: Sequencing, tmp_path: Path, clock: FixedClock) -> list[Witness]:
    followed = FollowedLog(origin=ORIGIN, keys=keys_of(log))
    made = []
    for name in NAMES:
        (tmp_path / name).mkdir()
        made.append(make_witness(tmp_path / name, clock, followed, name=name))
    return made


@pytest.fixture
def remotes(witnesses: list[Witness]) -> Iterator[tuple[RemoteWitness, ...]]:
    with ExitStack() as stack:
        yield tuple(
            RemoteWitness(
                url=stack.enter_context(served(Service(witness))), keys=(witness.signer.verifier,)
            )
            for witness in witnesses
        )


def away(witness: RemoteWitness) -> RemoteWitness:
    """Return a witness at whose address nobody is."""
    with served(lambda *_: []) as gone:
        return RemoteWitness(url=gone, keys=witness.keys)


@pytest.fixture
def collector(log: Sequencing, clock: FixedClock) -> Callable[..., Collecting]:
    def make(*witnesses: RemoteWitness, quorum: int = 1) -> Collecting:
        listed = WitnessList(quorum=quorum, witnesses=witnesses)
        return Collecting(sessions=log.sessions, listed=listed, clock=clock, turn_s=0.02)

    return make


def trusts(log: Sequencing, remotes: tuple[RemoteWitness, ...], quorum: int) -> bool:
    """Return whether the checkpoint that is served satisfies a stranger's policy."""
    with read_session(log.sessions) as session:
        note = published(session).note
    witnesses = tuple(key for remote in remotes for key in remote.keys)
    policy = Policy(origin=ORIGIN, log_keys=keys_of(log), witnesses=witnesses, quorum=quorum)
    try:
        trust(note, policy)
    except NoteError:
        return False
    return True


def test_two_witnesses_of_two(
    log: Sequencing,
    remotes: tuple[RemoteWitness, ...],
    witnesses: list[Witness],
    collector: Callable[..., Collecting],
    clock: FixedClock,
) -> None:
    collecting = collector(*remotes, quorum=2)

    came = collecting.once()

    with read_session(log.sessions) as session:
        standing = witness_standing(session, collecting.listed)
    assert (came, standing.size, standing.quorum_size, standing.cosigned) == (2, 300, 300, 2)
    assert standing.witnesses == tuple(
        Cosigned(name=name, size=300, at=clock.now()) for name in NAMES
    )
    assert [newest(witness, ORIGIN).size for witness in witnesses] == [300, 300]
    assert trusts(log, remotes, quorum=2)


@pytest.mark.parametrize(("quorum", "reached"), [(1, True), (2, False)])
def test_one_of_two_is_away(
    log: Sequencing,
    remotes: tuple[RemoteWitness, ...],
    collector: Callable[..., Collecting],
    *,
    quorum: int,
    reached: bool,
) -> None:
    first, second = remotes
    collecting = collector(first, away(second), quorum=quorum)

    collecting.once()

    with read_session(log.sessions) as session:
        standing = witness_standing(session, collecting.listed)
    assert (standing.cosigned, standing.quorum_size) == (1, 300 if reached else None)
    assert trusts(log, remotes, quorum) is reached


def test_what_grows_is_proved_from_what_was_cosigned(
    log: Sequencing,
    remotes: tuple[RemoteWitness, ...],
    collector: Callable[..., Collecting],
    clock: FixedClock,
) -> None:
    first, second = remotes
    collector(first, second, quorum=2).once()
    grow(log, clock, 700)
    collecting = collector(first, away(second), quorum=2)

    collecting.once()

    with read_session(log.sessions) as session:
        standing = witness_standing(session, collecting.listed)
    assert [found.size for found in standing.witnesses] == [1000, 300]
    assert (standing.size, standing.quorum_size, standing.cosigned) == (1000, 300, 1)


def test_a_quiet_log_is_cosigned_again_after_a_while(
    log: Sequencing,
    remotes: tuple[RemoteWitness, ...],
    collector: Callable[..., Collecting],
    clock: FixedClock,
) -> None:
    collecting = collector(remotes[0])
    came = [collecting.once()]
    clock.advance(REFRESH_AFTER - timedelta(seconds=1))
    came.append(collecting.once())
    clock.advance(timedelta(seconds=1))
    came.append(collecting.once())

    assert came == [1, 0, 1]
    with read_session(log.sessions) as session:
        assert len(session.scalars(select(LogCosignatureRow)).all()) == 2
    assert trusts(log, remotes, quorum=1)


def test_the_same_cosignature_is_kept_once(
    log: Sequencing, witnesses: list[Witness], clock: FixedClock
) -> None:
    with read_session(log.sessions) as session:
        text = published(session).note.decode().partition("\n\n")[0] + "\n"
    signature = witnesses[0].signer.cosign(text, clock.now())

    with write_session(log.sessions) as session:
        kept = [record_cosignatures(session, 0, 300, (signature,)) for _ in range(2)]

    assert kept == [1, 0]


def test_a_log_before_its_first_checkpoint(sessions: sessionmaker[Session]) -> None:
    with read_session(sessions) as session:
        standing = witness_standing(session, NO_WITNESSES)

    assert (standing.size, standing.cosigned, standing.witnesses) == (None, 0, ())


def test_a_rewritten_log_is_told_by_its_witness(
    witnesses: list[Witness],
    remotes: tuple[RemoteWitness, ...],
    collector: Callable[..., Collecting],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The database was restored from a backup, and the witness has seen what came after it."""
    with witnesses[0].store.writing() as ledger:
        ledger.connection.execute("UPDATE log SET size = 301, root = ?", (b"x" * 32,))

    came = collector(remotes[0]).once()

    assert came == 0
    assert [(r.levelno, "301" in r.message) for r in caplog.records] == [(logging.CRITICAL, True)]


def test_a_witness_that_hangs_keeps_nobody_waiting(
    log: Sequencing,
    remotes: tuple[RemoteWitness, ...],
    collector: Callable[..., Collecting],
    clock: FixedClock,
) -> None:
    """The other witness cosigns and the sequencer sequences while one does not answer."""
    go_on = threading.Event()

    def hang(*_: object) -> list[bytes]:
        go_on.wait(30)
        return []

    with served(hang) as url:
        stuck = RemoteWitness(url=url, keys=remotes[1].keys)
        work = collector(remotes[0], stuck)
        until = monotonic() + 20
        with collecting(work):
            sizes: set[int | None] = set()
            grown = False
            while sizes != {300, 310} and monotonic() < until:
                with read_session(log.sessions) as session:
                    sizes |= {w.size for w in witness_standing(session, work.listed).witnesses}
                    sizes.discard(None)
                if sizes == {300} and not grown:
                    grow(log, clock, 10)
                    grown = True
        go_on.set()

    assert sizes == {300, 310}


def test_for_one_turn_every_witness_is_asked_for_the_same(
    log: Sequencing,
    remotes: tuple[RemoteWitness, ...],
    collector: Callable[..., Collecting],
    clock: FixedClock,
) -> None:
    """On a busy log a quorum must meet on one checkpoint, though a newer one is there already."""
    work = collector(*remotes, quorum=2)
    work.turn_s = 3600.0
    for remote in remotes:
        assert work.attempt(remote, work.target) == 1
        grow(log, clock, 1)

    with read_session(log.sessions) as session:
        standing = witness_standing(session, work.listed)
    assert (standing.size, standing.quorum_size, standing.cosigned) == (302, 300, 0)


@pytest.mark.parametrize(
    ("failures", "pause"),
    [(0, 2.0), (1, 4.0), (3, 16.0), (8, LONGEST_PAUSE_S), (10_000, LONGEST_PAUSE_S)],
)
def test_who_fails_again_and_again_is_asked_less_often(failures: int, pause: float) -> None:
    assert pause_s(2.0, failures) == pause
