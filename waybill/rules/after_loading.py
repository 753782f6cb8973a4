"""AFTER-01: whether what was loaded may leave."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final

from waybill.codec import JsonValue
from waybill.rules.bases import AFTER, FIRST_EDITION, ORDER_29_IN_FORCE, order_29
from waybill.rules.classification import tank_lines
from waybill.rules.evidence import LoadingItem
from waybill.rules.facts import Facts
from waybill.rules.finding import Finding, Outcome
from waybill.rules.lifecycle import WaybillStatus
from waybill.rules.limits import TANK_SEALS
from waybill.rules.mass import MASS_REASONS, judge_mass, mass_text
from waybill.rules.rule import (
    Judgement,
    Reasons,
    Rule,
    failed,
    not_applicable,
    passed,
    unknown,
    worst,
)

UNREAD_AFTER: Final = "Articles 28 to 30 of Order 29 were not read."


def check_cleared(facts: Facts, _at: datetime) -> Finding:
    """Refuse to release what was not cleared, or was released or cancelled since.

    Source: Order 29/2019, article 27.
    """
    status = facts.waybill.status
    state = passed if status is WaybillStatus.CLEARED else failed
    reason = "cleared" if status is WaybillStatus.CLEARED else "not_cleared"
    return CLEARED.finding(*state(reason, status=status.value))


def check_quantity(facts: Facts, _at: datetime) -> Finding:
    """Refuse more than planned on any goods line, a line not planned, and a line not recorded.

    Source: Order 29/2019, article 28.
    """
    loading = facts.evidence.loading()
    if loading is None:
        return QUANTITY.finding(*unknown("no_record"))
    if not facts.goods:
        return QUANTITY.finding(*unknown("no_goods"))
    return QUANTITY.finding(*worst(_quantities(facts, loading)))


def _quantities(facts: Facts, loading: LoadingItem) -> Iterator[Judgement]:
    planned = {line.position: line.quantity_kg for line in facts.goods}
    recorded = [line.position for line in loading.lines]
    if len(set(recorded)) != len(recorded):
        yield unknown("recorded_twice", positions=sorted(set(recorded)))
    for position in sorted({*planned, *recorded}):
        if position not in planned:
            yield failed("not_planned", position=position)
        if position not in recorded:
            yield unknown("not_recorded", position=position)
    for line in loading.lines:
        if line.position in planned:
            yield _compare(line.position, line.quantity_kg, planned[line.position])


def _compare(position: int, loaded_kg: Decimal, planned_kg: Decimal) -> Judgement:
    about: dict[str, JsonValue] = {
        "position": position,
        "loaded_kg": mass_text(loaded_kg),
        "planned_kg": mass_text(planned_kg),
    }
    if loaded_kg > planned_kg:
        return failed("over_planned", **about, over_kg=mass_text(loaded_kg - planned_kg))
    return passed("within_plan", **about)


def check_loaded_mass(facts: Facts, _at: datetime) -> Finding:
    """Refuse a load that is heavier than unit, tank or combination may carry.

    The limits are those of `check_planned_mass`, held against what was really loaded.

    Source: Order 29/2019, articles 23 and 28.
    """
    loading = facts.evidence.loading()
    if loading is None:
        return LOADED_MASS.finding(*unknown("no_record"))
    loaded: dict[int, Decimal] = {}
    for line in loading.lines:
        loaded[line.position] = loaded.get(line.position, Decimal(0)) + line.quantity_kg
    return LOADED_MASS.finding(*judge_mass(facts, loaded))


def check_weighbridge(facts: Facts, _at: datetime) -> Finding:
    """Refuse a combination that weighs more than its tares and rated load together.

    Judged only where there was a weighbridge; the limit is allowed. A figure that cannot be
    compared, because a tare is not on record, is unknown.

    Source: Order 29/2019, articles 23 and 28.
    """
    loading = facts.evidence.loading()
    if loading is None:
        return WEIGHBRIDGE.finding(*unknown("no_record"))
    if loading.gross_mass_kg is None:
        return WEIGHBRIDGE.finding(*not_applicable("no_weighbridge"))
    limit_kg = _gross_limit(facts)
    if limit_kg is None:
        return WEIGHBRIDGE.finding(*unknown("tares_unknown"))
    about = {"gross_kg": mass_text(loading.gross_mass_kg), "limit_kg": mass_text(limit_kg)}
    if loading.gross_mass_kg > limit_kg:
        over_kg = mass_text(loading.gross_mass_kg - limit_kg)
        return WEIGHBRIDGE.finding(*failed("over_gross_mass", **about, over_kg=over_kg))
    return WEIGHBRIDGE.finding(*passed("within_gross_mass", **about))


def _gross_limit(facts: Facts) -> Decimal | None:
    """Return what the combination may weigh, `None` where a figure for it is missing."""
    unit = facts.carrying_unit
    units = [facts.tractor, *([] if facts.waybill.trailer_plate is None else [facts.trailer])]
    tares = [None if each is None else each.tare_kg for each in units]
    known = [tare for tare in tares if tare is not None]
    if unit is None or unit.rated_load_kg is None or len(known) != len(tares):
        return None
    return sum(known, unit.rated_load_kg)


def check_seals(facts: Facts, _at: datetime) -> Finding:
    """Refuse a tank that left without a seal, and packages with neither seal nor reason.

    Source: Order 29/2019, article 30.
    """
    loading = facts.evidence.loading()
    if loading is None:
        return SEALS.finding(*unknown("no_record"))
    seals = sorted({seal.strip() for seal in loading.seals} - {""})
    if tank_lines(facts) and len(seals) < TANK_SEALS.value:
        return SEALS.finding(*failed("tank_unsealed", limit=TANK_SEALS.value))
    if seals:
        return SEALS.finding(*passed("sealed", seals=seals))
    if loading.no_seal_reason.strip():
        return SEALS.finding(*passed("reason_given"))
    return SEALS.finding(*failed("no_seals"))


NO_RECORD: Final[Reasons] = {"no_record": Outcome.UNKNOWN}

CLEARED: Final = Rule(
    code="AFTER-01.state",
    version=1,
    title_zh="运单已准装",
    title_en="The waybill was cleared",
    basis=(order_29("27"),),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AFTER,
    confirmed=False,
    confirmed_note=UNREAD_AFTER,
    reasons={"cleared": Outcome.PASSED, "not_cleared": Outcome.FAILED},
    reads=("waybill.status",),
    check=check_cleared,
)
QUANTITY: Final = Rule(
    code="AFTER-01.quantity",
    version=1,
    title_zh="实装量不超过计划量",
    title_en="Loaded quantity within the plan",
    basis=(order_29("28"),),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AFTER,
    confirmed=False,
    confirmed_note=UNREAD_AFTER,
    reasons={
        **NO_RECORD,
        "within_plan": Outcome.PASSED,
        "over_planned": Outcome.FAILED,
        "not_planned": Outcome.FAILED,
        "not_recorded": Outcome.UNKNOWN,
        "recorded_twice": Outcome.UNKNOWN,
        "no_goods": Outcome.UNKNOWN,
    },
    reads=("goods.quantity_kg", "evidence.loading"),
    check=check_quantity,
)
LOADED_MASS: Final = Rule(
    code="AFTER-01.mass",
    version=1,
    title_zh="实装质量不超过核定载质量",
    title_en="Loaded mass within the rated loads",
    basis=(order_29("23"), order_29("28")),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AFTER,
    confirmed=False,
    confirmed_note=UNREAD_AFTER,
    reasons={**NO_RECORD, **MASS_REASONS},
    reads=(
        "waybill.tank_number",
        "waybill.trailer_plate",
        "tractor.max_trailer_mass_kg",
        "trailer.rated_load_kg",
        "trailer.tare_kg",
        "tank.kind",
        "tank.rated_load_kg",
        "tank.tare_kg",
        "goods.mode",
        "evidence.loading",
    ),
    check=check_loaded_mass,
)
WEIGHBRIDGE: Final = Rule(
    code="AFTER-01.weighbridge",
    version=1,
    title_zh="地磅总质量不超过限值",
    title_en="Gross mass on the weighbridge",
    basis=(order_29("23"), order_29("28")),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AFTER,
    confirmed=False,
    confirmed_note=UNREAD_AFTER,
    reasons={
        **NO_RECORD,
        "within_gross_mass": Outcome.PASSED,
        "over_gross_mass": Outcome.FAILED,
        "no_weighbridge": Outcome.NOT_APPLICABLE,
        "tares_unknown": Outcome.UNKNOWN,
    },
    reads=(
        "waybill.trailer_plate",
        "tractor.tare_kg",
        "trailer.rated_load_kg",
        "trailer.tare_kg",
        "evidence.loading",
    ),
    check=check_weighbridge,
)
SEALS: Final = Rule(
    code="AFTER-01.seals",
    version=1,
    title_zh="铅封",
    title_en="Seals",
    basis=(order_29("30"),),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AFTER,
    confirmed=False,
    confirmed_note=UNREAD_AFTER,
    reasons={
        **NO_RECORD,
        "sealed": Outcome.PASSED,
        "reason_given": Outcome.PASSED,
        "tank_unsealed": Outcome.FAILED,
        "no_seals": Outcome.FAILED,
    },
    reads=("goods.mode", "evidence.loading"),
    check=check_seals,
)
RULES: Final = (CLEARED, QUANTITY, LOADED_MASS, WEIGHBRIDGE, SEALS)
