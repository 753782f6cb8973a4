"""What a pattern is: what it looks for, its thresholds as data, and how it finds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from waybill.codec import JsonValue
from waybill.storage.patterns import PatternSubject
from waybill.storage.tally_query import within

OURS: Final = "ours"
"""Provenance of a threshold that no law gives: we chose it, an authority may choose another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """A figure from which on something stands out, where it comes from and what it is."""

    key: str
    value: Decimal
    unit: str
    zh: str
    en: str
    provenance: str = OURS


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Where is looked: tallies from `from_at` to before `to_at`, of a tree of `size`.

    It begins at midnight in Shanghai on the first of a month, so that whole days and months are
    seen each time and the same things are found again under the same names.
    """

    from_at: datetime
    to_at: datetime
    size: int

    @property
    def conditions(self) -> tuple[ColumnElement[bool], ...]:
        """What holds of a tally in reach."""
        return within(self.from_at, self.to_at, self.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something that was found. `anchor` tells it from others of its subject, for ever.

    `events` are the places in the log of what is behind it, in their order.
    """

    subject_kind: PatternSubject
    subject_key: str
    anchor: str
    events: tuple[int, ...]
    detail: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One pattern. `seen_zh` and `seen_en` say what was found, with the names of its detail.

    `{parts}` stands for what a detail's `shared` names, in the reader's words.
    """

    code: str
    title_zh: str
    title_en: str
    looks_for_zh: str
    looks_for_en: str
    seen_zh: str
    seen_en: str
    thresholds: tuple[Threshold, ...]
    find: Callable[[Session, Reach], Iterable[Hit]]
