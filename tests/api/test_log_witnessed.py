"""A witness looks at the real log over HTTP, and its cosignatures stand in what is served."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from api import create_app
from api.runtime import EXTENSION, Runtime
from tests.harness.sequenced_log import ORIGIN, sequencer, tell_quickly
from tests.harness.signed_log import served
from tests.harness.witnessing import alarms_of, evidence_of, make_witness, newest
from waybill.clock import FixedClock
from waybill.collecting import Collecting
from waybill.outbound.witnesses import RemoteWitness, WitnessList
from waybill.sequencing import Sequencing
from waybill.services.log.proofs import EventProof, proof_of
from waybill.services.log.sequencer import sign_head
from waybill.services.log.serving import published
from waybill.services.log.succession import succeed_log
from waybill.settings import Settings
from waybill.storage.log import EventRow, LogEntryRow
from waybill.storage.log_tree import current_identity, tile_reader
from waybill.storage.session import write_session
from waybill.transparency.errors import NoteError
from waybill.transparency.merkle import leaf_hash
from waybill.transparency.notes import VerifierKey, parse_verifier_key
from waybill.transparency.policy import Policy, Trusted, trust
from waybill.transparency.proof import verify_proof
from waybill.transparency.tiles import root_from_tiles
from waybill.witness.configuration import FollowedLog
from waybill.witness.cosigning import Witness
from waybill.witness.service import Service
from waybill.witness.store import Alarm
from waybill.witness.watching import Watcher
from waybill.witness.web import ask


@pytest.fixture
def runtime(served_app: Flask) -> Runtime:
    found: Runtime = served_app.extensions[EXTENSION]
    return found


@pytest.fixture
def log(runtime: Runtime, clock: FixedClock) -> Sequencing:
    made = sequencer(runtime.sessions, runtime.settings.key_dir, clock)
    made.open()
    grow(made, clock, 19)
    return made


def grow(log: Sequencing, clock: FixedClock, many: int) -> None:
    tell_quickly(log.sessions, many, clock.now())
    log.all()


@pytest.fixture
def address(served_app: Flask, log: Sequencing) -> Iterator[str]:
    assert log.refusal is None
    with served(served_app) as url:
        yield f"{url}/log"


@pytest.fixture
def key(address: str) -> VerifierKey:
    shown = ask(f"{address}/key", max_bytes=4096).body.decode()
    return parse_verifier_key(shown.splitlines()[0])


@pytest.fixture
def witness(tmp_path: Path, clock: FixedClock, address: str, key: VerifierKey) -> Witness:
    return make_witness(tmp_path, clock, FollowedLog(origin=ORIGIN, keys=(key,), url=address))


@pytest.fixture
def look(witness: Witness) -> Callable[[], None]:
    return Watcher(witness=witness, pause=lambda _: None).look_at_all


@pytest.fixture
def collect(log: Sequencing, witness: Witness, clock: FixedClock) -> Iterator[Collecting]:
    with served(Service(witness)) as url:
        remote = RemoteWitness(url=url, keys=(witness.signer.verifier,))
        listed = WitnessList(quorum=1, witnesses=(remote,))
        yield Collecting(sessions=log.sessions, listed=listed, clock=clock)


def trusted(address: str, key: VerifierKey, witness: Witness, path: str = "checkpoint") -> Trusted:
    """Return what is served, to somebody who wants it cosigned."""
    policy = Policy(origin=ORIGIN, log_keys=(key,), witnesses=(witness.signer.verifier,), quorum=1)
    return trust(ask(f"{address}/{path}", max_bytes=1 << 16).body, policy)


def test_it_follows_the_log_from_tile_to_tile(
    log: Sequencing, witness: Witness, clock: FixedClock, look: Callable[[], None]
) -> None:
    sizes = []
    for many in (0, 1, 235, 1, 300, 1000):
        if many:
            grow(log, clock, many)
        look()
        sizes.append(newest(witness, ORIGIN).size)

    assert sizes == [20, 21, 256, 257, 557, 1557]
    assert (alarms_of(witness, ORIGIN), newest(witness, ORIGIN).trouble) == (set(), "")


def test_its_cosignature_is_served_with_the_checkpoint(
    address: str, key: VerifierKey, witness: Witness, collect: Collecting, clock: FixedClock
) -> None:
    collect.once()

    found = trusted(address, key, witness)

    assert (found.checkpoint.size, found.seen_at) == (20, {"witness.example.org/w1": clock.now()})


def test_the_newest_that_is_cosigned_is_served_while_a_newer_one_waits(
    *,
    address: str,
    key: VerifierKey,
    runtime: Runtime,
    witness: Witness,
    log: Sequencing,
    collect: Collecting,
    clock: FixedClock,
) -> None:
    newest_of_all = ask(f"{address}/cosigned", max_bytes=1 << 16)
    runtime.add_part(collect.listed)
    before = ask(f"{address}/cosigned", max_bytes=1 << 16).status
    collect.once()
    at_once = trusted(address, key, witness, "cosigned").checkpoint.size
    grow(log, clock, 5)
    while_it_waits = trusted(address, key, witness, "cosigned").checkpoint.size

    with pytest.raises(NoteError, match="0 witnesses"):
        trusted(address, key, witness)
    assert newest_of_all.body.splitlines()[1] == b"20"
    assert (before, at_once, while_it_waits) == (404, 20, 20)


def test_a_look_between_two_submissions_changes_nothing(
    log: Sequencing,
    witness: Witness,
    collect: Collecting,
    clock: FixedClock,
    look: Callable[[], None],
) -> None:
    """Collector and look take turns; both prove from what the other had cosigned."""
    collect.once()
    grow(log, clock, 10)
    look()
    grow(log, clock, 10)

    came = collect.once()

    assert (came, newest(witness, ORIGIN).size, alarms_of(witness, ORIGIN)) == (1, 40, set())


def test_an_entry_rewritten_with_the_real_key_is_found(
    *,
    log: Sequencing,
    runtime: Runtime,
    dialect: str,
    witness: Witness,
    collect: Collecting,
    clock: FixedClock,
    look: Callable[[], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whoever runs the server, database and key included, rewrites an event and signs anew."""
    collect.once()
    rewrite(runtime, dialect, clock)
    log.all()
    grow(log, clock, 5)

    came = collect.once()
    look()

    assert log.refusal is None
    assert (came, newest(witness, ORIGIN).size) == (0, 20)
    assert alarms_of(witness, ORIGIN) == {Alarm.FORKED}
    assert "A WITNESS HAS SEEN ANOTHER LOG" in caplog.text
    assert Alarm.FORKED in {evidence.kind for evidence in evidence_of(witness, ORIGIN)}


