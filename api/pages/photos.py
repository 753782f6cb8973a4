"""One photograph of a check: how it stands, erased or restricted, shown for a legal purpose."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.auth import actor, requires
from api.language import language
from api.page_forms import FormReader, messages_of
from api.pages.layout import SEEN_ELSEWHERE, problems_of, submit
from api.problems import problem_of
from api.runtime import runtime
from api.transactions import reading, transaction
from waybill.errors import WaybillError
from waybill.registry.access import Permission
from waybill.registry.personal import LegalPurpose
from waybill.services.personal import photos

blueprint = Blueprint(
    "photo_pages", __name__, url_prefix="/personal/photos/<uuid:check_id>/<sha256>"
)


@blueprint.get("")
@requires(Permission.DECIDE_ERASURE)
def show(check_id: UUID, sha256: str) -> ResponseReturnValue:
    """Show how a photograph stands, and what can be done about it."""
    return _page(check_id, sha256, {})


@blueprint.post("/erasure")
@requires(Permission.DECIDE_ERASURE)
def erase(check_id: UUID, sha256: str) -> ResponseReturnValue:
    """Erase it, or restrict it while the law asks for it."""

    def act() -> str:
        reason = FormReader(form=request.form).text("reason")
        with transaction() as session:
            photos.erase_photo(session, actor(), check_id, sha256, reason, clock=runtime().clock)
        return url_for(".show", check_id=check_id, sha256=sha256, done="saved")

    return submit(act, lambda messages: _page(check_id, sha256, messages))


@blueprint.post("/disclosure")
@requires(Permission.READ_RESTRICTED)
def disclose(check_id: UUID, sha256: str) -> ResponseReturnValue:
    """Answer with the picture of a restricted photograph; the look goes into the log."""
    reader = FormReader(form=request.form)
    try:
        purpose = reader.choice("purpose", LegalPurpose)
        reader.settle()
        with transaction() as session:
            found = photos.disclose_photo(
                session,
                actor(),
                check_id,
                sha256,
                reason=reader.text("reason"),
                purpose=purpose,
                clock=runtime().clock,
            )
    except SEEN_ELSEWHERE:
        raise
    except WaybillError as error:
        messages = messages_of(problems_of(error), language())
        return _page(check_id, sha256, messages), problem_of(error).status
    return Response(found.content, content_type=found.media_type)


def _page(check_id: UUID, sha256: str, messages: Mapping[str, str]) -> str:
    with reading() as session:
        found = photos.photo_standing(session, actor(), check_id, sha256)
    return render_template(
        "personal/photo.html", found=found, purposes=tuple(LegalPurpose), messages=messages
    )
