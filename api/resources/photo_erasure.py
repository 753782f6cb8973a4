"""One photograph of a check: erased or restricted at somebody's wish, shown for a legal purpose."""

from http import HTTPStatus
from typing import Final
from uuid import UUID

from flask import Response

from api.auth import actor, requires
from api.blueprint import Blueprint, may_refuse
from api.runtime import runtime
from api.schemas.photo_erasure import (
    PhotoDisclosureWish,
    PhotoDisclosureWishSchema,
    PhotoErasureSchema,
    PhotoErasureWishSchema,
)
from api.signed import PICTURE
from api.transactions import transaction
from waybill.registry.access import Permission
from waybill.services.personal import photos
from waybill.services.personal.photos import PhotoErasure

JPEG: Final = "image/jpeg"

blueprint = Blueprint(
    "photo-erasure",
    __name__,
    url_prefix="/api/v1/checks/<uuid:check_id>/photos/<sha256>",
    description="Erasure of photographs (照片删除)",
)


@blueprint.post("/erasure")
@requires(Permission.DECIDE_ERASURE)
@may_refuse("conflict")
@blueprint.arguments(PhotoErasureWishSchema)
@blueprint.response(HTTPStatus.CREATED, PhotoErasureSchema)
def erase_photo(reason: str, check_id: UUID, sha256: str) -> PhotoErasure:
    """Erase a photograph: the picture goes, its digest stays with all that rests on it.

    While the law asks for it, it is restricted instead: nobody sees it in the ordinary way, and
    retention erases it on the day after.
    """
    with transaction() as session:
        return photos.erase_photo(session, actor(), check_id, sha256, reason, clock=runtime().clock)


@blueprint.post("/disclosures")
@requires(Permission.READ_RESTRICTED)
@may_refuse("conflict")
@blueprint.arguments(PhotoDisclosureWishSchema)
@blueprint.response(HTTPStatus.OK, PICTURE, content_type=JPEG)
def disclose_photo(wanted: PhotoDisclosureWish, check_id: UUID, sha256: str) -> Response:
    """Show a restricted photograph; who looked, why and for what purpose goes into the log."""
    with transaction() as session:
        photo = photos.disclose_photo(
            session,
            actor(),
            check_id,
            sha256,
            reason=wanted.reason,
            purpose=wanted.purpose,
            clock=runtime().clock,
        )
    return Response(photo.content, content_type=photo.media_type)
