"""The proper shipping names inside an entry's printed English name.

The list prints the names in capitals and what only describes the goods in small letters. Small
letters need not go on papers; of alternatives joined by "or", one is written.

Source: ADR 2025, 3.1.2.1 and 3.1.2.2.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).parent / "data" / "shipping_names_en.csv"

_CAPITALS: Final = re.compile(r"[A-Z]{2}")
_SMALL: Final = re.compile(r"[a-z]{3}")
_OR: Final = re.compile(r",? or (?=\(?(?:[a-z]+-)?[^a-z ]*[A-Z]{2})")
_CLOSED: Final = re.compile(r"[^()]*(?:\([^()]*(?:\([^()]*\)[^()]*)*\)[^()]*)*")
_ILLUSTRATED: Final = re.compile(r",? such as .*")
_NOT_OTHERWISE_SPECIFIED: Final = re.compile(r"N\. ?O\. ?S(?:\.|$)")
_PART: Final = re.compile(r"(?<!\S)\([^()]*(?:\([^()]*\)[^()]*)*\),?(?!\S)|\S+")


def shipping_names(name_en: str) -> tuple[str, ...]:
    """Return the proper shipping names that a printed name offers, in its own order.

    Names that share words, as in FIBRES or FABRICS, ANIMAL, and names that the scanned list tears
    apart stand written out in `data/shipping_names_en.csv`. A name without capitals, of goods to
    which the rules do not apply, is returned whole.
    """
    if written_out := _written_out().get(name_en):
        return written_out
    if not _CAPITALS.search(name_en):
        return (name_en,)
    return tuple(dict.fromkeys(_capitals(part) for part in _alternatives(name_en)))


def _alternatives(name_en: str) -> Iterator[str]:
    """Cut at each "or", outside brackets, that a name in capitals follows."""
    start = 0
    for found in _OR.finditer(name_en):
        if _CLOSED.fullmatch(name_en, start, found.start()):
            yield name_en[start : found.start()]
            start = found.end()
    yield name_en[start:]


def _capitals(name_en: str) -> str:
    """Return a name without its words in small letters and the figures among them.

    A description begins with a small word and ends where capitals follow a comma or a bracket.
    """
    kept: list[str] = []
    describing = False
    may_resume = False
    for part in _PART.findall(_ILLUSTRATED.sub("", name_en)):
        if part.startswith("(") and part.rstrip(",").endswith(")"):
            kept += [] if _SMALL.search(part) else [part]
            may_resume = True
            continue
        if not _CAPITALS.search(part):
            describing |= part.rstrip(",").islower() and len(part) > 1
        elif may_resume:
            describing = False
        may_resume = part.endswith(",")
        kept += [] if describing else [part]
    return _NOT_OTHERWISE_SPECIFIED.sub("N.O.S.", " ".join(kept)).rstrip(",")


@cache
def _written_out() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    with FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            name_en = row["name_en"]
            found[name_en] = (*found.get(name_en, ()), row["shipping_name"])
    return found
