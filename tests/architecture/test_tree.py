"""The tree is the one that is written down: what lies where, how large, and under what name."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

TOP_LEVEL: Final = {
    *("pyproject.toml", "README.md", "waybill", "api", "scanners", "migrations", "tests"),
    *("wsgi.py", "Makefile", "CHANGELOG.md", "docs", "deploy", "requirements.lock"),
}
# What building, running and testing leave behind, and version control ignores.
MADE_HERE: Final = {"var", "build", "dist", "waybill.egg-info", "__pycache__", "node_modules"}
SOURCES: Final = ("waybill", "api", "scanners", "migrations", "tests")
TEST_FOLDERS: Final = {
    *("unit", "storage", "api", "workflows", "browser", "faults", "architecture"),
    *("harness", "vectors", "benchmarks", "go"),
}
LONGEST_FILE_LINES: Final = 320
EMPTY_NAMES: Final = {"utils", "util", "helpers", "helper", "common", "manager", "data", "info"}


def modules(repository: Path, *folders: str) -> Iterator[Path]:
    for folder in folders or SOURCES:
        for module in sorted((repository / folder).rglob("*.py")):
            if "node_modules" not in module.parts:
                yield module


def test_the_top_level_is_exactly_as_written_down(repository: Path) -> None:
    found = {path.name for path in repository.iterdir() if not path.name.startswith(".")}

    assert found - MADE_HERE == TOP_LEVEL


def test_the_tests_lie_in_the_folders_of_their_kind(repository: Path) -> None:
    found = {path.name for path in (repository / "tests").iterdir()}

    assert found - {"__pycache__"} <= TEST_FOLDERS | {"conftest.py"}


def test_no_two_test_files_share_a_name(repository: Path) -> None:
    names = [path.name for path in (repository / "tests").rglob("test_*.py")]

    assert sorted(names) == sorted(set(names))


def test_no_module_is_longer_than_a_reader_bears(repository: Path) -> None:
    lengths = {
        str(module.relative_to(repository)): len(module.read_text().splitlines())
        for module in modules(repository)
        if "versions" not in module.parts
    }

    assert {name: n for name, n in lengths.items() if n > LONGEST_FILE_LINES} == {}


def test_every_module_name_says_what_is_in_it(repository: Path) -> None:
    empty = [m for m in modules(repository) if {m.stem, m.parent.name} & EMPTY_NAMES]

    assert empty == []


def test_every_module_says_what_it_is_for(repository: Path) -> None:
    silent = [
        module.relative_to(repository)
        for module in modules(repository, "waybill", "api", "scanners")
        if ast.get_docstring(ast.parse(module.read_text())) is None
    ]

    assert silent == []


def test_every_folder_with_modules_is_a_package(repository: Path) -> None:
    folders = {module.parent for module in modules(repository, "waybill", "api", "scanners")}

    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_the_server_entry_only_puts_the_api_together(repository: Path) -> None:
    tree = ast.parse((repository / "wsgi.py").read_text())
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }

    assert imported - sys.stdlib_module_names - {"waybill"} == {"api"}


@pytest.mark.parametrize("package", ["waybill", "scanners"])
def test_nothing_inside_is_of_any_type(repository: Path, package: str) -> None:
    # SQLAlchemy's own types, which storage derives from, are parameterised with it.
    careless = [
        module.relative_to(repository)
        for module in modules(repository, package)
        if "storage" not in module.parts and names_any(ast.parse(module.read_text()))
    ]

    assert careless == []


def names_any(tree: ast.AST) -> bool:
    return any(isinstance(node, ast.Name) and node.id == "Any" for node in ast.walk(tree))
