"""Pages of records in the order of their making, and who may see what of them."""

from collections.abc import Callable, Sequence
from typing import Final, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from waybill.registry.access import Actor
from waybill.services.paging import Page, PageRequest


class Identified(Protocol):
    """A record with a key that grows with time (UUIDv7)."""

    @property
    def id(self) -> UUID:
        """The record's key."""
        ...


T = TypeVar("T", bound=Identified)
R = TypeVar("R")

FIRST_PAGE: Final = PageRequest()


def visible_to(actor: Actor, owner: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    """Return the condition on records that `actor` may see: its organisation's, or all."""
    return true() if actor.oversees else owner == actor.organisation_id


def fetch_page(
    session: Session,
    statement: Select[R],
    key: InstrumentedAttribute[UUID],
    page: PageRequest,
    build: Callable[[Sequence[R]], Sequence[T]],
) -> Page[T]:
    """Run a statement for one page and turn its rows, all at once, into records.

    One row more than asked for is fetched: it says whether another page follows.
    """
    if page.after is not None:
        statement = statement.where(key > page.after)
    rows = list(session.scalars(statement.order_by(key).limit(page.limit + 1)))
    items = tuple(build(rows[: page.limit]))
    more = len(rows) > page.limit
    return Page(items=items, next_after=items[-1].id if more else None)
