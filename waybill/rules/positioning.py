"""VEH-06: whether the vehicle can be seen by its positioning device."""

from datetime import datetime, timedelta
from typing import Final

from waybill.codec import JsonValue
from waybill.rules.bases import (
    AT_BAY,
    ORDER_29_IN_FORCE,
    SECOND_EDITION,
    order_29,
)
from waybill.rules.facts import Facts, PositionFacts, UnitFacts
from waybill.rules.figures import figure
from waybill.rules.finding import Finding, Outcome, Phase, Severity
from waybill.rules.rule import Judgement, Rule, failed, passed, unknown
from waybill.rules.subjects import Subject, describe


def check_positioning(facts: Facts, at: datetime) -> Finding:
    """Warn of a vehicle whose positioning device (卫星定位装置) is off, silent or not believable.

    A report is as old as the figure allows at most; one from the future, or from outside of
    China, tells that device or clock is wrong. Asked where the vehicle stands, as an office cannot
    know where it will be.

    Source: Order 29/2019, articles 25 and 45.
    """
    tractor = facts.tractor
    if tractor is None:
        return POSITIONING.finding(*unknown("not_registered", subject=Subject.TRACTOR.value))
    if tractor.position is None:
        about = describe(Subject.TRACTOR, tractor)
        return POSITIONING.finding(*unknown("no_position", **about))
    return POSITIONING.finding(*_judge(facts, tractor, tractor.position, at))


def _judge(facts: Facts, tractor: UnitFacts, position: PositionFacts, at: datetime) -> Judgement:
    about = describe(Subject.TRACTOR, tractor)
    about |= {"reported_at": position.reported_at.isoformat(), "judged_at": at.isoformat()}
    if not position.online:
        return failed("offline", **about)
    limit = int(figure(facts, "position_age_limit"))
    age = at - position.reported_at
    if age < timedelta(0):
        return failed("from_future", **about)
    if age > timedelta(minutes=limit):
        return failed("stale", **about, limit_minutes=limit)
    return _judge_place(facts, position, about)


def _judge_place(facts: Facts, position: PositionFacts, about: dict[str, JsonValue]) -> Judgement:
    latitude, longitude = position.latitude, position.longitude
    if latitude is None or longitude is None:
        return unknown("place_unknown", **about)
    about |= {"latitude": f"{latitude:f}", "longitude": f"{longitude:f}"}
    south, north = figure(facts, "position_south_limit"), figure(facts, "position_north_limit")
    west, east = figure(facts, "position_west_limit"), figure(facts, "position_east_limit")
    if south <= latitude <= north and west <= longitude <= east:
        return passed("seen", **about)
    return failed("implausible", **about)


POSITIONING: Final = Rule(
    code="VEH-06.positioning",
    version=1,
    title_zh="卫星定位装置在线",
    title_en="The positioning device is online",
    basis=(order_29("25"), order_29("45")),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AT_BAY | {Phase.ROADSIDE},
    confirmed=False,
    confirmed_note="Articles 25 and 45 were not read for what a plant must see of the position.",
    reasons={
        "seen": Outcome.PASSED,
        "offline": Outcome.FAILED,
        "from_future": Outcome.FAILED,
        "stale": Outcome.FAILED,
        "implausible": Outcome.FAILED,
        "no_position": Outcome.UNKNOWN,
        "place_unknown": Outcome.UNKNOWN,
        "not_registered": Outcome.UNKNOWN,
    },
    check=check_positioning,
    severity=Severity.WARN,
    reads=("tractor.position",),
)
RULES: Final = (POSITIONING,)
