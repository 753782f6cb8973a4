"""The tablet's camera in a real Chromium: a fake device sees real codes, and the page says them."""

from collections.abc import Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageOps
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.harness.code_samples import samples
from tests.harness.degraded import FAMILIES, seen
from tests.harness.eyes_site import PAGE, build_eyes, eyes_site, wait_until
from tests.harness.fake_camera import FakeCamera, code, launched, nothing, placed

pytestmark = pytest.mark.browser

WAYBILL = samples()[0]
OUT_OF_SIGHT_MS = 2_000
SEED = 3


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the page with the eyes is served."""
    folder = tmp_path_factory.mktemp("eyes")
    build_eyes(folder)
    with eyes_site(folder) as address:
        yield address


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> FakeCamera:
    return FakeCamera(tmp_path_factory.mktemp("camera") / "camera.y4m")


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright, camera: FakeCamera) -> Iterator[Browser]:
    with launched(playwright, *camera.arguments()) as started:
        yield started


@pytest.fixture
def page(browser: Browser, site: str, camera: FakeCamera) -> Iterator[Page]:
    """A page whose camera runs and sees nothing."""
    yield from running_page(browser, site, camera)


@pytest.fixture(scope="class")
def same_page(browser: Browser, site: str, camera: FakeCamera) -> Iterator[Page]:
    """One page for many codes, none of which comes twice."""
    yield from running_page(browser, site, camera)


def running_page(browser: Browser, site: str, camera: FakeCamera) -> Iterator[Page]:
    camera.show(nothing())
    context = browser.new_context(permissions=["camera"])
    opened = context.new_page()
    opened.goto(site + PAGE)
    start(opened)
    yield opened
    context.close()


def start(page: Page) -> None:
    page.evaluate("eyes.camera.start(eyes.video, null)")


def state(page: Page) -> dict[str, Any]:
    told: dict[str, Any] = page.evaluate("eyes.states.at(-1)")
    return told


def texts(page: Page) -> list[str]:
    read: list[str] = page.evaluate("eyes.readings.map(({ text }) => text)")
    return read


def said(page: Page, text: str) -> bool:
    return text in texts(page)


def barcode(text: str, symbology: zxingcpp.BarcodeFormat) -> Image.Image:
    made = zxingcpp.create_barcode(text, symbology)
    return Image.fromarray(zxingcpp.write_barcode_to_image(made, scale=3)).convert("L")


class TestReading:
    def test_a_code_that_stays_in_sight_is_said_once(self, page: Page, camera: FakeCamera) -> None:
        camera.show(code(WAYBILL.text))
        wait_until(lambda: texts(page) == [WAYBILL.text])

        page.wait_for_timeout(OUT_OF_SIGHT_MS + 500)

        assert page.evaluate("eyes.readings") == [
            {"text": WAYBILL.text, "format": "QRCode", "through": "camera"}
        ]

    def test_a_code_that_comes_back_is_said_again(self, page: Page, camera: FakeCamera) -> None:
        camera.show(code(WAYBILL.text))
        wait_until(lambda: len(texts(page)) == 1)
        camera.show(nothing())
        page.wait_for_timeout(OUT_OF_SIGHT_MS + 500)

        camera.show(code(WAYBILL.text))

        wait_until(lambda: texts(page) == [WAYBILL.text] * 2)

    def test_codes_that_are_shown_in_turn_are_each_said(
        self, page: Page, camera: FakeCamera
    ) -> None:
        shown = [sample.text for sample in samples()[::2]]
        for text in shown:
            camera.show(code(text, module_px=5))
            wait_until(partial(said, page, text))

        assert texts(page) == shown

    def test_codes_beside_each_other_are_both_said(self, page: Page, camera: FakeCamera) -> None:
        both = Image.new("L", (1000, 400), 255)
        card, badge = samples()[2].text, samples()[4].text
        both.paste(code(card, module_px=5), (0, 0))
        both.paste(code(badge, module_px=5), (600, 100))

        camera.show(both)

        wait_until(lambda: sorted(texts(page)) == sorted([card, badge]))


class TestHardCodes:
    @pytest.mark.parametrize(
        ("drawn", "read"),
        [
            pytest.param(
                barcode("010952123454321321A1", zxingcpp.BarcodeFormat.DataMatrix),
                ("DataMatrix", "010952123454321321A1"),
                id="a Data Matrix",
            ),
            pytest.param(
                barcode("T-20240317-09", zxingcpp.BarcodeFormat.Code128),
                ("Code128", "T-20240317-09"),
                id="a bar code",
            ),
            pytest.param(
                barcode("T-20240317-10", zxingcpp.BarcodeFormat.Code128).rotate(90, expand=True),
                ("Code128", "T-20240317-10"),
                id="a bar code that stands upright",
            ),
            pytest.param(
                ImageOps.invert(code("WBB1.abc")), ("QRCode", "WBB1.abc"), id="light on dark"
            ),
        ],
    )
    def test_other_codes_are_said_with_their_kind(
        self, same_page: Page, camera: FakeCamera, drawn: Image.Image, read: tuple[str, str]
    ) -> None:
        camera.show(drawn)

        wait_until(lambda: read[1] in texts(same_page))
        assert same_page.evaluate("eyes.readings.at(-1).format") == read[0]

    @pytest.mark.parametrize("family", FAMILIES)
    def test_a_code_that_is_seen_badly_is_read(
        self, same_page: Page, camera: FakeCamera, family: str
    ) -> None:
        address, digits = WAYBILL.text.split("#")
        turned = 10 * (1 + list(FAMILIES).index(family))
        text = f"{address}#{digits[turned:]}{digits[:turned]}"

        camera.show(seen(code(text, module_px=1), FAMILIES[family][1], seed=SEED))

        wait_until(lambda: text in texts(same_page))


def test_codes_on_a_loop_come_round(playwright: Playwright, site: str, tmp_path: Path) -> None:
    shown = [sample.text for sample in samples()[::2]]
    frames = [(code(text, module_px=5), 0.8) for text in shown]
    camera = FakeCamera(tmp_path / "loop.y4m", [*frames, (nothing(), 0.4)])

    with launched(playwright, *camera.arguments()) as browser:
        page = browser.new_context(permissions=["camera"]).new_page()
        page.goto(site + PAGE)
        start(page)

        wait_until(lambda: set(texts(page)) == set(shown))


class TestTheDevice:
    def test_is_named_and_says_what_it_can(self, page: Page, camera: FakeCamera) -> None:
        told = state(page)

        assert [choice["label"] for choice in told["cameras"]] == [str(camera.path)]
        assert {key: told[key] for key in ("running", "problem", "torch", "zoom")} == {
            "running": True,
            "problem": None,
            "torch": "none",
            "zoom": None,
        }

    def test_that_was_chosen_and_is_gone_gives_way_to_another(self, page: Page) -> None:
        page.evaluate("eyes.camera.start(eyes.video, 'f'.repeat(64))")

        assert state(page)["running"] is True

    def test_is_given_back_while_the_page_is_hidden(self, page: Page, camera: FakeCamera) -> None:
        page.evaluate(
            "window.track = eyes.video.srcObject.getVideoTracks()[0];"
            "Object.defineProperty(document, 'hidden', { value: true, configurable: true });"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )
        camera.show(code(WAYBILL.text))
        page.wait_for_timeout(500)
        assert page.evaluate("track.readyState") == "ended"
        assert (state(page)["running"], texts(page)) == (False, [])

        page.evaluate(
            "delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))"
        )

        wait_until(lambda: texts(page) == [WAYBILL.text])

    def test_is_given_back_when_it_stops(self, page: Page, camera: FakeCamera) -> None:
        page.evaluate("window.track = eyes.video.srcObject.getVideoTracks()[0]; eyes.camera.stop()")
        camera.show(code(WAYBILL.text))
        page.wait_for_timeout(500)

        assert page.evaluate("[track.readyState, eyes.video.srcObject]") == ["ended", None]
        assert (state(page)["running"], texts(page)) == (False, [])

    def test_that_is_pulled_out_is_missed(self, page: Page) -> None:
        page.evaluate("eyes.video.srcObject.getVideoTracks()[0].dispatchEvent(new Event('ended'))")

        assert (state(page)["running"], state(page)["problem"]) == (False, "none")

    def test_gives_a_still_picture_without_metadata(self, page: Page, camera: FakeCamera) -> None:
        shown = code(WAYBILL.text)
        camera.show(shown)
        wait_until(lambda: texts(page) == [WAYBILL.text])

        taken = Image.open(BytesIO(bytes(page.evaluate("eyes.bytesOf(eyes.camera.picture())"))))

        assert (taken.format, taken.size, dict(taken.getexif())) == ("JPEG", (1280, 720), {})
        assert set(taken.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        wanted = placed(shown, taken.size).resize((64, 36))
        differences = zip(
            wanted.tobytes(), taken.convert("L").resize((64, 36)).tobytes(), strict=True
        )
        assert max(abs(one - other) for one, other in differences) < 16


class TestWithoutADevice:
    def test_forbidden(self, browser: Browser, site: str) -> None:
        page = browser.new_context(permissions=[]).new_page()
        page.goto(site + PAGE)
        start(page)

        assert (state(page)["running"], state(page)["problem"]) == (False, "denied")

    def test_an_address_without_tls(self, playwright: Playwright, site: str) -> None:
        resolved = "--host-resolver-rules=MAP eyes.test 127.0.0.1"
        with launched(playwright, resolved) as browser:
            page = browser.new_page()
            page.goto(site.replace("127.0.0.1", "eyes.test") + PAGE)
            start(page)

            assert (state(page)["running"], state(page)["problem"]) == (False, "insecure")

    def test_no_camera(self, playwright: Playwright, site: str) -> None:
        with launched(playwright) as browser:
            page = browser.new_context(permissions=["camera"]).new_page()
            page.goto(site + PAGE)
            start(page)

            assert (state(page)["running"], state(page)["problem"]) == (False, "none")


def test_a_picture_without_a_reader_is_told_and_goes_on(browser: Browser, site: str) -> None:
    page = browser.new_context(permissions=["camera"]).new_page()
    page.context.route("**/*.wasm", lambda route: route.abort())
    page.goto(site + PAGE)
    start(page)

    wait_until(lambda: state(page)["problem"] == "failed")
    assert state(page)["running"] is True

    page.context.unroute("**/*.wasm")
    wait_until(lambda: state(page)["problem"] is None)


def test_everything_comes_from_the_own_origin(browser: Browser, site: str) -> None:
    context = browser.new_context(permissions=["camera"])
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto(site + PAGE)
    start(page)
    page.wait_for_timeout(500)

    assert any(url.endswith(".wasm") for url in asked)
    assert [url for url in asked if not url.startswith(site)] == []
