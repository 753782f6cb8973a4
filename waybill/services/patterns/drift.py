"""PAT-04.drift: what is loaded keeps differing from what was planned, always to one side."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from waybill.services.patterns.pattern import Hit, Pattern, Reach, Threshold
from waybill.storage.patterns import PatternSubject
from waybill.storage.tally import TallyAct, TallyOutcome, TallyRow
from waybill.storage.tally_query import tallies_of

SHARE: Final = Threshold(
    key="share",
    value=Decimal(3),
    unit="%",
    zh="月实装总量与计划总量相差超过",
    en="loaded differs from planned over a month by more than",
)
LOADS: Final = Threshold(
    key="loads",
    value=Decimal(5),
    unit="",
    zh="当月至少几车",
    en="of at least so many loads in the month",
)


def find_drift(session: Session, reach: Reach) -> Iterator[Hit]:
    """Find carriers whose loads at one plant add up to another mass than they planned.

    Single loads differ to both sides; over a month that evens out.
    """
    rows = session.execute(
        tallies_of(
            (
                TallyRow.carrier_id,
                TallyRow.facility_id,
                TallyRow.day,
                TallyRow.log_index,
                TallyRow.planned_kg,
                TallyRow.loaded_kg,
            ),
            *reach.conditions,
        ).where(
            TallyRow.act == TallyAct.RELEASE,
            TallyRow.outcome == TallyOutcome.PASSED,
            TallyRow.planned_kg > 0,
            TallyRow.loaded_kg.is_not(None),
            TallyRow.carrier_id.is_not(None),
        )
    )
    found: defaultdict[tuple[UUID, UUID, str], list[tuple[int, Decimal, Decimal]]]
    found = defaultdict(list)
    for carrier_id, facility_id, day, index, planned, loaded in rows:
        found[carrier_id, facility_id, f"{day:%Y-%m}"].append((index, planned, loaded))
    for (carrier_id, facility_id, month), loads in found.items():
        planned_kg = sum((planned for _, planned, _ in loads), Decimal(0))
        loaded_kg = sum((loaded for _, _, loaded in loads), Decimal(0))
        share = (loaded_kg - planned_kg) / planned_kg * 100
        if len(loads) >= LOADS.value and abs(share) > SHARE.value:
            yield Hit(
                subject_kind=PatternSubject.ORGANISATION,
                subject_key=str(carrier_id),
                anchor=f"{facility_id}/{month}",
                events=tuple(index for index, _, _ in loads),
                detail={
                    "facility": str(facility_id),
                    "month": month,
                    "loads": len(loads),
                    "planned_kg": f"{planned_kg:f}",
                    "loaded_kg": f"{loaded_kg:f}",
                    "share": f"{share:+.1f}",
                },
            )


PATTERN: Final = Pattern(
    code="PAT-04.drift",
    title_zh="装载量持续偏离",
    title_en="Quantity drift",
    looks_for_zh="某承运人在某装货地点一个月内的实装总量明显偏离计划总量。",
    looks_for_en="A carrier's loads at one plant add up to another mass over a month than planned.",
    seen_zh="{month} 共 {loads} 车：计划 {planned_kg} kg，实装 {loaded_kg} kg，相差 {share} %。",
    seen_en="{month}, {loads} loads: planned {planned_kg} kg, loaded {loaded_kg} kg, {share} %.",
    thresholds=(SHARE, LOADS),
    find=find_drift,
)
