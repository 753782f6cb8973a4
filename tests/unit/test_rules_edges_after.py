"""After loading: mass, seals and times at their edges, whole findings."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from tests.harness.rule_facts import AT, trailer, waybill
from tests.harness.rule_trips import loaded_trip, loading
from waybill.codec import JsonValue
from waybill.rules.evidence import LoadedLine
from waybill.rules.facts import Facts
from waybill.rules.finding import Finding, Outcome, Severity
from waybill.rules.lifecycle import WaybillStatus
from waybill.rules.limits import CLEARANCE_LIFETIME
from waybill.rules.register import get_rule

CLEARED_AT = datetime.fromisoformat("2026-11-22T02:10:33.250000+00:00")
SHIFT = timedelta(hours=CLEARANCE_LIFETIME.value)
INSTANT = timedelta(microseconds=1)


def judge(code: str, facts: Facts) -> Finding:
    return get_rule(code, 1).check(facts, AT)


def found(code: str, outcome: Outcome, reason: str, **facts: JsonValue) -> Finding:
    return Finding(
        code=code, version=1, severity=Severity.STOP, outcome=outcome, reason=reason, facts=facts
    )


def test_a_line_that_was_recorded_twice_weighs_twice() -> None:
    lines = tuple(LoadedLine(position=1, quantity_kg=Decimal(kg)) for kg in (20000, 9001))

    assert judge("AFTER-01.mass", loaded_trip(loading(lines=lines))) == found(
        "AFTER-01.mass",
        Outcome.FAILED,
        "over_rated_load",
        holder="苏H1234挂",
        load_kg="29001",
        limit_kg="29000",
        over_kg="1",
    )


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"trailer": None}, id="a trailer that is not on record"),
        pytest.param({"trailer": trailer(rated_load_kg=None)}, id="no rated load"),
        pytest.param({"trailer": trailer(tare_kg=None)}, id="no tare of the trailer"),
        pytest.param({"tractor": None}, id="a tractor that is not on record"),
    ],
)
def test_a_weighbridge_says_nothing_without_every_figure(changes: dict[str, object]) -> None:
    assert judge("AFTER-01.weighbridge", loaded_trip(loading(), **changes)) == found(
        "AFTER-01.weighbridge", Outcome.UNKNOWN, "tares_unknown"
    )


@pytest.mark.parametrize(
    ("seals", "outcome", "reason", "facts"),
    [
        pytest.param((" S-2 ",), Outcome.PASSED, "sealed", {"seals": ["S-2"]}, id="one is enough"),
        pytest.param(
            ("S-2", "S-1", "S-2"), Outcome.PASSED, "sealed", {"seals": ["S-1", "S-2"]}, id="sorted"
        ),
        pytest.param((" ",), Outcome.FAILED, "tank_unsealed", {"limit": 1}, id="a blank is none"),
    ],
)
def test_a_tank_has_at_least_one_seal(
    seals: tuple[str, ...], outcome: Outcome, reason: str, facts: dict[str, JsonValue]
) -> None:
    assert judge("AFTER-01.seals", loaded_trip(loading(seals=seals))) == found(
        "AFTER-01.seals", outcome, reason, **facts
    )


def timed(started_at: datetime, finished_at: datetime) -> Finding:
    own = waybill(status=WaybillStatus.CLEARED, redeemed=True, cleared_at=CLEARED_AT)
    record = loading(started_at=started_at, finished_at=finished_at)
    # A clearance may be older than one shift when it is judged.
    return get_rule("AFTER-01.times", 1).check(
        loaded_trip(record, waybill=own), CLEARED_AT + 2 * SHIFT
    )


@pytest.mark.parametrize(
    ("started_at", "reason", "more"),
    [
        pytest.param(
            CLEARED_AT.replace(second=0, microsecond=0) - INSTANT,
            "before_clearance",
            {"cleared_at": CLEARED_AT.isoformat()},
            id="an instant before the minute of the clearance",
        ),
        pytest.param(
            CLEARED_AT.replace(second=0, microsecond=0), "in_order", {}, id="that minute itself"
        ),
        pytest.param(CLEARED_AT + SHIFT, "in_order", {}, id="a shift later"),
        pytest.param(
            CLEARED_AT + SHIFT + INSTANT,
            "clearance_outdated",
            {"cleared_at": CLEARED_AT.isoformat(), "limit_hours": CLEARANCE_LIFETIME.value},
            id="an instant later still",
        ),
    ],
)
def test_loading_begins_in_the_shift_of_its_clearance(
    started_at: datetime, reason: str, more: dict[str, JsonValue]
) -> None:
    outcome = Outcome.PASSED if reason == "in_order" else Outcome.FAILED

    assert timed(started_at, started_at) == found(
        "AFTER-01.times",
        outcome,
        reason,
        started_at=started_at.isoformat(),
        finished_at=started_at.isoformat(),
        **more,
    )


@pytest.mark.parametrize(
    ("finished_after", "reason"),
    [
        pytest.param(-INSTANT, "ends_before_start", id="ends before it begins"),
        pytest.param(timedelta(0), "in_order", id="ends as it begins"),
        pytest.param(2 * SHIFT, "in_order", id="ends as it is judged"),
        pytest.param(2 * SHIFT + INSTANT, "in_future", id="ends later than that"),
    ],
)
def test_loading_ends_after_it_began_and_before_it_is_judged(
    finished_after: timedelta, reason: str
) -> None:
    assert timed(CLEARED_AT, CLEARED_AT + finished_after).reason == reason
