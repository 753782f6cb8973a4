"""Searches of the log that are kept under a name and passed on by a link.

A link carries the search's id and nothing of what is looked for. A person stands in a kept search
as the keyed hash of the identity number, so that whoever opens it needs the right to look for
people, and nobody reads the number out of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue, new_id
from waybill.errors import NotFoundError
from waybill.registry.access import Actor, Permission
from waybill.services.event_search import EventQuery, wanted_of
from waybill.services.paging import Page, PageRequest
from waybill.services.registry.listing import FIRST_PAGE, fetch_page
from waybill.services.registry.validation import FieldCheck
from waybill.storage.desk import SavedSearchRow
from waybill.storage.events import Event, EventKind, record_event

NAME_LENGTH: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """A search under a name; whoever reads the log may open it, its owner removes it."""

    id: UUID
    owner_id: UUID
    created_at: datetime
    name: str
    query: EventQuery

    @property
    def for_person(self) -> bool:
        """Whether a person is looked for."""
        return self.query.person_index is not None


def query_to_json(query: EventQuery) -> dict[str, JsonValue]:
    """Return a search as it is kept: what is not asked for is left out."""
    kept: Mapping[str, JsonValue] = msgspec.to_builtins(query)
    return {name: value for name, value in kept.items() if value is not None}


def query_from_json(kept: Mapping[str, JsonValue]) -> EventQuery:
    """Read a kept search back."""
    return msgspec.convert(kept, EventQuery)


def save_search(
    session: Session, actor: Actor, name: str, query: EventQuery, *, clock: Clock
) -> SavedSearch:
    """Keep a search under a name.

    Raises:
        ForbiddenError: the account does not read the log, or may not look for a person.
        InvalidFieldError: no readable name.
    """
    actor.require(Permission.READ_EVENTS)
    check = FieldCheck()
    settled = check.line("/name", name, longest=NAME_LENGTH)
    check.settle()
    now = clock.now()
    saved_id = new_id()
    wanted = wanted_of(session, actor, query)
    event_id = record_event(
        session,
        Event(
            kind=EventKind.SEARCH_SAVED,
            at=now,
            actor=actor,
            data={"search": str(saved_id), "filters": wanted.filters},
            subjects=wanted.subjects,
        ),
    )
    row = SavedSearchRow(
        id=saved_id,
        owner_id=actor.user_id,
        created_at=now,
        name=settled,
        query=query_to_json(query),
        event_id=event_id,
    )
    session.add(row)
    session.flush()
    return _saved(row)


def list_searches(
    session: Session, actor: Actor, *, page: PageRequest = FIRST_PAGE
) -> Page[SavedSearch]:
    """Return the searches that the account keeps, in the order of their making."""
    actor.require(Permission.READ_EVENTS)
    mine = select(SavedSearchRow).where(SavedSearchRow.owner_id == actor.user_id)
    return fetch_page(
        session, mine, SavedSearchRow.id, page, lambda rows: [_saved(row) for row in rows]
    )


def get_search(session: Session, actor: Actor, search_id: UUID) -> SavedSearch:
    """Return a kept search to whoever reads the log and has its link.

    Raises:
        ForbiddenError: the account does not read the log, or may not look for a person.
        NotFoundError: there is none, or its owner has removed it.
    """
    actor.require(Permission.READ_EVENTS)
    row = session.get(SavedSearchRow, search_id)
    if row is None:
        raise NotFoundError("search", search_id)
    saved = _saved(row)
    if saved.for_person:
        actor.require(Permission.READ_PERSONAL)
    return saved


def remove_search(session: Session, actor: Actor, search_id: UUID, *, clock: Clock) -> None:
    """Remove a kept search of one's own; its link then leads nowhere.

    Raises:
        NotFoundError: there is none, or it is another account's.
    """
    actor.require(Permission.READ_EVENTS)
    removed = session.scalar(
        delete(SavedSearchRow)
        .where(SavedSearchRow.id == search_id, SavedSearchRow.owner_id == actor.user_id)
        .returning(SavedSearchRow.id)
    )
    if removed is None:
        raise NotFoundError("search", search_id)
    data: dict[str, JsonValue] = {"search": str(search_id)}
    record_event(
        session, Event(kind=EventKind.SEARCH_REMOVED, at=clock.now(), actor=actor, data=data)
    )


def _saved(row: SavedSearchRow) -> SavedSearch:
    return SavedSearch(
        id=row.id,
        owner_id=row.owner_id,
        created_at=row.created_at,
        name=row.name,
        query=query_from_json(row.query),
    )
