"""Counting after a fault: what was acknowledged, what is there, and whether both are the same."""

import json
import random
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.harness.demo_site import PASSWORD
from tests.harness.fault_site import SEED, FaultSite
from tests.harness.good_client import GoodClient, Ledger
from tests.harness.sequenced_log import sequencer
from tests.harness.verifying import verify_ours
from waybill.services.log.exporting import export_log
from waybill.storage.log import EventPendingRow, EventRow, LogEntryRow
from waybill.storage.session import read_session
from waybill.storage.waybills import (
    CheckEvidenceRow,
    LoadingCheckRow,
    VerdictRow,
    WaybillRevisionRow,
    WaybillRow,
)

EVENTS: Final = {
    "draft": ("waybill-drafted",),
    "issue": ("waybill-issued",),
    "open": ("check-opened",),
    "scan": ("code-scanned",),
    "look": ("evidence-added",),
    "decide": ("check-decided",),
    "release": ("load-released", "release-refused"),
}
"""The events of each kind of act; each act writes exactly one."""
Decisions: TypeAlias = type[WaybillRevisionRow | LoadingCheckRow | CheckEvidenceRow | VerdictRow]
ROWS: Final[Mapping[str, Decisions]] = {
    "issue": WaybillRevisionRow,
    "open": LoadingCheckRow,
    "scan": CheckEvidenceRow,
    "look": CheckEvidenceRow,
    "decide": VerdictRow,
    "release": VerdictRow,
}
"""Where an act leaves exactly one row that refers to its event; a draft refers to none."""
HALVES: Final = {
    "a signed waybill without its revision": "SELECT count(*) FROM waybill w WHERE w.revision > 0"
    " AND NOT EXISTS (SELECT 1 FROM waybill_revision r WHERE r.waybill_id = w.id)",
    "a clearance without its state": "SELECT count(*) FROM clearance c JOIN waybill w"
    " ON w.id = c.waybill_id WHERE w.status NOT IN ('cleared', 'released')",
    "a release without its state": "SELECT count(*) FROM release x JOIN waybill w"
    " ON w.id = x.waybill_id WHERE w.status <> 'released'",
    "a released waybill without its release": "SELECT count(*) FROM waybill w WHERE status ="
    " 'released' AND NOT EXISTS (SELECT 1 FROM release x WHERE x.waybill_id = w.id)",
    "a key that was claimed and not answered": "SELECT count(*) FROM idempotency_key"
    " WHERE status IS NULL",
}
REPEATS: Final = 25
"""So many of the acknowledged acts are done again."""


@dataclass(slots=True, kw_only=True)
class Counts:
    """What is wrong after a fault; everything is empty when nothing is."""

    acknowledged: int
    lost: Counter[str] = field(default_factory=Counter)
    doubled: Counter[str] = field(default_factory=Counter)
    halves: Counter[str] = field(default_factory=Counter)
    answered_otherwise: int = 0
    log_fault: str = ""
    refused_again: list[str] = field(default_factory=list)
    """Acts that were sent more than once and then refused; only to explain what is doubled."""

    def wrong(self) -> dict[str, object]:
        """Return whatever is not as it must be, by name."""
        found = {
            "lost": dict(self.lost),
            "doubled": dict(self.doubled),
            "halves": dict(self.halves),
            "answered otherwise": self.answered_otherwise,
            "log": self.log_fault,
        }
        wrong = {name: each for name, each in found.items() if each}
        return wrong | {"refused again": self.refused_again} if wrong else {}


