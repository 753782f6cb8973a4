"""The tablet's browser is killed in the middle of a check and started again where it was."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, Playwright, sync_playwright

from tests.harness import typing_scanner
from tests.harness.chromium import chromium_path, launch_arguments
from tests.harness.databases import Databases
from tests.harness.demo_site import register_site
from tests.harness.stories import Trip
from tests.harness.tablet_hands import TabletHands
from tests.harness.tablet_site import TabletSite, cards_of, tablet_site
from waybill.clock import FixedClock

pytestmark = pytest.mark.browser

LONGEST_S = 0.25
"""A scan, its answer and what is written of them take less; a kill meets any of them."""
STEPS = ("车辆", "挂车", "罐体")
"""Those of people want more than a code."""


@pytest.fixture
def site(
    repository: Path, databases: Databases, tmp_path: Path, clock: FixedClock
) -> Iterator[TabletSite]:
    if not (repository / "api" / "static" / "tablet" / "index.html").exists():
        pytest.skip("the tablet is not built: `make tablet`")
    registered = register_site(databases, "sqlite", tmp_path)
    with tablet_site(databases, registered, clock) as served:
        yield served
    databases.drop(registered.url)


@contextmanager
def started(playwright: Playwright, site: TabletSite, profile: Path) -> Iterator[Page]:
    """Start a Chromium on a profile; whoever killed it has nothing left to close."""
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=chromium_path(),
        args=launch_arguments(),
        viewport={"width": 1280, "height": 800},
        locale="zh-CN",
    )
    site.set_clock(context)
    yield context.new_page()
    with suppress(PlaywrightError):
        context.close()


def kill(profile: Path) -> None:
    """Kill the Chromium that has a profile, as when the battery is taken out."""
    mark = f"--user-data-dir={profile}".encode()
    for found in Path("/proc").glob("[0-9]*/cmdline"):
        words = found.read_bytes().split(b"\0")
        if mark in words and not any(word.startswith(b"--type=") for word in words):
            os.kill(int(found.parent.name), signal.SIGKILL)


def scans_of(site: TabletSite, trip: Trip) -> int:
    """Count the codes that stand in the log of a trip."""
    return sum(each.kind == "code-scanned" for each in site.done_at_tablets(trip))


def test_a_browser_that_is_killed_after_every_code_loses_and_doubles_nothing(
    site: TabletSite, tmp_path: Path
) -> None:
    chance = random.Random(7)  # noqa: S311  no secret
    trip = site.town.issue("petrol")
    trip.report_position()
    profile = tmp_path / "profile"
    with sync_playwright() as playwright:
        with started(playwright, site, profile) as page:
            hands = TabletHands(site=site, page=page)
            hands.enrol()
            hands.sign_on()
            hands.open(trip)
        vehicle, trailer, *_, tank = cards_of(trip)
        for number, (step, card) in enumerate(zip(STEPS, (vehicle, trailer, tank), strict=True), 1):
            with started(playwright, site, profile) as page:
                site.go(page)
                TabletHands(site=site, page=page).resume()
                typing_scanner.scan(page, card)
                time.sleep(chance.uniform(0, LONGEST_S))
                kill(profile)
            with started(playwright, site, profile) as page:
                site.go(page)
                hands = TabletHands(site=site, page=page)
                hands.resume()
                hands.expect_all_sent()
                # Killed before anything was written down, it was never said to be there.
                if scans_of(site, trip) < number:
                    hands.show(card)
                hands.expect_met(step)
                hands.expect_all_sent()
                assert scans_of(site, trip) == number

    kinds = Counter(each.kind for each in site.done_at_tablets(trip))
    assert kinds == {"check-opened": 1, "code-scanned": len(STEPS)}
