"""Counting over the log: carried over in its order, recomputed, and counted by dimensions."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.harness.accounts import seed_accounts
from tests.harness.line import Line
from tests.harness.sequenced import counted_up, sequence
from tests.harness.trips import seed_yard
from tests.harness.yard_rows import TANK_NUMBER, TRACTOR_PLATE, TRAILER_PLATE
from waybill.clock import FixedClock
from waybill.errors import InvalidFieldError
from waybill.services.statistics.counting import Counted, CountRow, Duration, count, spread
from waybill.services.statistics.dimensions import Dimension, Where
from waybill.services.statistics.projecting import (
    TallyDifference,
    compare_tallies,
    forget_tallies,
    project_entries,
    stored_tallies,
    tallied_size,
)
from waybill.services.waybills.cancelling import cancel_waybill
from waybill.storage.tally import TallyAct, TallyGoodsRow, TallyOutcome, TallyRow, TallyRuleRow

FROM = datetime(2026, 11, 20, tzinfo=UTC)
TO = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.fixture
def line(session: Session, clock: FixedClock) -> Line:
    """A clean petrol trip, nothing of it done yet."""
    yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
    return Line(yard=yard, clock=clock)


@pytest.fixture
def trips(session: Session, line: Line, clock: FixedClock) -> int:
    """A trip that was released, one that was refused, one that was cancelled; the log's size."""
    _, check_id = line.cleared(session)
    clock.advance(timedelta(minutes=40))
    line.release(session, check_id)
    refused = line.open(session, line.issued(session).qr_text).check_id
    if refused is None:
        raise AssertionError("no check was opened")
    line.decide(session, refused)
    cancelled = line.issued(session)
    cancel_waybill(
        session,
        line.yard.actor("carrier"),
        cancelled.id,
        reason="货主改期",
        expected_version=cancelled.version,
        clock=clock,
    )
    return counted_up(session)


def figures(counted: Counted) -> dict[tuple[object, ...], int]:
    """Return the counts by their keys."""
    return {row.keys: row.count for row in counted.rows}


def test_each_act_of_a_trip_is_counted_once(session: Session, trips: int) -> None:
    found = count(session, from_at=FROM, to_at=TO, by=(Dimension.ACT, Dimension.OUTCOME))

    assert figures(found) == {
        ("arrival", "passed"): 2,
        ("cancel", "passed"): 1,
        ("check", "passed"): 1,
        ("check", "unproven"): 1,
        ("issue", "passed"): 3,
        ("release", "passed"): 1,
    }
    assert (found.size, tallied_size(session), found.total) == (trips, trips, 9)


def test_every_counted_event_names_trip_place_and_people_by_reference(
    session: Session, trips: int, line: Line
) -> None:
    found = stored_tallies(session, 0, trips).values()

    assert {
        (t.vehicle, t.trailer, t.tank, t.facility_id, t.carrier_id, t.area_code) for t in found
    } == {
        (
            f"{TRACTOR_PLATE}/yellow",
            f"{TRAILER_PLATE}/yellow",
            TANK_NUMBER,
            line.yard.facility_id,
            line.yard.accounts.organisations["carrier"],
            "320800",
        )
    }
    assert {t.bay_id for t in found if t.check_id} == {line.yard.bay_id}
    assert all(t.driver.startswith("d_") and t.escort.startswith("e_") for t in found)


def test_a_release_says_how_long_it_took_and_what_was_loaded(session: Session, trips: int) -> None:
    released = [t for t in stored_tallies(session, 0, trips).values() if t.act == "release"]

    assert [
        (t.seconds_from_issue, t.seconds_from_opening, t.planned_kg, t.loaded_kg) for t in released
    ] == [(2400, 2400, Decimal(28000), Decimal(27900))]


def test_carrying_over_goes_on_where_it_stopped_and_doubles_nothing(
    session: Session, trips: int
) -> None:
    before = session.scalar(select(func.count()).select_from(TallyRow))

    read = [project_entries(session), project_entries(session)]

    after = session.scalar(select(func.count()).select_from(TallyRow))
    assert (read, after, tallied_size(session)) == ([0, 0], before, trips)


def test_batches_make_the_same_tables_as_one_go(session: Session, trips: int) -> None:
    whole = stored_tallies(session, 0, trips)

    forget_tallies(session)
    read = [project_entries(session, limit=7) for _ in range(trips)]

    assert (sum(read), stored_tallies(session, 0, trips)) == (trips, whole)
    assert list(compare_tallies(session)) == []


def test_what_is_not_in_the_tree_is_not_counted(session: Session, line: Line) -> None:
    line.issued(session)

    assert (project_entries(session), tallied_size(session)) == (0, 0)
    assert project_entries(session, limit=1) == 0
    sequence(session)
    assert project_entries(session, limit=1) == 1


def test_a_figure_that_was_changed_is_found(session: Session, trips: int) -> None:
    index = session.scalars(select(TallyRow.log_index).where(TallyRow.act == TallyAct.CHECK)).all()
    session.execute(
        update(TallyRow).where(TallyRow.log_index == index[0]).values(outcome=TallyOutcome.REFUSED)
    )
    session.execute(
        TallyGoodsRow.__table__.delete().where(TallyGoodsRow.log_index == index[1])  # type: ignore[attr-defined]
    )

    assert list(compare_tallies(session)) == [
        TallyDifference(log_index=index[0], parts=("outcome",)),
        TallyDifference(log_index=index[1], parts=("goods",)),
    ]
    assert trips > index[1]


