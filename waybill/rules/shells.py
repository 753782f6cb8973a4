"""Which goods go into which shell of the tank, planned or loaded.

The rules of filling judge shell by shell: a closed compartment is a shell of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

from waybill.rules.classification import tank_lines
from waybill.rules.facts import Facts, GoodsFacts, TankFacts
from waybill.rules.finding import Outcome
from waybill.rules.rule import Judgement, Reasons, failed, not_applicable, unknown
from waybill.rules.subjects import Subject

UNDIVIDED: Final = 0
"""The number of a shell without compartments, as `CargoFacts` counts it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """A compartment, or the whole tank; no `largest_section_l` where none is on record."""

    number: int
    capacity_l: Decimal
    largest_section_l: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is to be, or was, filled into one shell.

    `density_kg_l` is the one that was measured while filling, `None` where nobody measured.
    """

    line: GoodsFacts
    shell: Shell
    quantity_kg: Decimal
    quantity_l: Decimal | None
    temperature_c: Decimal | None
    density_kg_l: Decimal | None = None


Contents: TypeAlias = tuple[Content, ...]

ABSENCE_REASONS: Final[Reasons] = {
    "not_registered": Outcome.UNKNOWN,
    "no_tank": Outcome.FAILED,
    "no_tank_needed": Outcome.NOT_APPLICABLE,
    "no_tank_goods": Outcome.NOT_APPLICABLE,
}
CONTENT_REASONS: Final[Reasons] = {
    **ABSENCE_REASONS,
    "compartment_unsettled": Outcome.UNKNOWN,
    "shared_compartment": Outcome.UNKNOWN,
    "quantity_invalid": Outcome.UNKNOWN,
}


def find_tank(facts: Facts) -> TankFacts | Judgement:
    """Return the tank that goods go into, or what follows where there is none."""
    lines = tank_lines(facts)
    if facts.tank is not None:
        return facts.tank if lines else not_applicable("no_tank_goods")
    if facts.waybill.tank_number is not None:
        return unknown("not_registered", subject=Subject.TANK.value)
    return failed("no_tank") if lines else not_applicable("no_tank_needed")


def shells(tank: TankFacts) -> tuple[Shell, ...]:
    """Return the compartments of a tank, or its one shell."""
    return tuple(
        Shell(number=c.number, capacity_l=c.capacity_l, largest_section_l=c.largest_section_l)
        for c in tank.compartments
    ) or (Shell(number=UNDIVIDED, capacity_l=tank.capacity_l, largest_section_l=None),)


def find_shell(tank: TankFacts, compartment: int | None) -> Shell | None:
    """Return the shell that a line names; the only one need not be named, or be named 1."""
    known = shells(tank)
    if len(known) == 1 and compartment in {None, known[0].number or 1}:
        return known[0]
    return next((shell for shell in known if shell.number == compartment), None)


def planned_contents(tank: TankFacts, facts: Facts) -> Contents | Judgement:
    """Return what is planned for each shell, or why that is not known."""
    return _settle(
        (
            line,
            find_shell(tank, line.compartment),
            line.quantity_kg,
            line.quantity_l,
            line.filling_temperature_c,
            None,
        )
        for line in tank_lines(facts)
    )


def loaded_contents(tank: TankFacts, facts: Facts) -> Contents | Judgement:
    """Return what was loaded into each shell, or why that is not known.

    Litres are those of the record alone. The temperature is the planned one where nobody measured.
    """
    loading = facts.evidence.loading()
    if loading is None:
        return unknown("no_record")
    found: list[_Part] = []
    for line in tank_lines(facts):
        recorded = [each for each in loading.lines if each.position == line.position]
        if len(recorded) != 1:
            return unknown("not_recorded", position=line.position)
        [part] = recorded
        measured_c = part.temperature_c
        found.append(
            (
                line,
                find_shell(tank, line.compartment),
                part.quantity_kg,
                part.quantity_l,
                line.filling_temperature_c if measured_c is None else measured_c,
                part.density_kg_l,
            )
        )
    return _settle(found)


_Part: TypeAlias = tuple[
    GoodsFacts, Shell | None, Decimal, Decimal | None, Decimal | None, Decimal | None
]


def _settle(parts: Iterable[_Part]) -> Contents | Judgement:
    contents: list[Content] = []
    for line, shell, quantity_kg, quantity_l, temperature_c, density_kg_l in parts:
        if shell is None:
            return unknown("compartment_unsettled", position=line.position)
        if not (_is_amount(quantity_kg) and (quantity_l is None or _is_amount(quantity_l))):
            return unknown("quantity_invalid", position=line.position)
        contents.append(
            Content(
                line=line,
                shell=shell,
                quantity_kg=quantity_kg,
                quantity_l=quantity_l,
                temperature_c=temperature_c,
                density_kg_l=density_kg_l,
            )
        )
    used = [content.shell.number for content in contents]
    shared = [content.line.position for content in contents if used.count(content.shell.number) > 1]
    return unknown("shared_compartment", positions=shared) if shared else tuple(contents)


def _is_amount(quantity: Decimal) -> bool:
    return quantity.is_finite() and quantity > 0
