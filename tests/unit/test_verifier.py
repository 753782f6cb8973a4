"""The verifier over folders and HTTP: what holds, what does not, and what it says of either."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from tests.harness.logs import TestLog, events

SIZES = (0, 1, 255, 256, 257, 700, 65_536 + 300)

Verify = Callable[..., Result]


@pytest.fixture
def verify(tmp_path: Path) -> Verify:
    """Runs `waybill log verify` with a memory of its own."""

    def run(address: object, *options: str) -> Result:
        state = str(tmp_path / "state" / "memory.json")
        return CliRunner().invoke(main, ["log", "verify", str(address), "--state", state, *options])

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the log is published."""
    return tmp_path / "published"


@pytest.mark.parametrize("size", SIZES)
def test_an_honest_log_holds(verify: Verify, folder: Path, size: int) -> None:
    log = TestLog(events(size))
    log.write(folder)

    result = verify(folder, "--key", log.key, "--json")

    told = json.loads(result.stdout)
    assert (result.exit_code, told["holds"], told["size"]) == (0, True, size), result.stdout
    assert (told["root"], told["entries"]) == (log.tree.root.hex() if size else told["root"], size)