def test_a_figure_of_an_earlier_size_stays_what_it_was(
    session: Session, trips: int, line: Line
) -> None:
    before = count(session, from_at=FROM, to_at=TO, by=(Dimension.ACT,))
    line.issued(session)
    counted_up(session)

    again = count(session, from_at=FROM, to_at=TO, by=(Dimension.ACT,), size=trips)
    now = count(session, from_at=FROM, to_at=TO, by=(Dimension.ACT,))

    assert (again, now.size > trips, now.total) == (before, True, before.total + 1)
    with pytest.raises(InvalidFieldError) as refused:
        count(session, from_at=FROM, to_at=TO, size=now.size + 1)
    assert [problem.code for problem in refused.value.problems] == ["not-counted-yet"]


@pytest.mark.usefixtures("trips")
@pytest.mark.parametrize(
    ("dimension", "expected"),
    [
        (Dimension.DAY, ["2026-11-22"]),
        (Dimension.MONTH, ["2026-11"]),
        (Dimension.HOUR, ["14"]),
        (Dimension.DISTRICT, ["320800"]),
        (Dimension.VEHICLE, [f"{TRACTOR_PLATE}/yellow"]),
        (Dimension.OFFLINE, ["False"]),
        (Dimension.UN_NUMBER, ["1203"]),
        (Dimension.HAZARD_CLASS, ["3"]),
        (Dimension.RULE_OUTCOME, ["failed", "unknown"]),
        (Dimension.ISSUED_AFTER_LOADING, ["None"]),
        (Dimension.KIND, ["check-decided"]),
    ],
)
def test_keys_of_each_dimension(
    session: Session, dimension: Dimension, expected: list[str]
) -> None:
    found = count(session, from_at=FROM, to_at=TO, by=(dimension,), where=Where(act=TallyAct.CHECK))

    assert [str(row.keys[0]) for row in found.rows] == expected


@pytest.mark.usefixtures("trips")
def test_refusals_by_rule_count_a_load_under_each_rule(session: Session) -> None:
    where = Where(act=TallyAct.CHECK, outcomes=(TallyOutcome.REFUSED, TallyOutcome.UNPROVEN))

    found = count(session, from_at=FROM, to_at=TO, by=(Dimension.RULE,), where=where)

    stood = session.scalars(select(TallyRuleRow.code).distinct()).all()
    assert {str(row.keys[0]) for row in found.rows} == set(stood)
    assert {row.count for row in found.rows} == {1}
    assert {(row.planned_kg, row.loaded_kg) for row in found.rows} == {(None, None)}
    narrowed = count(session, from_at=FROM, to_at=TO, where=Where(rule=stood[0]))
    assert narrowed.total == 1


@pytest.mark.usefixtures("trips")
def test_quantities_are_summed_by_goods(session: Session, line: Line) -> None:
    where = Where(act=TallyAct.RELEASE, un_number="1203", facility_id=line.yard.facility_id)

    found = count(session, from_at=FROM, to_at=TO, by=(Dimension.HAZARD_CLASS,), where=where)

    assert found.rows == (
        CountRow(keys=("3",), count=1, planned_kg=Decimal(28000), loaded_kg=Decimal(27900)),
    )


@pytest.mark.usefixtures("trips")
@pytest.mark.parametrize(
    ("where", "total"),
    [
        (Where(), 9),
        (Where(district="3208"), 9),
        (Where(district="3201"), 0),
        (Where(vehicle="苏A00001/yellow"), 0),
        (Where(hazard_class="8"), 0),
        (Where(offline=True), 0),
        (Where(issued_after_loading=False), 1),
        (Where(hour=14), 9),
        (Where(hour=15), 0),
        (Where(act=TallyAct.RELEASE, least_s=2400), 1),
        (Where(act=TallyAct.RELEASE, under_s=2400), 0),
    ],
)
def test_conditions_narrow(session: Session, where: Where, total: int) -> None:
    assert count(session, from_at=FROM, to_at=TO, where=where).total == total


def test_the_end_of_a_period_is_not_in_it(session: Session, trips: int, clock: FixedClock) -> None:
    at = clock.now()

    before = count(session, from_at=FROM, to_at=at).total
    since = count(session, from_at=at, to_at=TO).total

    assert (before, since, trips > 0) == (3, 6, True)


@pytest.mark.usefixtures("trips")
def test_goods_and_rules_are_not_counted_together(session: Session) -> None:
    with pytest.raises(InvalidFieldError) as refused:
        count(session, from_at=FROM, to_at=TO, by=(Dimension.RULE, Dimension.UN_NUMBER))

    assert [problem.code for problem in refused.value.problems] == ["goods-with-rules"]


@pytest.mark.usefixtures("trips")
def test_times_are_spread_over_classes(session: Session) -> None:
    found = spread(
        session,
        Duration.FROM_ISSUE,
        bounds=(600, 2400, 2401),
        from_at=FROM,
        to_at=TO,
        where=Where(act=TallyAct.RELEASE),
    )

    assert (found.bounds, found.counts) == ((600, 2400, 2401), (0, 0, 1, 0))
