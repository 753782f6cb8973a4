"""No case of the demonstration without its story."""

from pathlib import Path

from api.demo.cases import CASES


def test_every_case_of_the_demonstration_has_a_story(repository: Path) -> None:
    stories = "".join(
        path.read_text() for path in (repository / "tests/workflows").glob("test_stories_*.py")
    )

    assert [case.key for case in CASES if f'"{case.key}"' not in stories] == []


def test_what_a_case_says_it_is_refused_by_is_a_rule_of_its_story(repository: Path) -> None:
    stories = "".join(
        path.read_text() for path in (repository / "tests/workflows").glob("test_stories_*.py")
    )

    assert [code for case in CASES for code in case.refused_by if f'"{code}"' not in stories] == []
