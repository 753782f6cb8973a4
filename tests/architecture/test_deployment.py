"""What lies in deploy/ agrees with the program: its variables, its log."""

import os
import re
import runpy
from pathlib import Path
from typing import Any
from unittest.mock import patch

import click
import pytest
import yaml  # type: ignore[import-untyped]  # a dependency of schemathesis

from api.cli import main
from waybill import environment
from waybill.outbound.witnesses import read_witnesses
from waybill.witness.configuration import read_configuration

# May lie in files, as containers' secrets do.
FROM_FILES = set(environment.FROM_FILES)

# Read by the demonstration and the tests alone; `waybill demo` sets the first for what it becomes.
DEMO_VARIABLES = {"WAYBILL_DEMO_PAGE", "WAYBILL_DEMO_PASSWORD", "WAYBILL_CHROMIUM"}


def gunicorn_settings(repository: Path) -> dict[str, Any]:
    # It names a folder for the figures of all processes, which this one is none of.
    with patch.dict(os.environ):
        return runpy.run_path(str(repository / "deploy" / "gunicorn.conf.py"))


def variables(text: str) -> set[str]:
    return set(re.findall(r"WAYBILL_[A-Z_]+", text))


def test_the_example_environment_names_every_setting_and_no_other(repository: Path) -> None:
    example = (repository / "deploy" / "environment.example").read_text()
    assigned = set(re.findall(r"^(WAYBILL_[A-Z_]+)=", example, re.MULTILINE))

    settings = variables((repository / "waybill" / "settings.py").read_text())

    assert assigned == settings - DEMO_VARIABLES


def test_the_server_listens_on_this_machine_alone_unless_told_otherwise(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WAYBILL_BIND", raising=False)
    monkeypatch.setenv("PORT", "8123")

    assert gunicorn_settings(repository)["bind"] == "127.0.0.1:8123"


def test_the_access_log_holds_no_query_address_user_or_browser(repository: Path) -> None:
    used = re.findall(r"%\((.+?)\)s", gunicorn_settings(repository)["access_log_format"])

    assert used == ["t", "m", "U", "s", "B", "M", "{x-request-id}o"]


def test_the_logged_path_is_undecoded_and_without_its_query(repository: Path) -> None:
    class Answer:
        status = "200 OK"
        sent = 2
        headers: tuple[tuple[str, str], ...] = ()

    class Duration:
        seconds = 0
        microseconds = 0

    from gunicorn.config import Config  # noqa: PLC0415  heavy, and for this test alone

    logger = gunicorn_settings(repository)["PathLogger"](Config())
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": "/a%0Ab?name=%E5%BC%A0",
        "PATH_INFO": "/a\nb",
        "QUERY_STRING": "name=%E5%BC%A0",
        "SERVER_PROTOCOL": "HTTP/1.1",
    }

    assert logger.atoms(Answer(), {}, environ, Duration())["U"] == "/a%0Ab"


@pytest.mark.parametrize(
    "file",
    [
        *("deploy/waybill-migrate.service", "deploy/waybill-witness.service"),
        "deploy/waybill-worker.service",
        *("docs/operations.md", "docs/witness.md"),
    ],
)
def test_every_command_that_is_written_down_exists(repository: Path, file: str) -> None:
    text = (repository / file).read_text()
    written = re.findall(r"(?:^|/bin/|`)waybill ([a-z]+)(?: ([a-z]+))?", text, re.MULTILINE)
    context = click.Context(main)

    unknown = [words for words in written if not is_command(context, *words)]

    assert written
    assert unknown == []


HARDENED = {
    *("NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes"),
    *("PrivateDevices=yes", "CapabilityBoundingSet=", "SystemCallFilter=@system-service"),
    *("RestrictSUIDSGID=yes", "UMask=0077", "StateDirectoryMode=0700"),
}


def test_every_unit_is_hardened(repository: Path) -> None:
    units = sorted((repository / "deploy").glob("*.service"))

    lacking = {u.name: HARDENED - set(u.read_text().splitlines()) for u in units}

    assert len(units) == 4
    assert {name: lines for name, lines in lacking.items() if lines} == {}


class TestContainers:
    """What can be said of them without a container engine: the files agree with the program."""

    @pytest.fixture
    def services(self, repository: Path) -> dict[str, dict[str, Any]]:
        """The services of the compose file, by name."""
        made = yaml.safe_load((repository / "deploy" / "compose.yaml").read_text())
        found: dict[str, dict[str, Any]] = made["services"]
        return found

    def test_ours_run_without_root_rights_or_a_place_to_write(
        self, repository: Path, services: dict[str, dict[str, Any]]
    ) -> None:
        ours = [service for service in services.values() if service["image"] == "waybill"]

        assert len(ours) == 4
        assert all(service["read_only"] and service["cap_drop"] == ["ALL"] for service in ours)
        assert "\nUSER waybill\n" in (repository / "deploy" / "Dockerfile").read_text()

    def test_every_variable_is_one_that_is_read_and_no_secret_stands_in_the_file(
        self, repository: Path, services: dict[str, dict[str, Any]]
    ) -> None:
        set_here = {
            name: said
            for service in services.values()
            for name, said in service.get("environment", {}).items()
            if name.startswith("WAYBILL_")
        }
        known = variables((repository / "waybill" / "settings.py").read_text())
        in_image = variables((repository / "deploy" / "Dockerfile").read_text())

        assert {name.removesuffix("_FILE") for name in set_here} | in_image <= known
        # One machine has no replica of itself.
        assert {name for name in set_here if name.endswith("_FILE")} == {
            f"{name}_FILE" for name in FROM_FILES if name != "WAYBILL_REPLICA_URL"
        }
        assert not FROM_FILES & set_here.keys()

    def test_whatever_the_image_copies_is_sent_to_the_builder(self, repository: Path) -> None:
        text = (repository / "deploy" / "Dockerfile").read_text()
        copied = {
            word
            for line in re.findall(r"^COPY (?!--)(.+) \S+$", text, re.MULTILINE)
            for word in line.split()
        }
        sent = set(
            re.findall(r"^!(\S+)$", (repository / ".dockerignore").read_text(), re.MULTILINE)
        )

        assert copied == sent
        assert [name for name in copied if not (repository / name).exists()] == []


def test_the_example_files_of_witness_and_log_can_be_used(repository: Path) -> None:
    witness = read_configuration(repository / "deploy" / "witness.example.toml")
    listed = read_witnesses(repository / "deploy" / "witnesses.example.toml")

    assert [log.origin for log in witness.logs] == ["waybill.example.org/log"]
    assert (listed.quorum, [found.name for found in listed.witnesses]) == (
        1,
        ["witness.example.org/w1"],
    )


def is_command(context: click.Context, group: str, name: str) -> bool:
    command = main.get_command(context, group)
    if isinstance(command, click.Group):
        return command.get_command(context, name) is not None
    return command is not None and not name
