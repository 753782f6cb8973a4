"""`waybill log verify`: what holds, what is remembered, and how a run goes on."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.cli import main
from api.cli.log_verify import default_state
from api.cli.progress_line import ProgressLine
from tests.harness.logs import SIGNER, TestLog, events, other_signer, served
from tests.harness.verifying import Verdict, verify_ours
from waybill.transparency.notes import Algorithm, Note, NoteSigner, join_signatures, parse_note
from waybill.verifier.sources import FolderSource
from waybill.verifier.state import load_memory
from waybill.verifier.verify import Wish, verify_log

SIZES = (0, 1, 255, 256, 257, 700, 65_536 + 300)
SEEN = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)

Verify = Callable[..., Verdict]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Where the verifier remembers."""
    return tmp_path / "state" / "memory.json"


@pytest.fixture
def verify(state: Path) -> Verify:
    """Runs `waybill log verify` with one memory."""
    return lambda address, *options: verify_ours(state, address, *options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the log is published."""
    return tmp_path / "published"


@pytest.mark.parametrize("size", SIZES)
def test_an_honest_log_holds(verify: Verify, folder: Path, size: int) -> None:
    log = TestLog(events(size))
    log.write(folder)

    found = verify(folder, "--key", log.key)

    assert found.exit_code == 0
    assert (found.told["size"], found.told["entries"]) == (size, size)
    assert found.told["root"] == log.tree.root.hex()


def test_a_server_is_read_as_a_folder_is(verify: Verify, folder: Path) -> None:
    log = TestLog(events(3_000))
    log.write(folder)

    with served(folder) as address:
        found = verify(address, "--key", log.key)

    assert (found.exit_code, found.told["entries"]) == (0, 3_000)


def test_a_log_may_have_forgotten_tiles_that_were_not_full(
    verify: Verify, folder: Path, tmp_path: Path
) -> None:
    log = TestLog(events(300))
    old = log.write(tmp_path / "old") / "checkpoint"
    log.append(events(400, 300))
    log.write(folder)
    shutil.copyfile(old, folder / "checkpoint")
    shutil.copytree(tmp_path / "old" / "tile" / "1", folder / "tile" / "1", dirs_exist_ok=True)

    found = verify(folder)

    assert (found.exit_code, found.told["size"]) == (0, 300)


class TestKeys:
    """Whose signature counts."""

    def test_the_first_time_the_logs_own_key_is_taken_and_that_is_said(self, folder: Path) -> None:
        TestLog(events(3)).write(folder)

        result = CliRunner().invoke(
            main, ["log", "verify", str(folder), "--state", str(folder / "state")]
        )

        assert result.exit_code == 0
        assert "首次使用" in result.stdout
        assert "Warning: the key comes from the log that is verified" in result.stderr

    def test_the_next_time_it_is_the_remembered_one(self, verify: Verify, folder: Path) -> None:
        TestLog(events(3)).write(folder)

        trusts = [verify(folder).told["key_trust"] for _ in range(2)]

        assert trusts == ["first-use", "remembered"]

    def test_another_key_of_the_same_name_is_refused_later(
        self, verify: Verify, folder: Path
    ) -> None:
        other = other_signer()
        TestLog(events(3)).write(folder)
        verify(folder)
        TestLog(events(3), signer=other).write(folder)

        found = verify(folder)

        assert (found.exit_code, found.told["fault"]) == (1, "another-key")

    def test_a_key_that_signs_beside_the_known_one_is_taken_up(
        self, verify: Verify, folder: Path
    ) -> None:
        following = other_signer()
        log = TestLog(events(3))
        log.write(folder)
        verify(folder)
        note = parse_note(log.checkpoint())
        both = join_signatures(note, [following.sign(note.text)])
        (folder / "checkpoint").write_bytes(both.to_bytes())
        (folder / "key").write_text(f"{following.verifier.text()}\n{log.key}\n")
        verify(folder)
        TestLog(events(5), signer=following).write(folder)

        found = verify(folder)

        assert (found.exit_code, found.told["size"]) == (0, 5)

    def test_a_key_that_is_given_counts_and_no_other(self, verify: Verify, folder: Path) -> None:
        log = TestLog(events(3))
        log.write(folder)
        strange = other_signer()

        found = verify(folder, "--key", strange.verifier.text())

        assert (found.exit_code, found.told["fault"]) == (1, "checkpoint-unsigned")

    @pytest.mark.parametrize("key", ["nonsense", "log.test/waybill+00000000+AYMg"])
    def test_what_is_no_key_is_not_run_with(self, folder: Path, key: str) -> None:
        result = CliRunner().invoke(main, ["log", "verify", str(folder), "--key", key])

        assert (result.exit_code, "not a verifier key" in result.stderr) == (2, True)


class TestWitnesses:
    """How many must have cosigned."""

    WITNESSES = tuple(
        NoteSigner(
            name=f"witness.test/{name}",
            private_key=Ed25519PrivateKey.from_private_bytes(name.encode() * 32),
            algorithm=Algorithm.COSIGNATURE,
        )
        for name in "ab"
    )

    def written(self, folder: Path, *witnesses: NoteSigner) -> list[str]:
        """Publish a log that some have cosigned, and return the options that name them all."""
        log = TestLog(events(3))
        log.write(folder)
        note: Note = parse_note(log.checkpoint())
        note = join_signatures(note, [w.cosign(note.text, SEEN) for w in witnesses])
        (folder / "checkpoint").write_bytes(note.to_bytes())
        keys = [witness.verifier.text() for witness in self.WITNESSES]
        return [option for key in keys for option in ("--witness", key)]

    def test_all_that_are_named_must_have_signed(self, verify: Verify, folder: Path) -> None:
        options = self.written(folder, self.WITNESSES[0])

        found = verify(folder, *options)

        assert (found.exit_code, found.told["fault"]) == (1, "too-few-witnesses")

    def test_a_quorum_suffices_where_one_is_named(self, verify: Verify, folder: Path) -> None:
        options = self.written(folder, self.WITNESSES[0])

        found = verify(folder, *options, "--quorum", "1")

        assert found.told["witnesses"] == {"witness.test/a": SEEN.isoformat()}

    def test_a_quorum_of_more_than_are_named_is_not_run_with(self, folder: Path) -> None:
        options = self.written(folder, *self.WITNESSES)

        result = CliRunner().invoke(main, ["log", "verify", str(folder), *options, "--quorum", "3"])

        assert (result.exit_code, "than are named" in result.stderr) == (2, True)

    def test_a_logs_key_is_no_witness(self, folder: Path) -> None:
        result = CliRunner().invoke(
            main, ["log", "verify", str(folder), "--witness", SIGNER.verifier.text()]
        )

        assert (result.exit_code, "one for COSIGNATURE is expected" in result.stderr) == (2, True)


class TestMemory:
    """What is known from before."""

    def test_growth_is_compared_with_what_was_seen(self, verify: Verify, folder: Path) -> None:
        log = TestLog(events(300))
        log.write(folder)
        verify(folder)
        log.append(events(500, 300))
        log.write(folder)

        found = verify(folder)

        assert (found.told["remembered"], found.told["start"], found.told["entries"]) == (
            300,
            0,
            800,
        )

    def test_only_what_is_new_is_read_where_that_is_wished(
        self, verify: Verify, folder: Path
    ) -> None:
        log = TestLog(events(600))
        log.write(folder)
        verify(folder)
        log.append(events(500, 600))
        log.write(folder)
        shutil.rmtree(folder / "tile" / "entries" / "000", ignore_errors=True)
        (folder / "tile" / "entries" / "000").unlink()

        found = verify(folder, "--only-new")

        assert (found.exit_code, found.told["start"], found.told["entries"]) == (0, 512, 588)

    def test_a_log_that_does_not_hold_leaves_the_memory_as_it_was(
        self, verify: Verify, folder: Path, state: Path
    ) -> None:
        TestLog(events(300)).write(folder)
        verify(folder)
        before = state.read_text()
        TestLog(events(200)).write(folder)

        found = verify(folder)

        assert (found.exit_code, state.read_text()) == (1, before)

    def test_a_memory_that_cannot_be_read_is_not_replaced(
        self, verify: Verify, folder: Path, state: Path
    ) -> None:
        TestLog(events(3)).write(folder)
        state.parent.mkdir()
        state.write_text("{")

        found = verify(folder)

        assert (found.exit_code, found.told["holds"], state.read_text()) == (2, None, "{")

    def test_by_default_it_lies_with_the_users_own_state(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))

        assert default_state() == tmp_path / "waybill" / "log-verify.json"


class TestInterrupted:
    """A run that is broken off goes on where it stopped."""

    def interrupt(self, folder: Path, state: Path, after: int) -> None:
        def stop(done: int, _: int) -> None:
            if done >= after:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            verify_log(FolderSource(folder), load_memory(state), Wish(), progress=stop)

    def test_it_reads_only_what_is_left(self, verify: Verify, folder: Path, state: Path) -> None:
        TestLog(events(2_000)).write(folder)
        self.interrupt(folder, state, 1_024)

        found = verify(folder)

        assert (found.exit_code, found.told["start"], found.told["entries"]) == (0, 1_024, 976)
        assert [path.name for path in state.parent.iterdir()] == [state.name]

    def test_it_goes_on_in_a_log_that_has_grown_meanwhile(
        self, verify: Verify, folder: Path, state: Path
    ) -> None:
        log = TestLog(events(2_000))
        log.write(folder)
        self.interrupt(folder, state, 1_024)
        log.append(events(1_500, 2_000))
        log.write(folder)

        found = verify(folder)

        assert (found.exit_code, found.told["start"], found.told["size"]) == (0, 1_024, 3_500)

    def test_an_event_of_before_that_is_repeated_after_is_found(
        self, verify: Verify, folder: Path, state: Path
    ) -> None:
        told = events(2_000)
        TestLog([*told, told[7]]).write(folder)
        self.interrupt(folder, state, 1_024)

        found = verify(folder)

        assert found.fault == ("entry-repeated", 2_000)

    def test_what_was_rewritten_behind_it_meanwhile_is_found(
        self, verify: Verify, folder: Path, state: Path
    ) -> None:
        TestLog(events(2_000)).write(folder)
        self.interrupt(folder, state, 1_024)
        told = events(2_500)
        told[3] = events(1, 9_999)[0]
        TestLog(told).write(folder)

        found = verify(folder)

        assert found.exit_code == 1
        assert found.told["fault"] in {"log-forked", "tile-wrong"}

    def test_the_command_says_so_and_exits_as_unread(
        self, folder: Path, state: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        TestLog(events(2_000)).write(folder)

        def stop(_: ProgressLine, done: int, __: int) -> None:
            if done > 1_000:
                raise KeyboardInterrupt

        monkeypatch.setattr(ProgressLine, "show", stop)

        found = verify_ours(state, folder)

        assert (found.exit_code, found.told["holds"]) == (2, None)


def test_progress_is_one_line_on_standard_error_where_it_is_wished(folder: Path) -> None:
    TestLog(events(600)).write(folder)
    command = ["log", "verify", str(folder), "--state", str(folder / "state"), "--progress"]

    result = CliRunner().invoke(main, command)

    assert "100.0 %  600/600" in result.stderr
    assert "%" not in result.stdout


@pytest.mark.parametrize(
    "address",
    ["/nowhere/at/all", "ftp://log.test", "http://127.0.0.1:1/log"],
    ids=["no folder", "no such scheme", "nobody answers"],
)
def test_what_cannot_be_read_is_no_verdict(
    verify: Verify, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("waybill.verifier.sources.WAITS_S", (0.0, 0.0))

    found = verify(address)

    assert (found.exit_code, found.told["holds"]) == (2, None)


def test_a_folder_without_a_checkpoint_is_no_verdict(verify: Verify, tmp_path: Path) -> None:
    found = verify(tmp_path)

    assert (found.exit_code, "no checkpoint" in found.told["detail"]) == (2, True)
