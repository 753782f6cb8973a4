"""Looks in a check: presence tags that were scanned, control questions that were answered."""

from http import HTTPStatus
from uuid import UUID

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.idempotency import idempotent
from api.looking import looking_key
from api.runtime import runtime
from api.schemas.looking import (
    ControlQuestionSchema,
    GivenControl,
    GivenControlSchema,
    ScannedTag,
    ScannedTagSchema,
    SeenTagSchema,
)
from api.transactions import transaction
from waybill.registry.access import Permission
from waybill.services.looking import answering, seeing
from waybill.services.looking.reading import ControlQuestion
from waybill.services.looking.seeing import SeenTag

blueprint = Blueprint(
    "looking",
    __name__,
    url_prefix="/api/v1/checks/<uuid:check_id>",
    description="Looks in a check (到位与核对)",
)


@blueprint.post("/presence-tags")
@requires(Permission.CHECK_LOADING)
@idempotent
@blueprint.arguments(ScannedTagSchema)
@blueprint.response(HTTPStatus.CREATED, SeenTagSchema)
def scan_tag(scanned: ScannedTag, check_id: UUID) -> SeenTag:
    """Say that a presence tag was scanned, and hear where it belongs.

    It bears on no verdict: a tag of another bay, a retired one and a foreign code are kept and
    told, and the check goes on.
    """
    with transaction() as session:
        return seeing.scan_presence_tag(
            session,
            actor(),
            check_id,
            scanned.text,
            looking=looking_key(),
            clock=runtime().clock,
            at=scanned.at,
            shown_at=scanned.shown_at,
        )


@blueprint.post("/control-answers")
@requires(Permission.CHECK_LOADING)
@idempotent
@blueprint.arguments(GivenControlSchema)
@blueprint.response(HTTPStatus.CREATED, ControlQuestionSchema)
def answer_control(given: GivenControl, check_id: UUID) -> ControlQuestion:
    """Answer a control question, and hear at once whether it was right.

    A wrong answer brings a hint and is kept; it never stops the check.
    """
    with transaction() as session:
        return answering.answer_control(
            session,
            actor(),
            check_id,
            given.question,
            given.answer,
            clock=runtime().clock,
            shown_at=given.shown_at,
        )
