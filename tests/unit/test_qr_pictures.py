"""Pictures of codes: a reader that did not draw them reads them back, whole and verifiable."""

import re
from io import BytesIO

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws as joserfc_jws
from joserfc.jwk import ECKey
from PIL import Image, ImageDraw

from api.rendering.qr import Level, Matrix, qr_matrix, qr_png, qr_svg
from tests.harness.sealed_codes import (
    NOW,
    PUBLIC_URL,
    card_claims,
    signing_key,
    trusted,
    vectors,
    waybill_claims,
)
from waybill.qr_payload import GoodsLine, QrKind, decode_qr_text, encode_qr_text, verify_qr

LEVELS = [pytest.param(level, id=level.name) for level in Level]
ACCEPTED = [
    pytest.param(case["text"], id=case["name"])
    for case in vectors()["cases"]
    if case["outcome"] == "accepted"
]
ZEROS = [
    pytest.param("0" * 46, id="a short code of zeros"),
    pytest.param(f"{PUBLIC_URL}/q#" + "0" * 46, id="one block of zeros behind the address"),
    pytest.param(f"{PUBLIC_URL}/q#" + "0" * 620, id="as many zeros as a waybill has digits"),
    pytest.param(f"{PUBLIC_URL}/q#" + "0" * 2900, id="more zeros than any waybill has digits"),
    pytest.param(f"{PUBLIC_URL}/q#" + "0" * 300 + "1" * 300, id="zeros first"),
    pytest.param(f"{PUBLIC_URL}/q#" + "1" * 300 + "0" * 300, id="zeros last"),
]


def read_back(picture: Image.Image) -> list[str]:
    # Of all symbologies, some find numbers in the modules of a QR code.
    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    found = zxingcpp.read_barcodes(picture, formats=formats, text_mode=zxingcpp.TextMode.Plain)
    return [code.text for code in found]


def opened(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png), formats=("PNG",))


def drawn(svg: str, *, scale: int) -> Image.Image:
    """Draw an SVG of `qr_svg` by its own path commands, nothing else being in it."""
    side = int(re.search(r'viewBox="0 0 (\d+) ', svg)[1])  # type: ignore[index]
    picture = Image.new("L", (side * scale, side * scale), 255)
    pen = ImageDraw.Draw(picture)
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", svg):
        left, top = int(x) * scale, int(y) * scale
        pen.rectangle((left, top, left + int(run) * scale - 1, top + scale - 1), fill=0)
    return picture


def modules_of(png: bytes, *, scale: int) -> Matrix:
    """Return the middle pixel of each module as dark or light, the quiet zone left out."""
    picture = opened(png).convert("L")
    positions = range(4 * scale + scale // 2, picture.width - 4 * scale, scale)
    return tuple(tuple(picture.getpixel((x, y)) == 0 for x in positions) for y in positions)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("text", ACCEPTED)
class TestReadBack:
    def test_png(self, text: str, level: Level) -> None:
        assert read_back(opened(qr_png(text, scale=5, level=level))) == [text]

    def test_svg(self, text: str, level: Level) -> None:
        assert read_back(drawn(qr_svg(text, level=level), scale=5)) == [text]

    def test_svg_and_png_show_the_same_modules(self, text: str, level: Level) -> None:
        matrix = qr_matrix(text, level=level)

        assert modules_of(qr_png(text, scale=3, level=level), scale=3) == matrix


CARDS = [kind for kind in QrKind if kind not in (QrKind.WAYBILL, QrKind.RELEASE)]


@pytest.mark.parametrize("kind", CARDS)
def test_the_picture_of_a_card_is_read_and_verified(kind: QrKind) -> None:
    text = encode_qr_text(card_claims(kind), signing_key(), PUBLIC_URL)

    (found,) = read_back(opened(qr_png(text)))

    assert verify_qr(found, trusted(), NOW, kind=kind) == card_claims(kind)


def test_a_picture_is_verified_by_another_library() -> None:
    text = encode_qr_text(waybill_claims(), signing_key(), PUBLIC_URL)

    (found,) = read_back(opened(qr_png(text)))

    jwk = signing_key().verifying_key().jwk
    key = ECKey.import_key({name: str(value) for name, value in jwk.items()})
    jws = decode_qr_text(found).to_jws()
    payload = joserfc_jws.deserialize_compact(jws.to_compact(), key, ["ES256"]).payload
    assert payload == jws.payload


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("text", ZEROS)
def test_a_block_of_zeros_does_not_stop_the_drawing(text: str, level: Level) -> None:
    assert read_back(opened(qr_png(text, scale=3, level=level))) == [text]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("苏H·12345", id="Chinese, no digits behind"),
        pytest.param("waybill", id="letters only"),
        pytest.param("7", id="one digit"),
    ],
)
def test_other_texts_are_drawn_too(text: str) -> None:
    assert read_back(opened(qr_png(text))) == [text]


def test_paper_has_more_modules_than_a_screen() -> None:
    text = encode_qr_text(waybill_claims(), signing_key(), PUBLIC_URL)

    assert [len(qr_matrix(text, level=level)) for level in (Level.M, Level.Q)] == [69, 81]


def test_eight_goods_lines_still_fit_a_cheap_camera() -> None:
    line = GoodsLine(un_number="1993", packing_group="III", quantity=3500, unit="L", row="1993-c")
    text = encode_qr_text(waybill_claims(gds=(line,) * 8), signing_key(), PUBLIC_URL)

    assert len(qr_matrix(text)) <= 73


def test_the_quiet_zone_is_four_modules_wide() -> None:
    picture = opened(qr_png("7", scale=2)).convert("L")

    assert (picture.size, picture.point(lambda grey: 255 - grey).getbbox()) == (
        (58, 58),
        (8, 8, 50, 50),
    )


def test_the_svg_names_itself_and_needs_nothing_from_elsewhere() -> None:
    svg = qr_svg("7")

    assert svg.startswith(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29" role="img"'
        ' aria-label="二维码 QR code" shape-rendering="crispEdges"><path fill="#fff"'
    )
    assert svg.endswith('"/></svg>')
    assert "href" not in svg


@pytest.mark.parametrize("scale", [0, -1, 41])
def test_a_scale_out_of_bounds_is_refused(scale: int) -> None:
    with pytest.raises(ValueError, match="expected a scale"):
        qr_png("7", scale=scale)


def test_more_text_than_a_code_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="Invalid version"):
        qr_svg("a" * 5000)


@settings(max_examples=40)
@given(zeros=st.integers(1, 400), rest=st.text("0123456789", max_size=200))
def test_any_digits_are_read_back(zeros: int, rest: str) -> None:
    text = f"{PUBLIC_URL}/q#{'0' * zeros}{rest}"

    assert read_back(opened(qr_png(text, scale=3))) == [text]
