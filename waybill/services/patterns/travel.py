"""PAT-03.travel: one vehicle is seen at two places with too little time between them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.services.patterns.pattern import Hit, Pattern, Reach, Threshold
from waybill.storage.patterns import PatternSubject
from waybill.storage.registry import FacilityRow
from waybill.storage.tally import TallyAct, TallyRow
from waybill.storage.tally_query import tallies_of

SPEED: Final = Threshold(
    key="speed",
    value=Decimal(120),
    unit="km/h",
    zh="直线距离折合时速超过",
    en="as the crow flies, faster than",
)
DISTANCE: Final = Threshold(
    key="distance",
    value=Decimal(5),
    unit="km",
    zh="两地相距至少",
    en="between places at least so far apart",
)
EARTH_RADIUS_KM: Final = 6371.0
"""Mean radius; a great circle on it errs by less than half a percent."""
A_DAY: Final = timedelta(hours=24)
SIGHTINGS: Final = (TallyAct.ARRIVAL, TallyAct.CHECK, TallyAct.RELEASE)


@dataclass(frozen=True, slots=True)
class _Sighting:
    vehicle: str
    at: datetime
    facility_id: UUID
    log_index: int


def find_impossible_travel(session: Session, reach: Reach) -> Iterator[Hit]:
    """Find vehicles that were seen at two places faster than any lorry drives.

    Places without coordinates are left out: a guess would accuse somebody.
    """
    places = {
        row.id: (float(row.latitude), float(row.longitude))
        for row in session.execute(
            select(FacilityRow.id, FacilityRow.latitude, FacilityRow.longitude).where(
                FacilityRow.latitude.is_not(None), FacilityRow.longitude.is_not(None)
            )
        )
    }
    if len(places) > 1:
        yield from _between(_sightings(session, reach, places), places)


def _sightings(
    session: Session, reach: Reach, places: Mapping[UUID, tuple[float, float]]
) -> Iterator[_Sighting]:
    rows = session.execute(
        tallies_of(
            (
                TallyRow.vehicle,
                TallyRow.recorded_at,
                TallyRow.facility_id,
                TallyRow.log_index,
            ),
            *reach.conditions,
        )
        .where(
            TallyRow.act.in_(SIGHTINGS),
            TallyRow.vehicle != "",
        )
        .order_by(None)
        .order_by(TallyRow.vehicle, TallyRow.log_index)
        .execution_options(yield_per=1000)
    )
    return (_Sighting(*row) for row in rows if row.facility_id in places)


def _between(
    sightings: Iterator[_Sighting], places: Mapping[UUID, tuple[float, float]]
) -> Iterator[Hit]:
    before: _Sighting | None = None
    for now in sightings:
        then, before = before, now
        if then is None or then.vehicle != now.vehicle or then.facility_id == now.facility_id:
            continue
        km = great_circle_km(places[then.facility_id], places[now.facility_id])
        took = now.at - then.at
        if km < DISTANCE.value or took > A_DAY:
            continue
        hours = max(took.total_seconds(), 1) / 3600
        if km / hours > SPEED.value:
            yield Hit(
                subject_kind=PatternSubject.PLATE,
                subject_key=now.vehicle,
                anchor=f"{then.log_index}/{now.log_index}",
                events=(then.log_index, now.log_index),
                detail={
                    "facilities": [str(then.facility_id), str(now.facility_id)],
                    "km": round(km),
                    "minutes": int(took.total_seconds() // 60),
                },
            )


def great_circle_km(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Return the distance over the ground between two points, degrees north and east."""
    north, east = radians(here[0]), radians(here[1])
    other_north, other_east = radians(there[0]), radians(there[1])
    half = (
        sin((other_north - north) / 2) ** 2
        + cos(north) * cos(other_north) * sin((other_east - east) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * asin(sqrt(half))


PATTERN: Final = Pattern(
    code="PAT-03.travel",
    title_zh="位移不可能",
    title_en="Impossible travel",
    looks_for_zh="同一车辆相继出现在两地，其间时间不足以行驶到达（可能为套牌）。",
    looks_for_en="One plate is seen at two places with too little time to drive between them.",
    seen_zh="{minutes} 分钟内出现在相距 {km} km 的两地。",
    seen_en="Seen at two places {km} km apart within {minutes} min.",
    thresholds=(SPEED, DISTANCE),
    find=find_impossible_travel,
)
