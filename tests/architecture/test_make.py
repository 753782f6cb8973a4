"""One door: every target is explained, and continuous integration goes through it."""

import os
import re
from pathlib import Path


def test_every_target_is_explained(repository: Path) -> None:
    makefile = (repository / "Makefile").read_text().replace("\\\n", " ")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony is not None

    explained = re.findall(r"^([a-z-]+):.*## \S", makefile, re.MULTILINE)

    assert sorted(phony[1].split()) == sorted(explained)


def test_continuous_integration_runs_what_a_hand_runs(repository: Path) -> None:
    script = repository / ".ci" / "run"

    assert os.access(script, os.X_OK)
    assert script.read_text().splitlines()[-1] == "make test"
