"""The statistics and patterns as pages: each figure leads to its rows, nobody by name."""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from api.runtime import EXTENSION, Runtime
from tests.harness.databases import Databases
from tests.harness.demo_site import REGISTERED_AT, DemoSite
from tests.harness.page_user import PageTown, PageUser, page_town
from tests.harness.sequenced import counted_up
from waybill.clock import FixedClock
from waybill.services.patterns.finding import look_for_patterns
from waybill.storage.session import write_session

LINK = re.compile(r'<a href="([^"]+)" aria-label="([^"]+) ([0-9]+)">')


@pytest.fixture(scope="module")
def played(databases: Databases, site: DemoSite) -> Iterator[str]:
    """The site after three checks that were refused and one that could not be proven."""
    url, clock = databases.copy(site.url), FixedClock(REGISTERED_AT)
    with page_town(site, url, clock) as made:
        for case in ("methanol-trap", "methanol-trap", "methanol-trap", "petrol"):
            made.town.open_check(made.town.issue(case).qr_text).decide()
        runtime: Runtime = made.app.extensions[EXTENSION]
        with write_session(runtime.sessions) as session:
            counted_up(session)
            look_for_patterns(session, clock=clock)
    yield url
    databases.drop(url)


@pytest.fixture
def pages(
    databases: Databases, site: DemoSite, played: str, clock: FixedClock
) -> Iterator[PageTown]:
    """The installation over a copy of that."""
    url = databases.copy(played)
    with page_town(site, url, clock) as made:
        yield made
    databases.drop(url)


@pytest.fixture
def auditor(pages: PageTown) -> PageUser:
    """An auditor who has just signed in."""
    return pages.user("auditor")


def figures(html: str, plot: str) -> dict[str, tuple[int, str]]:
    """Return the figures of a plot with their addresses, by their words."""
    section = html.split(f'id="{plot}"')[1].split("<details>", maxsplit=1)[0]
    return {said: (int(many), unescape(href)) for href, said, many in LINK.findall(section)}


def test_a_page_shows_every_plot_with_a_table(auditor: PageUser) -> None:
    auditor.open("/statistics")

    shown = re.findall(r'<section class="plotted" id="([a-z]+)"', auditor.html)
    assert shown == [
        *("checks", "rules", "carriers", "plants", "hours", "times", "late", "offline"),
        "expiring",
    ]
    assert figures(auditor.html, "checks")["2026-11-22 不准装"][0] == 4
    assert len(figures(auditor.html, "rules")) == 12
    assert auditor.html.count("<table") >= 6


@pytest.mark.parametrize(
    ("plot", "said"),
    [
        ("hours", "14:00"),
        ("offline", "在线"),
    ],
)
def test_a_figure_leads_to_exactly_its_rows(auditor: PageUser, plot: str, said: str) -> None:
    auditor.open("/statistics")
    many, address = figures(auditor.html, plot)[said]

    auditor.open(address)

    assert f'id="total">{many}</strong>' in auditor.html
    assert auditor.html.count('href="/events/0') == many


def test_what_the_search_can_ask_is_asked_there(auditor: PageUser) -> None:
    auditor.open("/statistics")
    words, (many, address) = next(iter(figures(auditor.html, "rules").items()))

    assert (many, address.partition("?")[0]) == (4, "/events")
    assert "kind=check-decided" in address
    assert "outcome=refused" in address
    assert f"rule={words.split()[0]}" in address
    assert "from=2026-10-24+00:00" in address
    assert "to=2026-11-23+00:00" in address


def test_a_place_and_a_carrier_narrow_every_plot(auditor: PageUser, pages: PageTown) -> None:
    other = pages.town.register.organisations["henglv"]

    auditor.open(f"/statistics?organisation={other}")

    assert figures(auditor.html, "checks") == {}
    assert "该时段没有记录" in auditor.text


def test_a_period_that_ends_before_it_begins_is_refused_with_words(auditor: PageUser) -> None:
    auditor.open("/statistics?from=2026-11-22&to=2026-11-01")

    assert "结束日期不得早于开始日期" in auditor.text


def test_papers_behind_a_bar_are_listed(auditor: PageUser) -> None:
    auditor.open("/statistics")
    words, (many, address) = next(iter(figures(auditor.html, "expiring").items()))

    auditor.open(address)

    assert f'id="total">{many}</strong>' in auditor.html
    assert words.split(" ")[0] in auditor.text
    assert auditor.open("/statistics/expiring/none/0").status == 404
    assert auditor.open("/statistics/expiring/driving_licence/9").status == 404


def test_a_pattern_is_told_with_its_threshold_and_every_event(auditor: PageUser) -> None:
    auditor.open("/patterns?code=PAT-05.repeat")
    assert "本系统自定，非法定" in auditor.text
    assert "2026-11 有 3 张运单因 TNK-02.approved 不准装。" in auditor.text
    address = re.findall(r'href="(/patterns/[0-9a-f-]{36})"', auditor.html)[0]

    auditor.open(address)

    assert auditor.html.count('class="mono" href="/events/') == 3


def test_a_finding_becomes_a_case_that_names_its_pattern_and_events(auditor: PageUser) -> None:
    auditor.open("/patterns?code=PAT-05.repeat")
    found = re.findall(r'href="(/patterns/[0-9a-f-]+)"', auditor.html)[0]
    auditor.open(found)
    events = set(re.findall(r'href="/events/([0-9a-f-]{36})"', auditor.html))
    (address,) = re.findall(r'href="(/cases/new\?[^"]+)"', auditor.html)
    told = parse_qs(urlsplit(unescape(address)).query)

    auditor.open(unescape(address))
    assert all(f'value="{event}"' in auditor.html for event in events)
    sent: dict[str, str | list[str]] = {"matter": "loading", "text": "多次不准装", **told}
    auditor.send("/cases", sent)

    assert auditor.status == 200
    assert "PAT-05.repeat" in auditor.html
    assert events <= set(re.findall(r"/events/([0-9a-f-]{36})", auditor.html))


def test_pages_read_in_english_too(pages: PageTown, auditor: PageUser) -> None:
    reader = pages.user("senior-auditor", english=True)

    assert "Checks by outcome" in reader.open("/statistics").text
    assert "Repeat offender" in reader.open("/patterns").text
    assert auditor.status == 200


def test_looking_at_rows_is_an_entry_of_the_log(auditor: PageUser) -> None:
    searched = "/events?kind=events-searched"
    before = auditor.open(searched).html.count('href="/events/0')

    auditor.open("/statistics/rows?act=check")

    # The first search itself, and the look at the rows.
    assert auditor.open(searched).html.count('href="/events/0') == before + 2
