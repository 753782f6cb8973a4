"""What six codes and the verdict cost at a bay tablet: `make tablet-speed`.

A real Chromium works against the product as gunicorn serves it. A script in the page gives each
code to the scanner's listener when the former's answer is painted, and presses for the verdict, so
that neither a person's hands nor the driver of the browser are in the figure: from the first key of
the waybill's code to the painted verdict, without what is pressed in between (people, plates,
questions, photos). Printed are medians over the rounds: the whole, and of it the server's own time,
the way there and back, and the tablet's; of the tablet's how much it waits for its disk.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click
from playwright.sync_api import Page

from api import create_app
from api.demo.registry import Registrar
from tests.benchmarks.product_load import environment
from tests.benchmarks.throughput import wait_for_port
from tests.harness.databases import Databases
from tests.harness.demo_site import PASSWORD, DemoSite, demo_settings
from tests.harness.page_user import PageTown
from tests.harness.postgres import start_postgres
from tests.harness.public_site import chromium
from tests.harness.stories import Town
from tests.harness.tablet_hands import TabletHands
from tests.harness.tablet_pace import Stretch, decide, show_all, watch
from tests.harness.tablet_site import RunningClock, TabletSite, badges_of, cards_of
from waybill.clock import SystemClock
from waybill.services.keys import add_signing_key
from waybill.storage.personal import PersonalVault
from waybill.storage.session import session_factory, write_session

PORT: Final = 28_471
PROGRAMS: Final = Path(sys.executable).parent
NAMES: Final = ("waybill", "vehicle", "trailer", "driver", "escort", "tank", "verdict")


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One check: six codes, and the verdict."""

    codes: Stretch
    verdict: Stretch

    @property
    def steps_ms(self) -> tuple[float, ...]:
        """What each code took, and the verdict."""
        return (*self.codes.steps_ms, *self.verdict.steps_ms)

    @property
    def shares_ms(self) -> tuple[float, float, float, float]:
        """The whole; of it the server, the way there and back, and writes that were waited for."""
        both = (self.codes, self.verdict)
        asked = [request for each in both for request in each.requests if request.server_ms]
        server = sum(request.server_ms or 0 for request in asked)
        way = sum(request.took_ms for request in asked) - server
        return sum(self.steps_ms), server, way, sum(sum(each.writes_ms) for each in both)


@click.command()
@click.option("--rounds", default=20, help="How many checks are measured, after one to warm up.")
@click.option("--database", default="sqlite", type=click.Choice(["sqlite", "postgresql"]))
@click.option("--requests", "each_request", is_flag=True, help="Print what each request took.")
def main(rounds: int, database: str, *, each_request: bool) -> None:
    """Measure and print."""
    with (
        tempfile.TemporaryDirectory() as name,
        _served(database, Path(name)) as site,
        chromium() as browser,
    ):
        context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
        watch(context)
        hands = TabletHands(site=site, page=context.new_page())
        hands.enrol()
        hands.sign_on()
        load = os.getloadavg()[0]
        done = [_check(hands) for _ in range(rounds + 1)][1:]
        _print(done, f"{database}, load {load:.1f} to {os.getloadavg()[0]:.1f}")
        if each_request:
            _print_requests(done[-1])


def _check(hands: TabletHands) -> Round:
    trip = hands.site.town.issue("petrol")
    trip.report_position()
    hands.press("扫描运单")
    codes = show_all(hands.page, [trip.qr_text, *cards_of(trip)])
    hands.see_people()
    hands.see_plates(trip)
    hands.answer_everything()
    verdict = decide(hands.page)
    hands.expect_word("准装")
    _next_vehicle(hands.page)
    return Round(codes=codes, verdict=verdict)


def _next_vehicle(page: Page) -> None:
    page.get_by_role("button", name="填写装货记录").click()
    page.locator(".to-arrivals").click()


def _print(done: list[Round], about: str) -> None:
    shares = [each.shares_ms for each in done]
    totals = sorted(each[0] for each in shares)
    whole, server, way, writes = (statistics.median(each) for each in zip(*shares, strict=True))
    requests = statistics.median(len(e.codes.requests) + len(e.verdict.requests) for e in done)
    click.echo(f"{len(done)} checks, {about}")
    click.echo(f"six codes and the verdict {whole:8.0f} ms, {totals[0]:.0f} to {totals[-1]:.0f}")
    click.echo(f"  the server              {server:8.0f} ms, {requests:.0f} requests")
    click.echo(f"  the way there and back  {way:8.0f} ms")
    click.echo(f"  the tablet              {whole - server - way:8.0f} ms")
    click.echo(f"  its writes              {writes:8.0f} ms")
    for name, times in zip(NAMES, zip(*(e.steps_ms for e in done), strict=True), strict=True):
        click.echo(f"  {name:24}{statistics.median(times):8.0f} ms")


def _print_requests(done: Round) -> None:
    for stretch in (done.codes, done.verdict):
        for each in stretch.requests:
            click.echo(
                f"{each.began_ms:8.0f} {each.took_ms:8.1f} {each.server_ms or 0:8.1f} {each.path}"
            )


@contextmanager
def _served(dialect: str, folder: Path) -> Iterator[TabletSite]:
    server = start_postgres() if dialect == "postgresql" else None
    databases = Databases(server_url=server.url if server else "", folder=folder, run="pace")
    url, clock = databases.fresh(dialect), RunningClock(SystemClock())
    site = _registered(databases, url, folder, clock)
    settings = site.settings(url)
    app = create_app(settings, clock=clock)
    pages = PageTown(
        app=app, town=Town(client=app.test_client(), register=site.register, clock=clock)
    )
    command = [str(PROGRAMS / "gunicorn"), "--config", "deploy/gunicorn.conf.py"]
    environ = environment(url, settings) | {"PORT": str(PORT), "WAYBILL_WORKERS": "2"}
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "tests.benchmarks.timed_server:application"],
            env=environ,
            stdout=log,
            stderr=log,
        )
    try:
        wait_for_port(PORT)
        address = f"http://127.0.0.1:{PORT}"
        yield TabletSite(pages=pages, address=address, clock=clock, badges=badges_of(pages))
    finally:
        process.terminate()
        process.wait()
        if server:
            server.stop()


def _registered(databases: Databases, url: str, folder: Path, clock: RunningClock) -> DemoSite:
    settings = demo_settings(url, folder)
    engine = databases.engine(url)
    vault = PersonalVault(settings.pii_key, settings.pii_index_key)
    with write_session(session_factory(engine)) as session:
        register = Registrar(session, vault, clock, PASSWORD).write()
        add_signing_key(session, None, folder, issuer=settings.issuer, clock=clock)
    engine.dispose()
    return DemoSite(url=url, key_dir=folder, register=register)


if __name__ == "__main__":
    main()
