"""Photos of checks without network, sent when there is one again."""

import hashlib
from http import HTTPStatus
from typing import Final

from flask import request

from api.auth import accepts_uploads
from api.blueprint import Blueprint, may_refuse
from api.devices import device, requires_device
from api.fields import Instant
from api.runtime import runtime
from api.schemas import Form
from api.schemas.answers import Said
from api.transactions import transaction
from scanners.frames import FrameError
from scanners.photos import keep_photo
from waybill.errors import FieldProblem, InvalidFieldError
from waybill.services.offline.photos import ReceivedPhoto, receive_photo

blueprint = Blueprint(
    "tablet_photos",
    __name__,
    url_prefix="/api/v1/tablet/photos",
    description="Photos sent later (补传照片)",
)

BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class ReceivedPhotoSchema(Form):
    """A photo that was taken in."""

    sha256 = Said(required=True, description="Of the bytes that were sent.")
    kept_sha256 = Said(required=True, description="Of the picture as it is kept.")
    received_at = Instant(required=True)


@blueprint.put("/<sha256>")
@requires_device
@accepts_uploads
@may_refuse("raw")
@blueprint.doc(**BODY)  # type: ignore[attr-defined,untyped-decorator] # smorest: at run time
@blueprint.response(HTTPStatus.OK, ReceivedPhotoSchema)
def put_photo(sha256: str) -> ReceivedPhoto:
    """Send a photo that a record of this tablet names; again is the same as once.

    It is kept without what the camera wrote into it.
    """
    sent = request.get_data()
    if hashlib.sha256(sent).hexdigest() != sha256:
        raise _refused(
            "other-digest", "内容与摘要不符。", "The bytes are not those that were named."
        )
    try:
        photo = keep_photo(sent)
    except FrameError as error:
        raise _refused(error.code, error.message_zh, error.message_en) from error
    with transaction() as session:
        return receive_photo(
            session, device(), sha256, photo, vault=runtime().vault, clock=runtime().clock
        )


def _refused(code: str, zh: str, en: str) -> InvalidFieldError:
    return InvalidFieldError([FieldProblem(pointer="", code=code, message_zh=zh, message_en=en)])
