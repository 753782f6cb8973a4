"""One record from two requests at once, and two tablets with one waybill: one clearance each."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from api.runtime import EXTENSION, Runtime
from tests.harness.accounts import seed_accounts
from tests.harness.bay import Bay
from tests.harness.line import seed_line
from tests.harness.offline_tablet import Tablet
from tests.harness.races import race
from waybill.clock import FixedClock
from waybill.storage.base import Base
from waybill.storage.offline import OfflineRecordRow
from waybill.storage.session import write_session
from waybill.storage.waybills import ClearanceRow, LoadingCheckRow


@pytest.fixture
def bay_served(served_app: Flask) -> Bay:
    """A bay over an application that really commits; nobody signs in."""
    runtime: Runtime = served_app.extensions[EXTENSION]
    with write_session(runtime.sessions) as session:
        accounts = seed_accounts(session, runtime.clock.now())
    line = seed_line(runtime, accounts)
    return Bay(client=served_app.test_client(), sign_in=lambda _: {}, line=line)


def tablet(app: Flask, bay: Bay, prefix: str) -> Tablet:
    """Enrol a tablet."""
    runtime: Runtime = app.extensions[EXTENSION]
    return Tablet(
        bay=bay, sessions=runtime.sessions, settings=runtime.settings, prefix=prefix
    ).enrol()


def issued(app: Flask, bay: Bay, clock: FixedClock) -> str:
    """Sign a waybill two hours ago and return its code."""
    runtime: Runtime = app.extensions[EXTENSION]
    clock.advance(-timedelta(hours=2))
    with write_session(runtime.sessions) as session:
        made = bay.line.issued(session)
    clock.advance(timedelta(hours=2))
    return made.qr_text


def count(app: Flask, row: type[Base]) -> int:
    """Return how many rows a table has."""
    runtime: Runtime = app.extensions[EXTENSION]
    with runtime.sessions() as session:
        return session.scalar(select(func.count()).select_from(row)) or 0


def sent(app: Flask, sender: Tablet, record: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Send a record with a client of its own."""
    response = sender.send(record, client=app.test_client())
    return response.status_code, response.get_json()


def test_one_record_sent_twice_at_once_is_taken_once(
    served_app: Flask, bay_served: Bay, clock: FixedClock
) -> None:
    sender = tablet(served_app, bay_served, "T7K2")
    record = sender.record(issued(served_app, bay_served, clock))

    answers = race([lambda: sent(served_app, sender, record) for _ in range(2)])

    assert sorted(status for status, _ in answers) == [200, 201]
    assert answers[0][1] == answers[1][1]
    assert answers[0][1]["state"] == "accepted"
    tables = (OfflineRecordRow, LoadingCheckRow, ClearanceRow)
    assert [count(served_app, row) for row in tables] == [1, 1, 1]


def test_of_two_tablets_at_once_one_clears_and_the_other_is_contradicted(
    served_app: Flask, bay_served: Bay, clock: FixedClock
) -> None:
    text = issued(served_app, bay_served, clock)
    one, other = (tablet(served_app, bay_served, prefix) for prefix in ("T7K2", "Q9ZZ"))
    records = ((one, one.record(text)), (other, other.record(text)))

    answers = race([partial(sent, served_app, sender, record) for sender, record in records])

    assert sorted(told["state"] for _, told in answers) == ["accepted", "contradicted"]
    assert count(served_app, ClearanceRow) == 1
