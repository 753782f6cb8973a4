"""One request, one transaction: views open it, whatever is inside joins it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, ParamSpec

from flask import current_app, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from api.runtime import runtime
from waybill.errors import WaybillError
from waybill.storage.events import hearing, record_event, trace_of
from waybill.storage.session import glance_session, read_session, write_session

_OPEN: Final = "open_transaction"
_COMMITTED: Final = "committed"
_ALIKE: Final = "plans_alike"

P = ParamSpec("P")


def plans_alike(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Have what a view's transaction asks planned once for all values, not at each request.

    For the line's own acts, whose reads find few rows by their keys. Where the values decide which
    index serves, as in a search, each is planned.
    """
    setattr(view, _ALIKE, True)
    return view


def _plans_alike() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, _ALIKE, False))


@contextmanager
def transaction() -> Iterator[Session]:
    """Give the request's session for writing; commit when the outermost block ends well.

    A block inside another joins it: nothing is committed before the outer one ends. An exception
    rolls everything back, but for the event by which a refusal is told.
    """
    joined = g.get(_OPEN)
    if isinstance(joined, Session):
        yield joined
        return
    try:
        with hearing() as events:
            with write_session(runtime().sessions, same_plans=_plans_alike()) as session:
                setattr(g, _OPEN, session)
                try:
                    yield session
                finally:
                    g.pop(_OPEN, None)
            setattr(g, _COMMITTED, True)
            runtime().metrics.tell_events(events)
    except WaybillError as error:
        _leave_trace(error)
        raise


def _leave_trace(error: WaybillError) -> None:
    """Write the event that some refusals leave, now that all else of them is rolled back."""
    event = trace_of(error)
    if event is not None:
        with write_session(runtime().sessions) as session:
            record_event(session, event)
        runtime().metrics.tell_events([event])
        setattr(g, _COMMITTED, True)


def has_committed() -> bool:
    """Return whether something of this request is done, so that it must not be done again."""
    return bool(g.get(_COMMITTED))


@contextmanager
def reading() -> Iterator[Session]:
    """Give a session that only reads; inside a transaction that writes, give that one."""
    joined = g.get(_OPEN)
    if isinstance(joined, Session):
        yield joined
        return
    with read_session(runtime().sessions) as session:
        yield session


@contextmanager
def glancing() -> Iterator[Session]:
    """Give a session for one statement that only reads, as `reading` does."""
    joined = g.get(_OPEN)
    if isinstance(joined, Session):
        yield joined
        return
    with glance_session(runtime().sessions) as session:
        yield session
