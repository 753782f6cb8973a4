"""`waybill statistics`: the tables for counting, made anew from the log or held against it."""

import click

from api.cli.installation import environment_settings
from waybill.services.statistics.projecting import (
    compare_tallies,
    forget_tallies,
    project_entries,
    tallied_size,
)
from waybill.services.statistics.summing import compare_sums, sum_entries
from waybill.storage.session import make_engine, read_session, session_factory, write_session


@click.group("statistics")
def command() -> None:
    """Figures of checks, releases and refusals; all of them are made from the log."""


@command.command("rebuild")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if a figure would change.")
def rebuild(*, check: bool) -> None:
    """Recompute every figure from the bodies of the events, in the order of the log.

    Told are the entries of which something else is counted than their events say, and the sums of
    a day that are not those of its entries.
    """
    engine = make_engine(environment_settings().database_url)
    sessions = session_factory(engine)
    try:
        if not check:
            with write_session(sessions) as session:
                forget_tallies(session)
            for carry_on in (project_entries, sum_entries):
                read = 1
                while read:
                    with write_session(sessions) as session:
                        read = carry_on(session)
        differing = 0
        with read_session(sessions) as session:
            for difference in compare_tallies(session):
                differing += 1
                click.echo(f"entry {difference.log_index}: {', '.join(difference.parts)}")
            for wrong in compare_sums(session):
                differing += 1
                common = f"{wrong.day} {wrong.face} {wrong.key} {wrong.act} {wrong.outcome}"
                click.echo(f"sum {common}: {', '.join(wrong.parts)}")
            size = tallied_size(session)
    finally:
        engine.dispose()
    click.echo(f"{size} entries recomputed, {differing} differ", err=True)
    if differing:
        raise SystemExit(1)
