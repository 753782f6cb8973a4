"""Texts of the codes in an uploaded picture.

Pictures come from anybody's telephone, so limits come first: bytes, then format, then pixels as the
file's own header declares them, and only then is anything decoded.
"""

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Final

import zxingcpp
from PIL import Image, ImageOps

MAX_PICTURE_BYTES: Final = 8 << 20
MAX_PICTURE_PIXELS: Final = 40_000_000
MAX_TEXTS: Final = 16
FORMATS: Final = ("JPEG", "PNG", "WEBP")

# Symbologies with a strong check of their own; others found numbers in noise that nobody wrote.
SYMBOLOGIES: Final = zxingcpp.BarcodeFormats(
    [
        zxingcpp.BarcodeFormat.QRCode,
        zxingcpp.BarcodeFormat.DataMatrix,
        zxingcpp.BarcodeFormat.Code128,
    ]
)

WORKING_SIDE_PX: Final = 2000
"""Longest side of all attempts but the last: quick, and the grain of large photographs goes."""
SMALL_SIDE_PX: Final = 800
SKEW_DEGREES: Final = (30, 60)

_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "picture-empty": ("图片为空。", "The picture is empty."),
    "picture-too-large": ("图片超过 8 MiB。", "The picture is larger than 8 MiB."),
    "picture-format": ("仅支持 JPEG、PNG、WebP 图片。", "Only JPEG, PNG and WebP are read."),
    "picture-pixels": ("图片超过 4000 万像素。", "The picture has more than 40 million pixels."),
    "picture-damaged": ("图片已损坏，无法读取。", "The picture is damaged."),
}

# What Pillow raises over damaged files depends on the format and on where the damage is.
_DAMAGE: Final = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError)
_BOMB: Final = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class FrameError(ValueError):
    """A picture cannot be looked at; `code` is kebab-case and for ever."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.message_zh, self.message_en = _TEXTS[code]
        super().__init__(self.message_en)


def read_frame(picture: bytes) -> tuple[str, ...]:
    """Return the text of every code in a picture, each once, at most 16; none is an empty tuple.

    The picture is tried as it is, with stretched contrast, at other sizes and turned; the first
    attempt that finds anything ends the search. The worst case, 40 million pixels of noise, takes
    some seconds of one core.

    Args:
        picture: a JPEG, PNG or WebP file of at most 8 MiB and 40 million pixels.

    Raises:
        FrameError: `picture-empty`, `picture-too-large`, `picture-format`, `picture-pixels`,
            `picture-damaged`.
    """
    grey = _to_grey(open_picture(picture))
    for attempt in _attempts(grey):
        texts = _texts(attempt)
        if texts:
            return texts
    return ()


def open_picture(picture: bytes) -> Image.Image:
    """Return an uploaded picture, decoded and upright.

    Raises:
        FrameError: as `read_frame` says.
    """
    if not picture:
        raise FrameError("picture-empty")
    if len(picture) > MAX_PICTURE_BYTES:
        raise FrameError("picture-too-large")
    try:
        image = Image.open(BytesIO(picture), formats=FORMATS)
    except _BOMB:
        raise FrameError("picture-pixels") from None
    except _DAMAGE:
        raise FrameError("picture-format") from None
    with image:
        if image.width * image.height > MAX_PICTURE_PIXELS:
            raise FrameError("picture-pixels")
        try:
            image.load()
            return ImageOps.exif_transpose(image)
        except _DAMAGE:
            raise FrameError("picture-damaged") from None


def _to_grey(image: Image.Image) -> Image.Image:
    """Return a picture in grey, transparent parts white."""
    if not image.has_transparency_data:
        return image.convert("L")
    with_alpha = image.convert("LA")
    ground = Image.new("L", image.size, 255)
    ground.paste(with_alpha.getchannel("L"), mask=with_alpha.getchannel("A"))
    return ground


def _attempts(grey: Image.Image) -> Iterator[Image.Image]:
    """Yield what to look at, from cheap and likely to costly and rare."""
    working = grey.copy()
    working.thumbnail((WORKING_SIDE_PX, WORKING_SIDE_PX), Image.Resampling.LANCZOS)
    yield working
    contrasted = ImageOps.autocontrast(working, cutoff=2)
    yield contrasted
    factor = 2 if max(grey.size) <= SMALL_SIDE_PX else 0.5
    width, height = (max(1, round(side * factor)) for side in contrasted.size)
    yield contrasted.resize((width, height), Image.Resampling.LANCZOS)
    for angle in SKEW_DEGREES:
        yield contrasted.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    if working.size != grey.size:
        # A small code in a large photograph needs every pixel there is.
        yield grey


def _texts(grey: Image.Image) -> tuple[str, ...]:
    found = zxingcpp.read_barcodes(grey, formats=SYMBOLOGIES, text_mode=zxingcpp.TextMode.Plain)
    texts = dict.fromkeys(code.text for code in found if code.text)
    return tuple(texts)[:MAX_TEXTS]
