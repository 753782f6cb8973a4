"""A log at work for tests: opened, fed and sequenced as the worker does it."""

import secrets
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session, sessionmaker

from waybill.clock import Clock
from waybill.codec import new_id
from waybill.sequencing import Sequencing
from waybill.services.log.sequencer import LogTerms
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.log import EventRow
from waybill.storage.session import write_session

ORIGIN = "localhost/log"


def sequencer(sessions: sessionmaker[Session], key_dir: Path, clock: Clock) -> Sequencing:
    """Return a sequencer over a database."""
    return Sequencing(
        sessions=sessions, terms=LogTerms(origin=ORIGIN, key_dir=key_dir), clock=clock
    )


def tell(sessions: sessionmaker[Session], clock: Clock, many: int = 1) -> list[UUID]:
    """Write events, all in one transaction, and return their ids."""
    with write_session(sessions) as session:
        return [
            record_event(
                session, Event(kind=EventKind.SIGNED_IN, at=clock.now(), actor=None, data={"n": at})
            )
            for at in range(many)
        ]


def tell_quickly(sessions: sessionmaker[Session], many: int, at: datetime) -> None:
    """Write many events with one statement; their bodies say nothing."""
    rows = [
        {
            "id": new_id(),
            "recorded_at": at,
            "kind": "signed-in",
            "body": b"{}",
            "salt": secrets.token_bytes(32),
        }
        for _ in range(many)
    ]
    with write_session(sessions) as session:
        session.execute(insert(EventRow), rows)
