"""Two verifiers that share nothing but the format: ours, and one of Go's own library."""

import fcntl
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from click.testing import CliRunner

from api.cli import main
from waybill.codec import sha256

REPOSITORY: Final = Path(__file__).parents[2]
GO_SOURCE: Final = REPOSITORY / "tests" / "go" / "verify.go"
GO_FOLDER: Final = REPOSITORY / "var" / "go"
GO_LIBRARIES: Final = Path("/usr/share/gocode")
"""Where Debian and Fedora put the sources of Go libraries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a verifier says. `told` is its whole answer, `exit_code` what a script would see."""

    exit_code: int
    told: dict[str, Any]

    @property
    def fault(self) -> tuple[str, int | None]:
        """Which fault ours found, and the first entry that is or can be bad."""
        return self.told["fault"], self.told["index"]


def verify_ours(state: Path, address: object, *options: str) -> Verdict:
    """Run `waybill log verify` with a memory of its own."""
    arguments = ["log", "verify", str(address), "--state", str(state), "--json", *options]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code in {0, 1, 2}, result
    return Verdict(exit_code=result.exit_code, told=json.loads(result.stdout))


def verify_go(key: str, address: object, *options: str) -> Verdict:
    """Run Go's verifier; the test is skipped where Go is not to be had."""
    command = [str(go_program()), *options, key, str(address)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode in {0, 1}, result
    return Verdict(exit_code=result.returncode, told=json.loads(result.stdout))


def go_program() -> Path:
    """Return Go's verifier, built once for each version of its source."""
    go = shutil.which("go")
    if go is None or not (GO_LIBRARIES / "src/golang.org/x/mod/sumdb/tlog").is_dir():
        pytest.skip("Go or golang.org/x/mod is missing: deploy/system-packages go installs both")
    program = GO_FOLDER / f"verify-{sha256(GO_SOURCE.read_bytes()).hex()[:16]}"
    GO_FOLDER.mkdir(parents=True, exist_ok=True)
    with (GO_FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists():
            _build(go, program)
    return program


def _build(go: str, program: Path) -> None:
    """Build without network: the libraries are the system's."""
    environment = {
        **os.environ,
        "GO111MODULE": "off",
        "GOPATH": str(GO_LIBRARIES),
        "GOCACHE": str(GO_FOLDER / "cache"),
        "GOFLAGS": "",
        "GOTOOLCHAIN": "local",
        "CGO_ENABLED": "0",
    }
    made = program.with_suffix(".new")
    command = [go, "build", "-o", str(made), str(GO_SOURCE)]
    subprocess.run(command, env=environment, check=True, cwd=REPOSITORY)
    made.rename(program)
