"""Finding events by several properties at once: nothing missed and nothing twice."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from waybill.clock import FixedClock
from waybill.codec import least_id_at, new_id, time_of_id
from waybill.storage import event_lists
from waybill.storage.event_lists import AboutOne, EventList, Every, OfKind, Span, find_ids
from waybill.storage.events import (
    Event,
    EventKind,
    Subject,
    SubjectKey,
    event_id_at,
    event_statements,
    record_event,
)
from waybill.storage.write import write_together

KINDS = (EventKind.CHECK_DECIDED, EventKind.LOAD_RELEASED, EventKind.SIGNED_IN)
PLACES = ("here", "there")
BAYS = ("one", "two", "three", "seldom")
EVENTS = 150


@dataclass(frozen=True)
class Told:
    """An event as the test remembers it."""

    id: UUID
    kind: EventKind
    minute: int
    subjects: frozenset[Subject]


@pytest.fixture
def told(session: Session, clock: FixedClock) -> list[Told]:
    """Events a minute apart, drawn once and for all, newest first."""
    draw = random.Random(7)  # noqa: S311  the same events every time
    found = []
    for minute in range(EVENTS):
        subjects = {Subject(SubjectKey.FACILITY, draw.choice(PLACES))}
        weights = (10, 10, 10, 1)
        bays = draw.choices(BAYS, weights, k=draw.choice((0, 1, 2)))
        subjects |= {Subject(SubjectKey.BAY, bay) for bay in bays}
        kind = draw.choice(KINDS)
        event = Event(kind=kind, at=clock.now(), actor=None, subjects=tuple(subjects))
        found.append(Told(record_event(session, event), kind, minute, frozenset(subjects)))
        clock.advance(timedelta(minutes=1))
    return found[::-1]


@pytest.fixture(params=[(2000, 4), (7, 2)], ids=["as it is", "in short strides"])
def strides(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Strides so short that most pages end before they are full, too."""
    stride, strides = request.param
    monkeypatch.setattr(event_lists, "STRIDE", stride)
    monkeypatch.setattr(event_lists, "STRIDES", strides)


def pages(
    session: Session, lists: Sequence[EventList], span: Span, limit: int
) -> Iterator[tuple[UUID, ...]]:
    """Yield the ids of one page after the other."""
    after = None
    for _ in range(1000):
        found = find_ids(session, lists, span, after, limit)
        yield found.ids
        if found.next_after is None:
            return
        assert after is None or found.next_after < after
        after = found.next_after
    raise AssertionError("the pages never end")


def fits(event: Told, wanted: EventList) -> bool:
    """Say whether an event is on a list, by what the test remembers."""
    if isinstance(wanted, AboutOne):
        return any(Subject(wanted.kind, key) in event.subjects for key in wanted.keys)
    return isinstance(wanted, Every) or event.kind is wanted.kind


HERE = AboutOne(SubjectKey.FACILITY, ("here",))
ONE = AboutOne(SubjectKey.BAY, ("one",))
SELDOM = AboutOne(SubjectKey.BAY, ("seldom",))
SEVERAL = AboutOne(SubjectKey.BAY, ("two", "three", "nowhere"))
NOWHERE = AboutOne(SubjectKey.BAY, ("nowhere",))
RELEASED = OfKind(EventKind.LOAD_RELEASED)


@pytest.mark.usefixtures("strides")
@pytest.mark.parametrize("limit", [3, 200])
@pytest.mark.parametrize(
    "lists",
    [
        pytest.param((), id="everything"),
        pytest.param((HERE,), id="one subject"),
        pytest.param((RELEASED,), id="a kind"),
        pytest.param((HERE, ONE), id="two subjects"),
        pytest.param((HERE, SELDOM), id="one of them seldom"),
        pytest.param((SEVERAL,), id="several keys, one event about two of them"),
        pytest.param((RELEASED, SEVERAL, HERE), id="everything at once"),
        pytest.param((HERE, NOWHERE), id="nothing"),
        pytest.param((AboutOne(SubjectKey.PERSON, ()),), id="a person without a record"),
    ],
)
def test_pages_together_are_what_fits(
    session: Session, told: list[Told], lists: tuple[EventList, ...], limit: int
) -> None:
    found = [each for page in pages(session, lists, Span(), limit) for each in page]

    assert found == [event.id for event in told if all(fits(event, each) for each in lists)]


