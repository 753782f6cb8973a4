"""The bay tablet as installed: it starts without network, and updates when it is told to."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from api import create_app
from tests.harness.public_site import chromium, serving, site_settings
from waybill.clock import SystemClock

pytestmark = pytest.mark.browser

LONGEST_START_S = 2.0
INSTALLED = """async () => {
  await navigator.serviceWorker.register('/tablet/worker.js', { updateViaCache: 'none' })
  await navigator.serviceWorker.ready
  while (!navigator.serviceWorker.controller) await new Promise((go) => setTimeout(go, 20))
}"""
LOOK_FOR_NEXT = """async () => {
  const found = await navigator.serviceWorker.getRegistration('/tablet/')
  await found.update()
  while (!found.waiting) await new Promise((go) => setTimeout(go, 20))
}"""
TAKE = """async () => {
  const found = await navigator.serviceWorker.getRegistration('/tablet/')
  const { serviceWorker } = navigator
  const taken = new Promise((go) => serviceWorker.addEventListener('controllerchange', go))
  found.waiting.postMessage('take')
  await taken
  while ((await caches.keys()).length > 1) await new Promise((go) => setTimeout(go, 20))
}"""
CACHES = "async () => (await caches.keys()).filter((name) => name.startsWith('waybill-tablet-'))"


@pytest.fixture
def built(repository: Path, tmp_path: Path) -> Path:
    """A copy of the build, in a folder of static files, that a test may change."""
    folder = repository / "api" / "static" / "tablet"
    if not (folder / "index.html").exists():
        pytest.skip("the tablet is not built: `make tablet`")
    return Path(shutil.copytree(folder, tmp_path / "static" / "tablet"))


@pytest.fixture
def site(built: Path, tmp_path: Path) -> Flask:
    """The application, serving that copy."""
    app = create_app(
        site_settings(f"sqlite:///{tmp_path / 'empty.sqlite3'}", tmp_path), clock=SystemClock()
    )
    app.static_folder = str(built.parent)
    return app


@pytest.fixture
def tablet(site: Flask) -> Iterator[tuple[BrowserContext, Page]]:
    """A tablet on which the application is installed."""
    with serving(site) as address, chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.goto(f"{address}/tablet/")
        page.evaluate(INSTALLED)
        yield context, page
        context.close()


def test_it_starts_without_network_in_under_two_seconds(
    tablet: tuple[BrowserContext, Page],
) -> None:
    context, page = tablet
    context.set_offline(offline=True)

    began = time.monotonic()
    page.reload()
    expect(page.locator("#app > *").first).to_be_visible()
    took_s = time.monotonic() - began

    assert took_s < LONGEST_START_S


def test_a_new_version_waits_until_it_is_told_to_take_over(
    tablet: tuple[BrowserContext, Page], built: Path
) -> None:
    _, page = tablet
    [old] = page.evaluate(CACHES)
    worker = built / "worker.js"
    version = old.removeprefix("waybill-tablet-")
    worker.write_text(worker.read_text().replace(version, "next"))

    page.evaluate(LOOK_FOR_NEXT)
    waiting = set(page.evaluate(CACHES))
    page.evaluate(TAKE)

    assert waiting == {old, "waybill-tablet-next"}
    assert page.evaluate(CACHES) == ["waybill-tablet-next"]


def test_the_browser_finds_nothing_against_installing_it(
    tablet: tuple[BrowserContext, Page],
) -> None:
    context, page = tablet
    client = context.new_cdp_session(page)

    manifest = client.send("Page.getAppManifest")
    against = client.send("Page.getInstallabilityErrors")["installabilityErrors"]

    assert manifest["errors"] == []
    # A context of a test is a private window, where nothing can be installed.
    assert [found["errorId"] for found in against if found["errorId"] != "in-incognito"] == []
