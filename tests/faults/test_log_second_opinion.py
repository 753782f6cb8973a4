"""Go's own library follows a log through 100 checkpoints, from a folder and over HTTP."""

from pathlib import Path
from typing import Final

import pytest

from tests.harness.logs import TestLog, events, served
from tests.harness.verifying import verify_go, verify_ours

CHECKPOINTS: Final = 100


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> tuple[TestLog, Path, Path]:
    """A log that grew in 100 batches of all sizes, its folder, and every checkpoint it signed."""
    published, kept = (tmp_path_factory.mktemp(name) for name in ("published", "kept"))
    log = TestLog([])
    for number in range(CHECKPOINTS):
        log.append(events(1 + number * 37 % 61, log.tree.size))
        (kept / f"{number:03d}").write_bytes(log.checkpoint())
    return log, log.write(published, bodies=True), kept


@pytest.mark.parametrize("over_http", [False, True], ids=["folder", "HTTP"])
def test_every_checkpoint_is_the_beginning_of_the_next(
    followed: tuple[TestLog, Path, Path], *, over_http: bool
) -> None:
    log, published, kept = followed
    options = ("-checkpoints", str(kept), "-records", "10000", "-bodies")

    with served(published) as address:
        found = verify_go(log.key, address if over_http else published, *options)

    assert found.told == {"holds": True, "size": log.tree.size, "checkpoints": CHECKPOINTS}


def test_ours_says_the_same(followed: tuple[TestLog, Path, Path], tmp_path: Path) -> None:
    log, published, _ = followed

    found = verify_ours(tmp_path / "state", published, "--bodies", str(published))

    assert (found.told["size"], found.told["bodies"]) == (log.tree.size, log.tree.size)


def test_one_checkpoint_of_another_past_is_found(
    followed: tuple[TestLog, Path, Path], tmp_path: Path
) -> None:
    log, published, _ = followed
    size = log.tree.size // 2
    (tmp_path / "forked").write_bytes(TestLog(events(size, 90_000)).checkpoint())

    found = verify_go(log.key, published, "-checkpoints", str(tmp_path))

    assert found.told["why"] == f"the first {size} entries have another root"
