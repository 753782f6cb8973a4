"""Attacks on the log by whoever runs it, and what each verifier makes of them.

`fresh` is a verifier that sees the log for the first time, `returning` one that saw the honest log
before. An attack with the real key is consistent in itself: only memory, ours or a witness's,
tells it from the truth, and the tests say so.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.harness.logs import TestLog, Told, events, other_signer, served, told
from tests.harness.verifying import Verdict, verify_go, verify_ours

SIZE: Final = 700
AT: Final = 301
"""The entry that somebody wishes away."""

Attack = Callable[[list[Told]], list[Told]]


def rewritten(honest: list[Told]) -> list[Told]:
    entry = honest[AT]
    return [*honest[:AT], Told(entry.event_id, b'{"altered":1}', entry.salt), *honest[AT + 1 :]]


def removed(honest: list[Told]) -> list[Told]:
    return [*honest[:AT], *honest[AT + 1 :], told(10_000)]


def inserted(honest: list[Told]) -> list[Told]:
    return [*honest[:AT], told(10_000), *honest[AT:]]


def swapped(honest: list[Told]) -> list[Told]:
    return [*honest[:AT], honest[AT + 1], honest[AT], *honest[AT + 2 :]]


WITH_THE_REAL_KEY: Final[dict[str, Attack]] = {
    "an entry rewritten": rewritten,
    "an entry removed": removed,
    "an entry inserted": inserted,
    "two entries swapped": swapped,
}


@pytest.fixture
def honest(tmp_path: Path) -> Path:
    """The log as it was."""
    return TestLog(events(SIZE)).write(tmp_path / "honest")


@pytest.fixture
def state(tmp_path: Path, honest: Path) -> Path:
    """The memory of a verifier that saw the honest log."""
    path = tmp_path / "returning" / "memory.json"
    assert verify_ours(path, honest).exit_code == 0
    return path


@pytest.fixture
def checkpoints(tmp_path: Path, honest: Path) -> Path:
    """The folder in which somebody kept the honest log's checkpoint."""
    folder = tmp_path / "checkpoints"
    folder.mkdir()
    shutil.copyfile(honest / "checkpoint", folder / "0001")
    return folder


def key(folder: Path) -> str:
    return (folder / "key").read_text().strip()


def fresh(folder: Path) -> tuple[Verdict, Verdict]:
    """Return what both verifiers say who know nothing but the key."""
    state = folder.with_name("fresh.json")
    return verify_ours(state, folder, "--key", key(folder)), verify_go(key(folder), folder)


@pytest.mark.parametrize("attack", WITH_THE_REAL_KEY.values(), ids=WITH_THE_REAL_KEY)
class TestTheWholeTreeRebuiltAndSignedWithTheRealKey:
    """The operator holds the key, so signature, tiles and entries all fit."""

    def test_a_fresh_verifier_cannot_tell(self, tmp_path: Path, attack: Attack) -> None:
        forged = TestLog(attack(events(SIZE))).write(tmp_path / "forged")

        ours, go = fresh(forged)

        assert (ours.exit_code, go.exit_code) == (0, 0)

    def test_who_remembers_a_checkpoint_finds_it_and_says_where(
        self, tmp_path: Path, attack: Attack, state: Path, checkpoints: Path
    ) -> None:
        forged = TestLog(attack(events(SIZE))).write(tmp_path / "forged")

        ours = verify_ours(state, forged)
        go = verify_go(key(forged), forged, "-checkpoints", str(checkpoints))

        assert (ours.exit_code, go.exit_code) == (1, 1)
        assert ours.told["fault"] == "log-forked"
        # What it kept of the tree leads to the 256 entries among which the first bad one is.
        assert (ours.told["index"], ours.told["until"]) == (256, 512)

    def test_it_is_found_in_a_log_that_has_grown_meanwhile_too(
        self, tmp_path: Path, attack: Attack, state: Path, checkpoints: Path
    ) -> None:
        forged = TestLog([*attack(events(SIZE)), *events(900, 20_000)]).write(tmp_path / "forged")

        ours = verify_ours(state, forged)
        go = verify_go(key(forged), forged, "-checkpoints", str(checkpoints))

        assert (ours.exit_code, go.exit_code) == (1, 1)
        assert ours.told["fault"] == "log-forked"


@pytest.mark.parametrize("attack", WITH_THE_REAL_KEY.values(), ids=WITH_THE_REAL_KEY)
class TestEntriesChangedBehindTheSignature:
    """Whoever lacks the key changes what is served and leaves the checkpoint."""

    def test_changed_bundles_are_found_at_the_first_bad_entry(
        self, tmp_path: Path, attack: Attack, honest: Path
    ) -> None:
        forged = TestLog(attack(events(SIZE))[:SIZE]).write(tmp_path / "forged")
        shutil.rmtree(honest / "tile" / "entries")
        shutil.copytree(forged / "tile" / "entries", honest / "tile" / "entries")

        ours, go = fresh(honest)

        assert ours.fault == ("entry-not-the-leaf", AT)
        assert (go.exit_code, go.told["index"]) == (1, AT)

    def test_changed_bundles_with_tiles_to_fit_do_not_reach_the_signed_root(
        self, tmp_path: Path, attack: Attack, honest: Path
    ) -> None:
        forged = TestLog(attack(events(SIZE))[:SIZE]).write(tmp_path / "forged")
        shutil.copyfile(honest / "checkpoint", forged / "checkpoint")

        ours, go = fresh(forged)

        assert (ours.exit_code, go.exit_code) == (1, 1)
        assert ours.told["fault"] == "root-wrong"
        assert "root" in go.told["why"]


