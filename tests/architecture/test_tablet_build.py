"""The bay tablet as it is built: nothing in it comes from, or goes to, any other host."""

import json
import re
import tomllib
from pathlib import Path

import pytest

# Names that nobody fetches: of vocabularies, and of training's own server, which is no machine
# (nothing ever answers under `.invalid`, RFC 6761).
VOCABULARIES = {"www.w3.org", "training.invalid"}


@pytest.fixture
def build(repository: Path) -> Path:
    """The folder of the build."""
    folder = repository / "api" / "static" / "tablet"
    if not (folder / "index.html").exists():
        pytest.skip("the tablet is not built: `make tablet`")
    return folder


def test_no_foreign_host_occurs_in_the_build(build: Path) -> None:
    hosts = {
        host
        for file in build.rglob("*")
        if file.suffix in {".js", ".css", ".html", ".webmanifest", ".json", ".svg"}
        for host in re.findall(
            r"(?:https?:|wss?:)?//([a-z0-9-]+(?:\.[a-z0-9-]+)+)", file.read_text()
        )
    }

    assert hosts - VOCABULARIES == set()


def test_the_page_has_no_script_or_style_of_its_own(build: Path) -> None:
    page = (build / "index.html").read_text()

    assert re.findall(r"<style|<script(?![^>]* src=)| style=| on[a-z]+=", page) == []


def test_the_service_worker_keeps_every_file_of_the_build(build: Path) -> None:
    worker = (build / "worker.js").read_text()
    found = re.search(r'\{"version":"[^"]+","files":(\[[^\]]*\])\}', worker)
    assert found is not None

    built = {file.relative_to(build).as_posix() for file in build.rglob("*") if file.is_file()}

    assert set(json.loads(found[1])) == built - {"worker.js", "version.json"}


def test_an_installed_package_has_the_build(repository: Path) -> None:
    described = tomllib.loads((repository / "pyproject.toml").read_text())

    assert "static/**/*" in described["tool"]["setuptools"]["package-data"]["api"]


def test_the_lock_of_the_tablet_names_no_host(repository: Path) -> None:
    lock = (repository / "scanners" / "tablet" / "package-lock.json").read_text()

    assert '"resolved"' not in lock


def test_no_file_of_the_tablet_is_longer_than_a_reader_bears(repository: Path) -> None:
    folder = repository / "scanners" / "tablet"
    lengths = {
        str(file.relative_to(repository)): len(file.read_text().splitlines())
        for part in ("src", "test")
        for file in (folder / part).rglob("*")
        if file.suffix in {".ts", ".tsx", ".css"}
    }

    assert {name: n for name, n in lengths.items() if n > 320} == {}
