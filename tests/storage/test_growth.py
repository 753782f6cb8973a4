"""What the hot requests read goes by an index, however many rows there are.

With whole scans forbidden PostgreSQL makes one only where no index could serve.
"""

from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import Connection, insert, text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.orm import Session

from tests.harness.accounts import seed_accounts
from tests.harness.databases import Databases
from tests.harness.line import Line
from tests.harness.trips import seed_yard
from waybill.clock import FixedClock
from waybill.storage import event_lists
from waybill.storage.event_lists import AboutOne, Span
from waybill.storage.events import SubjectKey
from waybill.storage.facts_query import (
    FOR_ISSUE,
    OF_CHECK,
    OF_CHECK_LOCKED,
    OF_VALUES,
    OF_WAYBILL,
    OF_WAYBILL_LOCKED,
)
from waybill.storage.gather import Batch
from waybill.storage.opening_query import FOR_OPENING
from waybill.storage.waybills import ClearanceRow, ReleaseRow, WaybillRow

BATCHES: Final = {
    "issue": FOR_ISSUE,
    "check": OF_CHECK,
    "decision": OF_CHECK_LOCKED,
    "unstored waybill": OF_VALUES,
    "waybill": OF_WAYBILL,
    "locked waybill": OF_WAYBILL_LOCKED,
    "opening": FOR_OPENING,
}


def whole_scans(connection: Connection, batch: Batch) -> list[str]:
    """Return the steps of a batch's plan for any values that read a whole table."""
    dialect = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
    asked = batch.whole.compile(dialect=dialect).binds
    any_values = batch.whole.params({name: None for name, bind in asked.items() if bind.required})
    written = any_values.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    plan = connection.exec_driver_sql(f"EXPLAIN (GENERIC_PLAN) {written}").scalars()
    return [line.strip() for line in plan if "Seq Scan on" in line]


@pytest.mark.parametrize("name", BATCHES)
def test_what_is_gathered_reads_no_whole_table(databases: Databases, name: str) -> None:
    with databases.shared_engine("postgresql").connect() as connection:
        # An empty table that is known to be empty tempts most: to read it costs nothing.
        connection.execute(text("ANALYZE"))
        assert whole_scans(connection, BATCHES[name]) == []


def test_a_program_of_before_that_releases_dates_the_waybill_too(
    session: Session, clock: FixedClock
) -> None:
    yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
    issued, check_id = Line(yard=yard, clock=clock).cleared(session)
    cleared = session.get_one(ClearanceRow, issued.id)

    session.execute(
        insert(ReleaseRow).values(
            waybill_id=cleared.waybill_id,
            check_id=check_id,
            verdict_id=cleared.verdict_id,
            loading_record=b"{}",
            digest="0" * 64,
            document_jws="",
            kid="",
            released_by=cleared.cleared_by,
            released_at=clock.now(),
            event_id=cleared.event_id,
        )
    )
    session.expire_all()

    assert session.get_one(WaybillRow, cleared.waybill_id).released_at == clock.now()


def test_what_a_search_walks_along_begins_and_ends_where_its_span_does(
    databases: Databases, clock: FixedClock
) -> None:
    day = Span(from_at=clock.now() - timedelta(days=1), to_at=clock.now())
    walk = event_lists._stride(AboutOne(SubjectKey.FACILITY, ("here",)), day, None)  # noqa: SLF001
    dialect = PGDialect_psycopg()  # type: ignore[no-untyped-call]
    written = walk.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    with databases.shared_engine("postgresql").connect() as connection:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {written}").scalars())

    assert "using event_subject_pkey" in plan or "using pk_event_subject" in plan, plan
    assert plan.count("ROW(subject_kind, subject_key, event_id)") == 2
    assert "Filter" not in plan
