"""One request, one transaction: views open it, whatever is inside joins it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from flask import g
from sqlalchemy.orm import Session

from api.runtime import runtime
from waybill.errors import WaybillError
from waybill.storage.events import record_event, trace_of
from waybill.storage.session import read_session, write_session

_OPEN: Final = "open_transaction"


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
        with write_session(runtime().sessions) as session:
            setattr(g, _OPEN, session)
            try:
                yield session
            finally:
                g.pop(_OPEN, None)
    except WaybillError as error:
        _leave_trace(error)
        raise


def _leave_trace(error: WaybillError) -> None:
    """Write the event that some refusals leave, now that all else of them is rolled back."""
    event = trace_of(error)
    if event is not None:
        with write_session(runtime().sessions) as session:
            record_event(session, event)


@contextmanager
def reading() -> Iterator[Session]:
    """Give a session that only reads; inside a transaction that writes, give that one."""
    joined = g.get(_OPEN)
    if isinstance(joined, Session):
        yield joined
        return
    with read_session(runtime().sessions) as session:
        yield session
