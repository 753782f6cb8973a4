"""TNK-01 and TNK-02: whether the tank is in date, on this vehicle, and approved for the goods."""

from datetime import datetime
from typing import Final

from waybill.registry.kinds import CertificateKind, TankKind
from waybill.rules.approval import judge_line
from waybill.rules.bases import FIRST_EDITION, ON_THE_WAY, ORDER_29_IN_FORCE, UNREAD_27, order_29
from waybill.rules.classification import FIXED_TANKS, tank_lines
from waybill.rules.facts import Facts, TankFacts
from waybill.rules.finding import Finding, Outcome
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
from waybill.rules.subjects import HOLDER_REASONS, Subject, describe, judge_holder


def _find_absence(facts: Facts) -> Judgement | None:
    """Return what follows where there is no tank to judge, `None` where there is one."""
    return None if facts.tank is not None else _absence(facts)


def _absence(facts: Facts) -> Judgement:
    if facts.waybill.tank_number is not None:
        return unknown("not_registered", subject=Subject.TANK.value)
    if tank_lines(facts):
        return failed("no_tank")
    return not_applicable("no_tank_needed")


def check_inspection(facts: Facts, at: datetime) -> Finding:
    """Refuse a tank past its next inspection, as printed on the report.

    Source: Order 29/2019, article 27 (3).
    """
    held = _find_absence(facts) or judge_holder(
        facts, Subject.TANK, CertificateKind.TANK_INSPECTION, at
    )
    return INSPECTION.finding(*held)


def check_mounting(facts: Facts, _at: datetime) -> Finding:
    """Refuse a fixed tank that is not the one on the unit that bears the load.

    A fixed tank without a unit on record is unknown: nobody can say where it is. A unit whose own
    tank is not the waybill's is refused whatever the waybill names, packages included.

    Source: Order 29/2019, articles 23 and 27 (4).
    """
    tank = facts.tank
    named = _absence(facts) if tank is None else _mounting(facts, tank)
    return MOUNTING.finding(*(_find_other_tank(facts) or named))


def _find_other_tank(facts: Facts) -> Judgement | None:
    """Return what follows where a unit of the trip has a fixed tank that is not the waybill's."""
    named = facts.tank.id if facts.tank else None
    others = [tank.number for tank in facts.mounted_tanks if tank.id != named]
    return failed("other_tank_mounted", tanks=others) if others else None


def _mounting(facts: Facts, tank: TankFacts) -> Judgement:
    unit = facts.carrying_unit
    about = describe(Subject.TANK, tank)
    if tank.mounted_on_id is None:
        fixed = tank.kind in FIXED_TANKS
        return unknown("mounting_unknown", **about) if fixed else not_applicable("demountable")
    if unit is None:
        return unknown("unit_not_registered", **about)
    if tank.mounted_on_id != unit.id:
        return failed("mounted_elsewhere", **about, expected=unit.plate)
    return passed("mounted", **about, expected=unit.plate)


def check_approved(facts: Facts, at: datetime) -> Finding:
    """Refuse goods that the tank's papers do not name or, by its code, do not allow.

    An atmospheric tank has a list of approved substances (适装介质) by UN number; a mobile pressure
    vessel a use registration certificate (使用登记证) that names its medium; a portable tank is
    judged by its instruction, a tank-container by its tank code. Never by class, and an empty
    list approves nothing.

    Source: Order 29/2019, articles 23 and 27 (5); ADR 2025, 4.2.5.2.5 and 4.3.4.1.2.
    """
    return APPROVED.finding(*(_find_absence(facts) or _approved(facts, at)))


def _approved(facts: Facts, at: datetime) -> Judgement:
    lines, tank = tank_lines(facts), facts.tank
    if tank is None or not lines:
        return not_applicable("no_tank_goods")
    if tank.kind is TankKind.MOBILE_PRESSURE_VESSEL:
        kind = CertificateKind.USE_REGISTRATION
        registered = judge_holder(facts, Subject.TANK, kind, at)
        if registered.outcome is not Outcome.PASSED:
            return registered
    return worst(judge_line(tank, line) for line in lines)


def check_compartments(facts: Facts, _at: datetime) -> Finding:
    """Refuse two goods in one shell, and goods in a compartment that the tank does not have.

    Source: Order 29/2019, article 24 (one goods line per compartment).
    """
    return COMPARTMENTS.finding(*(_find_absence(facts) or _compartments(facts)))


