"""The office's pages in a real browser: looking goods up, a draft that keeps itself, contrast."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.harness.databases import Databases
from tests.harness.demo_site import PASSWORD, DemoSite, register_site
from tests.harness.page_user import PageTown, page_town
from tests.harness.public_site import chromium, serving
from waybill.clock import FixedClock

pytestmark = pytest.mark.browser

# Relative luminance and contrast as WCAG 2.1 defines them, over the nearest opaque ground.
LOW_CONTRAST = """(least) => {
  const parse = c => (c.match(/[0-9.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = e => {
    for (; e; e = e.parentElement) {
      const style = getComputedStyle(e);
      if (style.backgroundImage !== 'none') return null;
      const c = parse(style.backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const found = [];
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!own || !e.offsetParent || e.closest('.unseen')) continue;
    const behind = ground(e);
    if (!behind) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < least) found.push(`${ratio.toFixed(2)} ${e.outerHTML.slice(0, 80)}`);
  }
  return found;
}"""


@pytest.fixture(scope="module")
def site(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    """The demonstration's plant and carriers; what a browser shows needs one dialect only."""
    made = register_site(databases, "sqlite", tmp_path_factory.mktemp("keys"))
    yield made
    databases.drop(made.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The installation, served, and a browser on a desk."""

    pages: PageTown
    address: str
    page: Page

    def sign_in(self, username: str) -> None:
        """Sign in through the page."""
        self.page.context.clear_cookies()
        self.page.goto(f"{self.address}/sign-in")
        self.page.locator("#username").fill(username)
        self.page.locator("#password").fill(PASSWORD)
        self.page.locator("#password").press("Enter")
        self.page.wait_for_url(lambda url: "sign-in" not in url)

    def open(self, path: str) -> None:
        """Go to a page."""
        self.page.goto(f"{self.address}{path}")


@pytest.fixture
def office(databases: Databases, site: DemoSite, clock: FixedClock) -> Iterator[Office]:
    """A browser on a desk, where nobody has signed in."""
    url = databases.copy(site.url)
    with page_town(site, url, clock) as pages, serving(pages.app) as address, chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
        context.set_default_timeout(30_000)
        yield Office(pages=pages, address=address, page=context.new_page())
    databases.drop(url)


def test_goods_are_found_while_typing_and_a_draft_keeps_itself(office: Office) -> None:
    page = office.page
    office.sign_in("carrier")
    office.open("/waybills/new")

    page.locator("#q").press_sequentially("1203")
    page.locator("#results button").first.click()
    page.wait_for_url("**/edit?**")
    expect(page.locator(".locked")).to_contain_text("LGBF")
    page.locator("#goods-0-quantity_kg").fill("28,500")
    expect(page.locator("#kept")).to_have_text("已自动保存")
    expect(page.locator("#summary")).to_contain_text("28,500 kg")
    page.reload()

    expect(page.locator("#goods-0-quantity_kg")).to_have_value("28500")
    expect(page.locator(".goods-line")).to_have_count(1)


def test_a_button_pressed_while_the_draft_is_being_kept_loses_nothing(office: Office) -> None:
    page = office.page
    office.sign_in("carrier")
    office.open("/waybills/new")
    page.locator("#remarks").fill("甲")
    page.locator("button[value=save]").click()
    page.wait_for_url("**/edit?**")

    page.locator("#remarks").fill("乙")
    page.wait_for_timeout(850)
    page.locator("#remarks").fill("丙")
    page.locator("button[value=save]").click()

    expect(page.locator(".said")).to_contain_text("已保存")
    expect(page.locator("#remarks")).to_have_value("丙")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_can_be_read(office: Office, scheme: str) -> None:
    trip = office.pages.town.issue("methanol-trap")
    draft = office.pages.town.draft("petrol")
    office.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    low = {}

    office.sign_in("carrier")
    for path in (
        "/",
        "/registry/vehicles",
        "/registry/people",
        "/waybills/new",
        f"/waybills/{draft.id}/edit?picked=1203&permits=1",
        f"/waybills/{trip.id}",
    ):
        office.open(path)
        low[path] = office.page.evaluate(LOW_CONTRAST, 4.5)
    office.sign_in("auditor")
    low["/events"] = office.page.evaluate(LOW_CONTRAST, 4.5)
    office.sign_in("loader")
    low["/bay/choose"] = office.page.evaluate(LOW_CONTRAST, 7)
    with office.page.expect_navigation():
        office.page.locator(".tiles button").first.click()
    low["/bay"] = office.page.evaluate(LOW_CONTRAST, 7)
    office.page.locator("#text").fill(trip.qr_text)
    with office.page.expect_navigation():
        office.page.locator("#text").press("Enter")
    low["check"] = office.page.evaluate(LOW_CONTRAST, 7)

    assert {path: found for path, found in low.items() if found} == {}


def test_the_keyboard_reaches_the_work_at_once_and_shows_where_it_is(office: Office) -> None:
    page = office.page
    office.sign_in("carrier")
    office.open("/registry/vehicles")

    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**#main")
    page.keyboard.press("Tab")

    focused = page.locator(":focus")
    expect(focused).to_have_text("登记车辆")
    assert focused.evaluate("e => parseFloat(getComputedStyle(e).outlineWidth)") >= 2


def test_a_tank_line_of_petrol_is_declared_with_density_and_temperature(office: Office) -> None:
    page = office.page
    office.sign_in("carrier")
    office.open("/waybills/new")
    page.locator("#q").press_sequentially("1203")
    page.locator("#results button").first.click()
    page.wait_for_url("**/edit?**")
    in_tank, in_packages = page.locator("[data-modes=tank]"), page.locator("[data-modes=packages]")
    expect(in_tank).to_have_attribute("open", "")
    expect(in_packages).not_to_have_attribute("open", "")

    page.locator("#goods-0-quantity_kg").fill("28,500")
    page.locator("#goods-0-density_kg_l").fill("0.745")
    page.locator("#goods-0-density_50_kg_l").fill("0.71")
    page.locator("#goods-0-filling_temperature_c").fill("-5.5")
    page.locator("#tank_id").select_option(index=1)

    expect(page.locator("#summary")).to_contain_text("0.745 kg/L · -5.5 °C")
    asked = page.locator("#last_cargoes-0-entry_key")
    asked.select_option("nothing")
    expect(page.locator("#kept")).to_have_text("已自动保存")
    page.locator("button[value=save]").click()
    page.wait_for_url("**/edit?done=saved**")
    expect(page.locator("#goods-0-physical_state")).to_have_value("liquid")
    expect(page.locator("#goods-0-density_kg_l")).to_have_value("0.745")
    expect(page.locator("#goods-0-density_50_kg_l")).to_have_value("0.71")
    expect(page.locator("#goods-0-filling_temperature_c")).to_have_value("-5.5")
    expect(asked).to_have_value("nothing")


def test_a_line_folds_what_its_mode_and_regime_do_not_ask(office: Office) -> None:
    page = office.page
    office.sign_in("carrier")
    office.open("/waybills/new")
    page.locator("#q").press_sequentially("1203")
    page.locator("#results button").first.click()
    page.wait_for_url("**/edit?**")
    in_tank, in_packages = page.locator("[data-modes=tank]"), page.locator("[data-modes=packages]")
    small = page.locator("[data-regimes]")

    page.locator("#goods-0-mode").select_option("packages")
    expect(in_tank).not_to_have_attribute("open", "")
    expect(in_packages).to_have_attribute("open", "")
    page.locator("#goods-0-regime").select_option("limited_quantity")
    expect(small).to_have_attribute("open", "")

    page.locator("#goods-0-inner_l").fill("1")
    page.locator("#goods-0-regime").select_option("ordinary")
    expect(small).to_have_attribute("open", "")
    page.locator("#goods-0-mode").select_option("tank")
    expect(in_tank).to_have_attribute("open", "")
    expect(in_packages).to_have_attribute("open", "")
