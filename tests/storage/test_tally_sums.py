"""Sums by day: the figures they give are those of counting, and whoever changes one is found."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any, Final

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from tests.harness.tallied import AT, Tallies
from waybill.codec import new_id
from waybill.rules.finding import Severity
from waybill.services.statistics.counting import (
    CountRow,
    Duration,
    count_each,
    from_sums,
    spread,
    spread_each,
)
from waybill.services.statistics.dimensions import Dimension, Where
from waybill.services.statistics.from_sums import Question, face_of
from waybill.services.statistics.projecting import TALLIES
from waybill.services.statistics.summing import (
    SumDifference,
    compare_sums,
    sum_entries,
    sums_waiting,
)
from waybill.storage.tally import (
    Face,
    ProjectionRow,
    TallyAct,
    TallyGoodsRow,
    TallyOutcome,
    TallyRow,
    TallySumRow,
)
from waybill.storage.tally_sums import STEPS_S, SUMS

MANY: Final = 36
QUESTIONS: Final = 66
DAYS: Final = 4
CARRIERS: Final = (new_id(), new_id(), None)
PLANTS: Final = (new_id(), new_id(), None)
GOODS: Final = (("1203", "3"), ("1230", "3"), ("1789", "8"))
RULES: Final = ("TNK-01", "TNK-02", "VEH-01")
SECONDS: Final = (None, 0, 1799, 1800, 40_000, 86_400, 10**6)
BY: Final = (
    (),
    (Dimension.ACT, Dimension.OUTCOME),
    (Dimension.MONTH, Dimension.ACT, Dimension.OUTCOME),
    (Dimension.DAY,),
    (Dimension.HOUR, Dimension.OFFLINE),
    (Dimension.CARRIER, Dimension.ACT),
    (Dimension.FACILITY,),
    (Dimension.DISTRICT, Dimension.ISSUED_AFTER_LOADING),
    (Dimension.UN_NUMBER,),
    (Dimension.HAZARD_CLASS, Dimension.ACT),
    (Dimension.RULE,),
)


@pytest.fixture
def dice() -> Random:
    """The same throws in every run."""
    return Random(20261127)  # noqa: S311  made-up figures, nothing secret


@pytest.fixture
def size(session: Session, dice: Random) -> int:
    """Tallies of four days in no order of time, two thirds of them summed; how many there are."""
    tallies = Tallies(session)
    for number in range(MANY):
        if number == MANY * 2 // 3:
            while sum_entries(session, limit=10):
                pass
        _write(session, tallies, dice)
    return MANY


def _write(session: Session, tallies: Tallies, dice: Random) -> None:
    failed = dice.sample(RULES, dice.choice((0, 0, 1, 2)))
    index = tallies.add(
        dice.choice(list(TallyAct)),
        dice.choice(list(TallyOutcome)),
        minutes=dice.choice((0, 0.5, 60, 59.5, 1080)) + dice.randrange(DAYS * 24) * 60,
        failed=tuple(failed),
        severity=Severity.STOP,
        carrier_id=dice.choice(CARRIERS),
        facility_id=dice.choice(PLANTS),
        area_code=dice.choice(("320800", "320100", "")),
        offline=dice.random() < 0.3,
        seconds_from_issue=dice.choice(SECONDS),
        issued_after_loading=dice.choice((None, True, False)),
        planned_kg=dice.choice((None, 28_000)),
        loaded_kg=dice.choice((None, 27_900)),
    )
    for position in range(dice.randrange(3)):
        un_number, hazard_class = dice.choice(GOODS)
        session.execute(
            insert(TallyGoodsRow).values(
                log_index=index,
                position=position,
                un_number=un_number,
                hazard_class=hazard_class,
                planned_kg=dice.choice((None, 1000)),
                loaded_kg=None,
            )
        )


def questions(dice: Random, size: int) -> Iterator[Question]:
    """Give periods, groups, conditions and sizes of the tree, at and beside every edge."""
    edges = [timedelta(0), timedelta(hours=18), timedelta(hours=1), timedelta(minutes=30)]
    for number in range(QUESTIONS):
        begins_at = AT + timedelta(days=dice.randrange(-2, 4)) + dice.choice(edges)
        lasts = timedelta(days=dice.randrange(6)) + dice.choice(edges)
        by = BY[number % len(BY)]
        yield Question(
            from_at=begins_at,
            to_at=begins_at + lasts,
            by=by,
            where=_where(dice, by),
            size=dice.choice((size, size, size * 2 // 3, size // 2, size - 3, 0)),
        )


def _where(dice: Random, by: tuple[Dimension, ...]) -> Where:
    of_days: dict[str, Any] = {
        "act": dice.choice((None, TallyAct.CHECK, TallyAct.RELEASE)),
        "outcomes": dice.choice(((), (TallyOutcome.PASSED, TallyOutcome.UNPROVEN))),
        "offline": dice.choice((None, None, False)),
        "issued_after_loading": dice.choice((None, None, True)),
    }
    own: dict[Dimension | None, dict[str, Any]] = {
        Dimension.HOUR: {"hour": 14},
        Dimension.CARRIER: {"carrier_id": CARRIERS[0]},
        Dimension.FACILITY: {"facility_id": PLANTS[0]},
        Dimension.DISTRICT: {"district": "32"},
        Dimension.UN_NUMBER: {"un_number": "1203"},
        Dimension.HAZARD_CLASS: {"hazard_class": "3"},
        Dimension.RULE: {"rule": "TNK-01"},
    }
    faces = [dimension for dimension in by if dimension in own]
    if faces:
        return Where(**of_days, **dice.choice(({}, own[faces[0]])))
    by_goods = {Dimension.UN_NUMBER, Dimension.HAZARD_CLASS}
    others = [{}, *(more for dimension, more in own.items() if dimension not in by_goods)]
    others += [{"least_s": 1800}, {"least_s": 1800, "under_s": 86_400}]
    return Where(**of_days, **dice.choice(others))


def test_sums_give_what_counting_gives(session: Session, size: int, dice: Random) -> None:
    wrong, found = [], 0
    for question in questions(dice, size):
        summed, each = from_sums(session, question), count_each(session, question)
        found += sum(row.count for row in each)
        short = question.to_at - question.from_at <= timedelta(days=2)
        given = each if summed is None and short else summed
        if given is None or as_set(given) != as_set(each):
            wrong.append((question, given, each))

    assert wrong[:1] == []
    assert found > MANY


def as_set(rows: list[CountRow]) -> Counter[CountRow]:
    """Return the figures that are not nought, in no order."""
    return Counter(row for row in rows if row.count)


def test_times_of_the_sums_are_those_of_the_tallies(session: Session, size: int) -> None:
    period = {"from_at": AT - timedelta(hours=5), "to_at": AT + timedelta(days=6)}
    where = Where(outcomes=(TallyOutcome.PASSED,))
    question = Question(by=(), where=where, size=size, by_class=True, **period)
    for bounds in (STEPS_S, (3600, 28_800), (86_400,)):
        found = spread(
            session, Duration.FROM_ISSUE, bounds=bounds, where=where, size=size, **period
        )

        each = spread_each(session, question, Duration.FROM_ISSUE, bounds)
        assert sum(found.counts) > 0
        assert found.counts == tuple(each.get(n, 0) for n in range(len(bounds) + 1))


@pytest.mark.parametrize(
    ("by", "where"),
    [
        ((Dimension.VEHICLE,), Where()),
        ((Dimension.CARRIER, Dimension.FACILITY), Where()),
        ((), Where(un_number="1203")),
        ((Dimension.CARRIER,), Where(hour=14)),
        ((), Where(least_s=7)),
        ((), Where(user_id=new_id())),
    ],
)
def test_what_no_single_face_has_is_counted(by: tuple[Dimension, ...], where: Where) -> None:
    assert face_of(Question(from_at=AT, to_at=AT, by=by, where=where, size=0)) is None


def test_sums_of_more_than_was_counted_are_not_believed(session: Session, size: int) -> None:
    while sum_entries(session):
        pass
    question = Question(
        from_at=AT, to_at=AT + timedelta(days=9), by=(), where=Where(), size=size - 1
    )
    assert from_sums(session, question) == count_each(session, question)

    session.get_one(ProjectionRow, TALLIES).next_index = size - 1
    session.flush()

    assert from_sums(session, question) is None


def test_sums_are_carried_on_in_batches_and_never_twice(session: Session, size: int) -> None:
    assert sums_waiting(session)
    read = [sum_entries(session, limit=7) for _ in range(3)]

    summed = session.get_one(ProjectionRow, SUMS).next_index
    assert (read, summed, sums_waiting(session)) == ([7, 5, 0], size, False)
    assert list(compare_sums(session)) == []
    every = select(func.sum(TallySumRow.many)).where(TallySumRow.face == Face.ALL)
    assert session.scalar(every) == size


def test_sums_made_anew_are_the_same(session: Session, size: int) -> None:
    while sum_entries(session):
        pass
    row = TallySumRow
    columns = [getattr(row, column.key) for column in row.__table__.columns]
    before = {tuple(found) for found in session.execute(select(*columns))}

    session.execute(delete(row))
    session.get_one(ProjectionRow, SUMS).next_index = 0
    session.flush()
    while sum_entries(session, limit=5):
        pass

    assert {tuple(found) for found in session.execute(select(*columns))} == before
    assert len(before) > size


def test_a_sum_that_was_changed_is_found(session: Session, size: int) -> None:
    row = TallySumRow
    kept = session.scalars(select(row).where(row.face == Face.FACILITY).order_by(row.day)).first()
    if kept is None:
        raise AssertionError(size)
    kept.many += 1
    kept.loaded_kg += 5
    session.flush()

    assert list(compare_sums(session)) == [
        SumDifference(
            day=kept.day,
            face=Face.FACILITY,
            key=kept.key,
            act=kept.act.value,
            outcome=kept.outcome.value,
            parts=("many", "loaded_kg"),
        )
    ]


def test_a_tally_that_was_changed_or_lost_is_found_by_its_sums(session: Session, size: int) -> None:
    changed = update(TallyRow).values(outcome=TallyOutcome.PASSED, act=TallyAct.SCAN)
    session.execute(changed.where(TallyRow.log_index == size // 3))

    faces = {difference.face for difference in compare_sums(session)}

    assert faces >= {Face.ALL, Face.HOUR, Face.CARRIER, Face.FACILITY, Face.DISTRICT}
