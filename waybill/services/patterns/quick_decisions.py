"""PAT-01.quick: one account clears checks faster than anybody can look."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from waybill.services.patterns.pattern import Hit, Pattern, Reach, Threshold
from waybill.storage.patterns import PatternSubject
from waybill.storage.tally import TallyAct, TallyOutcome, TallyRow
from waybill.storage.tally_query import tallies_of

SECONDS: Final = Threshold(
    key="seconds",
    value=Decimal(120),
    unit="s",
    zh="从开始查验到准装少于此时长",
    en="from opening the check to clearance, less than",
)
CHECKS: Final = Threshold(
    key="checks",
    value=Decimal(3),
    unit="",
    zh="同一账号同一天至少几次",
    en="by one account on one day, at least",
)


def find_quick_decisions(session: Session, reach: Reach) -> Iterator[Hit]:
    """Find accounts that cleared several checks of a day in less time than a look takes.

    A refusal may be quick: one missing paper is enough for it.
    """
    rows = session.execute(
        tallies_of(
            (
                TallyRow.user_id,
                TallyRow.day,
                TallyRow.log_index,
                TallyRow.seconds_from_opening,
            ),
            *reach.conditions,
        ).where(
            TallyRow.act == TallyAct.CHECK,
            TallyRow.outcome == TallyOutcome.PASSED,
            TallyRow.seconds_from_opening < int(SECONDS.value),
            TallyRow.user_id.is_not(None),
        )
    )
    found: defaultdict[tuple[UUID, date], list[tuple[int, int]]] = defaultdict(list)
    for user_id, day, index, seconds in rows:
        found[user_id, day].append((index, seconds))
    for (user_id, day), quick in found.items():
        if len(quick) >= CHECKS.value:
            yield Hit(
                subject_kind=PatternSubject.USER,
                subject_key=str(user_id),
                anchor=day.isoformat(),
                events=tuple(index for index, _ in quick),
                detail={
                    "day": day.isoformat(),
                    "count": len(quick),
                    "fastest_s": min(seconds for _, seconds in quick),
                },
            )


PATTERN: Final = Pattern(
    code="PAT-01.quick",
    title_zh="准装过快",
    title_en="Cleared too fast",
    looks_for_zh="同一账号在一天内多次在极短时间内准装。",
    looks_for_en="One account clears several checks of a day in less time than a look takes.",
    seen_zh="{day} 有 {count} 次准装过快，最快 {fastest_s} 秒。",
    seen_en="{count} checks cleared too fast on {day}, the fastest in {fastest_s} s.",
    thresholds=(SECONDS, CHECKS),
    find=find_quick_decisions,
)
