"""`waybill rules`: the register of rules on the command line."""

import click

from api.cli.replay import replay
from waybill.rules.register import REGISTER, current_edition


@click.group("rules")
def command() -> None:
    """Read the register of rules."""


@command.command("list")
@click.option("--unconfirmed", is_flag=True, help="Only rules whose text was not read.")
def list_rules(*, unconfirmed: bool) -> None:
    """List every rule: code, version, severity, phases, dates in force, basis."""
    click.echo(f"edition {current_edition()}")
    for rule in REGISTER:
        if unconfirmed and rule.confirmed:
            continue
        phases = ",".join(sorted(phase.value for phase in rule.phases))
        basis = "; ".join(f"{basis.regulation_en} {basis.article}" for basis in rule.basis)
        click.echo(
            f"{rule.code:<22} v{rule.version} {rule.severity.value:<4} {phases}\n"
            f"    {rule.title_zh} / {rule.title_en}\n"
            f"    {rule.in_force_from} – {rule.in_force_until or '…'}"
            f"  {'confirmed' if rule.confirmed else 'not confirmed'}  {basis}"
        )


command.add_command(replay)
