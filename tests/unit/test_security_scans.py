"""`make security` says what it did not look at; what was argued is argued of what there is."""

from pathlib import Path

import pytest

from tests.harness.security import (
    UNREACHABLE,
    argued_code,
    judge,
    python_answer,
    tablet_answer,
)


def test_a_finding_that_nobody_argued_and_an_argument_about_nothing_both_fail() -> None:
    found, argued = {("B1", "new.py"), ("B2", "old.py")}, {("B2", "old.py"), ("B3", "gone.py")}

    assert judge(found, argued) == ["not argued: B1 in new.py", "argued, but gone: B3 in gone.py"]


@pytest.mark.parametrize(
    "packages", [[], [{"name": "flask", "skip_reason": "not found on PyPI"}]], ids=["none", "all"]
)
def test_where_no_package_was_audited_that_is_said(packages: list[dict[str, str]]) -> None:
    assert python_answer({"dependencies": packages}) == [UNREACHABLE]


def test_a_hole_of_a_package_fails() -> None:
    clean = {"name": "flask", "version": "1", "vulns": []}
    holed = {"name": "jinja2", "version": "1", "vulns": [{"id": "GHSA-1"}]}

    assert python_answer({"dependencies": [clean]}) == []
    assert python_answer({"dependencies": [clean, holed]}) == ["not argued: GHSA-1 in jinja2"]


def test_a_hole_of_the_tablet_fails_and_no_answer_is_no_pass() -> None:
    hole = {"via": [{"url": "https://advisories.example/GHSA-2"}, "another package"]}

    assert tablet_answer({"vulnerabilities": {}}) == []
    assert tablet_answer({"vulnerabilities": {"vite": hole}}) == ["not argued: GHSA-2 in vite"]
    assert tablet_answer({"error": {"summary": "405"}}) == [UNREACHABLE]


def test_arguments_are_about_files_that_there_are(repository: Path) -> None:
    gone = [file for _, file in argued_code() if not (repository / file).is_file()]

    assert gone == []
