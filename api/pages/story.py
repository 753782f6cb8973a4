"""A waybill's whole story on one page, for those who watch over the log."""

import json
from uuid import UUID

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from api.auth import actor, requires
from api.desk import desk_reading
from api.pages.layout import key_ring
from api.pages.offline_records import shown_records
from api.pages.showing import findings_shown, verdict_state
from api.runtime import runtime
from api.transactions import reading, transaction
from waybill.registry.access import Permission
from waybill.services.checks.photos import get_photo
from waybill.services.desk.story import StoryVerdict, waybill_story
from waybill.services.event_views import waybill_numbers
from waybill.services.offline.queries import records_of_waybill

blueprint = Blueprint("story_pages", __name__, url_prefix="/waybills/<uuid:waybill_id>/story")


@blueprint.get("")
@requires(Permission.READ_EVENTS)
def show(waybill_id: UUID) -> ResponseReturnValue:
    """Show everything that happened to an issued waybill; the look itself is recorded."""
    keys = key_ring().table
    with transaction() as session, desk_reading() as source:
        story = waybill_story(
            session, actor(), waybill_id, keys, source=source, clock=runtime().clock
        )
        records = records_of_waybill(source, waybill_id)
        numbers = waybill_numbers(source, [chapter.event for chapter in story.chapters])
    return render_template(
        "auditor/story.html",
        story=story,
        records=shown_records(records),
        numbers=numbers,
        judged=_judged,
        data_of=_data,
    )


@blueprint.get("/photos/<uuid:check_id>/<sha256>")
@requires(Permission.READ_CHECK)
def photo(waybill_id: UUID, check_id: UUID, sha256: str) -> ResponseReturnValue:  # noqa: ARG001  part of the address
    """Show a photo of a check."""
    with reading() as session:
        found = get_photo(session, actor(), check_id, sha256)
    return Response(found.content, content_type=found.media_type)


def _judged(verdict: StoryVerdict) -> dict[str, object]:
    """Return a verdict as the page shows it: what stood in words, all of it with its facts."""
    return {
        "state": verdict_state(verdict.findings, clears=verdict.clears),
        "standing": findings_shown(f for f in verdict.findings if f.stands),
        "all": findings_shown(verdict.findings),
    }


def _data(body: object) -> str:
    """Return what an event tells beside who and when, as text."""
    data = body.get("data") if isinstance(body, dict) else None
    return json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True)
