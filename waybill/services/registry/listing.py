"""Pages of records, by key and never by offset, and who may see what of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from waybill.registry.access import Actor


class Identified(Protocol):
    """A record with a key that grows with time (UUIDv7)."""

    @property
    def id(self) -> UUID:
        """The record's key."""
        ...


T = TypeVar("T", bound=Identified)
R = TypeVar("R")

DEFAULT_LIMIT: Final = 50
MAX_LIMIT: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """Which page is wanted: at most `limit` records behind the key `after`."""

    after: UUID | None = None
    limit: int = DEFAULT_LIMIT

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MAX_LIMIT:
            raise ValueError(f"expected a limit from 1 to {MAX_LIMIT}")


FIRST_PAGE: Final = PageRequest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Generic[T]):
    """One page of records in the order of their making.

    `next_after` is the key behind which the next page begins, `None` on the last page.
    """

    items: tuple[T, ...]
    next_after: UUID | None = None


def visible_to(actor: Actor, owner: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Return the condition on records that `actor` may see: its organisation's, or all."""
    return true() if actor.oversees else owner == actor.organisation_id


def fetch_page(
    session: Session,
    statement: Select[R],
    key: InstrumentedAttribute[UUID],
    page: PageRequest,
    build: Callable[[Sequence[R]], Sequence[T]],
) -> Listing[T]:
    """Run a statement for one page and turn its rows, all at once, into records.

    One row more than asked for is fetched: it says whether another page follows.
    """
    if page.after is not None:
        statement = statement.where(key > page.after)
    rows = list(session.scalars(statement.order_by(key).limit(page.limit + 1)))
    items = tuple(build(rows[: page.limit]))
    more = len(rows) > page.limit
    return Listing(items=items, next_after=items[-1].id if more else None)
