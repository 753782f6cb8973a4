"""What the hot requests read goes by an index, however many rows there are.

With whole scans forbidden PostgreSQL makes one only where no index could serve.
"""

from datetime import timedelta
from typing import Final

import pytest
from sqlalchemy import ColumnElement, Connection, SelectBase, insert, text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.orm import Session

from tests.harness.accounts import seed_accounts
from tests.harness.databases import Databases
from tests.harness.line import Line
from tests.harness.trips import seed_yard
from waybill.clock import FixedClock
from waybill.codec import new_id
from waybill.rules.lifecycle import WaybillStatus
from waybill.services.checks.left_aboard import unsettled
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
from waybill.storage.opening_query import FOR_OPENING
from waybill.storage.registry import FacilityRow
from waybill.storage.session import make_engine
from waybill.storage.waybill_lists import WaybillList, newest
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


def plan_of(connection: Connection, statement: SelectBase) -> list[str]:
    """Return the steps of a statement's plan for any values, with whole scans forbidden."""
    dialect = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
    asked = statement.compile(dialect=dialect).binds
    any_values = statement.params({name: None for name, bind in asked.items() if bind.required})
    written = any_values.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    # An empty table that is known to be empty tempts most: to read it costs nothing.
    connection.execute(text("ANALYZE"))
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    plan = connection.exec_driver_sql(f"EXPLAIN (GENERIC_PLAN) {written}").scalars()
    return [line.strip() for line in plan]


def whole_scans(connection: Connection, statement: SelectBase) -> list[str]:
    """Return the steps that read a whole table."""
    return [line for line in plan_of(connection, statement) if "Seq Scan on" in line]


@pytest.mark.parametrize("name", BATCHES)
def test_what_is_gathered_reads_no_whole_table(databases: Databases, name: str) -> None:
    with databases.shared_engine("postgresql").connect() as connection:
        assert whole_scans(connection, BATCHES[name].whole) == []


@pytest.mark.parametrize(
    "same",
    [
        [WaybillRow.trailer_id == new_id()],
        [WaybillRow.trailer_id == new_id(), WaybillRow.vehicle_id == new_id()],
        [WaybillRow.tank_id == new_id()],
    ],
    ids=["trailer", "unit", "tank"],
)
def test_what_may_be_left_aboard_is_looked_up_by_the_unit(
    databases: Databases, same: list[ColumnElement[bool]]
) -> None:
    with databases.shared_engine("postgresql").connect() as connection:
        assert whole_scans(connection, unsettled(new_id(), same)) == []


OWN, OTHERS, PLANT, THEIRS = (new_id() for _ in range(4))
ISSUED: Final[dict[str, object]] = {"status": WaybillStatus.ISSUED}
LISTS: Final[dict[str, tuple[dict[str, object], int]]] = {
    "of a party": ({}, 51),
    "issued of a party": (ISSUED, 2),
    "of a plant": ({"facility_id": PLANT}, 2 + 51),
    "arrivals": (ISSUED | {"facility_id": PLANT}, 2),
    "arrivals at another's plant": (ISSUED | {"facility_id": THEIRS}, 0),
    "arrivals, warned of": (
        ISSUED | {"facility_id": PLANT, "others": (WaybillRow.attention_since.is_not(None),)},
        0,
    ),
    "issued of all": (ISSUED | {"oversees": True}, 51),
    "cancelled of all": ({"status": WaybillStatus.CANCELLED, "oversees": True}, 0),
    "of a plant, for oversight": ({"facility_id": THEIRS, "oversees": True}, 51),
}
"""What is asked for, and how many waybills that gives, or one more than a page."""
FEW: Final = 50
"""Pages; the table has 170."""
HISTORY: Final = """
    INSERT INTO waybill (id, created_at, draft, status, number, revision, carrier_id, loader_id,
        facility_id, cancel_reason, version)
    SELECT ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, now(), '{}',
        CASE WHEN n % 4 = 0 OR n IN (7, 17) THEN 'issued' ELSE 'released' END, n, 1,
        CAST(:others AS uuid), CASE WHEN n % 4 = 0 THEN CAST(:others AS uuid) ELSE :own END,
        CASE WHEN n % 4 = 0 THEN CAST(:theirs AS uuid) ELSE :plant END, '', 1
    FROM generate_series(1, 8000) AS n
"""
"""Four plants' waybills: three of them ours, long released but for two, and one theirs, issued."""


def buffers(connection: Connection, statement: SelectBase) -> int:
    """Return how many pages a statement looks at."""
    dialect = PGDialect_psycopg()  # type: ignore[no-untyped-call]
    written = statement.compile(
        dialect=dialect, compile_kwargs={"literal_binds": True, "render_postcompile": True}
    )
    explained = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {written}")
    plan = explained.scalar_one()[0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def test_no_list_of_waybills_reads_a_history(databases: Databases, clock: FixedClock) -> None:
    took = {}
    engine = make_engine(databases.fresh("postgresql"))
    with engine.connect() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        named = {"own": OWN, "others": OTHERS, "plant": PLANT, "theirs": THEIRS}
        connection.execute(text(HISTORY), named)
        plant = {"organisation_id": OWN, "created_at": clock.now(), "version": 1}
        connection.execute(
            insert(FacilityRow).values(id=PLANT, name="", area_code="", address="", **plant)
        )
        connection.execute(text("ANALYZE waybill"))
        for name, (more, _) in LISTS.items():
            wanted = WaybillList(**{"organisation_id": OWN, "oversees": False} | more)  # type: ignore[arg-type]
            statement = newest(wanted, after=None, many=51)
            took[name] = len(connection.execute(statement).all()), buffers(connection, statement)
    engine.dispose()

    assert {name: found for name, (found, _) in took.items()} == {
        name: expected for name, (_, expected) in LISTS.items()
    }
    assert {name: read for name, (_, read) in took.items() if read > FEW} == {}


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
        for other_way in ("seqscan", "bitmapscan", "sort"):
            connection.execute(text(f"SET LOCAL enable_{other_way} = off"))
        plan = "\n".join(connection.exec_driver_sql(f"EXPLAIN {written}").scalars())

    assert "using event_subject_pkey" in plan or "using pk_event_subject" in plan, plan
    assert plan.count("ROW(subject_kind, subject_key, event_id)") == 2
    assert "Filter" not in plan
