"""Photos of a check as they are kept: drawn anew, so that nothing of the camera's travels along.

A telephone writes where and when it was into its pictures, and anybody can hide anything behind
one. What is kept is a plain JPEG of the pixels alone, small enough for its row.
"""

import hashlib
from io import BytesIO
from typing import Final

from PIL import Image

from scanners.frames import FrameError, open_picture
from waybill.rules.evidence import MAX_PHOTO_BYTES, Photo

LONGEST_SIDE_PX: Final = 1600
_ATTEMPTS: Final = ((LONGEST_SIDE_PX, 85), (LONGEST_SIDE_PX, 70), (1200, 60), (800, 50))
"""Longest side and quality, tried in turn; the last of noise alone still fits."""


def keep_photo(picture: bytes) -> Photo:
    """Return an uploaded picture as it is kept.

    Raises:
        FrameError: it is no picture that is read, or too large.
    """
    image = _opaque(open_picture(picture))
    for side, quality in _ATTEMPTS:
        content = _drawn(image, side, quality)
        if len(content) <= MAX_PHOTO_BYTES:
            return Photo(
                content=content,
                media_type="image/jpeg",
                sha256=hashlib.sha256(content).hexdigest(),
            )
    raise FrameError("picture-too-large")


def _opaque(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    with_alpha = image.convert("RGBA")
    ground = Image.new("RGB", image.size, "white")
    ground.paste(with_alpha, mask=with_alpha.getchannel("A"))
    return ground


def _drawn(image: Image.Image, side: int, quality: int) -> bytes:
    small = image.copy()
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    written = BytesIO()
    small.save(written, "JPEG", quality=quality, optimize=True)
    return written.getvalue()
