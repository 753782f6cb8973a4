"""Answers at the bay: yes or no to what is asked, photos, and overrides of a plant's items."""

from datetime import datetime
from http import HTTPStatus
from typing import Final
from uuid import UUID

from flask import Response
from werkzeug.datastructures import FileStorage

from api.auth import accepts_uploads, actor, requires
from api.bay import Addition, seen_of
from api.blueprint import Blueprint, may_refuse
from api.idempotency import idempotent
from api.runtime import runtime
from api.schemas.answers_at_bay import (
    GivenAnswer,
    GivenAnswerSchema,
    GivenOverride,
    GivenOverrideSchema,
    PhotoSchema,
    Shows,
    ShowsSchema,
)
from api.schemas.checks import AdditionSchema
from api.signed import PICTURE
from api.signing import key_ring
from api.transactions import plans_alike, reading, transaction
from scanners.frames import FrameError
from scanners.photos import keep_photo
from waybill.errors import FieldProblem, InvalidFieldError
from waybill.registry.access import Permission
from waybill.rules.evidence import AnswerItem, OverrideItem, Photo, PhotoItem
from waybill.services.checks.evidence import add_evidence
from waybill.services.checks.photos import get_photo
from waybill.services.checks.told import Told, told_late

JPEG: Final = "image/jpeg"

blueprint = Blueprint(
    "answers",
    __name__,
    url_prefix="/api/v1/checks/<uuid:check_id>",
    description="Answers at the bay (现场回答)",
)


@blueprint.post("/answers")
@requires(Permission.CHECK_LOADING)
@plans_alike
@idempotent
@blueprint.arguments(GivenAnswerSchema)
@blueprint.response(HTTPStatus.CREATED, AdditionSchema)
def add_answer(given: GivenAnswer, check_id: UUID) -> Addition:
    """Answer a question of the law or an item of the plant.

    What is asked after loading is answered between clearance and release; of two answers the
    later one holds.
    """
    now = runtime().clock.now()
    told = told_late(actor(), given.done_at, now)
    return _add(check_id, given.at(now), shown_at=given.shown_at, told=told)


@blueprint.post("/photos")
@requires(Permission.CHECK_LOADING)
@accepts_uploads
@idempotent
@blueprint.arguments(ShowsSchema, location="query")
@blueprint.arguments(PhotoSchema, location="files")
@blueprint.response(HTTPStatus.CREATED, AdditionSchema)
def add_photo(asked: Shows, picture: FileStorage, check_id: UUID) -> Addition:
    """Add a photo. It is kept without what the camera wrote into it.

    Sent again under its key it is answered again and kept once. One that was used in another
    check, or for something else in this one, is refused.
    """
    try:
        photo = keep_photo(picture.read())
    except FrameError as error:
        refused = FieldProblem(
            pointer="/picture",
            code=error.code,
            message_zh=error.message_zh,
            message_en=error.message_en,
        )
        raise InvalidFieldError([refused]) from error
    item = PhotoItem(shows=asked.shows, sha256=photo.sha256, at=runtime().clock.now())
    return _add(check_id, item, photo=photo, shown_at=asked.shown_at)


@blueprint.get("/photos/<sha256>")
@requires(Permission.READ_CHECK)
@may_refuse("conflict")
@blueprint.response(HTTPStatus.OK, PICTURE, content_type=JPEG)
def show_photo(check_id: UUID, sha256: str) -> Response:
    """Show a photo of a check, named by its evidence; 409 once it is erased or restricted."""
    with reading() as session:
        photo = get_photo(session, actor(), check_id, sha256)
    return Response(photo.content, content_type=photo.media_type)


@blueprint.post("/overrides")
@requires(Permission.OVERRIDE_PLANT_ITEM)
@idempotent
@blueprint.arguments(GivenOverrideSchema)
@blueprint.response(HTTPStatus.CREATED, AdditionSchema)
def add_override(given: GivenOverride, check_id: UUID) -> Addition:
    """Let an item of the plant pass; it takes two accounts, and both are named in the log.

    What the law asks cannot be overridden.
    """
    return _add(check_id, given.at(runtime().clock.now()))


def _add(
    check_id: UUID,
    item: AnswerItem | PhotoItem | OverrideItem,
    *,
    photo: Photo | None = None,
    shown_at: datetime | None = None,
    told: Told | None = None,
) -> Addition:
    keys = key_ring()
    with transaction() as session:
        return seen_of(
            add_evidence(
                session,
                actor(),
                check_id,
                item,
                keys=keys,
                clock=runtime().clock,
                photo=photo,
                shown_at=shown_at,
                told=told,
            )
        )
