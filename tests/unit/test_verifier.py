"""`waybill log verify`: what holds, what is remembered, and how a run goes on."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from api.cli import main
from api.cli.log_verify import default_state
from api.cli.progress_line import ProgressLine
from tests.harness.logs import TestLog, events, served
from tests.harness.verifying import Verdict, verify_ours
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
        assert sorted(path.suffix for path in state.parent.iterdir()) == [
            ".checkpoint",
            ".checkpoint",
            ".json",
        ]

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

        first, second = verify(folder), verify(folder)

        # What it had read no longer fits; what it was shown with a signature stays known.
        assert first.fault == ("tile-wrong", 0)
        assert (second.told["fault"], second.told["until"]) == ("log-forked", 2_000)

    def test_what_it_was_shown_counts_until_it_has_come_past_it(
        self, folder: Path, state: Path, verify: Verify, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("waybill.verifier.verify.SAVE_EVERY_S", 0.0)
        TestLog(events(2_000)).write(folder)
        self.interrupt(folder, state, 512)
        TestLog([*events(1_800), *events(700, 50_000)]).write(folder)
        self.interrupt(folder, state, 1_024)

        found = verify(folder)

        assert found.told["fault"] == "log-forked"

    def test_a_run_that_was_killed_goes_on_too(
        self, verify: Verify, folder: Path, state: Path
    ) -> None:
        """Killed, it writes nothing more; what it had last saved counts."""
        TestLog(events(2_000)).write(folder)
        program = (
            "import os, sys\n"
            "from pathlib import Path\n"
            "from waybill.verifier import verify\n"
            "from waybill.verifier.sources import FolderSource\n"
            "from waybill.verifier.state import load_memory\n"
            "verify.SAVE_EVERY_S = 0.0\n"
            "verify.verify_log(FolderSource(Path(sys.argv[1])), load_memory(Path(sys.argv[2])),\n"
            "    verify.Wish(), progress=lambda done, _: done > 1_000 and os._exit(9))\n"
        )
        command = [sys.executable, "-c", program, str(folder), str(state)]
        killed = subprocess.run(command, check=False)

        found = verify(folder)

        assert (killed.returncode, found.exit_code) == (9, 0)
        assert (found.told["start"], found.told["entries"]) == (768, 1_232)

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
    ["/nowhere/at/all", "ftp://log.test", "http://127.0.0.1:1/log", "https://127.0.0.1:1/log"],
    ids=["no folder", "no such scheme", "nobody answers", "nobody answers safely"],
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
