"""The commands that docs/verify.md gives to a court do what it says."""

import re
import subprocess
from pathlib import Path

from tests.harness.logs import TestLog, events, told
from waybill.transparency.merkle import leaf_hash
from waybill.verifier.faults import FaultKind


def test_one_event_is_verified_with_what_any_linux_has(repository: Path, tmp_path: Path) -> None:
    (block,) = re.findall(
        r"```sh\n(.*?)```", (repository / "docs/verify.md").read_text(), re.DOTALL
    )
    folder = TestLog(events(700)).write(tmp_path / "export", bodies=True)

    done = subprocess.run(
        ["/bin/sh", "-euc", block], cwd=folder, capture_output=True, text=True, check=True
    )

    leaf = leaf_hash(told(300).entry).hex()
    assert done.stdout.splitlines() == [
        told(300).body.decode(),
        told(300).entry.decode(),
        leaf,
        leaf,
    ]


def test_every_fault_is_explained(repository: Path) -> None:
    text = (repository / "docs/verify.md").read_text()

    assert [kind.value for kind in FaultKind if f"`{kind.value}`" not in text] == []
