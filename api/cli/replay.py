"""`waybill rules replay`: every stored verdict judged again."""

import json
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

import click
import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from api.cli.installation import reading_installation
from waybill.clock import SHANGHAI
from waybill.errors import NotFoundError
from waybill.services.replay import Replayed, ReplayRange, replay_all
from waybill.storage.session import read_session
from waybill.storage.waybills import WaybillRow

DAY: Final = click.DateTime(["%Y-%m-%d"])


@click.command("replay")
@click.option("--waybill", help="Only of this waybill: its id or number.")
@click.option("--since", type=DAY, help="Only those judged on this day or later (Shanghai).")
@click.option("--until", type=DAY, help="Only those judged on this day or before.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per verdict that differs.")
def replay(
    waybill: str | None, since: datetime | None, until: datetime | None, *, as_json: bool
) -> None:
    """Judge stored verdicts again; exit 1 if any does not come out the same."""
    replayed = differing = 0
    with reading_installation() as sessions:
        wanted = ReplayRange(
            waybill_id=_waybill_id(sessions, waybill) if waybill else None,
            since=_midnight(since.date()) if since else None,
            until=_midnight(until.date() + timedelta(days=1)) if until else None,
        )
        for page in replay_all(sessions, wanted):
            replayed += page.replayed
            differing += len(page.differing)
            for found in page.differing:
                click.echo(_as_json(found) if as_json else _in_words(found))
            click.echo(f"{replayed} recomputed, {differing} differ", err=True)
    if differing:
        raise SystemExit(1)


def _waybill_id(sessions: sessionmaker[Session], text: str) -> UUID:
    """Return the waybill of an id or a number."""
    try:
        return UUID(text)
    except ValueError:
        with read_session(sessions) as session:
            found = session.scalar(select(WaybillRow.id).where(WaybillRow.number == text.upper()))
    if found is None:
        raise NotFoundError("waybill", text)
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, SHANGHAI)


def _as_json(found: Replayed) -> str:
    told = {
        "verdict": found.verdict_id,
        "waybill": found.waybill_id,
        "event": found.event_id,
        "judged_at": found.judged_at,
        "phase": found.phase,
        "edition": found.edition,
        "faults": found.faults,
        "differences": [
            {"code": d.code, "parts": d.parts, "stored": d.stored, "replayed": d.replayed}
            for d in found.differences
        ],
    }
    return json.dumps(msgspec.to_builtins(told), ensure_ascii=False)


def _in_words(found: Replayed) -> str:
    judged = f"{found.phase.value}, {found.judged_at:%Y-%m-%dT%H:%M:%SZ}, edition {found.edition}"
    lines = [f"verdict {found.verdict_id} of waybill {found.waybill_id}, {judged}"]
    lines += [f"    {fault.value}" for fault in found.faults]
    for difference in found.differences:
        outcomes = (
            f"{finding.outcome.value} ({finding.reason})" if finding else "no finding"
            for finding in (difference.stored, difference.replayed)
        )
        changed = ", ".join(difference.parts)
        lines.append(f"    {difference.code}: {changed}: " + " → ".join(outcomes))
    return "\n".join(lines)
