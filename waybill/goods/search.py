"""Find goods as people type them: UN number, Chinese, English, pinyin or its initials."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from waybill.codec import b64url_decode, b64url_encode
from waybill.goods.entry import DangerousGoodsEntry

MAX_QUERY_LENGTH: Final = 100
MAX_PAGE_SIZE: Final = 200

# Names join alternatives by 或 and set synonyms in brackets: each of them is a name of its own.
_BETWEEN_TERMS: Final = re.compile(r"[，（）()；、]|或")
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")
_WORD: Final = re.compile(r"[a-z0-9]+")


class Rank(IntEnum):
    """How well a row fits; smaller is better."""

    NUMBER = 0
    NAME = 1
    SPELT = 2
    NAME_START = 3
    NAME_WORD = 4
    NAME_PART = 5
    SPELT_START = 6
    NUMBER_START = 7
    ALL = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """A row and the words it is found by, folded once.

    `latin` has a space before each English word and each spelling, so that one test for a
    substring says whether a word begins with something.
    """

    entry: DangerousGoodsEntry
    name_zh: str
    terms_zh: frozenset[str]
    names_en: frozenset[str]
    words_en: str
    spellings: frozenset[str]
    latin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Rows in order of rank, then of the list; `next_after` is `None` on the last page."""

    entries: tuple[DangerousGoodsEntry, ...]
    next_after: str | None


def terms_of(name_zh: str) -> tuple[str, ...]:
    """Return the alternative names that a Chinese name consists of."""
    return tuple(term.strip() for term in _BETWEEN_TERMS.split(name_zh) if term.strip())


def index(entry: DangerousGoodsEntry, *, pinyin: str, initials: str) -> Indexed:
    """Prepare a row; `pinyin` and `initials` have one word per name, separated by spaces."""
    names = [_fold_chinese(name) for name in (entry.name_zh, *entry.aliases_zh)]
    terms = [_fold_chinese(term) for term in terms_of(entry.name_zh)]
    english = fold(entry.name_en)
    words_en = " " + " ".join(_WORD.findall(english))
    return Indexed(
        entry=entry,
        name_zh=" ".join(names),
        terms_zh=frozenset([*names, *terms]),
        names_en=frozenset(name.strip() for name in re.split(r"\bor\b|[(),]", english)),
        words_en=words_en,
        spellings=frozenset((*pinyin.split(), *initials.split())),
        latin=f"{words_en} {pinyin} {initials}",
    )


def fold(text: str) -> str:
    """Return text without differences of case, width and spacing that people do not mean."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _fold_chinese(text: str) -> str:
    return fold(text).replace(" ", "")


def search(rows: Sequence[Indexed], query: str, *, limit: int, after: str | None) -> Page:
    """Return one page of the rows that fit; an empty query fits all.

    Raises:
        ValueError: a limit outside 1 to 200, a query over 100 characters, or a foreign `after`.
    """
    if not 1 <= limit <= MAX_PAGE_SIZE:
        raise ValueError(f"limit must be 1 to {MAX_PAGE_SIZE}")
    if len(query) > MAX_QUERY_LENGTH:
        raise ValueError(f"a query has at most {MAX_QUERY_LENGTH} characters")
    start = _parse_cursor(after) if after is not None else (-1, "")
    found = _ranked(rows, query)
    if after is not None:
        found = _behind(found, start)
    page = found[: limit + 1]
    entries = tuple(row.entry for _, row in page[:limit])
    more = len(page) > limit
    return Page(entries=entries, next_after=_cursor(page[limit - 1]) if more and entries else None)


def _ranked(rows: Iterable[Indexed], query: str) -> list[tuple[Rank, Indexed]]:
    rank_of = _ranking(fold(query))
    ranked = [(rank, row) for row in rows if (rank := rank_of(row)) is not None]
    ranked.sort(key=lambda pair: pair[0])
    return ranked


def _ranking(query: str) -> Callable[[Indexed], Rank | None]:
    """Choose how to compare by what the query is written in."""
    if not query:
        return lambda _: Rank.ALL
    number = re.fullmatch(r"(?:un ?)?([0-9]{1,4})", query)
    if number:
        return lambda row: _rank_number(row, number[1])
    if _CHINESE.search(query):
        return lambda row: _rank_chinese(row, query.replace(" ", ""))
    words = [f" {word}" for word in _WORD.findall(query)]
    if not words:
        return lambda _: None
    return lambda row: _rank_latin(row, query, words, "".join(words).replace(" ", ""))


def _rank_number(row: Indexed, digits: str) -> Rank | None:
    if row.entry.un_number == digits:
        return Rank.NUMBER
    return Rank.NUMBER_START if row.entry.un_number.startswith(digits) else None


def _rank_chinese(row: Indexed, query: str) -> Rank | None:
    if query not in row.name_zh:
        return None
    if query in row.terms_zh:
        return Rank.NAME
    return Rank.NAME_START if row.name_zh.startswith(query) else Rank.NAME_PART


def _rank_latin(row: Indexed, query: str, words: Sequence[str], letters: str) -> Rank | None:
    """Compare words with the English name and the letters together with pinyin and initials."""
    if words[0] not in row.latin and f" {letters}" not in row.latin:
        return None
    if query in row.names_en or query in row.terms_zh:
        return Rank.NAME
    if letters in row.spellings:
        return Rank.SPELT
    if all(word in row.words_en for word in words):
        return Rank.NAME_START if row.words_en.startswith(words[0]) else Rank.NAME_WORD
    return Rank.SPELT_START if f" {letters}" in row.latin else None


def _cursor(last: tuple[Rank, Indexed]) -> str:
    rank, row = last
    return b64url_encode(f"{rank}:{row.entry.key}".encode())


def _parse_cursor(text: str) -> tuple[int, str]:
    found = re.fullmatch(rb"([0-8]):([0-9a-z-]{4,40})", b64url_decode(text))
    if found is None:
        raise ValueError("this is not the end of a page of the goods list")
    return int(found[1]), found[2].decode()


def _behind(
    found: Sequence[tuple[Rank, Indexed]], start: tuple[int, str]
) -> list[tuple[Rank, Indexed]]:
    for position, (rank, row) in enumerate(found):
        if (rank, row.entry.key) == start:
            return list(found[position + 1 :])
    raise ValueError("this is not the end of a page of this search")