def test_a_fork_of_the_same_size_shown_to_one_client_is_two_signatures_against_the_log(
    tmp_path: Path, honest: Path, state: Path
) -> None:
    fork = TestLog([*events(SIZE - 1), told(10_000)]).write(tmp_path / "fork")

    with served(fork) as address:
        ours = verify_ours(state, address)

    assert ours.exit_code == 1
    assert (ours.told["fault"], ours.told["index"], ours.told["until"]) == ("log-forked", 512, SIZE)
    kept = [Path(path).read_bytes() for path in ours.told["evidence"]]
    assert kept == [(folder / "checkpoint").read_bytes() for folder in (honest, fork)]
    other, go = fresh(fork)
    assert (other.exit_code, go.exit_code) == (0, 0), "both signed checkpoints open: the evidence"


def test_a_fork_stays_a_fork_whatever_else_is_broken_in_it(tmp_path: Path, state: Path) -> None:
    fork = TestLog([*events(SIZE - 1), told(10_000)]).write(tmp_path / "fork")
    (fork / "tile" / "entries" / "000").unlink()

    assert verify_ours(state, fork).told["fault"] == "log-forked"


def test_a_fork_is_found_by_each_of_two_clients_who_compare_what_they_keep(
    tmp_path: Path, checkpoints: Path
) -> None:
    fork = TestLog([*events(SIZE - 50), *events(90, 10_000)]).write(tmp_path / "fork")

    go = verify_go(key(fork), fork, "-checkpoints", str(checkpoints))

    assert (go.exit_code, go.told["why"]) == (1, f"the first {SIZE} entries have another root")


def test_a_rollback_to_yesterdays_backup_is_found_by_who_saw_today(
    tmp_path: Path, state: Path, checkpoints: Path
) -> None:
    backup = TestLog(events(500)).write(tmp_path / "backup")

    ours = verify_ours(state, backup)
    go = verify_go(key(backup), backup, "-checkpoints", str(checkpoints))

    assert (*ours.fault, ours.told["until"]) == ("log-shrank", 500, SIZE)
    assert (go.exit_code, go.told["index"]) == (1, 500)
    assert fresh(backup)[0].exit_code == 0, "to a fresh verifier it is a log of 500"


def test_a_rollback_that_has_grown_over_what_was_seen_is_a_fork(
    tmp_path: Path, state: Path, checkpoints: Path
) -> None:
    grown = TestLog([*events(500), *events(400, 10_000)]).write(tmp_path / "grown")

    ours = verify_ours(state, grown)
    go = verify_go(key(grown), grown, "-checkpoints", str(checkpoints))

    assert (ours.exit_code, go.exit_code) == (1, 1)
    assert (ours.told["fault"], ours.told["index"]) == ("log-forked", 256)


@pytest.mark.parametrize("lost", [1, 2, 40, 20_000])
def test_a_truncated_bundle_is_named(honest: Path, lost: int) -> None:
    bundle = honest / "tile" / "entries" / "001"
    bundle.write_bytes(bundle.read_bytes()[:-lost])

    ours, go = fresh(honest)

    assert ours.fault == ("bundle-malformed", 256)
    assert (go.exit_code, go.told["index"]) == (1, 256)


@pytest.mark.parametrize("tile", ["entries/001", "0/001", "1/000.p/2", "entries/002.p/188"])
def test_a_missing_file_is_named(honest: Path, tile: str) -> None:
    (honest / "tile" / tile).unlink()

    ours, go = fresh(honest)

    fault = "bundle-missing" if tile.startswith("entries") else "tile-missing"
    first = {"1/000.p/2": 0, "entries/002.p/188": 512}.get(tile, 256)
    assert ours.fault == (fault, first)
    assert go.exit_code == 1


def test_an_event_that_stands_in_the_log_twice_is_reported(tmp_path: Path) -> None:
    doubled = TestLog([*events(SIZE), told(17), *events(5, SIZE)]).write(tmp_path / "doubled")

    ours, go = fresh(doubled)

    assert ours.fault == ("entry-repeated", SIZE)
    assert (go.exit_code, go.told["index"]) == (1, SIZE)


def test_an_event_told_again_with_another_body_is_reported(tmp_path: Path) -> None:
    again = Told(told(17).event_id, b"{}", told(17).salt)
    doubled = TestLog([*events(SIZE), again]).write(tmp_path / "doubled")

    ours, go = fresh(doubled)

    assert ours.fault == ("entry-repeated", SIZE)
    assert (go.exit_code, go.told["index"]) == (1, SIZE)


def test_another_log_at_the_same_address_is_not_taken_for_the_old_one(
    honest: Path, state: Path
) -> None:
    shutil.rmtree(honest)
    TestLog(events(5), signer=other_signer("other.test")).write(honest)

    assert verify_ours(state, honest).told["fault"] == "another-log"
