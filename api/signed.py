"""Answers that are exact bytes: signed documents with what proves them, and pictures of codes."""

import base64
from typing import Final

from flask import Response

from api.rendering.qr import qr_png, qr_svg
from api.schemas.pictures import Drawing
from waybill.codec import sha256

SIGNATURE_HEADER: Final = "X-JWS-Signature"
DIGEST_HEADER: Final = "Repr-Digest"
JSON_DOCUMENT: Final[dict[str, object]] = {"type": "object"}
PICTURE: Final[dict[str, object]] = {"type": "string", "format": "binary"}
SIGNED_HEADERS: Final = {
    SIGNATURE_HEADER: {
        "description": "Detached JWS (RFC 7515, appendix F) over the body's bytes.",
        "schema": {"type": "string"},
    },
    DIGEST_HEADER: {
        "description": "SHA-256 of the body (RFC 9530).",
        "schema": {"type": "string"},
    },
}


def signed_document(document: bytes, jws: str) -> Response:
    """Return a document byte for byte as it was signed, with its digest and its signature."""
    digest = base64.b64encode(sha256(document)).decode("ascii")
    return Response(
        document,
        content_type="application/json",
        headers={DIGEST_HEADER: f"sha-256=:{digest}:", SIGNATURE_HEADER: jws},
    )


def svg_of(text: str, drawing: Drawing) -> Response:
    """Return a code as SVG."""
    return Response(qr_svg(text, level=drawing.level), content_type="image/svg+xml")


def png_of(text: str, drawing: Drawing) -> Response:
    """Return a code as PNG."""
    picture = qr_png(text, scale=drawing.scale, level=drawing.level)
    return Response(picture, content_type="image/png")
