"""`waybill log`: the transparency log on the command line."""

import click

from api.cli.log_keeping import check, key, succeed


@click.group("log")
def command() -> None:
    """Keep the log of everything that happened (透明日志)."""


for _ in (check, key, succeed):
    command.add_command(_)
