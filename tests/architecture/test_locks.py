"""The lock files: every package pinned by its hashes, no index named, running a part of testing."""

import re
from pathlib import Path

import pytest

LOCKS = ["deploy/requirements.lock", "requirements.lock", "tests/benchmarks/requirements.lock"]


def pins(lock: Path) -> dict[str, str]:
    """Return each requirement's line, by the package's name and the marker behind it."""
    joined = lock.read_text().replace("\\\n", " ")
    lines = [re.sub(r"\s+", " ", line) for line in joined.splitlines() if re.match(r"\S", line)]
    return {line.split(" --hash")[0]: line for line in lines if not line.startswith("#")}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_by_its_hashes(repository: Path, lock: str) -> None:
    loose = [
        line
        for line in pins(repository / lock).values()
        if not re.match(r"[a-z0-9-]+(\[[a-z,]+\])?==\S+ .*--hash=sha256:[0-9a-f]{64}", line)
    ]

    assert loose == []


@pytest.mark.parametrize("lock", LOCKS)
def test_no_index_is_named(repository: Path, lock: str) -> None:
    text = (repository / lock).read_text()

    assert re.findall(r"--(?:extra-)?index-url|--find-links|https?://", text) == []


def test_what_runs_is_what_was_tested(repository: Path) -> None:
    runtime, testing = (pins(repository / lock) for lock in LOCKS[:2])

    assert {name: line for name, line in runtime.items() if testing.get(name) != line} == {}