def rewrite(runtime: Runtime, dialect: str, clock: FixedClock) -> None:
    """Change an event as the owner of the database can, and sign the tree it gives."""
    tables = ("event", "log_cosignature", "log_checkpoint")
    with runtime.engine.begin() as connection:
        for table in tables:
            if dialect == "postgresql":
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
                continue
            for verb in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER {table}_append_only_{verb}"))
        third = 'SELECT event_id FROM log_entry WHERE "index" = 3'
        connection.execute(
            text(f"UPDATE event SET body = :body WHERE id = ({third})"),  # noqa: S608  our words
            {"body": b"{1}"},
        )
        connection.execute(text("DELETE FROM log_cosignature"))
        connection.execute(text("DELETE FROM log_checkpoint"))
        for table in tables if dialect == "postgresql" else ():
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
    with write_session(runtime.sessions) as session:
        identity = current_identity(session)
        assert identity is not None
        root = root_from_tiles(20, tile_reader(session, identity))
        sign_head(session, identity, runtime.settings.key_dir, size=20, root=root, clock=clock)


def test_it_follows_the_log_to_its_next_origin(
    *,
    address: str,
    key: VerifierKey,
    tmp_path: Path,
    log: Sequencing,
    look: Callable[[], None],
    clock: FixedClock,
) -> None:
    look()
    with write_session(log.sessions) as session:
        new = succeed_log(session, None, log.terms.key_dir, reason="restored", clock=clock).origin
    grow(log, clock, 3)
    shown = ask(f"{address}/key", max_bytes=4096).body.decode().splitlines()[0]
    following = FollowedLog(
        origin=new, keys=(parse_verifier_key(shown),), url=address, succeeds=ORIGIN
    )
    witness = make_witness(tmp_path, clock, FollowedLog(origin=ORIGIN, keys=(key,)), following)

    Watcher(witness=witness, pause=lambda _: None).look_at_all()

    assert (newest(witness, ORIGIN).size, newest(witness, new).size) == (20, 24)
    assert (alarms_of(witness, ORIGIN), alarms_of(witness, new)) == (set(), set())


