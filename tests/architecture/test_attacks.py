"""`docs/attacks.md` names tests that there are: a row without one would be a promise."""

import re
import shlex
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def commands(repository: Path) -> list[str]:
    """Each command of the table that runs tests."""
    text = (repository / "docs" / "attacks.md").read_text("utf-8")
    return re.findall(r"`(pytest [^`]+)`", text)


def test_every_row_has_a_command(repository: Path) -> None:
    text = (repository / "docs" / "attacks.md").read_text("utf-8")
    rows = [
        line for line in text.splitlines() if line.startswith("| ") and "| Attack |" not in line
    ]

    assert len(rows) > 50
    assert [row for row in rows if not re.search(r"`(pytest|make) [^`]+` \|$", row)] == []


def test_every_named_test_is_there(repository: Path, commands: list[str]) -> None:
    missing = []
    for command in commands:
        words = shlex.split(command)[1:]
        chosen = words[words.index("-k") + 1].split(" or ") if "-k" in words else []
        files = [word for word in words if word.startswith("tests/")]
        texts = [
            (repository / file).read_text("utf-8")
            for file in files
            if (repository / file).is_file()
        ]
        names = re.findall(r"^\s*(?:def|class) ([Tt]est\w*)", "\n".join(texts), re.MULTILINE)
        missing += [f"{command}: a file" for _ in files[len(texts) :]]
        missing += [
            f"{command}: {word}"
            for word in chosen
            if not any(word.lower() in name.lower() for name in names)
        ]

    assert missing == []
