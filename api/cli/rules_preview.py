"""`waybill rules preview`: what a law that comes will change."""

import json
from datetime import datetime
from typing import Final

import click
import msgspec

from api.cli.installation import reading_installation
from waybill.clock import SystemClock
from waybill.rules.finding import Finding
from waybill.services.law_states import Change, LawState
from waybill.services.next_edition import EditionPreview, preview_edition
from waybill.storage.session import read_session

ISO: Final = click.DateTime(["%Y-%m-%d"])


@click.command("preview")
@click.option("--on", type=ISO, required=True, help="The later day, in Asia/Shanghai.")
@click.option("--edition", help="Of the rules on that day; the newest.")
@click.option("--json", "as_json", is_flag=True, help="The whole report as one JSON object.")
def preview(on: datetime, edition: str | None, *, as_json: bool) -> None:
    """Compare the law of today with that of a later day over all that is on record."""
    with reading_installation() as sessions, read_session(sessions) as session:
        found = preview_edition(
            session, None, on.date(), edition=edition, most=None, clock=SystemClock()
        )
    click.echo(_as_json(found) if as_json else _in_words(found))


def _in_words(found: EditionPreview) -> str:
    lines = [f"{name} {_law(law)}" for name, law in (("from", found.before), ("to", found.after))]
    lines.append(f"{found.judged} judged, {len(found.affected)} affected")
    for affected in found.affected:
        lines.append(f"{affected.kind} {affected.name} {affected.entry_key}".rstrip())
        lines += [f"    {_change(change)}" for change in affected.changes]
    return "\n".join(lines)


def _law(law: LawState) -> str:
    return f"{law.on}: rules {law.edition}, goods list {law.list_edition}, figures {law.figures}"


def _change(change: Change) -> str:
    return f"{change.code}: {_answer(change.before)} → {_answer(change.after)}"


def _answer(finding: Finding | None) -> str:
    return f"{finding.outcome.value} ({finding.reason})" if finding else "not asked"


def _as_json(found: EditionPreview) -> str:
    told = {
        **{
            name: {
                "on": law.on,
                "edition": law.edition,
                "list_edition": law.list_edition,
                "figures": law.figures,
            }
            for name, law in (("before", found.before), ("after", found.after))
        },
        "judged": found.judged,
        "affected": found.affected,
    }
    return json.dumps(msgspec.to_builtins(told), ensure_ascii=False)
