"""The hand-over on pages: signs drawn, yes or no, photos, two who let an item pass."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image

from tests.harness.databases import Databases
from tests.harness.demo_site import DemoSite, register_site
from tests.harness.page_user import PageTown, PageUser, page_town
from waybill.clock import FixedClock

ARM = {
    "question_zh": "鹤位编号与派车单一致？",
    "question_en": "Is the loading arm that of the order?",
    "phase": "before",
    "asked_of": "loader",
    "stops": "1",
}
REASON = "地磅故障，已由班长人工复核"


@pytest.fixture(scope="module")
def site(databases: Databases, dialect: str, tmp_path_factory: pytest.TempPathFactory) -> DemoSite:
    """The demonstration's register, once."""
    return register_site(databases, dialect, tmp_path_factory.mktemp("keys"))


@pytest.fixture
def pages(databases: Databases, site: DemoSite, clock: FixedClock) -> Iterator[PageTown]:
    """The installation over a copy of the site."""
    with page_town(site, databases.copy(site.url), clock) as made:
        yield made


def hand_over(pages: PageTown, case: str = "petrol") -> PageUser:
    """Return the loader before the hand-over of a check to which the waybill's code was shown."""
    loader = pages.user("loader")
    loader.send("/bay/choose", {"bay": str(pages.town.register.bays[0])})
    loader.send("/bay/checks", {"text": pages.town.issue(case).qr_text})
    return loader.open(f"{loader.address}/hand-over")


def ask(pages: PageTown, **changes: str) -> PageUser:
    """Let the supervisor ask something at the plant."""
    supervisor = pages.user("supervisor").open("/plant-items")
    facility = str(pages.town.register.facility)
    return supervisor.send("/plant-items", {**ARM, "facility": facility, **changes})


def questions(user: PageUser) -> list[str]:
    """Return what the present page asks."""
    return list(user.yes_to_all)


def own_item(user: PageUser) -> str:
    """Return the item of the plant that the present page asks."""
    return questions(user)[-1].removeprefix("answer-")


def picture() -> tuple[BytesIO, str]:
    """Return a picture to upload."""
    written = BytesIO()
    Image.new("RGB", (30, 20), "orange").save(written, "PNG")
    return BytesIO(written.getvalue()), "photo.png"


def test_the_signs_are_drawn_as_they_must_be_seen(pages: PageTown) -> None:
    loader = hand_over(pages)

    assert 'aria-label="橙色标志牌 orange plate 33/1203"' in loader.html
    assert 'aria-label="3 易燃液体 flammable liquids"' in loader.html
    assert len(questions(loader)) == 14
    assert "还有 14 项" in loader.text


def test_chlorine_shows_its_subsidiary_hazards_and_asks_for_the_safety_board(
    pages: PageTown,
) -> None:
    loader = hand_over(pages, "chlorine")

    for said in ("265/1017", "2.3 毒性气体", "5.1 氧化性物质", "8 腐蚀性物质"):
        assert said in loader.html
    assert {"answer-safety_board", "answer-escape_mask"} <= set(questions(loader))


def test_answers_are_kept_and_shown_and_a_no_stands(pages: PageTown) -> None:
    loader = hand_over(pages)

    loader.send(loader.address, loader.yes_to_all | {"answer-no_leak": "no"})

    assert "已保存" in loader.text
    assert "还有 1 项" in loader.text
    assert 'class="asked failed" id="answer-no_leak"' in loader.html
    loader.open(loader.address.partition("/hand-over")[0])
    assert "回答为“否”：车辆、罐体和包件无泄漏？" in loader.text


def test_a_form_that_answers_nothing_keeps_nothing(pages: PageTown) -> None:
    loader = hand_over(pages)

    loader.send(loader.address, {"answer-no_leak": "perhaps"})

    assert "还有 14 项" in loader.text


def test_an_inspector_sees_and_does_not_answer(pages: PageTown) -> None:
    address = hand_over(pages).address

    inspector = pages.user("auditor").open(address)

    assert inspector.status == 200
    assert 'value="yes" disabled' in inspector.html
    assert "保存回答" not in inspector.text


