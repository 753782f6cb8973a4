"""The `waybill` command: one module per sub-command, loaded when it is asked for."""

import importlib
from collections.abc import Mapping
from typing import Final

import click
from typing_extensions import override  # typing's own needs Python 3.12

COMMANDS: Final[Mapping[str, str]] = {
    "backup": "api.cli.backup",
    "check": "api.cli.check",
    "demo": "api.cli.demo",
    "goods": "api.cli.goods",
    "key": "api.cli.key",
    "log": "api.cli.log",
    "migrate": "api.cli.migrate",
    "qr": "api.cli.qr",
    "report": "api.cli.report",
    "retention": "api.cli.retention",
    "restore": "api.cli.restore",
    "rules": "api.cli.rules",
    "user": "api.cli.user",
    "serve": "api.cli.serve",
    "witness": "api.cli.witness",
    "statistics": "api.cli.statistics",
    "worker": "api.cli.worker",
}
"""Name of each sub-command and its module, which has one attribute `command`."""


class LazyGroup(click.Group):
    """A group that imports a sub-command's module only for that sub-command.

    Verifying a code must not wait for the web framework and the database to load.
    """

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name]).command
        return command


@click.group(cls=LazyGroup)
def main() -> None:
    """Electronic waybills and loading checks for dangerous goods (危险货物电子运单与装货查验)."""
