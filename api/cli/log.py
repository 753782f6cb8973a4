"""`waybill log`: the transparency log on the command line."""

import click

from api.cli.log_export import export
from api.cli.log_keeping import check, key, succeed
from api.cli.log_verify import verify


@click.group("log")
def command() -> None:
    """Keep, export and verify the log of everything that happened (透明日志)."""


for _ in (check, export, key, succeed, verify):
    command.add_command(_)
