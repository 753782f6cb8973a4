"""The tablet's other eyes in a real Chromium: scanners that type, pasting, pictures from files."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.harness.code_samples import samples
from tests.harness.degraded import Conditions, seen
from tests.harness.eyes_site import PAGE, build_eyes, eyes_site, wait_until
from tests.harness.fake_camera import code, placed
from tests.harness.public_site import chromium
from tests.harness.typing_scanner import scan

pytestmark = pytest.mark.browser

WAYBILL = samples()[0]
ORIENTATION, TURNED_RIGHT, MAKER = 0x0112, 6, 0x010F


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("eyes")
    build_eyes(folder)
    return folder


@pytest.fixture(scope="module")
def address(built: Path) -> Iterator[str]:
    with eyes_site(built) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context()
    opened = context.new_page()
    opened.goto(address + PAGE)
    yield opened
    context.close()


def readings(page: Page) -> list[dict[str, str]]:
    told: list[dict[str, str]] = page.evaluate("eyes.readings")
    return told


def reading(text: str, through: str, *, of: str = "") -> dict[str, str]:
    return {"text": text, "format": of, "through": through}


def packed(picture: Image.Image, *, quality: int = 80, exif: Image.Exif | None = None) -> list[int]:
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=quality, exif=exif or Image.Exif())
    return list(buffer.getvalue())


READ = """async ([bytes, answer]) => {
  const sent = []
  const onServer = answer && (async (picture) => {
    sent.push([...new Uint8Array(await picture.arrayBuffer())])
    return answer
  })
  const file = new Blob([new Uint8Array(bytes)])
  const readings = await eyes.readPicture(file, onServer || undefined)
  return { readings, sent }
}"""


class TestAScannerThatTypes:
    def test_is_heard_without_a_field(self, page: Page) -> None:
        page.locator("#button").focus()

        assert scan(page, WAYBILL.text) is False
        wait_until(lambda: readings(page) == [reading(WAYBILL.text, "wedge")])
        assert page.evaluate("eyes.submitted") == []

    @pytest.mark.parametrize("end", ["Enter", "Tab"])
    def test_leaves_a_field_as_it_was(self, page: Page, end: str) -> None:
        page.locator("#field").fill("苏H1")

        assert scan(page, WAYBILL.text, end=end) is False
        wait_until(lambda: readings(page) == [reading(WAYBILL.text, "wedge")])
        assert page.locator("#field").input_value() == "苏H1"
        assert page.evaluate("[document.activeElement.id, eyes.submitted]") == ["field", []]

    def test_behind_an_input_method_is_heard_by_its_keys(self, page: Page) -> None:
        page.locator("#field").fill("苏H1")

        page.evaluate(
            """places => {
              const field = document.activeElement
              for (const code of places) {
                const how = { key: 'Process', code, bubbles: true, cancelable: true }
                field.dispatchEvent(new KeyboardEvent('keydown', how))
                document.execCommand('insertText', false, '我')
              }
            }""",
            ["KeyT", "Minus", "Digit2", "Digit0", "Digit2", "Digit4", "KeyA", "Slash", "Enter"],
        )

        wait_until(lambda: readings(page) == [reading("t-2024a/", "wedge")])
        assert page.locator("#field").input_value() == "苏H1"

    def test_built_into_a_handheld_writes_all_at_once(self, page: Page) -> None:
        page.locator("#field").focus()
        scan(page, "", written="WB-20261122-000123")

        wait_until(lambda: readings(page) == [reading("WB-20261122-000123", "wedge")])
        assert page.locator("#field").input_value() == ""

    def test_is_no_person(self, page: Page) -> None:
        page.locator("#field").focus()
        page.keyboard.type("h12345 1203", delay=90)
        page.wait_for_timeout(90)
        page.keyboard.press("Enter")
        page.wait_for_timeout(200)

        assert page.locator("#field").input_value() == "h12345 1203"
        assert page.evaluate("[eyes.readings, eyes.submitted]") == [[], ["enter"]]


class TestPasting:
    PASTE = """([place, text]) => {
      const pasted = new DataTransfer()
      pasted.setData('text/plain', text)
      const how = { clipboardData: pasted, bubbles: true, cancelable: true }
      const event = new ClipboardEvent('paste', how)
      return document.querySelector(place).dispatchEvent(event)
    }"""

    def test_beside_a_field_is_read(self, page: Page) -> None:
        left_to_the_page = page.evaluate(self.PASTE, ["body", f" {WAYBILL.text}\n"])

        assert readings(page) == [reading(WAYBILL.text, "pasted")]
        assert left_to_the_page is False

    @pytest.mark.parametrize(
        ("place", "text"),
        [
            pytest.param("#field", "WBB1.abc", id="into a field"),
            pytest.param("body", " \n", id="nothing"),
            pytest.param("body", "1" * 4097, id="more than a code holds"),
        ],
    )
    def test_is_left_to_the_page(self, page: Page, place: str, text: str) -> None:
        assert page.evaluate(self.PASTE, [place, text]) is True
        assert readings(page) == []


class TestPictures:
    @pytest.mark.parametrize(
        "picture",
        [
            pytest.param(placed(code(WAYBILL.text, module_px=5), (1280, 720)), id="plain"),
            pytest.param(
                placed(code(WAYBILL.text, module_px=4), (4000, 3000)), id="small in a large one"
            ),
            pytest.param(
                seen(WAYBILL.picture, Conditions(blur_modules=0.5), seed=1), id="out of focus"
            ),
            pytest.param(
                seen(WAYBILL.picture, Conditions(light=0.2, turned_deg=40), seed=1),
                id="dark and turned",
            ),
        ],
    )
    def test_are_read_here(self, page: Page, picture: Image.Image) -> None:
        told = page.evaluate(READ, [packed(picture), ["never asked"]])

        assert told == {"readings": [reading(WAYBILL.text, "picture", of="QRCode")], "sent": []}

    def test_without_a_code_are_sent_to_the_server_without_metadata(self, page: Page) -> None:
        exif = Image.Exif()
        exif[MAKER] = "Somebody's telephone"
        exif[ORIENTATION] = TURNED_RIGHT
        empty = packed(Image.new("L", (800, 600), 120), exif=exif)

        told = page.evaluate(READ, [empty, ["WBB1.abc"]])

        assert told["readings"] == [reading("WBB1.abc", "picture")]
        (sent,) = told["sent"]
        picture = Image.open(BytesIO(bytes(sent)))
        assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", (600, 800), {})

    def test_without_a_code_or_server_say_nothing(self, page: Page) -> None:
        told = page.evaluate(READ, [packed(Image.new("L", (800, 600), 120)), None])

        assert told == {"readings": [], "sent": []}

    def test_that_are_none_are_refused(self, page: Page) -> None:
        told = page.evaluate("eyes.readPicture(new Blob(['no picture'])).catch(({ code }) => code)")

        assert told == "not_a_picture"


def test_a_photo_is_shrunk_upright_and_says_nothing_else(page: Page) -> None:
    exif = Image.Exif()
    exif[MAKER] = "Somebody's telephone"
    exif[ORIENTATION] = TURNED_RIGHT
    lying = Image.new("RGB", (4000, 3000), "white")
    lying.paste("black", (0, 0, 4000, 1000))

    made = page.evaluate(
        "bytes => eyes.bytesOf(eyes.toPhoto(new Blob([new Uint8Array(bytes)])))",
        packed(lying, exif=exif, quality=60),
    )

    photo = Image.open(BytesIO(bytes(made)))
    assert (photo.format, photo.size, dict(photo.getexif())) == ("JPEG", (1200, 1600), {})
    assert set(photo.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    # What was above lies to the right once the picture is turned.
    grey = photo.convert("L")
    assert [grey.getpixel((x, 800)) for x in (100, 1100)] == [255, 0]


def test_no_built_file_names_a_foreign_host(built: Path) -> None:
    files = [path for path in built.rglob("*") if path.is_file()]
    named = {
        host
        for path in files
        for host in re.findall(rb"(?:https?:)?//[a-z0-9-]+\.[a-z0-9.-]+", path.read_bytes())
        if host != b"http://www.w3.org"  # names of XML's vocabularies, which nothing asks for
    }

    assert any(path.suffix == ".wasm" for path in files)
    assert named == set()