@dataclass(slots=True, kw_only=True)
class Counting:
    """Counts an installation's acts since it began; `folder` holds what the verifier remembers."""

    site: FaultSite
    folder: Path
    before: dict[str, Counter[str]] = field(default_factory=dict)

    def begin(self) -> None:
        """Count what is there already."""
        sequencer(self.site.sessions, self.site.settings.key_dir, self.site.clock).all()
        with read_session(self.site.sessions) as session:
            self.before = {"events": _events(session), "rows": _rows(session)}

    def after(self, ledger: Ledger) -> Counts:
        """Count what a load's clients were promised against what is there, and verify the log."""
        acknowledged = Counter(act.kind for act in ledger.acknowledged())
        refused = [act for act in ledger.acts if act.answer and not act.acknowledged]
        counts = Counts(
            acknowledged=acknowledged.total(),
            refused_again=[
                f"{act.kind} {act.path} {act.tries} {act.answer}"
                for act in refused
                if act.tries > 1
            ],
        )
        log = sequencer(self.site.sessions, self.site.settings.key_dir, self.site.clock)
        log.all()
        with read_session(self.site.sessions) as session:
            found = {"events": _events(session), "rows": _rows(session)}
            counts.halves += _halves(session)
        for what, there in found.items():
            _compare(counts, acknowledged, there - self.before.get(what, Counter()))
        self.before = found
        counts.answered_otherwise = self._answered_otherwise(ledger)
        counts.log_fault = self._verify()
        return counts

    def _answered_otherwise(self, ledger: Ledger) -> int:
        """Repeat some acts, and count those whose answer is not the first, byte for byte."""
        chance = random.Random(SEED)  # noqa: S311  the same in every run
        done = ledger.acknowledged()
        asked = chance.sample(done, min(REPEATS, len(done)))
        clients = {name: self._client(name) for name in {act.account for act in asked}}
        wrong = sum(clients[act.account].repeat(act) != act.answer for act in asked)
        for client in clients.values():
            client.close()
        return wrong

    def _client(self, username: str) -> GoodClient:
        return GoodClient(
            port=self.site.port,
            username=username,
            password=PASSWORD,
            ledger=Ledger(),
            stop=threading.Event(),
            chance=random.Random(SEED),  # noqa: S311  as above
        )

    def _verify(self) -> str:
        """Verify the log as an outsider who remembers what they saw before."""
        exported = self.folder / "exported"
        export_log(
            self.site.sessions,
            exported,
            with_bodies=False,
            clock=self.site.clock,
            progress=lambda _done, _all: None,
        )
        key = (exported / "key").read_text().split()[0]
        found = verify_ours(self.folder / "state", exported, "--key", key)
        return "" if found.exit_code == 0 else json.dumps(found.told)


def _events(session: Session) -> Counter[str]:
    """Count the events of each kind of act; each is in the log once."""
    query = (
        select(EventRow.kind, func.count().label("many"))
        .join(LogEntryRow, LogEntryRow.event_id == EventRow.id)
        .group_by(EventRow.kind)
    )
    entered = {row.kind: row.many for row in session.execute(query)}
    return Counter({act: sum(entered.get(k, 0) for k in kinds) for act, kinds in EVENTS.items()})


def _rows(session: Session) -> Counter[str]:
    """Count the rows that each kind of act leaves."""
    found = Counter({"draft": session.scalar(select(func.count()).select_from(WaybillRow)) or 0})
    for act, table in ROWS.items():
        query = (
            select(func.count()).select_from(table).join(EventRow, EventRow.id == table.event_id)
        )
        found[act] = session.scalar(query.where(EventRow.kind.in_(EVENTS[act]))) or 0
    found["scan"] += _beside(session)
    return found


def _beside(session: Session) -> int:
    """Count how many fewer rows the scans left than one each: by what their events say.

    Of a code that names nothing there is none; a supervisor's card is a scan and a presence.
    """
    scans = session.scalars(select(EventRow.body).where(EventRow.kind.in_(EVENTS["scan"])))
    return sum(1 - len(json.loads(body)["data"].get("items", ())) for body in scans)


def _halves(session: Session) -> Counter[str]:
    """Count what is there in part."""
    found = Counter({what: session.scalar(text(query)) or 0 for what, query in HALVES.items()})
    waiting = session.scalar(select(func.count()).select_from(EventPendingRow)) or 0
    found["an event that is not in the log"] = waiting
    return +found


def _compare(counts: Counts, acknowledged: Counter[str], there: Counter[str]) -> None:
    for kind in EVENTS:
        counts.lost[kind] += max(0, acknowledged[kind] - there[kind])
        counts.doubled[kind] += max(0, there[kind] - acknowledged[kind])
    counts.lost, counts.doubled = +counts.lost, +counts.doubled
