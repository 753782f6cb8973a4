"""Looks at the bay: control questions answered and presence tags scanned. None stops a check."""

from uuid import UUID

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from api.auth import actor, requires
from api.looking import looking_key
from api.page_forms import FormReader
from api.pages.bay_answers import hand_over_page
from api.pages.layout import submit
from api.runtime import runtime
from api.transactions import transaction
from waybill.registry.access import Permission
from waybill.registry.looking import TagSeen
from waybill.services.looking.answering import answer_control
from waybill.services.looking.codes import PREFIX
from waybill.services.looking.seeing import scan_presence_tag

blueprint = Blueprint("bay_looks", __name__, url_prefix="/bay/checks/<uuid:check_id>/looks")


@blueprint.post("/control")
@requires(Permission.CHECK_LOADING)
def answer(check_id: UUID) -> ResponseReturnValue:
    """Keep the answer to a control question; a wrong one brings its hint."""

    def act() -> str:
        reader = FormReader(form=request.form)
        question, given = reader.text("question", required=True), reader.text("answer")
        reader.settle()
        with transaction() as session:
            answer_control(session, actor(), check_id, question, given, clock=runtime().clock)
        return url_for("bay_answers.show", check_id=check_id, _anchor=f"control-{question}")

    return submit(act, lambda messages: hand_over_page(check_id, messages))


@blueprint.post("/tags")
@requires(Permission.CHECK_LOADING)
def scan(check_id: UUID) -> ResponseReturnValue:
    """Keep that a tag was scanned, and say where it belongs."""

    def act() -> str:
        reader = FormReader(form=request.form)
        text = reader.text("tag", required=True)
        reader.settle()
        seen = keep_tag(check_id, text)
        return url_for("bay_answers.show", check_id=check_id, tag=seen.value, _anchor="tags")

    return submit(act, lambda messages: hand_over_page(check_id, messages))


def is_tag(text: str) -> bool:
    """Whether a text is that of a presence tag, whoever made it."""
    return text.strip().upper().startswith(PREFIX)


def keep_tag(check_id: UUID, text: str) -> TagSeen:
    """Keep that a tag was scanned."""
    with transaction() as session:
        return scan_presence_tag(
            session, actor(), check_id, text, looking=looking_key(), clock=runtime().clock
        ).seen
