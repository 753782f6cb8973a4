"""`waybill rules`: the register of rules on the command line."""

from datetime import date, datetime

import click

from api.cli.replay import replay
from api.cli.rules_draw import draw
from api.cli.rules_preview import preview
from waybill.clock import SystemClock, local_date
from waybill.rules.book import (
    UnknownRuleError,
    answers_of,
    figures_of,
    rules_on,
    versions_of,
    what_it_asks,
)
from waybill.rules.explain import cite
from waybill.rules.register import EDITIONS, REGISTER, current_edition
from waybill.rules.rule import Rule
from waybill.rules.wording import Locale

ISO = click.DateTime(["%Y-%m-%d"])


@click.group("rules")
def command() -> None:
    """Read the register of rules, and judge by it again what was judged."""


@command.command("list")
@click.option("--unconfirmed", is_flag=True, help="Only rules whose text was not read.")
@click.option("--on", type=ISO, help="Only rules in force on this day, one version each.")
@click.option("--edition", type=click.Choice([edition.id for edition in EDITIONS]))
def list_rules(*, unconfirmed: bool, on: datetime | None, edition: str | None) -> None:
    """List rules: code, version, severity, phases, dates in force, basis."""
    wanted = edition or current_edition()
    click.echo(f"edition {wanted}")
    day = on.date() if on else _today()
    rules = rules_on(day, wanted) if on or edition else REGISTER
    for rule in rules:
        if not (unconfirmed and rule.confirmed):
            click.echo(_line(rule))


@command.command("show")
@click.argument("code")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def show_rule(code: str, lang: Locale) -> None:
    """Show the rule CODE whole: what it asks, its versions, answers and figures."""
    try:
        versions = versions_of(code)
    except UnknownRuleError as error:
        raise click.ClickException(f"the register has no rule {code}") from error
    for rule in versions:
        click.echo(_line(rule))
    newest = versions[0]
    click.echo(f"\n{what_it_asks(code, lang)}\n")
    if newest.reads:
        click.echo("reads " + ", ".join(newest.reads))
    for figure in figures_of(code, _today()):
        source = figure.source_zh if lang == "zh" else figure.source_en
        click.echo(f"figure {figure.key} = {figure.value} {figure.unit}  {source}")
    for answer in answers_of(newest, lang):
        click.echo(f"{answer.outcome:<15} {answer.reason:<28} {answer.seen}")


def _line(rule: Rule) -> str:
    phases = ",".join(sorted(phase.value for phase in rule.phases))
    basis = "; ".join(cite(basis, "en") for basis in rule.basis)
    return (
        f"{rule.code:<22} v{rule.version} {rule.severity.value:<4} {phases}\n"
        f"    {rule.title_zh} / {rule.title_en}\n"
        f"    {rule.in_force_from} – {rule.in_force_until or '…'}"
        f"  {'confirmed' if rule.confirmed else 'not confirmed'}  {basis}"
    )


def _today() -> date:
    return local_date(SystemClock().now())


command.add_command(replay)
command.add_command(draw)
command.add_command(preview)
