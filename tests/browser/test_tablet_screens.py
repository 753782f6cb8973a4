"""Every screen of the bay tablet in every state: sizes, languages, themes, keyboard, reader."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.harness.axe import GRAVE
from tests.harness.public_site import chromium
from tests.harness.tablet_looks import CUT, FOCUSABLE, SMALL, VIOLATIONS, WATCH_FOCUS
from tests.harness.tablet_screens import build_screens, serving_screens, show, state_names

pytestmark = pytest.mark.browser

SIZES = {"landscape": (1280, 800), "portrait": (800, 1280), "phone": (390, 844)}
SMALLEST_TARGET_PX = 60
VERDICT_PX = 72
EXTRA_STOPS = 8
"""The browser's own stops on the way round: what scrolls, and the page itself."""
OTHER_THEMES = [
    "sign_on",
    "arrivals_offline",
    "unsent",
    "device_tight",
    "scan_failed",
    "scan_training",
    "people",
    "signs",
    "loading",
    "refused",
    "released",
]
"""What is drawn in colours of its own; the themes' tokens have a test among the tablet's own."""


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the page of all states."""
    with serving_screens(build_screens(tmp_path_factory.mktemp("screens"))) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser, screens: str) -> Iterator[Page]:
    """The page, in landscape; it must raise no error and break no rule of the policy."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "console", lambda said: complaints.append(said.text) if said.type == "error" else None
    )
    opened.goto(screens)
    opened.wait_for_selector("[data-ready]", state="attached")
    yield opened
    context.close()
    assert complaints == []


def _resize(page: Page, size: str) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_everything_fits_and_can_be_pressed_with_gloves(
    page: Page, size: str, language: str
) -> None:
    _resize(page, size)
    found: dict[str, list[str]] = {}
    for state in state_names(page):
        show(page, state, language=language)
        wrong = page.evaluate(SMALL, SMALLEST_TARGET_PX) + page.evaluate(CUT)
        if wrong:
            found[state] = wrong

    assert found == {}


@pytest.mark.parametrize("size", ["landscape", "portrait"])
def test_nothing_is_cut_where_the_text_is_half_as_large_again(page: Page, size: str) -> None:
    _resize(page, size)
    found: dict[str, list[str]] = {}
    for state in state_names(page):
        show(page, state, language="en", textScale=1.5)
        wrong = page.evaluate(CUT)
        if wrong:
            found[state] = wrong

    assert found == {}


@pytest.mark.parametrize(
    ("theme", "language", "size"),
    [("light", "zh", "landscape"), ("dark", "en", "portrait"), ("sunlight", "zh", "portrait")],
)
def test_no_screen_has_grave_faults_for_those_who_see_or_hear_otherwise(
    page: Page, theme: str, language: str, size: str
) -> None:
    _resize(page, size)
    # At the bay 7 to 1 is asked, which axe knows as the enhanced contrast and leaves out by itself.
    contrast = "color-contrast-enhanced"
    options: dict[str, Any] = {
        "rules": {contrast: {"enabled": True}, "color-contrast": {"enabled": False}},
        "resultTypes": ["violations"],
    }
    if theme != "light":
        # All else is the same in each theme.
        options = {"runOnly": [contrast], "resultTypes": ["violations"]}
    page.evaluate(Axe().axe_script)
    states = state_names(page) if theme == "light" else OTHER_THEMES
    found: dict[str, list[list[str]]] = page.evaluate(
        VIOLATIONS, [states, {"language": language, "theme": theme}, options]
    )
    grave = {
        state: [f"{rule}: {where}" for rule, impact, where in violations if impact in GRAVE]
        for state, violations in found.items()
    }

    assert {state: faults for state, faults in grave.items() if faults} == {}


def test_every_action_is_reached_by_the_keyboard_with_a_focus_one_sees(page: Page) -> None:
    page.evaluate(WATCH_FOCUS)
    found: dict[str, list[str]] = {}
    for state in state_names(page):
        show(page, state)
        actions: list[str] = page.evaluate(FOCUSABLE)
        page.evaluate("() => { document.activeElement.blur(); window.reached = {} }")
        for _ in range(len(actions) + EXTRA_STOPS):
            page.keyboard.press("Tab")
        reached: dict[str, bool] = page.evaluate("() => reached")
        wrong = [f"unreached {what}" for n, what in enumerate(actions) if str(n) not in reached]
        wrong += [f"unseen {actions[int(n)]}" for n, seen in reached.items() if not seen]
        if wrong:
            found[state] = wrong

    assert found == {}


def test_one_action_of_a_screen_is_the_usual_one(page: Page) -> None:
    for state in state_names(page):
        show(page, state)

        assert page.locator(".button.primary").count() <= 1, state


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "state",
    ["cleared", "refused", "not_proven", "released", "release_refused", "release_waiting"],
)
@pytest.mark.parametrize("size", ["landscape", "portrait"])
def test_a_verdict_is_said_at_once_and_read_from_three_metres(
    page: Page, size: str, state: str, language: str
) -> None:
    _resize(page, size)
    show(page, state, language=language)

    word = page.locator("[role=alert] .word")
    expect(word).to_be_in_viewport(ratio=1)
    assert word.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= VERDICT_PX
    expect(page.locator(".word-screen .reason")).to_have_count(
        {"refused": 3, "not_proven": 1, "release_refused": 1}.get(state, 0)
    )


