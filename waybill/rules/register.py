"""The register: every rule in every version, and which of them hold when and where.

Adding a rule is one module (or one entry in one) and one line here; `docs/rules.md` walks through
it. A version that has judged stays as it is: mending adds a version under a new edition.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from waybill.rules import (
    after_loading,
    belonging,
    carrier,
    control_lists,
    crew,
    documents,
    explosives,
    filling,
    goods,
    handover,
    last_cargo,
    load_information,
    loading_times,
    mass,
    matching,
    mixed_loading,
    papers,
    people,
    permits,
    photos,
    plant_items,
    positioning,
    presence,
    regimes,
    roadside,
    separation,
    standing,
    surge,
    tank_fitness,
    tanks,
    unit_scopes,
    vehicle_kinds,
    vehicle_papers,
    vehicles,
    volume_caps,
    weighing,
)
from waybill.rules.bases import FIRST_EDITION, SECOND_EDITION
from waybill.rules.finding import Phase
from waybill.rules.rule import Rule

REGISTER: Final[tuple[Rule, ...]] = (
    *goods.RULES,
    *vehicles.RULES,
    *unit_scopes.RULES,
    *vehicle_papers.RULES,
    *vehicle_kinds.RULES,
    *positioning.RULES,
    *carrier.RULES,
    *people.RULES,
    *crew.RULES,
    *presence.RULES,
    *tanks.RULES,
    *tank_fitness.RULES,
    *mass.RULES,
    *filling.RULES,
    *surge.RULES,
    *volume_caps.RULES,
    *last_cargo.RULES,
    *documents.RULES,
    *roadside.RULES,
    *matching.RULES,
    *belonging.RULES,
    *papers.RULES,
    *permits.RULES,
    *control_lists.RULES,
    *mixed_loading.RULES,
    *explosives.RULES,
    *separation.RULES,
    *regimes.RULES,
    *load_information.RULES,
    *handover.RULES,
    *plant_items.RULES,
    *after_loading.RULES,
    *weighing.RULES,
    *photos.RULES,
    *loading_times.RULES,
    *standing.RULES,
)

BLOCKING_AT_ISSUE: Final = frozenset({"GDS-01.carriage", "CAR-01.black_list"})
"""Codes whose failure keeps a waybill from being issued; others need only be confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEdition:
    """A state of the register that was published: all rules whose edition is not later."""

    id: str
    published_on: date


EDITIONS: Final[tuple[RuleEdition, ...]] = (
    RuleEdition(id=FIRST_EDITION, published_on=date(2026, 11, 22)),
    RuleEdition(id=SECOND_EDITION, published_on=date(2026, 11, 26)),
)
"""Oldest first; ids sort as text."""

_BY_VERSION: Final[Mapping[tuple[str, int], Rule]] = {
    (rule.code, rule.version): rule for rule in REGISTER
}


_MOST_KEPT: Final = 256
_IN_FORCE: Final[
    dict[tuple[date, Phase, str], tuple[tuple[Rule, ...] | None, tuple[Rule, ...]]]
] = {}
"""What was found in force, and in which register: the same few days are asked for all the time."""


def current_edition() -> str:
    """Return the id of the newest edition, by which new verdicts are judged."""
    return EDITIONS[-1].id


def get_rule(code: str, version: int) -> Rule:
    """Return a rule in a version, old versions too.

    Raises:
        KeyError: the register has no such version.
    """
    return _BY_VERSION[code, version]


def rules_in_force(at: date, phase: Phase, edition: str) -> tuple[Rule, ...]:
    """Return the rules that judge on a date in a phase, one version each, in the register's order.

    Args:
        at: calendar date in Asia/Shanghai.
        phase: where in a waybill's life is judged.
        edition: the state of the register; rules of later editions are left out.

    Raises:
        ValueError: there is no such edition.
    """
    register, found = _IN_FORCE.get((at, phase, edition), (None, ()))
    if register is not REGISTER:
        if edition not in {known.id for known in EDITIONS}:
            raise ValueError(f"the register has no edition {edition}")
        if len(_IN_FORCE) >= _MOST_KEPT:
            _IN_FORCE.clear()
        found = _find_in_force(at, phase, edition)
        _IN_FORCE[at, phase, edition] = REGISTER, found
    return found


def _find_in_force(at: date, phase: Phase, edition: str) -> tuple[Rule, ...]:
    newest: dict[str, Rule] = {}
    for rule in REGISTER:
        if rule.edition > edition or not rule.in_force(at):
            continue
        if rule.code not in newest or rule.version > newest[rule.code].version:
            newest[rule.code] = rule
    return tuple(rule for rule in newest.values() if phase in rule.phases)
