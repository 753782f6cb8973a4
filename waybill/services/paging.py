"""One page of a list: searches go on from a key, never from an offset."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from uuid import UUID

ItemT = TypeVar("ItemT")
RowT = TypeVar("RowT")

MAX_PAGE_ITEMS: Final = 200
DEFAULT_PAGE_ITEMS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """How many items, and behind which key the page begins."""

    limit: int = DEFAULT_PAGE_ITEMS
    after: UUID | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MAX_PAGE_ITEMS:
            raise ValueError(f"a page has 1 to {MAX_PAGE_ITEMS} items")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[ItemT]):
    """Some items, and the key behind which the next page begins; `None` on the last page."""

    items: tuple[ItemT, ...]
    next_after: UUID | None


def page_of(
    rows: Sequence[RowT],
    request: PageRequest,
    *,
    item: Callable[[RowT], ItemT],
    key: Callable[[RowT], UUID],
) -> Page[ItemT]:
    """Cut a page out of rows that were asked for with one more than the page holds."""
    shown = rows[: request.limit]
    more = len(rows) > request.limit
    return Page(
        items=tuple(item(row) for row in shown), next_after=key(shown[-1]) if more else None
    )
