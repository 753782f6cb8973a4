"""Training from the first card to the release, on the built tablet, without any server."""

import io
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from typing_extensions import override

from api.tablet_files import POLICY
from tests.harness.public_site import chromium

pytestmark = pytest.mark.browser

CARDS = ["车辆", "挂车", "罐体", "驾驶人", "押运员"]
GOOD, FAULTY, BADGES = 0, 1, 2


@pytest.fixture(scope="module")
def address(repository: Path) -> Iterator[str]:
    """Where the built tablet is served, with nothing behind it."""
    build = repository / "api" / "static" / "tablet"
    if not (build / "index.html").exists():
        pytest.skip("the tablet is not built: `make tablet`")

    class Files(SimpleHTTPRequestHandler):
        extensions_map = {  # noqa: RUF012  the server reads it as a mapping of its class
            **SimpleHTTPRequestHandler.extensions_map,
            ".js": "text/javascript",
        }

        @override
        def translate_path(self, path: str) -> str:
            name = path.partition("?")[0].removeprefix("/tablet/")
            return str(build / (name or "index.html"))

        @override
        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", POLICY)
            super().end_headers()

        @override
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/tablet/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    """A new tablet, which nobody has enrolled, in training."""
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
        page = context.new_page()
        page.goto(address)
        page.get_by_role("button", name="菜单").click()
        page.get_by_role("button", name="开始训练").click()
        expect(page.get_by_role("heading", name="待装车辆")).to_be_visible()
        yield page
        context.close()


def hold(page: Page, group: int, name: str) -> None:
    """Hold one of the cards to practise with before the tablet."""
    page.get_by_role("button", name="演示卡").click()
    page.locator(".practice > div").nth(group).get_by_role("button", name=name, exact=True).click()


def to_step(page: Page, name: str) -> None:
    page.locator(".strip").get_by_role("button", name=name).click()


def expect_met(page: Page, name: str) -> None:
    expect(page.locator(".step.passed", has_text=name)).to_be_visible()


def say_yes(page: Page) -> None:
    """Answer everything that is asked on this view, one after the other, with yes."""
    expect(page.locator(".yes-no .yes").first).to_be_visible()
    for yes in page.locator(".yes-no .yes").all():
        yes.click()
        expect(yes).to_have_attribute("aria-pressed", "true")


def press_plate(page: Page, step: str, plate: str) -> None:
    to_step(page, step)
    for key in plate:
        page.locator(".letter-pad").get_by_role("button", name=key, exact=True).click()
    page.get_by_role("button", name="确认号牌").click()
    expect_met(page, step)


def a_picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (320, 240), "orange").save(buffer, "JPEG")
    return buffer.getvalue()


def check_all(page: Page) -> None:
    """Do everything that the good trip's check asks, up to the decision."""
    for card in ["运单", *CARDS]:
        hold(page, GOOD, card)
    to_step(page, "驾驶人")
    say_yes(page)
    page.get_by_role("button", name="装卸管理人员同意").first.click()
    hold(page, BADGES, "装卸管理人员")
    expect(page.get_by_text("已读到胸卡")).to_be_visible()
    page.keyboard.type("000000")
    expect_met(page, "装卸管理")
    press_plate(page, "车头号牌", "苏H90001")
    press_plate(page, "挂车号牌", "苏H9001挂")
    for group in ["标志", "清单", "单证", "企业自查"]:
        to_step(page, group)
        say_yes(page)
    to_step(page, "照片")
    page.get_by_role("button", name="拍照").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "rear.jpg", "mimeType": "image/jpeg", "buffer": a_picture()}
    )
    expect_met(page, "照片")


def fill(page: Page, *figures: tuple[str, str]) -> None:
    for field, figure in figures:
        page.locator(f"[name='{field}']").fill(figure)


def test_a_trip_is_cleared_loaded_at_two_bays_and_released(page: Page) -> None:
    check_all(page)
    page.get_by_role("button", name="判定", exact=True).click()
    expect(page.locator(".word")).to_have_text("准装")

    page.get_by_role("button", name="填写装货记录").click()
    second_line = page.locator(".plan").get_by_role("group", name="2 仓")
    second_line.get_by_role("button", name="到别的车位装").click()
    fill(page, ("1.quantityKg", "18500"), ("1.quantityL", "24000"), ("seal.0", "A-1"))
    page.get_by_role("button", name="记录并转到 2 号位").click()

    # The same tablet is carried to the other bay.
    page.get_by_role("button", name="菜单").click()
    page.get_by_role("button", name="换车位").click()
    page.locator(".tile", has_text="2 号位").click()
    page.locator(".arrival.comes-here").click()
    say_yes(page)
    page.get_by_role("button", name="逐项确认，在此装货").click()
    fill(page, ("2.quantityKg", "10000"), ("2.quantityL", "12000"), ("seal.0", "A-2"))
    say_yes(page)
    page.get_by_role("button", name="提交并判定放行").click()

    expect(page.locator(".word")).to_have_text("放行")
    expect(page.get_by_role("img", name="放行码")).to_be_visible()
    expect(page.locator(".banner.training")).to_be_in_viewport(ratio=1)


def test_a_trip_with_faults_is_refused_and_only_what_failed_is_asked_again(page: Page) -> None:
    for card in ["运单", *CARDS]:
        hold(page, FAULTY, card)
    expect(page.get_by_role("status", name="刚才的结果")).to_contain_text("不符合")

    page.get_by_role("button", name="按现状判定").click()
    expect(page.locator(".word")).to_have_text("不准装")
    page.get_by_role("button", name="改正后再查").click()

    expect(page.locator(".step.passed.kept", has_text="车辆")).to_be_visible()
    expect(page.locator(".todo-item.failed")).to_have_count(2)


def test_after_training_nothing_of_it_is_left(page: Page) -> None:
    hold(page, GOOD, "运单")
    expect(page.locator(".trip")).to_contain_text("YL202600000001")

    page.get_by_role("button", name="结束训练").click()

    expect(page.get_by_role("heading", name="登记本平板")).to_be_visible()
    expect(page.locator(".trip")).to_have_count(0)
