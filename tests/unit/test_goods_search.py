import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybill.goods.catalogue import load
from waybill.goods.entry import DangerousGoodsEntry
from waybill.goods.search import MAX_PAGE_SIZE, Page, fold, terms_of

GOODS = load("2025")


def found(query: str, limit: int = 5) -> list[str]:
    return [entry.un_number for entry in GOODS.search(query, limit=limit).entries]


@pytest.mark.parametrize(
    ("query", "un_number"),
    [
        pytest.param("1203", "1203", id="number"),
        pytest.param("UN 1203", "1203", id="number with its letters"),
        pytest.param("１２０３", "1203", id="full-width number"),  # noqa: RUF001  that is the point
        pytest.param("甲醇", "1230", id="Chinese name"),
        pytest.param("汽油", "1203", id="one of two Chinese names"),
        pytest.param("柴油", "1202", id="the second of three Chinese names"),
        pytest.param("液氯", "1017", id="name of the trade"),
        pytest.param("LNG", "1972", id="abbreviation of the trade"),
        pytest.param("methanol", "1230", id="English name"),
        pytest.param("Petrol", "1203", id="one of three English names"),
        pytest.param("jiachun", "1230", id="pinyin"),
        pytest.param("jia chun", "1230", id="pinyin in syllables"),
        pytest.param("jc", "1230", id="initials"),
        pytest.param("cy", "1202", id="initials of an alternative name"),
        pytest.param("lv", "1017", id="pinyin with ü"),
    ],
)
def test_goods_are_found_first_as_people_type_them(query: str, un_number: str) -> None:
    assert found(query)[0] == un_number


def test_a_number_stands_before_what_only_begins_with_it() -> None:
    assert found("120", limit=3) == ["1201", "1201", "1202"]


def test_words_may_stand_anywhere_in_an_english_name() -> None:
    assert "1090" not in found("chlor", limit=200)
    assert {"1749", "2548"} <= set(found("chlorine", limit=200))


def test_all_words_must_fit() -> None:
    assert found("chlorine trifluoride", limit=200) == ["1749"]


@pytest.mark.parametrize("query", ["!!", "no such goods", "没有这种货物", "9999"])
def test_what_fits_nothing_gives_an_empty_page(query: str) -> None:
    assert GOODS.search(query) == Page(entries=(), next_after=None)


def test_an_empty_query_gives_the_list_in_its_order() -> None:
    assert GOODS.search("", limit=20).entries == GOODS.entries[:20]


@pytest.mark.parametrize(
    ("query", "limit", "message"),
    [
        pytest.param("", 0, "limit", id="no rows"),
        pytest.param("", MAX_PAGE_SIZE + 1, "limit", id="too many rows"),
        pytest.param("x" * 101, 20, "characters", id="too long a query"),
    ],
)
def test_impossible_questions_are_refused(query: str, limit: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        GOODS.search(query, limit=limit)


@pytest.mark.parametrize(
    "after",
    [
        pytest.param("???", id="not base64url"),
        pytest.param("MTIz", id="not a cursor"),
        pytest.param("MDoxMjMw", id="a cursor of another query"),
    ],
)
def test_a_foreign_cursor_is_refused(after: str) -> None:
    with pytest.raises(ValueError, match=r"base64url|end of a page"):
        GOODS.search("汽油", after=after)


@given(st.sampled_from(["", "12", "酸", "acid", "l", "s"]), st.integers(1, 200))
def test_pages_together_are_the_whole_without_gap_or_repeat(query: str, limit: int) -> None:
    whole = GOODS.search(query, limit=MAX_PAGE_SIZE)
    seen: list[str] = []
    after: str | None = None
    while len(seen) < min(len(whole.entries), 3 * limit):
        page = GOODS.search(query, limit=limit, after=after)
        seen += [entry.key for entry in page.entries]
        after = page.next_after

    shorter = min(len(seen), len(whole.entries))
    assert seen[:shorter] == [entry.key for entry in whole.entries][:shorter]
    assert len(set(seen)) == len(seen)


@given(st.text(max_size=30))
def test_any_text_is_answered(query: str) -> None:
    assert len(GOODS.search(query, limit=1).entries) <= 1


@given(st.sampled_from(GOODS.entries))
def test_every_row_is_found_by_its_number_and_by_its_whole_name(row: DangerousGoodsEntry) -> None:
    assert row in GOODS.search(row.un_number, limit=MAX_PAGE_SIZE).entries
    if len(row.name_zh) <= 100:
        assert row in GOODS.search(row.name_zh, limit=MAX_PAGE_SIZE).entries


def test_alternative_names_are_taken_apart() -> None:
    assert terms_of("乙醇（酒精）或乙醇溶液") == ("乙醇", "酒精", "乙醇溶液")


def test_folding_levels_width_case_and_spaces() -> None:
    assert fold(" Ｐｅｔｒｏｌ\t OIL ") == "petrol oil"  # noqa: RUF001  that is the point


def test_a_search_is_quick() -> None:
    started = time.perf_counter()
    for query in ("methanol", "jc", "甲醇", "12", "chlorine"):
        GOODS.search(query)

    assert (time.perf_counter() - started) / 5 < 0.05
