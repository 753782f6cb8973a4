"""The plant's own items on pages: added, changed by those who may, refused in words."""

from collections.abc import Iterator

import pytest

from tests.harness.databases import Databases
from tests.harness.demo_site import DemoSite, register_site
from tests.harness.page_user import PageTown, PageUser, page_town
from waybill.clock import FixedClock
from waybill.codec import new_id

ARM = {
    "question_zh": "鹤位编号与派车单一致？",
    "question_en": "Is the loading arm that of the order?",
    "phase": "after",
    "asked_of": "supervisor",
    "photo": "1",
}


@pytest.fixture(scope="module")
def site(databases: Databases, dialect: str, tmp_path_factory: pytest.TempPathFactory) -> DemoSite:
    """The demonstration's register, once."""
    return register_site(databases, dialect, tmp_path_factory.mktemp("keys"))


@pytest.fixture
def pages(databases: Databases, site: DemoSite, clock: FixedClock) -> Iterator[PageTown]:
    """The installation over a copy of the site."""
    with page_town(site, databases.copy(site.url), clock) as made:
        yield made


def changing(pages: PageTown, *, english: bool = False) -> PageUser:
    """Return a supervisor who asks something and goes on to change it."""
    supervisor = pages.user("supervisor", english=english).open("/plant-items")
    facility = str(pages.town.register.facility)
    supervisor.send("/plant-items", {**ARM, "facility": facility})
    return supervisor.open(supervisor.link("/edit"))


def test_the_form_shows_the_item_as_it_stands(pages: PageTown) -> None:
    supervisor = changing(pages)

    assert (supervisor.status, supervisor.version) == (200, "1")
    assert f'value="{ARM["question_zh"]}"' in supervisor.html
    assert f'value="{ARM["question_en"]}"' in supervisor.html
    assert '<option value="after" selected>' in supervisor.html
    assert '<option value="supervisor" selected>' in supervisor.html
    assert 'name="photo" value="1" checked' in supervisor.html
    assert 'name="stops" value="1">' in supervisor.html


def test_a_change_is_kept_and_shown_in_the_list(pages: PageTown) -> None:
    supervisor = changing(pages)

    supervisor.send(supervisor.address, {**ARM, "question_zh": "鹤位对吗？", "version": "1"})

    assert (supervisor.address, supervisor.status) == ("/plant-items", 200)
    assert "已保存" in supervisor.text
    assert ("鹤位对吗？" in supervisor.text, ARM["question_zh"] in supervisor.text) == (True, False)


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        pytest.param({"question_en": " "}, 422, "提问（英文）：请填写", id="nothing asked"),
        pytest.param({"asked_of": "driver"}, 422, "由谁回答：", id="nobody asked"),
        pytest.param({"version": "7"}, 412, "当前版本为 1，您看到的是 7。", id="changed since"),
    ],
)
def test_what_cannot_be_kept_comes_back_with_what_was_written(
    pages: PageTown, changes: dict[str, str], status: int, said: str
) -> None:
    supervisor = changing(pages)
    written = {**ARM, "question_zh": "鹤位对吗？", "version": "1", **changes}

    supervisor.send(supervisor.address, written)

    assert (supervisor.status, said in supervisor.text) == (status, True)
    assert 'value="鹤位对吗？"' in supervisor.html


def test_an_item_that_was_retired_in_the_meantime_is_not_changed(pages: PageTown) -> None:
    supervisor = changing(pages)
    address = supervisor.address
    supervisor.send(address.replace("/edit", "/retirement"), {"version": "1"})

    supervisor.send(address, {**ARM, "version": "2"})

    assert (supervisor.status, "该自查项已停用。" in supervisor.text) == (409, True)


def test_the_page_speaks_english(pages: PageTown) -> None:
    supervisor = changing(pages, english=True)

    assert "Change what is asked" in supervisor.text
    assert "checks that are opened from now on" in supervisor.text


def test_who_may_not_add_may_not_change(pages: PageTown) -> None:
    address = changing(pages).address
    loader = pages.user("loader")

    assert loader.open(address).status == 403
    assert loader.send(address, {**ARM, "version": "1"}).status == 403


def test_an_item_that_is_not_there(pages: PageTown) -> None:
    supervisor = changing(pages)
    address = f"/plant-items/{pages.town.register.facility}/{new_id()}/edit"

    assert supervisor.send(address, {**ARM, "version": "1"}).status == 404
    assert supervisor.open(address).status == 404
