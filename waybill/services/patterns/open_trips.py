"""PAT-02.two_trips: a vehicle, tank or person is on two trips that are open at once."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from waybill.services.patterns.pattern import Hit, Pattern, Reach, Threshold
from waybill.storage.patterns import PatternSubject
from waybill.storage.tally import TallyAct, TallyRow
from waybill.storage.tally_query import passed

HOURS: Final = Threshold(
    key="hours",
    value=Decimal(24),
    unit="h",
    zh="准装后未放行、未作废的运单最多视为在途多久",
    en="how long a cleared waybill counts as open until it is released or cancelled",
)
MARK_LENGTH: Final = 2
"""References in documents have a letter and a stroke before them: `d_`, `e_`."""

_WHO: Final[dict[str, PatternSubject]] = {
    "vehicle": PatternSubject.PLATE,
    "trailer": PatternSubject.PLATE,
    "tank": PatternSubject.TANK,
    "driver": PatternSubject.PERSON,
    "escort": PatternSubject.PERSON,
}


def find_open_trips(session: Session, reach: Reach) -> Iterator[Hit]:
    """Find trips that were cleared while another with the same vehicle, tank or person was open.

    Two such trips are one finding, about the first thing they share; `shared` names them all.
    """
    pairs: dict[tuple[int, int], list[_Shared]] = {}
    for name in _WHO:
        for shared in _shared(session, reach, name):
            pairs.setdefault(shared.indices, []).append(shared)
    for indices, found in sorted(pairs.items()):
        first = found[0]
        kind = _WHO[first.name]
        yield Hit(
            subject_kind=kind,
            subject_key=first.key[MARK_LENGTH:] if kind is PatternSubject.PERSON else first.key,
            anchor="/".join(first.waybills),
            events=indices,
            detail={
                "waybills": list(first.waybills),
                "shared": [shared.name for shared in found],
            },
        )


class _Shared(NamedTuple):
    """What two trips share: a column, what stands in it, waybills and clearances of both."""

    name: str
    key: str
    waybills: tuple[str, str]
    indices: tuple[int, int]


def _shared(session: Session, reach: Reach, name: str) -> Iterator[_Shared]:
    later, earlier = aliased(TallyRow), aliased(TallyRow)
    over = aliased(TallyRow)
    who: InstrumentedAttribute[str] = getattr(later, name)
    still_open = ~exists().where(
        over.waybill_id == earlier.waybill_id,
        over.log_index < later.log_index,
        or_(over.act == TallyAct.CANCEL, passed(over, TallyAct.RELEASE)),
    )
    rows = session.execute(
        select(
            who,
            earlier.waybill_id,
            later.waybill_id,
            earlier.log_index,
            later.log_index,
            earlier.recorded_at,
            later.recorded_at,
        )
        .join(earlier, getattr(earlier, name) == who)
        .where(
            later.recorded_at >= reach.from_at,
            later.recorded_at < reach.to_at,
            later.log_index < reach.size,
            who != "",
            passed(later, TallyAct.CHECK),
            passed(earlier, TallyAct.CHECK),
            earlier.log_index < later.log_index,
            earlier.waybill_id != later.waybill_id,
            earlier.recorded_at >= reach.from_at,
            still_open,
        )
        .order_by(later.log_index, earlier.log_index)
    )
    for key, first, second, first_index, second_index, first_at, second_at in rows:
        if second_at - first_at < timedelta(hours=int(HOURS.value)):
            yield _Shared(name, key, (str(first), str(second)), (first_index, second_index))


PATTERN: Final = Pattern(
    code="PAT-02.two_trips",
    title_zh="同时两趟在途",
    title_en="On two open trips",
    looks_for_zh="同一车辆、罐体或人员在一趟尚未放行时又为另一趟准装。",
    looks_for_en="A vehicle, tank or person is cleared for a trip while another is still open.",
    seen_zh="第一趟尚未放行或作废时，又为第二趟准装（相同：{parts}）。",
    seen_en="Cleared for a second trip before the first was released or cancelled ({parts}).",
    thresholds=(HOURS,),
    find=find_open_trips,
)
