"""The public pages on a port of this machine, and a phone's browser before them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from api import create_app
from tests.harness.chromium import chromium_path, launch_arguments
from waybill.clock import Clock
from waybill.codec import JsonValue, canonical_json
from waybill.settings import Settings

KEYS_ADDRESS = "**/.well-known/jwks.json"


@contextmanager
def public_site(folder: Path, clock: Clock) -> Iterator[str]:
    """Serve the application and give its address; the public pages need no migrated database."""
    app = create_app(site_settings(f"sqlite:///{folder / 'empty.sqlite3'}", folder), clock=clock)
    with serving(app) as address:
        yield address


def site_settings(database_url: str, key_dir: Path) -> Settings:
    """Return settings with keys that guard nothing."""
    return Settings(
        database_url=database_url,
        secret_key="only-for-tests-only-for-tests-only",
        pii_key=bytes(32),
        pii_index_key=bytes(32),
        key_dir=key_dir,
    )


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an application on a free port and give its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=launch_arguments()
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def phone(browser: Browser, *, locale: str = "zh-CN") -> Iterator[BrowserContext]:
    """Give a phone of its own, without anybody's cookies."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale=locale, timezone_id="Europe/London"
    )
    try:
        yield context
    finally:
        context.close()


def trust(page: Page, keys: JsonValue) -> None:
    """Let a page find these keys as the installation's."""
    body = canonical_json(keys).decode()
    page.route(
        KEYS_ADDRESS, lambda route: route.fulfill(body=body, content_type="application/json")
    )


def without_keys(page: Page) -> None:
    """Let a page's request for keys fail, as in a dead zone."""
    page.route(KEYS_ADDRESS, lambda route: route.abort())


def requested_by(page: Page) -> Sequence[str]:
    """Return a list that grows with the address of each request a page makes."""
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    return requested
