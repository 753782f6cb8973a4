"""Each import contract is shown to bite: a copy of the tree with one wrong import must fail."""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

# Contract and the wrong import planted for it: file -> content. What the tool prints must name
# the planted module, so that no other fault of the tree can pass for the bite.
BITES: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "storeys": ("scanners.planted", {"scanners/planted.py": "import api"}),
    "entry": ("api.planted", {"api/planted.py": "import wsgi"}),
    "domain": ("waybill.planted", {"waybill/planted.py": ""}),
    "without-web": ("scanners.planted", {"scanners/planted.py": "import flask"}),
    "scanners-without-database": (
        "scanners.planted",
        {"scanners/planted.py": "import waybill.storage.base"},
    ),
    "pure": ("waybill.rules.planted", {"waybill/rules/planted.py": "import sqlalchemy"}),
    "witness": ("waybill.witness.planted", {"waybill/witness/planted.py": "import sqlalchemy"}),
    "verifier": (
        "waybill.verifier.planted",
        {"waybill/verifier/planted.py": "import waybill.settings"},
    ),
    "resources": (
        "api.resources.planted",
        {
            "api/resources/planted.py": "import api.resources.planted_too",
            "api/resources/planted_too.py": "",
        },
    ),
}
LAYERS_UP: Final = (
    ("waybill/rules/planted.py", "import waybill.services", "waybill.rules.planted"),
    ("waybill/storage/planted.py", "import waybill.services", "waybill.storage.planted"),
    ("waybill/goods/planted.py", "import waybill.rules", "waybill.goods.planted"),
    ("waybill/sealing/planted.py", "import waybill.qr_payload", "waybill.sealing.planted"),
    ("waybill/identifiers/planted.py", "import waybill.goods", "waybill.identifiers.planted"),
)


@pytest.fixture
def tree(repository: Path, tmp_path: Path) -> Path:
    for package in ("waybill", "api", "scanners"):
        for module in (repository / package).rglob("*.py"):
            copy = tmp_path / module.relative_to(repository)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(module, copy)
    shutil.copyfile(repository / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


def plant(tree: Path, files: Mapping[str, str]) -> None:
    for name, content in files.items():
        (tree / name).write_text(f"{content}\n")


def check(tree: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    command = [str(program), "--no-cache", "--no-logo"]
    command += [f"--contract={contract}" for contract in contracts]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)


def contracts(repository: Path) -> set[str]:
    project = tomllib.loads((repository / "pyproject.toml").read_text())
    return {contract["id"] for contract in project["tool"]["importlinter"]["contracts"]}


def test_every_contract_has_a_bite(repository: Path) -> None:
    assert set(BITES) == contracts(repository)


def test_the_tree_keeps_every_contract(tree: Path) -> None:
    checked = check(tree, *BITES)

    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("contract", BITES)
def test_a_planted_import_breaks_the_contract(tree: Path, contract: str) -> None:
    culprit, files = BITES[contract]
    plant(tree, files)

    checked = check(tree, contract)

    assert checked.returncode == 1
    assert culprit in checked.stdout


@pytest.mark.parametrize(
    ("file", "content", "culprit"), LAYERS_UP, ids=[file for file, _, _ in LAYERS_UP]
)
def test_an_import_upwards_breaks_the_layers(
    tree: Path, file: str, content: str, culprit: str
) -> None:
    plant(tree, {file: content})

    checked = check(tree, "domain")

    assert checked.returncode == 1
    assert culprit in checked.stdout
