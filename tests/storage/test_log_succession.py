"""A new origin after a restore: what it says of the old one, and that nothing lost its proof."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from api.cli.log import command
from tests.harness.sequenced_log import ORIGIN, sequencer, tell, tell_quickly
from waybill.clock import FixedClock
from waybill.codec import b64url_encode, parse_json
from waybill.errors import DuplicateError, StateError
from waybill.sequencing import Sequencing
from waybill.services.log.checking import check_at_start
from waybill.services.log.keys import log_keys, verifier_keys
from waybill.services.log.proofs import proof_of
from waybill.services.log.serving import find_identity, published, served_tile
from waybill.services.log.succession import succeed_log
from waybill.storage.log import EventRow
from waybill.storage.log_tree import read_leaves
from waybill.storage.session import read_session, session_factory, write_session
from waybill.transparency.entry import event_entry
from waybill.transparency.merkle import leaf_hash
from waybill.transparency.policy import Policy
from waybill.transparency.proof import verify_proof
from waybill.transparency.tiles import grow


@pytest.fixture
def sessions(committing_engine: Engine) -> sessionmaker[Session]:
    return session_factory(committing_engine)


@pytest.fixture
def log(sessions: sessionmaker[Session], tmp_path: Path, clock: FixedClock) -> Sequencing:
    """A log of 301 entries, with two more that wait."""
    made = sequencer(sessions, tmp_path / "keys", clock)
    made.open()
    tell_quickly(sessions, 300, clock.now())
    made.all()
    tell(sessions, clock, 2)
    return made


def succeed(log: Sequencing, origin: str | None = None) -> None:
    with write_session(log.sessions) as session:
        succeed_log(
            session, None, log.terms.key_dir, reason="恢复自备份", origin=origin, clock=log.clock
        )


def unread(tile: object) -> bytes:
    raise AssertionError(f"{tile} was read")


class TestSuccession:
    """`waybill log succeed`, as a service."""

    def test_the_first_entry_names_the_old_log_and_is_signed_at_once(self, log: Sequencing) -> None:
        with read_session(log.sessions) as session:
            old = published(session)

        succeed(log)

        with read_session(log.sessions) as session:
            new = published(session)
            row = session.get_one(EventRow, new.identity.event_id)
            body = parse_json(row.body)
            (first,) = read_leaves(session, new.identity, 0, 1)
        assert isinstance(body, dict)
        assert body["data"] == {
            "origin": ORIGIN,
            "size": 301,
            "root": old.head.root.hex(),
            "reason": "恢复自备份",
            "mismatch": "",
        }
        assert first.entry == event_entry(row.id, row.body, row.salt)
        assert (new.identity.origin, new.head.size) == (f"{ORIGIN}/1", 1)
        assert new.head.root == leaf_hash(first.entry)

    def test_the_old_entries_follow_in_their_order_and_then_the_new_ones(
        self, log: Sequencing
    ) -> None:
        with read_session(log.sessions) as session:
            before = [e.entry for e in read_leaves(session, find_identity(session), 0, 301)]
        succeed(log)

        log.all()

        with read_session(log.sessions) as session:
            identity = find_identity(session)
            head = check_at_start(session, identity)
            leaves = [leaf.entry for leaf in read_leaves(session, identity, 0, head.size)]
            expected = grow(0, unread, list(map(leaf_hash, leaves)))
        assert (head.size, head.root) == (304, expected.root)
        assert leaves[1:302] == before

    def test_every_event_has_a_proof_again_by_the_same_key(self, log: Sequencing) -> None:
        succeed(log)
        log.all()

        with read_session(log.sessions) as session:
            found = published(session)
            policy = Policy(
                origin=found.identity.origin,
                log_keys=verifier_keys(session, found.identity, found.head.size),
            )
            indexes = set()
            for row in session.scalars(select(EventRow)):
                proof = proof_of(session, found, row, whole=True)
                verify_proof(proof.tlog_proof(), leaf_hash(proof.entry), policy)
                indexes.add(proof.inclusion.index)
            keys = [
                {
                    key.verifier.public_key
                    for key in log_keys(session, find_identity(session, epoch))
                }
                for epoch in (0, 1)
            ]
        assert indexes == set(range(304))
        assert keys[0] == keys[1]

    def test_the_old_log_stays_as_it_was(self, log: Sequencing) -> None:
        with read_session(log.sessions) as session:
            before = published(session)
            edge = served_tile(session, "0/001.p/45")
        succeed(log)
        log.all()

        with read_session(log.sessions) as session:
            after = published(session, 0)
            assert served_tile(session, "0/001.p/45", 0) == edge
        assert (after.note, after.identity) == (before.note, before.identity)

    def test_a_log_may_be_succeeded_again(self, log: Sequencing) -> None:
        succeed(log)
        log.all()
        succeed(log)
        log.all()

        with read_session(log.sessions) as session:
            assert check_at_start(session, find_identity(session)).size == 305
            assert published(session).identity.origin == f"{ORIGIN}/2"

    def test_an_origin_is_used_once(self, log: Sequencing) -> None:
        with pytest.raises(DuplicateError, match="already"):
            succeed(log, origin=ORIGIN)

    def test_without_a_log_there_is_nothing_to_succeed(
        self, sessions: sessionmaker[Session], tmp_path: Path, clock: FixedClock
    ) -> None:
        with pytest.raises(StateError, match="not open"):
            succeed(sequencer(sessions, tmp_path, clock))


class TestCommand:
    """`waybill log`, as whoever runs the installation calls it."""

    @pytest.fixture
    def environment(self, fresh_database_url: str, log: Sequencing) -> dict[str, str]:
        return {
            "WAYBILL_DATABASE_URL": fresh_database_url,
            "WAYBILL_SECRET_KEY": "only-for-tests-only-for-tests-only",
            "WAYBILL_PII_KEY": b64url_encode(b"e" * 32),
            "WAYBILL_PII_INDEX_KEY": b64url_encode(b"i" * 32),
            "WAYBILL_KEY_DIR": str(log.terms.key_dir),
        }

    def run(self, environment: dict[str, str], *arguments: str) -> Result:
        return CliRunner().invoke(command, arguments, env=environment)

    def test_a_log_is_checked_whole_and_succeeded(
        self, environment: dict[str, str], log: Sequencing
    ) -> None:
        before = self.run(environment, "check")
        made = self.run(environment, "succeed", "--reason", "恢复自备份", "--yes")
        log.all()
        after = self.run(environment, "check")

        assert before.output.startswith(f"{ORIGIN} 301 ")
        assert (made.exit_code, made.output) == (0, f"{ORIGIN}/1\n")
        assert after.output.startswith(f"{ORIGIN}/1 304 ")

    def test_without_a_private_key_nothing_is_succeeded(
        self, environment: dict[str, str], log: Sequencing
    ) -> None:
        shutil.rmtree(log.terms.key_dir)

        refused = self.run(environment, "succeed", "--reason", "恢复自备份", "--yes")

        assert (refused.exit_code, "are not here" in refused.output) == (1, True)
        with read_session(log.sessions) as session:
            assert find_identity(session).epoch == 0
