"""What a law that comes will change, as a page: chosen by its day, told by whom it concerns."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from api.auth import actor, requires
from api.language import language
from api.page_forms import FormReader, messages_of
from api.pages.showing import findings_shown
from api.runtime import runtime
from api.transactions import reading
from waybill.clock import local_date
from waybill.codec import JsonValue
from waybill.errors import InvalidFieldError
from waybill.goods.catalogue import editions
from waybill.registry.access import Permission
from waybill.rules.figures import figure_editions
from waybill.rules.finding import Finding
from waybill.rules.register import REGISTER
from waybill.services.next_edition import Affected, EditionPreview, preview_edition

KINDS = ("waybill", "tank", "vehicle", "organisation")

blueprint = Blueprint("next_edition", __name__, url_prefix="/auditor/next-edition")


@blueprint.get("")
@requires(Permission.PREVIEW_EDITION)
def index() -> ResponseReturnValue:
    """Ask for a day, and show what its law will change."""
    reader = FormReader(form=request.args)
    messages: dict[str, str] = {}
    preview: EditionPreview | None = None
    try:
        on = reader.day("on")
        reader.settle()
        if on is not None:
            with reading() as session:
                preview = preview_edition(session, actor(), on, clock=runtime().clock)
    except InvalidFieldError as error:
        messages = dict(messages_of(error.problems, language()))
    found = preview.affected if preview else ()
    return render_template(
        "auditor/next_edition.html",
        preview=preview,
        groups=[
            (kind, members)
            for kind in KINDS
            if (members := [_shown(a) for a in found if a.kind == kind])
        ],
        days=_coming_days(),
        messages=messages,
        values=request.args,
    )


def _coming_days() -> list[str]:
    """Return the days after today on which something of the law changes, the next first."""
    today = local_date(runtime().clock.now())
    days = {edition.in_force_from for edition in editions()}
    days |= {edition.in_force_from for edition in figure_editions()}
    days |= {rule.in_force_from for rule in REGISTER}
    return [day.isoformat() for day in sorted(days) if day > today]


def _shown(affected: Affected) -> dict[str, object]:
    return {
        "id": affected.id,
        "name": affected.name,
        "entry_key": affected.entry_key,
        "changes": [(c.code, _words(c.before), _words(c.after)) for c in affected.changes],
    }


def _words(finding: Finding | None) -> dict[str, JsonValue] | None:
    return findings_shown([finding])[0] if finding else None