@pytest.mark.usefixtures("strides")
@pytest.mark.parametrize("lists", [(), (HERE,), (HERE, ONE, RELEASED)], ids=["0", "1", "3"])
@pytest.mark.parametrize(
    ("first", "last"),
    [
        pytest.param(None, 40, id="before"),
        pytest.param(40, None, id="since"),
        pytest.param(40, 100, id="between"),
        pytest.param(40, 41, id="one minute"),
        pytest.param(100, 40, id="turned round"),
    ],
)
def test_the_first_moment_of_a_span_counts_and_the_last_does_not(
    session: Session,
    told: list[Told],
    lists: tuple[EventList, ...],
    first: int | None,
    last: int | None,
) -> None:
    begin = time_of_id(told[-1].id)
    span = Span(
        from_at=None if first is None else begin + timedelta(minutes=first),
        to_at=None if last is None else begin + timedelta(minutes=last),
    )

    found = [each for page in pages(session, lists, span, 9) for each in page]

    assert found == [
        event.id
        for event in told
        if (first is None or event.minute >= first)
        and (last is None or event.minute < last)
        and all(fits(event, each) for each in lists)
    ]


def test_an_older_event_whose_id_is_a_little_later_is_found_by_its_own_time(
    session: Session, clock: FixedClock
) -> None:
    at = clock.now()
    event = Event(kind=EventKind.SIGNED_IN, at=at, actor=None)
    late = event_id_at(at + timedelta(seconds=20))
    write_together(session, event_statements(event, late))

    def found(first: timedelta, last: timedelta) -> tuple[UUID, ...]:
        return find_ids(session, (), Span(from_at=at + first, to_at=at + last), None, 9).ids

    second = timedelta(seconds=1)
    assert found(-second, second) == (late,)
    assert found(0 * second, second) == (late,)
    assert found(-second, 0 * second) == ()
    assert found(second, 60 * second) == ()


def test_no_page_looks_at_more_than_its_strides(
    session: Session, told: list[Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_lists, "STRIDE", 10)
    monkeypatch.setattr(event_lists, "STRIDES", 2)

    found = find_ids(session, (HERE, OfKind(EventKind.WAYBILL_DRAFTED)), Span(), None, 50)
    short = find_ids(session, (HERE, AboutOne(SubjectKey.FACILITY, ("there",))), Span(), None, 50)

    assert (found.ids, found.next_after) == ((), None)
    assert (short.ids, short.next_after) == ((), reached(told, strides=2, stride=10))


def reached(told: list[Told], *, strides: int, stride: int) -> UUID:
    """Return how far back two lists that never meet are walked."""
    here = [event.id for event in told if fits(event, HERE)]
    there = [event.id for event in told if not fits(event, HERE)]
    after = told[0].id
    rest = [here, there]
    for _ in range(strides):
        after = min(ids[stride - 1] for ids in rest)
        rest = [[each for each in ids if each < after] for ids in (here, there)]
    return after


def test_ids_follow_the_time_of_the_event_and_its_order(clock: FixedClock) -> None:
    first, second = event_id_at(clock.now()), event_id_at(clock.now())
    clock.advance(timedelta(milliseconds=1))
    third = event_id_at(clock.now())

    assert first < second < third
    assert [time_of_id(each) for each in (first, third)] == [
        clock.now() - timedelta(milliseconds=1),
        clock.now(),
    ]
    assert least_id_at(clock.now()) <= third
    assert third.version == new_id().version == 7
