"""DOC-02: whether the goods are those of the code, and everything is the carrier's own."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from waybill.rules.bases import (
    AT_BAY,
    FIRST_EDITION,
    ON_THE_WAY,
    ORDER_29_IN_FORCE,
    UNREAD_27,
    order_29,
)
from waybill.rules.evidence import ScanKind
from waybill.rules.facts import Facts, GoodsFacts, PartyFacts, PersonFacts
from waybill.rules.finding import Finding, Outcome
from waybill.rules.rule import Judgement, Rule, failed, passed, unknown
from waybill.rules.subjects import Record, named_subjects, record_of

_ONE: Final = Decimal(1)


def check_goods(facts: Facts, _at: datetime) -> Finding:
    """Refuse a code whose goods lines are not those on record.

    Line by line: UN number, packing group, quantity. The code carries whole kilograms or litres,
    so a quantity on record with a fraction may have been rounded either way.

    Source: Order 29/2019, article 27 (4).
    """
    return GOODS.finding(*_goods(facts))


def _goods(facts: Facts) -> Judgement:
    scan = facts.evidence.scan(ScanKind.WAYBILL)
    if scan is None or scan.problem or not scan.goods:
        return unknown("goods_not_read")
    if not facts.goods:
        return unknown("no_goods")
    lines = sorted(facts.goods, key=lambda line: line.position)
    about = {
        "expected": [_spell(line) for line in lines],
        "seen": [f"UN {un} {group} {quantity} {unit}" for un, group, quantity, unit in scan.goods],
    }
    pairs = list(zip(lines, scan.goods, strict=False))
    if len(lines) != len(scan.goods) or not all(_same_goods(g, c) for g, c in pairs):
        return failed("goods_differ", **about)
    on_record = [line.quantity_kg if c[3] == "kg" else line.quantity_l for line, c in pairs]
    if any(quantity is None for quantity in on_record):
        return unknown("volume_unknown", **about)
    if not all(
        q is not None and abs(q - c[2]) < _ONE for q, (_, c) in zip(on_record, pairs, strict=True)
    ):
        return failed("quantity_differs", **about)
    return passed("equal", **about)


def _same_goods(line: GoodsFacts, coded: tuple[str, str, int, str]) -> bool:
    return coded[:2] == (line.un_number, line.packing_group)


def _spell(line: GoodsFacts) -> str:
    return f"UN {line.un_number} {line.packing_group} {line.quantity_kg:f} kg"


def check_ownership(facts: Facts, _at: datetime) -> Finding:
    """Refuse vehicles, tanks and people that do not belong to the waybill's carrier.

    This is what stops a licensed vehicle that takes the order while another drives it.

    Source: Order 29/2019, articles 22 and 27 (4).
    """
    owners = {s.value: _owner(record_of(facts, s)) for s in named_subjects(facts)}
    foreign = [s for s, owner in owners.items() if owner not in {None, facts.waybill.carrier_id}]
    if foreign:
        return OWNERSHIP.finding(*failed("other_carrier", subjects=foreign))
    missing = [subject for subject, owner in owners.items() if owner is None]
    if missing:
        return OWNERSHIP.finding(*unknown("not_looked_up", subjects=missing))
    return OWNERSHIP.finding(*passed("one_carrier", subjects=list(owners)))


def _owner(record: Record | None) -> str | None:
    if record is None:
        return None
    if isinstance(record, PartyFacts):
        return record.id
    return record.organisation_id if isinstance(record, PersonFacts) else record.carrier_id


GOODS: Final = Rule(
    code="DOC-02.goods",
    version=1,
    title_zh="货物与运单一致",
    title_en="The goods are the waybill's",
    basis=(order_29("27(4)"),),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AT_BAY,
    confirmed=False,
    confirmed_note=UNREAD_27,
    reasons={
        "equal": Outcome.PASSED,
        "goods_differ": Outcome.FAILED,
        "quantity_differs": Outcome.FAILED,
        "goods_not_read": Outcome.UNKNOWN,
        "volume_unknown": Outcome.UNKNOWN,
        "no_goods": Outcome.UNKNOWN,
    },
    reads=(
        "goods.packing_group",
        "goods.quantity_kg",
        "goods.quantity_l",
        "goods.un_number",
        "evidence.scan",
    ),
    check=check_goods,
)
OWNERSHIP: Final = Rule(
    code="DOC-02.ownership",
    version=1,
    title_zh="车辆、罐体和人员属于运单承运人",
    title_en="Vehicles, tank and people belong to the carrier",
    basis=(order_29("22"), order_29("27(4)")),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note=UNREAD_27,
    reasons={
        "one_carrier": Outcome.PASSED,
        "other_carrier": Outcome.FAILED,
        "not_looked_up": Outcome.UNKNOWN,
    },
    reads=(
        "waybill.carrier_id",
        "waybill.tank_number",
        "waybill.trailer_plate",
        "tractor.carrier_id",
        "trailer.carrier_id",
        "tank.carrier_id",
        "driver.organisation_id",
        "escort.organisation_id",
    ),
    check=check_ownership,
)
RULES: Final = (GOODS, OWNERSHIP)
