"""`waybill check`: is this installation sound?"""

import json
import os
from typing import Final

import click

from api.cli.installation import environment_settings
from api.soundness.look import Found, Installation, Level
from api.soundness.table import look_at, worst
from waybill.clock import SystemClock
from waybill.storage.session import make_engine, session_factory

SIGNS: Final = {Level.SOUND: "✓", Level.DOUBTFUL: "!", Level.BROKEN: "✗"}


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="For machines: one JSON object.")
def command(*, as_json: bool) -> None:
    """Look whether this installation is sound, and say what to do where it is not (体检).

    It changes nothing. Exit 0: sound; 1: works, somebody should see to something; 2: something
    does not work or does not protect. `✗` and `!` lines come with the next step.
    """
    settings = environment_settings()
    engine = make_engine(settings.database_url)
    found = look_at(
        Installation(
            settings=settings,
            environ=os.environ,
            engine=engine,
            sessions=session_factory(engine),
            clock=SystemClock(),
        )
    )
    engine.dispose()
    level = worst(found)
    if as_json:
        checks = [each.members(name) for name, each in found.items()]
        answer = {"level": level.name.lower(), "checks": checks}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        for name, each in found.items():
            _say(name, each)
    raise SystemExit(level)


def _say(name: str, found: Found) -> None:
    click.echo(f"{SIGNS[found.level]} {name:<14} {found.zh} / {found.en}")
    if found.next_en:
        click.echo(f"  → {found.next_zh}\n  → {found.next_en}")
