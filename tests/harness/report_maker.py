"""Makes reports as the worker does, and verifies their signatures with another library."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final, TypeAlias

from joserfc import jws
from joserfc.jwk import ECKey
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from tests.harness.sealed_codes import signing_key
from tests.harness.trips import Yard
from waybill.clock import FixedClock
from waybill.codec import b64url_encode
from waybill.sealing import KeyTable
from waybill.services.keys import KeyRing
from waybill.services.reports.making import make_reports
from waybill.services.reports.orders import Report, get_order, get_report, order_report
from waybill.services.reports.stated import StatedFigure, StatedReport

DAY: Final = date(2026, 11, 22)
DAY_BEFORE: Final = date(2026, 11, 21)
TO_COME: Final = date(2026, 11, 23)
Sessions: TypeAlias = sessionmaker[Session]


@contextmanager
def rolled_back_sessions(engine: Engine) -> Iterator[Sessions]:
    """Give the maker of sessions whose commits are undone at the end."""
    with engine.connect() as connection:
        outer = connection.begin()
        yield sessionmaker(
            connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )
        outer.rollback()


def keys() -> KeyRing:
    """Return the installation's keys: one, in force."""
    key = signing_key()
    return KeyRing(signing=key, table=KeyTable([key.verifying_key()]))


def made(
    sessions: Sessions, yard: Yard, clock: FixedClock, until: date = DAY, since: date = DAY
) -> Report:
    """Order a report as the auditor, let the worker make it, and return it."""
    auditor = yard.accounts.actor("auditor")
    with sessions() as session, session.begin():
        order = order_report(session, auditor, since, until, clock=clock)
    assert make_reports(sessions, keys, clock=clock) == 1
    with sessions() as session, session.begin():
        report_id = get_order(session, auditor, order.id).report_id
        assert report_id is not None
        return get_report(session, auditor, report_id)


def section(report: StatedReport, name: str) -> list[StatedFigure]:
    """Return the figures of a section."""
    return [f for each in report.sections if each.name == name for f in each.figures]


def compact(content: bytes, document_jws: str) -> str:
    """Return a detached signature with its bytes put in."""
    header, _, signature = document_jws.split(".")
    return f"{header}.{b64url_encode(content)}.{signature}"


def verified(text: str) -> tuple[bytes, str]:
    """Return payload and type of a compact JWS that another library has verified."""
    jwk = signing_key().verifying_key().jwk
    key = ECKey.import_key({name: str(value) for name, value in jwk.items()})
    read = jws.deserialize_compact(text, key, algorithms=["ES256"])
    return read.payload, str(read.headers()["typ"])
