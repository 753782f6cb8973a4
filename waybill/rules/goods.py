"""GDS-01: whether the goods may be carried at all, and in this way."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from waybill.registry.kinds import TankKind, UnitBody
from waybill.rules.bases import (
    FIRST_EDITION,
    ON_THE_WAY,
    ORDER_29_IN_FORCE,
    SECOND_EDITION,
    jtt_617,
)
from waybill.rules.classification import FIXED_TANKS, tank_lines
from waybill.rules.facts import Answer, CarriageMode, Facts, GoodsFacts, TankFacts
from waybill.rules.finding import Finding, Outcome
from waybill.rules.rule import Judgement, Rule, failed, passed, unknown, worst


def check_carriage(facts: Facts, _at: datetime) -> Finding:
    """Refuse goods that the list forbids to carry.

    Goods that the list calls "not subject" ask for the consignor's declaration: declared not
    subject they pass, declared subject the row picked is the wrong one.

    Source: JT/T 617.3; ADR 2025, 2.2 and 3.2 Table A.
    """
    if not facts.goods:
        return CARRIAGE.finding(*unknown("no_goods"))
    return CARRIAGE.finding(*worst(_carriage(line) for line in facts.goods))


def _carriage(line: GoodsFacts) -> Judgement:
    if line.list_status == "":
        return passed("allowed", **_about(line))
    if line.list_status == "prohibited":
        return failed("prohibited", **_about(line))
    if line.list_status != "not_subject":
        return unknown("status_unknown", **_about(line))
    if line.not_subject_declared is Answer.ASK:
        return unknown("not_subject_undeclared", **_about(line))
    if line.not_subject_declared is Answer.NO:
        return failed("wrong_row", **_about(line))
    return passed("declared_not_subject", **_about(line))


def check_mode(facts: Facts, _at: datetime) -> Finding:
    """Refuse a way of carriage that the list does not open for the goods.

    A tank needs a tank code in the list, a portable tank a portable tank instruction; bulk needs
    a VC or BK provision. Packages are always open, but not beside the waybill's tank: a fixed
    tank leaves no room for them, and a tank that nothing is carried in is not named for nothing.

    Source: JT/T 617.3; ADR 2025, 3.2 Table A columns 10, 12 and 17.
    """
    if not facts.goods:
        return MODE.finding(*unknown("no_goods"))
    return MODE.finding(*worst(_mode(line, facts) for line in facts.goods))


def _mode(line: GoodsFacts, facts: Facts) -> Judgement:
    if line.mode is CarriageMode.TANK:
        return _tank(line, facts.tank)
    if facts.tank is not None and (facts.tank.kind in FIXED_TANKS or not tank_lines(facts)):
        return failed("beside_tank", **_about(line), holder=facts.tank.number)
    if line.mode is CarriageMode.PACKAGES:
        return passed("packages", **_about(line))
    allowed = passed if line.bulk_provisions else failed
    return allowed("bulk" if line.bulk_provisions else "bulk_not_allowed", **_about(line))


def _tank(line: GoodsFacts, tank: TankFacts | None) -> Judgement:
    if not (line.tank_code or line.portable_tank_instruction):
        return failed("tank_not_allowed", **_about(line))
    if tank is None:
        return unknown("tank_unknown", **_about(line))
    portable = tank.kind is TankKind.PORTABLE_TANK
    seen = line.portable_tank_instruction if portable else line.tank_code
    about = _about(line) | {"tank_kind": tank.kind.value}
    if not seen:
        return failed("tank_kind_not_allowed", **about)
    return passed("tank", **about, list_code=seen)


def check_mode_on_unit(facts: Facts, at: datetime) -> Finding:
    """Refuse what `check_mode` refuses, and all but its own tank on a unit that is built as one.

    Such a unit has no room for anything else: goods said to be in packages, in bulk or in a
    tank-container there are in its tank, whose papers would not be looked at.

    Source: JT/T 617.3; ADR 2025, 3.2 Table A columns 10, 12 and 17.
    """
    found = replace(check_mode(facts, at), version=MODE_ON_UNIT.version)
    unit = facts.carrying_unit
    set_down = facts.tank is not None and facts.tank.kind not in FIXED_TANKS
    beside = [line for line in facts.goods if set_down or line.mode is not CarriageMode.TANK]
    if found.blocks or unit is None or unit.body is not UnitBody.TANK or not beside:
        return found
    return MODE_ON_UNIT.finding(*failed("on_tank_vehicle", **_about(beside[0]), holder=unit.plate))


def _about(line: GoodsFacts) -> dict[str, str | int]:
    return {"un_number": line.un_number, "position": line.position}


_UNREAD_LIST: Final = (
    "JT/T 617.3 was not read; its list is taken as ADR's with the names of GB 12268."
)

CARRIAGE: Final = Rule(
    code="GDS-01.carriage",
    version=1,
    title_zh="货物准许运输",
    title_en="The goods may be carried",
    basis=(jtt_617("3"),),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note=_UNREAD_LIST,
    reasons={
        "allowed": Outcome.PASSED,
        "declared_not_subject": Outcome.PASSED,
        "prohibited": Outcome.FAILED,
        "wrong_row": Outcome.FAILED,
        "not_subject_undeclared": Outcome.UNKNOWN,
        "status_unknown": Outcome.UNKNOWN,
        "no_goods": Outcome.UNKNOWN,
    },
    reads=("goods.list_status", "goods.not_subject_declared", "goods.un_number"),
    check=check_carriage,
)
MODE: Final = Rule(
    code="GDS-01.mode",
    version=1,
    title_zh="运输方式准许（罐体、散装、包件）",
    title_en="The goods may be carried in this way",
    basis=(jtt_617("3"),),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note=_UNREAD_LIST,
    reasons={
        "packages": Outcome.PASSED,
        "bulk": Outcome.PASSED,
        "tank": Outcome.PASSED,
        "bulk_not_allowed": Outcome.FAILED,
        "beside_tank": Outcome.FAILED,
        "tank_not_allowed": Outcome.FAILED,
        "tank_kind_not_allowed": Outcome.FAILED,
        "tank_unknown": Outcome.UNKNOWN,
        "no_goods": Outcome.UNKNOWN,
    },
    reads=(
        "tank.kind",
        "goods.bulk_provisions",
        "goods.mode",
        "goods.portable_tank_instruction",
        "goods.tank_code",
        "goods.un_number",
    ),
    check=check_mode,
)
MODE_ON_UNIT: Final = replace(
    MODE,
    version=2,
    edition=SECOND_EDITION,
    reasons={**MODE.reasons, "on_tank_vehicle": Outcome.FAILED},
    reads=(*MODE.reads, "waybill.trailer_plate", "tractor.body", "trailer.body"),
    check=check_mode_on_unit,
)
RULES: Final = (CARRIAGE, MODE, MODE_ON_UNIT)