def test_an_item_of_the_plant_is_asked_with_its_photo(pages: PageTown) -> None:
    ask(pages, photo="1")
    loader = hand_over(pages)
    named, address = own_item(loader), loader.address
    assert "需要照片" in loader.text

    loader.send(f"{address}/photos", {"shows": named, "picture": picture()})

    assert "已有照片" in loader.text
    loader.send(address, {f"answer-{named}": "yes"})
    assert f'class="asked passed" id="answer-{named}"' in loader.html


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        pytest.param(b"text", "仅支持 JPEG", id="no picture"),
        pytest.param(b"", "图片为空", id="nothing"),
    ],
)
def test_what_is_no_picture_is_said_where_it_was_sent(
    pages: PageTown, upload: bytes, said: str
) -> None:
    ask(pages, photo="1")
    loader = hand_over(pages)

    loader.send(
        f"{loader.address}/photos",
        {"shows": own_item(loader), "picture": (BytesIO(upload), "photo.png")},
    )

    assert (loader.status, said in loader.text) == (422, True)


def test_a_photo_of_another_check_is_refused_where_it_was_sent(pages: PageTown) -> None:
    ask(pages, photo="1")
    first = hand_over(pages)
    first.send(f"{first.address}/photos", {"shows": own_item(first), "picture": picture()})
    loader = hand_over(pages)
    named = own_item(loader)

    loader.send(f"{loader.address}/photos", {"shows": named, "picture": picture()})

    assert loader.status == 422
    label = loader.html.index(f'id="photo-{named}-wrong"')
    assert "在另一次查验中已经用过" in loader.html[label : label + 200]


def test_two_people_let_an_item_pass(pages: PageTown) -> None:
    ask(pages)
    loader = hand_over(pages)
    named, address = own_item(loader), loader.address

    loader.send(f"{address}/overrides", {"item": named, "reason": REASON})
    assert "还需另一名有权人员" in loader.text
    pages.user("supervisor").open(address).send(
        f"{address}/overrides", {"item": named, "reason": REASON}
    )

    loader.open(address)
    assert f'class="asked overridden" id="answer-{named}"' in loader.html
    assert "已由两人放行" in loader.text


def test_a_reason_that_says_nothing_is_refused_beside_its_item(pages: PageTown) -> None:
    ask(pages)
    loader = hand_over(pages)

    loader.send(f"{loader.address}/overrides", {"item": own_item(loader), "reason": "无"})

    assert loader.status == 422
    assert "至少 5 个字" in loader.text


def test_a_supervisors_item_waits_for_the_supervisor(pages: PageTown) -> None:
    ask(pages, asked_of="supervisor")
    loader = hand_over(pages)
    named, address = own_item(loader), loader.address

    assert "由装卸管理人员回答" in loader.text
    supervisor = pages.user("supervisor").open(address)
    supervisor.send(address, {f"answer-{named}": "yes"})

    assert f'class="asked passed" id="answer-{named}"' in supervisor.html


class TestOffice:
    """Where a supervisor manages what the plant asks."""

    def test_an_item_is_added_and_listed(self, pages: PageTown) -> None:
        supervisor = ask(pages, phase="after")

        assert "已保存" in supervisor.text
        assert (
            "鹤位编号与派车单一致？ Is the loading arm that of the order? 装货后" in supervisor.text
        )

    def test_an_item_is_retired(self, pages: PageTown) -> None:
        supervisor = ask(pages)
        _, _, rest = supervisor.html.partition('action="/plant-items/')
        address = "/plant-items/" + rest.partition('"')[0]

        supervisor.send(address, {"version": supervisor.version})

        assert "没有自查项" in supervisor.text

    def test_a_version_that_is_past_is_said(self, pages: PageTown) -> None:
        supervisor = ask(pages)
        _, _, rest = supervisor.html.partition('action="/plant-items/')

        supervisor.send("/plant-items/" + rest.partition('"')[0], {"version": "7"})

        assert supervisor.status == 412
        assert "您看到的是 7" in supervisor.text

    def test_what_is_missing_is_said_and_what_was_typed_is_kept(self, pages: PageTown) -> None:
        supervisor = ask(pages, question_en="")

        assert supervisor.status == 422
        assert "请填写此项" in supervisor.text
        assert ARM["question_zh"] in supervisor.html

    def test_a_loader_does_not_manage_them(self, pages: PageTown) -> None:
        assert pages.user("loader").open("/plant-items").status == 403
