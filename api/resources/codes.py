"""Reading codes without a check: what a text or picture says, and whether it may be believed."""

from dataclasses import dataclass
from http import HTTPStatus

from werkzeug.datastructures import FileStorage

from api.auth import accepts_uploads, requires
from api.blueprint import Blueprint
from api.runtime import runtime
from api.schemas.codes import (
    PictureSchema,
    ReadCodeSchema,
    ReadPictureSchema,
    TextToRead,
    TextToReadSchema,
)
from api.signing import key_ring
from scanners.frames import FrameError, read_frame
from scanners.presenting import Presented, present
from waybill.errors import FieldProblem, InvalidFieldError
from waybill.registry.access import Permission

blueprint = Blueprint("codes", __name__, url_prefix="/api/v1", description="Reading codes (读码)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPicture:
    """The codes of a picture, each read and verified."""

    texts: tuple[str, ...]
    readings: tuple[Presented, ...]


@blueprint.post("/codes/read")
@requires(Permission.VERIFY_CODE)
@blueprint.arguments(TextToReadSchema)
@blueprint.response(HTTPStatus.OK, ReadCodeSchema)
def read_code(wanted: TextToRead) -> Presented:
    """Read a text and verify it. Nothing is recorded; a check is opened at `/checks`.

    Revoked cards, and waybills that were used, are known at the bay and not here.
    """
    return _present(wanted.text, typed=wanted.typed)


@blueprint.post("/pictures")
@requires(Permission.VERIFY_CODE)
@accepts_uploads
@blueprint.arguments(PictureSchema, location="files")
@blueprint.response(HTTPStatus.OK, ReadPictureSchema)
def read_picture(picture: FileStorage) -> ReadPicture:
    """Read every code of a picture. The picture is not kept."""
    try:
        texts = read_frame(picture.read())
    except FrameError as error:
        refused = FieldProblem(
            pointer="/picture",
            code=error.code,
            message_zh=error.message_zh,
            message_en=error.message_en,
        )
        raise InvalidFieldError([refused]) from error
    return ReadPicture(texts=texts, readings=tuple(_present(text) for text in texts))


def _present(text: str, *, typed: bool = False) -> Presented:
    return present(text, key_ring().table, at=runtime().clock.now(), typed=typed)
