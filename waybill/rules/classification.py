"""What a goods line's place in the list means for papers: its class, and whether it is 剧毒."""

from typing import Final

from waybill.registry.kinds import TankKind
from waybill.rules.facts import Answer, CarriageMode, Facts, GoodsFacts, PhysicalState

FIXED_TANKS: Final = frozenset({TankKind.ATMOSPHERIC_TANK, TankKind.MOBILE_PRESSURE_VESSEL})
"""Kinds of tank that are part of a vehicle; the others are load that is set down."""

_CLASSES: Final = frozenset("123456789")
_SOLIDS: Final = "S"
_SOLID_IN_PORTABLE_TANKS: Final = "TP33"


def find_hazard_class(line: GoodsFacts) -> str | None:
    """Return the class as one digit, `None` where the line does not tell.

    UN numbers that begin with 0 are explosives also where the division is left to the sample.
    """
    if line.division[:1] in _CLASSES:
        return line.division[0]
    return "1" if line.un_number.startswith("0") else None


def highly_toxic(line: GoodsFacts) -> Answer:
    """Return whether goods are highly toxic (剧毒).

    A declaration counts where the list asks; it can add to the list, never take away from it.
    """
    if Answer.YES in (line.highly_toxic, line.highly_toxic_declared):
        return Answer.YES
    return line.highly_toxic_declared if line.highly_toxic is Answer.ASK else line.highly_toxic


def tank_lines(facts: Facts) -> tuple[GoodsFacts, ...]:
    """Return the lines that are carried in a tank."""
    return tuple(line for line in facts.goods if line.mode is CarriageMode.TANK)


def is_solid(line: GoodsFacts) -> bool:
    """Return whether goods are solid in their tank: declared so, and not against the list.

    Goods for which the list has tank codes for liquids alone are liquid or molten in a tank, as
    petrol is, whatever is declared; a provision of portable tanks may still name the solid.
    """
    codes = line.tank_code.split()
    as_solid = not codes or any(code.startswith(_SOLIDS) for code in codes)
    named = _SOLID_IN_PORTABLE_TANKS in line.portable_tank_provisions
    return line.physical_state is PhysicalState.SOLID and (as_solid or named)


def is_explosive(line: GoodsFacts) -> bool:
    """Whether goods are of Class 1, rather than having it as a subsidiary hazard."""
    return find_hazard_class(line) == "1"


def subject_lines(facts: Facts) -> tuple[GoodsFacts, ...]:
    """Return the lines that are dangerous goods, by position.

    Left out are goods that the list calls "not subject" and the consignor declares to be so.
    """
    lines = (
        line
        for line in facts.goods
        if (line.list_status, line.not_subject_declared) != ("not_subject", Answer.YES)
    )
    return tuple(sorted(lines, key=lambda line: line.position))
