"""The log for everybody: C2SP tlog-tiles under `/log/`, no account needed.

What is served holds ids and salted hashes only. Tiles never change and may be kept for ever; the
checkpoint is always asked for anew. `/log/<epoch>/` is the same for an earlier origin.
"""

import gzip
from typing import Final

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from api.auth import public
from api.runtime import runtime
from api.transactions import reading
from waybill.codec import sha256
from waybill.outbound.witnesses import WitnessList
from waybill.services.log import serving
from waybill.services.log.cosignatures import cosigned_note
from waybill.transparency.tiles import ENTRIES

FOR_EVER: Final = "public, max-age=31536000, immutable"
ALWAYS_ANEW: Final = "public, no-cache"
TEXT: Final = "text/plain; charset=utf-8"
BYTES: Final = "application/octet-stream"
ETAG_HEX_DIGITS: Final = 32

blueprint = Blueprint("log", __name__, url_prefix="/log")


@blueprint.get("/checkpoint")
@blueprint.get("/<int:epoch>/checkpoint")
@public("whoever doubts the log needs what it signed")
def checkpoint(epoch: int | None = None) -> ResponseReturnValue:
    """Return the newest checkpoint as a signed note."""
    with reading() as session:
        note = serving.published(session, epoch).note
    return _answer(note, content_type=TEXT, caching=ALWAYS_ANEW)


@blueprint.get("/cosigned")
@public("whoever believes witnesses needs a checkpoint that they have signed")
def cosigned() -> ResponseReturnValue:
    """Return the newest checkpoint that as many witnesses as the quorum have cosigned."""
    with reading() as session:
        note = cosigned_note(session, runtime().part(WitnessList))
    return _answer(note, content_type=TEXT, caching=ALWAYS_ANEW)


@blueprint.get("/tile/<path:place>")
@blueprint.get("/<int:epoch>/tile/<path:place>")
@public("hashes, ids and salted hashes of bodies")
def tile(place: str, epoch: int | None = None) -> ResponseReturnValue:
    """Return a tile of hashes, or a bundle of entries."""
    with reading() as session:
        found, content = serving.served_tile(session, place, epoch)
    return _answer(content, content_type=BYTES, caching=FOR_EVER, compresses=found.level == ENTRIES)


@blueprint.get("/key")
@blueprint.get("/<int:epoch>/key")
@public("whoever verifies a signature needs the keys")
def key(epoch: int | None = None) -> ResponseReturnValue:
    """Return the keys that sign now, one a line, the newest first."""
    with reading() as session:
        lines = serving.key_lines(session, epoch)
    return _answer(lines.encode(), content_type=TEXT, caching=ALWAYS_ANEW)


@blueprint.get("/keys.json")
@blueprint.get("/<int:epoch>/keys.json")
@public("which key signed which checkpoints is no secret")
def keys(epoch: int | None = None) -> ResponseReturnValue:
    """Return every key of an origin and from which size to which it signs."""
    with reading() as session:
        found = serving.key_history(session, epoch)
    return _open(jsonify({"keys": found}), ALWAYS_ANEW)


@blueprint.get("/origins.json")
@public("under which names the log was published is everybody's to know")
def origins() -> ResponseReturnValue:
    """Return every origin of the log, the current one last."""
    with reading() as session:
        found = serving.origin_list(session)
    return _open(jsonify({"origins": found}), ALWAYS_ANEW)


@blueprint.get("/succession")
@blueprint.get("/<int:epoch>/succession")
@public("that a log was succeeded, and why, is everybody's to know")
def succession(epoch: int | None = None) -> ResponseReturnValue:
    """Return the event by which an origin opened, from which its first entry is recomputed."""
    with reading() as session:
        found = serving.succession(session, epoch)
    return _open(jsonify(found), ALWAYS_ANEW)


def _answer(
    content: bytes, *, content_type: str, caching: str, compresses: bool = False
) -> Response:
    tag = sha256(content).hex()[:ETAG_HEX_DIGITS]
    zipped = compresses and request.accept_encodings["gzip"] > 0
    if zipped:
        content, tag = gzip.compress(content, mtime=0), f"{tag}-gzip"
    response = Response(content, content_type=content_type)
    response.set_etag(tag)
    if compresses:
        response.headers["Vary"] = "Accept-Encoding"
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.make_conditional(request)
    return _open(response, caching)


def _open(response: Response, caching: str) -> Response:
    """Let any page of any site read an answer."""
    response.headers["Cache-Control"] = caching
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
