"""Pictures: limits first, then every honest attempt to find a code."""

import struct
import zlib
from io import BytesIO

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from api.rendering.qr import qr_png
from scanners.frames import MAX_PICTURE_BYTES, FrameError, read_frame
from tests.harness.sealed_codes import PUBLIC_URL, signing_key, waybill_claims
from waybill.qr_payload import encode_qr_text

TEXT = encode_qr_text(waybill_claims(), signing_key(), PUBLIC_URL)


def code(scale: int = 5) -> Image.Image:
    return Image.open(BytesIO(qr_png(TEXT, scale=scale)), formats=("PNG",)).convert("L")


def saved(picture: Image.Image, file_format: str = "PNG", **options: object) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, file_format, **options)
    return buffer.getvalue()


def barcode(text: str, symbology: zxingcpp.BarcodeFormat) -> bytes:
    image = zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, symbology), scale=3)
    pixels = memoryview(image)  # type: ignore[arg-type]  # the stub knows no buffers
    assert pixels.shape is not None
    return saved(Image.frombytes("L", (pixels.shape[1], pixels.shape[0]), pixels.tobytes()))


def png_header(width: int, height: int) -> bytes:
    """Return a PNG that declares a size and has no pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def refusal(picture: bytes) -> str:
    with pytest.raises(FrameError) as caught:
        read_frame(picture)
    return caught.value.code


class TestLimits:
    @pytest.mark.parametrize(
        ("picture", "reason"),
        [
            pytest.param(b"", "picture-empty", id="nothing"),
            pytest.param(bytes(MAX_PICTURE_BYTES + 1), "picture-too-large", id="over 8 MiB"),
            pytest.param(bytes(MAX_PICTURE_BYTES), "picture-format", id="8 MiB of nothing"),
            pytest.param(b"GIF89a" + bytes(40), "picture-format", id="half a GIF"),
            pytest.param(saved(code(1), "GIF"), "picture-format", id="a whole GIF"),
            pytest.param(saved(code(1), "BMP"), "picture-format", id="a BMP"),
            pytest.param(b"<svg/>", "picture-format", id="an SVG"),
            pytest.param(png_header(8000, 5001), "picture-pixels", id="just over 40 million"),
            pytest.param(png_header(10_000, 10_000), "picture-pixels", id="100 million pixels"),
            pytest.param(png_header(65_000, 65_000), "picture-pixels", id="a bomb"),
            pytest.param(png_header(8000, 5000), "picture-damaged", id="exactly 40 million, empty"),
            pytest.param(saved(code())[:-400], "picture-damaged", id="a PNG cut off"),
            pytest.param(saved(code(), "JPEG")[:900], "picture-damaged", id="a JPEG cut off"),
            pytest.param(saved(code(), "WEBP")[:900], "picture-format", id="a WebP cut off"),
        ],
    )
    def test_a_picture_that_must_not_be_decoded_is_refused(
        self, picture: bytes, reason: str
    ) -> None:
        assert refusal(picture) == reason

    def test_a_refusal_speaks_both_languages(self) -> None:
        error = FrameError("picture-pixels")

        assert (error.message_zh, error.message_en, str(error)) == (
            "图片超过 4000 万像素。",
            "The picture has more than 40 million pixels.",
            "The picture has more than 40 million pixels.",
        )


class TestReading:
    @pytest.mark.parametrize(
        "picture",
        [
            pytest.param(saved(code()), id="PNG"),
            pytest.param(saved(code(), "JPEG", quality=60), id="JPEG"),
            pytest.param(saved(code(), "WEBP"), id="WebP"),
            pytest.param(saved(code().convert("RGB")), id="in colour"),
            pytest.param(saved(code().convert("CMYK"), "JPEG"), id="CMYK"),
            pytest.param(saved(code().convert("P")), id="with a palette"),
            pytest.param(saved(code().convert("I;16")), id="16 bits of grey"),
            pytest.param(saved(code().point(lambda grey: 255 - grey)), id="light on dark"),
            pytest.param(saved(code().rotate(90)), id="turned by a quarter"),
            pytest.param(saved(code().rotate(30, expand=True, fillcolor=255)), id="turned by 30°"),
            pytest.param(saved(code(2)), id="two pixels a module"),
            pytest.param(saved(code(20)), id="large"),
            pytest.param(saved(code().point(lambda grey: 118 + grey // 25)), id="pale"),
            pytest.param(saved(code(6).filter(ImageFilter.GaussianBlur(2.4))), id="blurred"),
        ],
    )
    def test_a_code_is_found(self, picture: bytes) -> None:
        assert read_frame(picture) == (TEXT,)

    def test_exif_orientation_is_followed(self) -> None:
        exif = Image.Exif()
        exif[0x0112] = 5  # mirrored and turned

        mirrored = code().transpose(Image.Transpose.TRANSPOSE)
        assert read_frame(saved(mirrored, "JPEG", exif=exif)) == (TEXT,)

    def test_transparent_parts_count_as_white(self) -> None:
        dark = code().point(lambda grey: 255 - grey)
        picture = Image.new("RGBA", dark.size, (0, 0, 0, 0))
        picture.putalpha(dark)

        assert read_frame(saved(picture)) == (TEXT,)

    def test_several_codes_are_all_found_and_each_once(self) -> None:
        other = Image.open(BytesIO(qr_png("苏H12345", scale=5)), formats=("PNG",)).convert("L")
        sheet = Image.new("L", (900, 900), 255)
        sheet.paste(code(), (10, 10))
        sheet.paste(other, (500, 10))
        sheet.paste(other, (500, 400))

        assert sorted(read_frame(saved(sheet))) == sorted((TEXT, "苏H12345"))

    def test_at_most_sixteen_codes_are_answered(self) -> None:
        sheet = Image.new("L", (800, 800), 255)
        for number in range(25):
            small = Image.open(BytesIO(qr_png(f"n{number}", scale=4)), formats=("PNG",))
            sheet.paste(small, (number % 5 * 150, number // 5 * 150))

        assert len(read_frame(saved(sheet))) == 16

    def test_a_bar_code_with_a_strong_check_is_read(self) -> None:
        picture = barcode("CSQU3054383", zxingcpp.BarcodeFormat.Code128)

        assert read_frame(picture) == ("CSQU3054383",)

    def test_a_bar_code_that_noise_can_imitate_is_not_read(self) -> None:
        assert read_frame(barcode("8510", zxingcpp.BarcodeFormat.ITF)) == ()

    def test_a_small_code_in_a_large_photograph_is_found(self) -> None:
        sheet = Image.new("L", (6000, 4000), 220)
        sheet.paste(code(2), (2900, 1700))

        assert read_frame(saved(sheet)) == (TEXT,)

    @pytest.mark.parametrize("size", [(1, 1), (300, 300), (2500, 2500), (2500, 1), (1, 900)])
    def test_a_picture_without_a_code_answers_nothing(self, size: tuple[int, int]) -> None:
        assert read_frame(saved(Image.new("L", size, 200))) == ()


@settings(max_examples=60)
@given(st.binary(min_size=1, max_size=400))
def test_any_bytes_are_refused_in_the_agreed_way(picture: bytes) -> None:
    with pytest.raises(FrameError):
        read_frame(picture)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(["PNG", "JPEG", "WEBP"]),
    st.integers(8, 1200),
    st.binary(min_size=1, max_size=8),
)
def test_any_damage_is_refused_in_the_agreed_way_or_harmless(
    file_format: str, position: int, damage: bytes
) -> None:
    whole = saved(code(2), file_format)
    picture = whole[:position] + damage + whole[position + len(damage) :]

    try:
        texts = read_frame(picture)
    except FrameError:
        return
    assert texts in ((), (TEXT,))
