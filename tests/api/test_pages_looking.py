"""The pages: what the bay is asked to look at, the plant's tags, and its coaching."""

import re
from collections.abc import Iterator

import pytest

from tests.harness.databases import Databases
from tests.harness.demo_site import DemoSite, register_site
from tests.harness.page_user import PageTown, PageUser, page_town
from waybill.clock import FixedClock

CONTROL = re.compile(
    r'name="question" value="([a-z_]+)".*?((?:<button name="answer".*?</button>)+)', re.DOTALL
)
CHOICE = re.compile(r'name="answer" value="([^"]+)"')


@pytest.fixture(scope="module")
def site(databases: Databases, dialect: str, tmp_path_factory: pytest.TempPathFactory) -> DemoSite:
    """The demonstration's register, once."""
    return register_site(databases, dialect, tmp_path_factory.mktemp("keys"))


@pytest.fixture
def pages(databases: Databases, site: DemoSite, clock: FixedClock) -> Iterator[PageTown]:
    """The installation over a copy of the site."""
    with page_town(site, databases.copy(site.url), clock) as made:
        yield made


def hang(pages: PageTown, user: PageUser, bay: int = 0, point: str = "valve_box") -> PageUser:
    """Hang a tag at a bay."""
    register = pages.town.register
    address = f"/presence-tags/{register.facility}"
    user.open("/presence-tags")
    return user.send(address, {"bay_id": str(register.bays[bay]), "point": point, "label": "东侧"})


def check(pages: PageTown, *, english: bool = False) -> PageUser:
    """Return the loader at a check that was just opened."""
    loader = pages.user("loader", english=english)
    loader.send("/bay/choose", {"bay": str(pages.town.register.bays[0])})
    return loader.send("/bay/checks", {"text": pages.town.issue("petrol").qr_text})


class TestBay:
    """The hand-over shows what is asked for a look, and nothing waits for it."""

    @pytest.mark.parametrize(
        ("english", "words"),
        [
            (False, ["核对题", "请拍一张", "按风险抽取，不阻止装运", "到位标签"]),
            (
                True,
                ["Control questions", "photo asked for", "never stops the load", "Presence tags"],
            ),
        ],
        ids=["zh", "en"],
    )
    def test_it_asks(self, pages: PageTown, english: bool, words: list[str]) -> None:  # noqa: FBT001
        hang(pages, pages.user("supervisor"))
        loader = check(pages, english=english)
        counted = "另有" if not english else "more to look at"

        assert counted in loader.text
        page = loader.open(f"{loader.address}/hand-over")
        shown = [word for word in words if word in page.text]
        # Which photo is drawn is chance; one of after loading is not asked for yet.
        assert set(words) - set(shown) <= set(words[1:3])

    def test_answers_to_a_control_question_are_told_until_one_is_right(
        self, pages: PageTown
    ) -> None:
        loader = check(pages)
        address = loader.address
        page = loader.open(f"{address}/hand-over")
        question, choices = next(iter(CONTROL.findall(page.html)))
        told = []
        for choice in CHOICE.findall(choices):
            page = loader.send(f"{address}/looks/control", {"question": question, "answer": choice})
            told.append("与单据一致" in page.text)
            if not told[-1]:
                assert "请再看一眼" in page.text

        assert told.count(True) == 1

    def test_an_answer_that_was_not_offered_is_refused_in_words(self, pages: PageTown) -> None:
        loader = check(pages)
        address = loader.address
        page = loader.open(f"{address}/hand-over")
        question, _ = next(iter(CONTROL.findall(page.html)))

        refused = loader.send(
            f"{address}/looks/control", {"question": question, "answer": "nothing"}
        )

        assert (refused.status, "请从所列答案中选择。" in refused.text) == (422, True)

    def test_a_foreign_tag_is_told_in_the_box_of_tags_and_of_codes(self, pages: PageTown) -> None:
        hang(pages, pages.user("supervisor"))
        loader = check(pages)
        address = loader.address

        in_its_box = loader.send(f"{address}/looks/tags", {"tag": "WBP1.NOTHING"}).text
        in_the_box_of_codes = loader.send(f"{address}/scans", {"text": "WBP1.NOTHING"}).text

        assert "不是本系统的到位标签" in in_its_box
        assert "不是本系统的到位标签" in in_the_box_of_codes


class TestTags:
    """A supervisor makes, prints and retires tags."""

    def test_made_printed_and_retired(self, pages: PageTown) -> None:
        supervisor = hang(pages, pages.user("supervisor"))
        made = supervisor.text
        printed = supervisor.client.get(supervisor.link("/tags.pdf"))
        retirement = re.search(r'action="([^"]+/retirement)"', supervisor.html)
        assert retirement is not None

        supervisor.send(retirement[1], {})

        assert "阀门箱 东侧" in made
        assert (printed.status_code, printed.content_type) == (200, "application/pdf")
        assert printed.data.startswith(b"%PDF")
        assert "这里还没有到位标签" in supervisor.text

    def test_a_bay_of_elsewhere_is_refused_in_words(self, pages: PageTown) -> None:
        supervisor = pages.user("supervisor").open("/presence-tags")

        supervisor.send(
            f"/presence-tags/{pages.town.register.facility}",
            {"bay_id": str(pages.town.register.facility), "point": "cab"},
        )

        assert (supervisor.status, "没有这个在用的" in supervisor.text) == (422, True)


class TestCoaching:
    """Calm, by account, for supervisors alone; no account stands in an address."""

    @pytest.mark.parametrize("english", [False, True], ids=["zh", "en"])
    def test_it_shows_people_and_leads_to_checks(self, pages: PageTown, english: bool) -> None:  # noqa: FBT001
        check_address = check(pages).address
        facility = pages.town.register.facility

        page = pages.user("supervisor", english=english).open(
            f"/coaching?facility={facility}&days=7"
        )

        assert page.status == 200
        assert check_address.removeprefix("http://localhost") in page.html
        assert ("checks: 1" if english else "1 次查验") in page.text
        assert "loader" in page.text
        assert [
            found for found in re.findall(r'href="([^"]+)"', page.html) if "loader" in found
        ] == []

    @pytest.mark.parametrize("name", ["loader", "auditor", "senior-auditor", "admin"])
    def test_nobody_else_is_shown_it(self, pages: PageTown, name: str) -> None:
        assert pages.user(name).open("/coaching").status == 403

    @pytest.mark.parametrize("query", ["", "?days=3", "?days=x&facility=y"])
    def test_an_odd_period_is_the_usual_one(self, pages: PageTown, query: str) -> None:
        page = pages.user("supervisor").open(f"/coaching{query}")

        assert (page.status, "这段时间没有查验" in page.text) == (200, True)
