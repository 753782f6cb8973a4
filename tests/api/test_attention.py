"""Waybills whose review has changed since issue: in the list, on their page, at the start."""

from collections.abc import Iterator
from http import HTTPStatus

import pytest

from tests.harness.databases import Databases
from tests.harness.demo_site import DemoSite, register_site
from tests.harness.page_user import PageTown, page_town
from tests.harness.stories import Trip
from waybill.clock import FixedClock


@pytest.fixture(scope="module")
def site(
    databases: Databases, dialect: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DemoSite]:
    """The demonstration's plant and carriers, without a waybill."""
    made = register_site(databases, dialect, tmp_path_factory.mktemp("keys"))
    yield made
    databases.drop(made.url)


@pytest.fixture
def pages(databases: Databases, site: DemoSite, clock: FixedClock) -> Iterator[PageTown]:
    """The installation over a copy of the site."""
    url = databases.copy(site.url)
    with page_town(site, url, clock) as made:
        yield made
    databases.drop(url)


def bar_the_driver(pages: PageTown, trip: Trip) -> None:
    """Put the driver of a trip on the black list."""
    proposal = {
        "kind": "black-listing",
        "subject_kind": "person",
        "subject_id": str(pages.town.register.people[trip.case.driver]),
        "decision_number": "淮交罚 2026-118",
        "reason": "伪造运单",
        "legal_basis": "《道路危险货物运输管理规定》",
        "valid_from": "2026-11-01",
    }
    made = pages.town.account("auditor").post("/measures", proposal)["measure"]
    approval = f"/measures/{made['id']}/approval"
    pages.town.account("senior-auditor").post(approval, {"reason": "属实"}, version=made["version"])


def listed(pages: PageTown, **query: str) -> list[tuple[str, bool]]:
    """Return the waybills of the carrier's list, and whether each needs attention."""
    items = pages.town.carrier("anda").get("/waybills", **query)["items"]
    return [(item["id"], item["attention_since"] is not None) for item in items]


def test_a_list_tells_and_narrows_to_what_needs_attention(pages: PageTown) -> None:
    barred, untouched = pages.town.issue("petrol"), pages.town.issue("methanol")
    assert listed(pages, attention="true") == []

    bar_the_driver(pages, barred)

    both = {untouched.id: False, barred.id: True}
    if untouched.case.driver == barred.case.driver:
        both[untouched.id] = True
    assert dict(listed(pages)) == both
    assert dict(listed(pages, attention="true")) == {i: True for i, a in both.items() if a}


def test_a_flag_is_true_or_false(pages: PageTown) -> None:
    client = pages.town.carrier("anda")

    refused = client.send(
        "GET", "/waybills", query={"attention": "1"}, expect=HTTPStatus.UNPROCESSABLE_ENTITY
    )

    assert refused["errors"][0]["pointer"] == "/attention"


def test_the_carrier_sees_what_has_changed_and_since_when(pages: PageTown) -> None:
    trip = pages.town.issue("petrol")
    carrier = pages.user("carrier")
    assert "预审有变化" not in carrier.open(f"/waybills/{trip.id}").text

    bar_the_driver(pages, trip)

    shown = carrier.open(f"/waybills/{trip.id}").text
    assert "装货前复审" in shown
    assert "预审有变化 自 2026-11-22 14:05 起" in shown
    assert "黑名单" in shown.partition("签发后新出现的问题：")[2].partition("签名内容")[0]
    assert "预审有变化的运单" in carrier.open("/").text
    assert "预审有变化" in carrier.open("/waybills?attention=1").text


def test_the_bay_reads_the_newest_review(pages: PageTown) -> None:
    trip = pages.town.issue("petrol")
    bay = str(pages.town.register.bays[0])
    loader = pages.user("loader")
    loader.open("/bay/choose")
    loader.send("/bay/choose", {"bay": bay})
    before = loader.open("/bay").text

    bar_the_driver(pages, trip)

    after = loader.open("/bay").text
    assert ("预审通过" in before, "预审有问题" in after) == (True, True)


def test_the_time_line_tells_of_the_review_in_words(pages: PageTown) -> None:
    trip = pages.town.issue("petrol")
    bar_the_driver(pages, trip)

    shown = pages.user("carrier", english=True).open(f"/waybills/{trip.id}").text

    assert "waybill judged again ahead of loading" in shown
    assert "The day before" in shown
