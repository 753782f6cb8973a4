"""DOC-01: a waybill on the road, and what an inspector there can see as well as a loader."""

from datetime import datetime
from typing import Final

from waybill.rules import documents, matching, presence, vehicles
from waybill.rules.bases import (
    AT_BAY,
    ORDER_29_IN_FORCE,
    SECOND_EDITION,
    SMALL_QUANTITIES,
    order_29,
)
from waybill.rules.facts import Facts
from waybill.rules.finding import Finding, Outcome, Phase
from waybill.rules.lifecycle import WaybillStatus
from waybill.rules.rule import Judgement, Rule, failed, passed, relieve, revise, unknown

ON_THE_ROAD: Final = frozenset({Phase.ROADSIDE})


def check_on_road(facts: Facts, at: datetime) -> Finding:
    """Refuse a load on the road whose waybill was not released, was cancelled or has run out.

    The validity begins with its first moment and is over at its last.

    Source: Order 29/2019, article 24.
    """
    return ON_ROAD.finding(*_on_road(facts, at))


def _on_road(facts: Facts, at: datetime) -> Judgement:
    waybill = facts.waybill
    status, begin, end = waybill.status, waybill.valid_from, waybill.valid_until
    if status is WaybillStatus.CANCELLED:
        return failed("cancelled", status=status.value)
    if status is not WaybillStatus.RELEASED:
        return failed("not_released", status=status.value)
    if begin is None or end is None:
        return unknown("validity_unknown", status=status.value)
    about = {
        "valid_from_at": begin.isoformat(),
        "valid_until_at": end.isoformat(),
        "judged_at": at.isoformat(),
    }
    if at < begin:
        return failed("too_early", **about)
    if at >= end:
        return failed("too_late", **about)
    return passed("on_its_way", **about)


ON_ROAD: Final = Rule(
    code="DOC-01.on_road",
    version=1,
    title_zh="运单已放行且在有效期内",
    title_en="The waybill is released and valid",
    basis=(order_29("24"),),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_ROAD,
    confirmed=False,
    confirmed_note="Article 24 was read; what an inspector judges on the road was not.",
    reasons={
        "on_its_way": Outcome.PASSED,
        "cancelled": Outcome.FAILED,
        "not_released": Outcome.FAILED,
        "too_early": Outcome.FAILED,
        "too_late": Outcome.FAILED,
        "validity_unknown": Outcome.UNKNOWN,
    },
    check=check_on_road,
    reads=("waybill.status", "waybill.valid_from", "waybill.valid_until"),
)
SEEN_ON_THE_ROAD: Final = tuple(
    revise(rule, edition=SECOND_EDITION, phases=AT_BAY | ON_THE_ROAD)
    for rule in (
        vehicles.TRACTOR_PLATE,
        vehicles.TRAILER_PLATE,
        documents.SIGNATURE,
        matching.TRACTOR_SCAN,
        matching.TRAILER_SCAN,
        matching.TANK_SCAN,
        matching.DRIVER_SCAN,
    )
)
"""Rules of the bay that an inspector asks as well: the same questions about the same things."""
ESCORT_SEEN: Final = tuple(
    relieve(rule, edition=SECOND_EDITION, by=SMALL_QUANTITIES, phases=AT_BAY | ON_THE_ROAD)
    for rule in (matching.ESCORT_SCAN, presence.ESCORT_PRESENT)
)
"""The escort is looked for on the road too; small quantities need none, here or there."""

RULES: Final = (ON_ROAD, *SEEN_ON_THE_ROAD, *ESCORT_SEEN)