def test_the_driver_reads_the_verdict_upright_in_a_language_of_his_own(page: Page) -> None:
    show(page, "refused", language="zh")
    page.get_by_role("button", name="转向驾驶人").click()
    turned = page.locator(".for-driver")

    page.get_by_role("button", name="English").click()

    assert turned.evaluate("e => getComputedStyle(e).rotate") == "180deg"
    expect(turned.locator(".word")).to_have_text("Refused")
    expect(turned).to_have_attribute("lang", "en")
    page.get_by_role("button", name="Turn back").click()
    expect(page.locator(".word")).to_have_text("不准装")


def test_the_last_result_is_said_by_word_and_shape(page: Page) -> None:
    show(page, "scan_failed", language="en")

    said = page.get_by_role("status", name="Last result")
    expect(said).to_contain_text("Not met")
    expect(said).to_contain_text("The carrier sends another escort")
    expect(said.locator(".last-word .shape.failed")).to_be_visible()


def test_training_cannot_be_overlooked(page: Page) -> None:
    for state in state_names(page):
        show(page, state, training=True)

        if not state.endswith("_driver"):
            expect(page.locator(".banner.training")).to_be_in_viewport(ratio=1)
        assert page.locator(".in-training").count() == 1, state


def test_a_pin_is_pressed_and_a_wrong_one_is_forgotten(page: Page) -> None:
    show(page, "locked", language="en")
    for _ in range(6):
        page.locator(".pin-keys .key", has_text="0").click()
    expect(page.get_by_role("alert")).to_contain_text("The PIN is wrong. Four tries are left.")
    expect(page.locator("#pin")).to_have_value("")

    page.keyboard.type("123456")

    assert page.evaluate("() => fixture.asked") == ["unlock loader", "unlock loader"]
    expect(page.get_by_role("heading", name="Expected today")).to_be_visible()


def test_a_plate_is_pressed_key_by_key_while_the_waybills_is_hidden(page: Page) -> None:
    show(page, "plate", language="en")
    expect(page.locator(".trip .number-plate")).to_have_count(0)

    for key in "苏H90001":
        page.locator(".letter-pad").get_by_role("button", name=key, exact=True).click()
    page.get_by_role("button", name="blue").click()
    page.get_by_role("button", name="Confirm the plate").click()

    asked = page.evaluate("() => fixture.asked")[0]
    assert asked.startswith('seePlate tractor {"plate":"苏H90001","colour":"blue"} typed')


def test_a_key_that_moves_away_under_the_finger_is_pressed_all_the_same(page: Page) -> None:
    show(page, "plate", language="en")
    page.locator(".letter-pad").get_by_role("button", name="苏", exact=True).hover()

    page.mouse.down()
    # As a notice does that comes in the very moment: everything under it moves down.
    page.locator("main").evaluate("(main) => { main.style.marginTop = '90px' }")
    page.mouse.up()

    expect(page.locator("#plate")).to_have_value("苏")


def test_the_loading_record_is_pressed_on_the_pad(page: Page) -> None:
    show(page, "loading", language="en")
    page.get_by_role("button", name="Submit for release").click()
    expect(page.get_by_role("alert")).to_contain_text("Each line needs its loaded mass")

    for number, mass in (("1", "18500"), ("2", "9980.5")):
        page.locator(f"[name='{number}.quantityKg']").focus()
        for key in mass:
            page.locator(".number-pad").get_by_role("button", name=_named(key), exact=True).click()
    page.locator("[name='seal.0']").focus()
    for key in "D-1":
        page.locator(".letter-pad").get_by_role("button", name=key, exact=True).click()
    for yes in page.locator(".yes-no .yes").all():
        yes.click()
    page.get_by_role("button", name="Submit for release").click()

    asked = page.evaluate("() => fixture.asked").pop()
    record = json.loads(asked.removeprefix("enterLoading "))
    assert [line["quantityKg"] for line in record["lines"]] == ["18500", "9980.5"]
    assert record["seals"] == ["D-1"]


def _named(key: str) -> str:
    return "Decimal point" if key == "." else key


def test_what_is_kept_says_its_age_where_there_is_no_network(page: Page) -> None:
    show(page, "arrivals_offline", language="en")

    banner = page.locator(".banner.offline")
    expect(banner).to_contain_text(re.compile(r"last contact 42 min ago.*arrivals 4 min ago"))
    expect(banner).to_contain_text("revocations 4 min ago")
    expect(page.locator(".connection")).to_contain_text("Unsent 6")


def test_who_asks_for_less_motion_gets_none(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    show(page, "scan_passed")

    moving = page.evaluate(
        "() => [...document.querySelectorAll('*')].filter(e => {"
        " const s = getComputedStyle(e);"
        " return s.animationName !== 'none' || parseFloat(s.transitionDuration) > 0 }).length"
    )
    assert moving == 0


def test_the_page_of_all_states_is_no_part_of_the_product(repository: Path) -> None:
    build = repository / "api" / "static" / "tablet"
    if not (build / "index.html").exists():
        pytest.skip("the tablet is not built: `make tablet`")

    assert not (build / "ui.html").exists()
    assert all("fixture" not in script.read_text() for script in build.rglob("*.js"))
