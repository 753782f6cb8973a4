"""A backup taken while clients work, what it is restored to, and clients that ask again there."""

import json
import random
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from click.testing import CliRunner, Result
from sqlalchemy import Engine, select

from api.cli import main
from tests.harness.demo_site import PASSWORD
from tests.harness.fault_site import SEED, FaultSite
from tests.harness.good_client import Act, GoodClient, Ledger
from tests.harness.installed import environment
from tests.harness.postgres import programs_of_postgres
from waybill.services.log.serving import published
from waybill.settings import Settings
from waybill.storage.log import LogEntryRow
from waybill.storage.session import read_session, session_factory

PROGRAMS = ("--programs", str(programs_of_postgres()))


def run(settings: Settings, *words: str | Path) -> Result:
    """Run a command of `waybill` as an operator does."""
    return CliRunner().invoke(main, [*map(str, words)], env=environment(settings))


@dataclass(frozen=True, slots=True, kw_only=True)
class LogNow:
    """What the log of a database holds: events by their place, and what outsiders see of it."""

    size: int
    note: bytes
    events: tuple[UUID, ...]

    @classmethod
    def of(cls, engine: Engine) -> "LogNow":
        """Read it."""
        with read_session(session_factory(engine)) as session:
            head = published(session)
            query = select(LogEntryRow.event_id).order_by(LogEntryRow.index)
            return cls(
                size=head.head.size, note=head.note, events=tuple(session.scalars(query).all())
            )


def ask_again(site: FaultSite, acts: list[Act]) -> tuple[Ledger, list[Act]]:
    """Send acts again with their keys, in the order in which they were begun.

    Returns:
        What was answered now, and the acts that got their first answer, byte for byte.
    """
    told, first = Ledger(), []
    clients = {name: _client(site, name) for name in {act.account for act in acts}}
    for act in acts:
        begun = time.monotonic()
        answer = clients[act.account].repeat(act)
        told.took_s.append(time.monotonic() - begun)
        if answer == act.answer:
            first.append(act)
        named = json.loads(answer[1]).get("opened") is not False
        told.acts.append(replace(act, kind=act.kind if named else "scan", answer=answer))
        done = "done anew" if told.acts[-1].acknowledged else "refused"
        told.met["first answer" if answer == act.answer else done] += 1
    for client in clients.values():
        client.close()
    return told, first


def _client(site: FaultSite, username: str) -> GoodClient:
    return GoodClient(
        port=site.port,
        username=username,
        password=PASSWORD,
        ledger=Ledger(),
        stop=threading.Event(),
        chance=random.Random(SEED),  # noqa: S311  the same in every run
    )