def test_readiness_and_metrics_tell_how_many_have_cosigned(
    served_app: Flask, log: Sequencing, runtime: Runtime, collect: Collecting, clock: FixedClock
) -> None:
    runtime.add_part(collect.listed)
    client = served_app.test_client()
    told = [client.get("/readyz").get_json()["witnesses"]]
    collect.once()
    told.append(client.get("/readyz").get_json()["witnesses"])
    grow(log, clock, 1)
    clock.advance(timedelta(seconds=7))
    told.append(client.get("/readyz").get_json()["witnesses"])

    lines = client.get("/metrics").get_data(as_text=True).splitlines()

    assert told == [
        {"listed": 1, "quorum": 1, "cosigned": 0, "quorum_size": None, "lag_s": 0},
        {"listed": 1, "quorum": 1, "cosigned": 1, "quorum_size": 20, "lag_s": 0},
        {"listed": 1, "quorum": 1, "cosigned": 0, "quorum_size": 20, "lag_s": 7},
    ]
    assert {
        "waybill_log_witnesses 1.0",
        "waybill_log_witnesses_needed 1.0",
        "waybill_log_witnesses_cosigned 0.0",
        "waybill_log_quorum_size 20.0",
        "waybill_log_witness_lag_seconds 7.0",
    } <= set(lines)


def test_a_list_that_cannot_be_used_keeps_the_server_from_starting(
    settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "witnesses.toml"
    path.write_text("quorum = 1\n")

    with pytest.raises(ValueError, match="quorum"):
        create_app(replace(settings, witnesses=path))


def test_a_proof_leads_to_the_checkpoint_that_is_cosigned_if_that_reaches_so_far(
    *,
    runtime: Runtime,
    witness: Witness,
    key: VerifierKey,
    log: Sequencing,
    collect: Collecting,
    clock: FixedClock,
) -> None:
    collect.once()
    grow(log, clock, 5)
    policy = Policy(origin=ORIGIN, log_keys=(key,), witnesses=(witness.signer.verifier,), quorum=1)

    def prove(index: int) -> EventProof:
        with runtime.sessions() as session:
            of_event = select(LogEntryRow.event_id).where(LogEntryRow.index == index)
            row = session.get_one(EventRow, session.scalars(of_event).one())
            return proof_of(session, published(session), row, whole=True, listed=collect.listed)

    covered, beyond = prove(19), prove(20)

    assert (covered.inclusion.size, beyond.inclusion.size) == (20, 25)
    seen = verify_proof(covered.tlog_proof(), leaf_hash(covered.entry), policy).seen_at
    assert seen == {"witness.example.org/w1": clock.now()}
    with pytest.raises(NoteError, match="0 witnesses"):
        verify_proof(beyond.tlog_proof(), leaf_hash(beyond.entry), policy)
