"""PAT-06.late_issue: a waybill was signed after its load was already being loaded."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from waybill.services.patterns.pattern import Hit, Pattern, Reach
from waybill.storage.patterns import PatternSubject
from waybill.storage.tally import TallyRow
from waybill.storage.tally_query import tallies_of


def find_late_issues(session: Session, reach: Reach) -> Iterator[Hit]:
    """Find waybills whose loading record begins before the minute of their signature."""
    rows = session.execute(
        tallies_of(
            (
                TallyRow.waybill_id,
                TallyRow.carrier_id,
                TallyRow.log_index,
            ),
            *reach.conditions,
        ).where(
            TallyRow.issued_after_loading.is_(True),
            TallyRow.waybill_id.is_not(None),
        )
    )
    found: defaultdict[UUID, list[int]] = defaultdict(list)
    carriers: dict[UUID, UUID | None] = {}
    for waybill_id, carrier_id, index in rows:
        found[waybill_id].append(index)
        carriers[waybill_id] = carrier_id
    for waybill_id, events in found.items():
        yield Hit(
            subject_kind=PatternSubject.WAYBILL,
            subject_key=str(waybill_id),
            anchor="",
            events=tuple(events),
            detail={"carrier": str(carriers[waybill_id] or ""), "records": len(events)},
        )


PATTERN: Final = Pattern(
    code="PAT-06.late_issue",
    title_zh="先装后开单",
    title_en="Issued after loading",
    looks_for_zh="装货记录的开始时间早于运单签发时间。",
    looks_for_en="The loading record begins before the waybill was signed.",
    seen_zh="装货开始于签发之前（装货记录 {records} 次）。",
    seen_en="Loading began before the waybill was signed (loading records: {records}).",
    thresholds=(),
    find=find_late_issues,
)
