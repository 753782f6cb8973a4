"""PAT-05.repeat: one carrier or vehicle is refused for the same rule again and again."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from sqlalchemy.orm import Session

from waybill.rules.finding import Outcome, Severity
from waybill.services.patterns.pattern import Hit, Pattern, Reach, Threshold
from waybill.storage.patterns import PatternSubject
from waybill.storage.tally import TallyAct, TallyOutcome, TallyRow, TallyRuleRow
from waybill.storage.tally_query import tallies_of

REFUSALS: Final = Threshold(
    key="refusals",
    value=Decimal(3),
    unit="",
    zh="同一月内因同一规则不准装的运单至少",
    en="waybills refused for one rule in one month, at least",
)


def find_repeats(session: Session, reach: Reach) -> Iterator[Hit]:
    """Find carriers and vehicles that several waybills of a month were refused for one rule.

    A waybill counts once however often its check was decided, and only a stop that failed counts:
    what could not be proven may be nobody's fault.
    """
    rows = session.execute(
        tallies_of(
            (
                TallyRow.carrier_id,
                TallyRow.vehicle,
                TallyRuleRow.code,
                TallyRow.day,
                TallyRow.waybill_id,
                TallyRow.log_index,
            ),
            *reach.conditions,
        )
        .join(TallyRuleRow, TallyRuleRow.log_index == TallyRow.log_index)
        .where(
            TallyRow.act == TallyAct.CHECK,
            TallyRow.outcome == TallyOutcome.REFUSED,
            TallyRuleRow.outcome == Outcome.FAILED,
            TallyRuleRow.severity == Severity.STOP,
        )
    )
    found: defaultdict[tuple[PatternSubject, str, str, str], dict[object, int]]
    found = defaultdict(dict)
    for carrier_id, vehicle, rule, day, waybill_id, index in rows:
        month = f"{day:%Y-%m}"
        for kind, key in (
            (PatternSubject.ORGANISATION, str(carrier_id or "")),
            (PatternSubject.PLATE, vehicle),
        ):
            if key:
                found[kind, key, rule, month].setdefault(waybill_id, index)
    for (kind, key, rule, month), refused in found.items():
        if len(refused) >= REFUSALS.value:
            yield Hit(
                subject_kind=kind,
                subject_key=key,
                anchor=f"{rule}/{month}",
                events=tuple(sorted(refused.values())),
                detail={"rule": rule, "month": month, "count": len(refused)},
            )


PATTERN: Final = Pattern(
    code="PAT-05.repeat",
    title_zh="屡次违反同一规则",
    title_en="Repeat offender",
    looks_for_zh="同一承运人或车辆一个月内多张运单因同一规则不准装。",
    looks_for_en="Several waybills of one carrier or vehicle are refused for one rule in a month.",
    seen_zh="{month} 有 {count} 张运单因 {rule} 不准装。",
    seen_en="{count} waybills were refused for {rule} in {month}.",
    thresholds=(REFUSALS,),
    find=find_repeats,
)