def _compartments(facts: Facts) -> Judgement:
    lines, tank = tank_lines(facts), facts.tank
    if tank is None or not lines:
        return not_applicable("no_tank_goods")
    about = describe(Subject.TANK, tank)
    numbers = _numbers(tank)
    foreign = [g.position for g in lines if g.compartment not in {None, *numbers}]
    if foreign:
        return failed("no_such_compartment", **about, positions=foreign)
    if len(numbers) > 1 and any(line.compartment is None for line in lines):
        return unknown("compartment_not_named", **about, compartments=list(numbers))
    used = [line.compartment or numbers[0] for line in lines]
    shared = sorted({number for number in used if used.count(number) > 1})
    if shared:
        return failed("shared_compartment", **about, compartments=shared)
    return passed("one_each", **about, compartments=used)


def _numbers(tank: TankFacts) -> tuple[int, ...]:
    """Return the tank's compartments; one shell without compartments counts as number 1."""
    return tuple(c.number for c in tank.compartments) or (1,)


_ABSENCE_REASONS: Final[Reasons] = {
    "not_registered": Outcome.UNKNOWN,
    "no_tank": Outcome.FAILED,
    "no_tank_needed": Outcome.NOT_APPLICABLE,
}

INSPECTION: Final = Rule(
    code="TNK-01.inspection",
    version=1,
    title_zh="罐体检验在有效期内",
    title_en="Inspection of the tank",
    basis=(order_29("27(3)"),),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note=UNREAD_27,
    reasons={**HOLDER_REASONS, **_ABSENCE_REASONS},
    reads=("waybill.tank_number", "tank.certificates", "tank.status", "goods.mode"),
    check=check_inspection,
)
MOUNTING: Final = Rule(
    code="TNK-01.mounting",
    version=1,
    title_zh="罐体与承载车辆一致",
    title_en="The tank belongs on this unit",
    basis=(order_29("23"), order_29("27(4)")),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note=UNREAD_27,
    reasons={
        **_ABSENCE_REASONS,
        "mounted": Outcome.PASSED,
        "demountable": Outcome.NOT_APPLICABLE,
        "mounted_elsewhere": Outcome.FAILED,
        "other_tank_mounted": Outcome.FAILED,
        "mounting_unknown": Outcome.UNKNOWN,
        "unit_not_registered": Outcome.UNKNOWN,
    },
    reads=(
        "waybill.tank_number",
        "waybill.trailer_plate",
        "tank.kind",
        "tank.mounted_on_id",
        "goods.mode",
    ),
    check=check_mounting,
)
APPROVED: Final = Rule(
    code="TNK-02.approved",
    version=1,
    title_zh="货物在罐体适装介质范围内",
    title_en="The tank is approved for the goods",
    basis=(order_29("23"), order_29("27(5)")),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=True,
    confirmed_note="Article 23 was read; how lists narrow a substance is taken from practice.",
    reasons={
        **{r: o for r, o in HOLDER_REASONS.items() if r not in {"valid", "end_date_unknown"}},
        **_ABSENCE_REASONS,
        "no_tank_goods": Outcome.NOT_APPLICABLE,
        "approved": Outcome.PASSED,
        "list_empty": Outcome.FAILED,
        "not_on_list": Outcome.FAILED,
        "narrowed_out": Outcome.FAILED,
        "technical_name_unsettled": Outcome.UNKNOWN,
        "concentration_unsettled": Outcome.UNKNOWN,
        "compartment_unsettled": Outcome.UNKNOWN,
        "code_permits": Outcome.PASSED,
        "code_forbids": Outcome.FAILED,
        "code_unsettled": Outcome.UNKNOWN,
        "code_missing": Outcome.UNKNOWN,
        "no_code_in_list": Outcome.FAILED,
    },
    reads=(
        "waybill.tank_number",
        "tank.approved_substances",
        "tank.certificates",
        "tank.kind",
        "tank.portable_tank_instruction",
        "tank.status",
        "tank.tank_code",
        "goods.compartment",
        "goods.concentration",
        "goods.mode",
        "goods.packing_group",
        "goods.portable_tank_instruction",
        "goods.special_provisions",
        "goods.tank_code",
        "goods.technical_name",
        "goods.un_number",
    ),
    check=check_approved,
)
COMPARTMENTS: Final = Rule(
    code="TNK-02.compartments",
    version=1,
    title_zh="每个仓装一种货物",
    title_en="One goods line per compartment",
    basis=(order_29("24"),),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note="One goods line per compartment is how waybills are written, not read as law.",
    reasons={
        **_ABSENCE_REASONS,
        "no_tank_goods": Outcome.NOT_APPLICABLE,
        "one_each": Outcome.PASSED,
        "no_such_compartment": Outcome.FAILED,
        "shared_compartment": Outcome.FAILED,
        "compartment_not_named": Outcome.UNKNOWN,
    },
    reads=("waybill.tank_number", "tank.compartments", "goods.compartment", "goods.mode"),
    check=check_compartments,
)
RULES: Final = (INSPECTION, MOUNTING, APPROVED, COMPARTMENTS)
