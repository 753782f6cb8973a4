"""What lies in deploy/ agrees with the program: its variables, its log."""

import re
import runpy
from pathlib import Path
from typing import Any

import click
import pytest

from api.cli import main
from waybill.outbound.witnesses import read_witnesses
from waybill.witness.configuration import read_configuration

# Read by the demonstration and the tests alone; the first is set by `waybill demo` for the process it becomes; nobody else is to set it.
DEMO_VARIABLES = {"WAYBILL_DEMO_PAGE", "WAYBILL_DEMO_PASSWORD", "WAYBILL_CHROMIUM"}


def gunicorn_settings(repository: Path) -> dict[str, Any]:
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
        *("deploy/waybill.service", "deploy/waybill-witness.service"),
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
