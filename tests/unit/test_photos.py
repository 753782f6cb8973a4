"""Photos of a check: kept as plain pictures, small enough for their row."""

import hashlib
from io import BytesIO

import pytest
from PIL import Image

from scanners import photos
from scanners.frames import FrameError
from scanners.photos import LONGEST_SIDE_PX, keep_photo
from waybill.rules.evidence import MAX_PHOTO_BYTES, Photo


def png(image: Image.Image) -> bytes:
    """Return a picture as PNG."""
    written = BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def opened(photo: Photo) -> Image.Image:
    """Return the picture that was kept."""
    return Image.open(BytesIO(photo.content))


def test_a_large_picture_is_made_smaller() -> None:
    photo = keep_photo(png(Image.new("RGB", (4000, 2000), "orange")))

    assert (opened(photo).format, opened(photo).size) == ("JPEG", (LONGEST_SIDE_PX, 800))
    assert photo.media_type == "image/jpeg"
    assert photo.sha256 == hashlib.sha256(photo.content).hexdigest()


def test_a_small_picture_keeps_its_size() -> None:
    assert opened(keep_photo(png(Image.new("L", (40, 30))))).size == (40, 30)


def test_what_is_transparent_is_white() -> None:
    photo = keep_photo(png(Image.new("RGBA", (20, 20), (255, 0, 0, 0))))

    assert opened(photo).getpixel((10, 10)) == (255, 255, 255)


def test_noise_fits_its_row() -> None:
    noise = Image.effect_noise((2400, 2400), 255).convert("RGB")

    assert len(keep_photo(png(noise)).content) <= MAX_PHOTO_BYTES


def test_what_does_not_fit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "MAX_PHOTO_BYTES", 100)

    with pytest.raises(FrameError) as refused:
        keep_photo(png(Image.new("RGB", (40, 30))))

    assert refused.value.code == "picture-too-large"
