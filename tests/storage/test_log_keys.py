"""The log changes its key without a break."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from api.cli.log import command
from tests.harness.sequenced_log import ORIGIN, sequencer, tell
from waybill.clock import FixedClock
from waybill.codec import b64url_encode
from waybill.errors import NotFoundError, StateError
from waybill.sequencing import Sequencing
from waybill.services.log.key_files import load_log_key
from waybill.services.log.keys import add_log_key, log_keys, retire_log_key
from waybill.services.log.serving import find_identity, key_history, key_lines, published
from waybill.storage.session import read_session, session_factory, write_session
from waybill.transparency.errors import NoteError
from waybill.transparency.notes import parse_verifier_key
from waybill.transparency.policy import Policy, trust


@pytest.fixture
def log(committing_engine: Engine, tmp_path: Path, clock: FixedClock) -> Sequencing:
    made = sequencer(session_factory(committing_engine), tmp_path / "keys", clock)
    made.all()
    return made


def add(log: Sequencing) -> str:
    with write_session(log.sessions) as session:
        return add_log_key(session, None, log.terms.key_dir, clock=log.clock)


def retire(log: Sequencing, kid: str) -> None:
    with write_session(log.sessions) as session:
        retire_log_key(session, None, kid, reason="轮换", clock=log.clock)


def policies(log: Sequencing) -> list[Policy]:
    """Return a policy of each key that ever signed, the oldest first."""
    with read_session(log.sessions) as session:
        keys = log_keys(session, find_identity(session))
    return [
        Policy(origin=ORIGIN, log_keys=(key.verifier,))
        for key in sorted(keys, key=lambda key: (key.from_size, key.added_at))
    ]


def accepted(log: Sequencing) -> list[bool]:
    """Return whether the newest checkpoint counts by each of the policies."""
    with read_session(log.sessions) as session:
        note = published(session).note
    found = []
    for policy in policies(log):
        try:
            found.append(trust(note, policy).checkpoint.origin == ORIGIN)
        except NoteError:
            found.append(False)
    return found


def test_for_a_while_both_sign_and_then_the_new_one_alone(
    log: Sequencing, clock: FixedClock
) -> None:
    with read_session(log.sessions) as session:
        old = log_keys(session, find_identity(session))[0].kid
    stages = [accepted(log)]
    add(log)
    log.all()
    stages.append(accepted(log))
    retire(log, old)
    log.all()
    stages.append(accepted(log))
    tell(log.sessions, clock)
    log.all()
    stages.append(accepted(log))

    assert stages == [[True], [True, True], [False, True], [False, True]]


def test_keys_are_told_with_what_they_sign(log: Sequencing, clock: FixedClock) -> None:
    with read_session(log.sessions) as session:
        old = log_keys(session, find_identity(session))[0]
    clock.advance(clock.now() - clock.now().replace(minute=0))
    add(log)
    log.all()

    with read_session(log.sessions) as session:
        lines = key_lines(session).splitlines()
    retire(log, old.kid)
    with read_session(log.sessions) as session:
        after, history = key_lines(session).splitlines(), key_history(session)

    assert [parse_verifier_key(line).name for line in lines] == [ORIGIN, ORIGIN]
    assert (lines[1], after) == (old.verifier.text(), lines[:1])
    assert history == [
        {"key": lines[0], "above_size": 1, "up_to_size": None},
        {"key": lines[1], "above_size": 0, "up_to_size": 2},
    ]


def test_the_only_key_is_not_retired(log: Sequencing) -> None:
    with read_session(log.sessions) as session:
        (key,) = log_keys(session, find_identity(session))

    with pytest.raises(StateError, match="only key"):
        retire(log, key.kid)
    with pytest.raises(NotFoundError):
        retire(log, "0" * 16)


def test_a_file_that_is_no_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log-0.pem"
    path.write_text("no key")

    with pytest.raises(ValueError, match="not a private key"):
        load_log_key(path)


def test_on_the_command_line(log: Sequencing, fresh_database_url: str) -> None:
    environment = {
        "WAYBILL_DATABASE_URL": fresh_database_url,
        "WAYBILL_SECRET_KEY": "only-for-tests-only-for-tests-only",
        "WAYBILL_PII_KEY": b64url_encode(b"e" * 32),
        "WAYBILL_PII_INDEX_KEY": b64url_encode(b"i" * 32),
        "WAYBILL_KEY_DIR": str(log.terms.key_dir),
    }

    def run(*arguments: str) -> str:
        result = CliRunner().invoke(command, ["key", *arguments], env=environment)
        assert result.exit_code == 0, result.output
        return result.output

    (old,) = run("list").splitlines()
    kid = run("add").strip()
    log.all()
    retired = run("retire", old.split()[0], "--reason", "轮换")
    listed = [line.split()[:5] for line in run("list").splitlines()]

    path = log.terms.key_dir / f"log-{kid}.pem"
    assert path.stat().st_mode & 0o777 == 0o600
    assert retired == f"{old.split()[0]} retired\n"
    assert listed == [
        [kid, "above", "1", "signs", "private"],
        [old.split()[0], "above", "0", "retired", "at"],
    ]
