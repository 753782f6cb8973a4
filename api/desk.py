"""Where the authority's desk is answered: by the replica while it is near enough, else here.

Only questions about the past go there: searches of the log, figures, stories. What judges, and
what must see what was just written, asks the database itself.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from flask import g
from sqlalchemy.orm import Session

from api.runtime import runtime
from api.transactions import reading
from waybill.codec import time_of_id
from waybill.services.statistics.projecting import tallied_size
from waybill.storage.replica import AnsweredBy, Copy

NOTED_S: Final = 3.0
"""An answer that may lack more than this says as of when it is."""
LATE: Final = timedelta(minutes=1)
"""How much later than its id an event may be committed: no transaction lasts so long."""

_AS_OF: Final = "desk_as_of"
_PRIMARY: Final = "desk_asks_the_primary"


@contextmanager
def desk_reading(*, after: UUID | None = None, size: int | None = None) -> Iterator[Session]:
    """Give a session for what the desk asks; an answer that may be old says as of when it is.

    Args:
        after: the event behind which a list goes on. It goes on as it began, so everything up to
            then must be there.
        size: how many entries of the log must have been counted.
    """
    replica = runtime().replica
    with ExitStack() as stack:
        session = None
        if replica is not None:
            copy = Copy(answered_by=AnsweredBy.NOT_FOUND)
            if not g.get(_PRIMARY):
                copy = stack.enter_context(
                    replica.reading(
                        since=None if after is None else time_of_id(after) + LATE,
                        holds=None if size is None else lambda there: tallied_size(there) >= size,
                    )
                )
            runtime().metrics.answer_desk(copy.answered_by)
            session = copy.session
            _note(copy)
        yield session or stack.enter_context(reading())


def ask_primary() -> None:
    """Have this request answered without the replica, which could not."""
    setattr(g, _PRIMARY, True)
    g.pop(_AS_OF, None)


def answered_as_of() -> datetime | None:
    """Return as of when this request is answered; `None` where that is a moment ago."""
    found = g.get(_AS_OF)
    return found if isinstance(found, datetime) else None


def _note(copy: Copy) -> None:
    if copy.lag_s > NOTED_S:
        as_of = runtime().clock.now() - timedelta(seconds=copy.lag_s)
        before = answered_as_of()
        setattr(g, _AS_OF, min(as_of, before) if before else as_of)
