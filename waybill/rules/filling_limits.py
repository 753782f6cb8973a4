"""How full a shell may be with a liquid: by hazard and closure, by heat, by provisions."""

from collections.abc import Iterator
from decimal import Decimal
from enum import Enum, auto
from typing import Final, NamedTuple

from waybill.goods.portable_tanks import FillingFormula, filling_provision
from waybill.goods.tank_codes import parse_tank_code
from waybill.registry.kinds import TankKind
from waybill.rules.facts import Facts, GoodsFacts, TankFacts
from waybill.rules.figures import figure
from waybill.rules.rule import Judgement, unknown
from waybill.rules.shells import Content
from waybill.rules.volumes import HUNDRED, Volume, about

PERCENT_PROVISIONS: Final = frozenset({"TU22", "TU26", "TU27", "TU28", "TU29", "TU32", "TU36"})
"""Tank provisions that say how full in per cent of the capacity."""
AT_15_PROVISIONS: Final = frozenset({"TU28", "TU36"})
"""Those of them that mean the volume at 15 °C."""
MASS_PROVISIONS: Final = frozenset({"TU23", "TU24", "TU25", "TU31", "TU34"})
"""Tank provisions that say how full in kg per litre of the capacity."""
ASKING_PROVISIONS: Final = frozenset({"TU21", "TU30", "TU33"})
"""Tank provisions about filling that a person must read with the tank's papers."""

_HARMFUL: Final = frozenset({"6.1", "8"})
_HARMFUL_LETTERS: Final = frozenset("TC")
_ENVIRONMENTAL: Final = frozenset({"M6", "M7"})


class Harm(Enum):
    """How toxic or corrosive goods are, as far as the degree of filling asks."""

    NONE = auto()
    SLIGHT = auto()
    FULL = auto()


class Limit(NamedTuple):
    """A limit in litres and the word for what it comes from."""

    limit_l: Decimal
    by: str


def find_limit(
    facts: Facts, tank: TankFacts, content: Content, volume: Volume
) -> Limit | Judgement:
    """Return the lowest limit that holds for a liquid in a shell, or why there is none.

    Source: ADR 2025, 4.3.2.2.1 and 4.3.2.2.3; for portable tanks 4.2.1.9.
    """
    if tank.kind is TankKind.PORTABLE_TANK:
        portable = _portable_limit(facts, content, volume)
        if isinstance(portable, Judgement):
            return portable
        found = [portable]
    else:
        asking = sorted(ASKING_PROVISIONS.intersection(content.line.tank_provisions))
        if asking:
            return unknown("provision_asks", **about(content), provisions=list(asking))
        found = [_road_limit(facts, tank, content, volume), *_by_provisions(facts, content, volume)]
    if tank.heated is not False:
        # Nobody says that the heating stays off, so what holds for heated contents holds too.
        found.append(_share(facts, content, "filling_hot_percent", "hot"))
    return min(found)


def _road_limit(facts: Facts, tank: TankFacts, content: Content, volume: Volume) -> Limit:
    if _is_hot(facts, volume):
        return _share(facts, content, "filling_hot_percent", "hot")
    letter, sure = find_letter(tank, content.line)
    by = letter if sure else f"{letter}_assumed"
    limit = _share(facts, content, f"filling_{letter}_percent", by)
    return limit._replace(limit_l=limit.limit_l / volume.room_factor)


def find_letter(tank: TankFacts, line: GoodsFacts) -> tuple[str, bool]:
    """Return which of the four cases of 4.3.2.2.1 holds, and whether that is sure.

    What is not known is taken as the case that allows less: a closure that is not on record as
    hermetic or not, goods of a class that the four cases do not name.
    """
    sealed, harm = _hermetic(tank), _harm(line)
    sure = sealed is not None and harm is not None
    if sealed is False:
        return ("a" if harm is Harm.NONE else "b"), sure
    return ("c" if harm in {Harm.NONE, Harm.SLIGHT} else "d"), sure


def _hermetic(tank: TankFacts) -> bool | None:
    """Whether the tank is hermetically closed, by the last letter of its code."""
    if tank.tank_code is None:
        return None
    try:
        return parse_tank_code(tank.tank_code).closing == "H"
    except ValueError:
        return None


def _harm(line: GoodsFacts) -> Harm | None:
    """Return how toxic or corrosive goods are; `None` for a class that the cases do not name.

    Slightly so is what has packing group III.
    """
    code = line.classification_code
    named = {line.division, *line.subsidiary_hazards}
    if named & _HARMFUL or (line.division == "3" and _HARMFUL_LETTERS.intersection(code)):
        return Harm.SLIGHT if line.packing_group == "III" else Harm.FULL
    flammable = line.division == "3" and not line.subsidiary_hazards
    return Harm.NONE if flammable or code in _ENVIRONMENTAL else None


def _portable_limit(facts: Facts, content: Content, volume: Volume) -> Limit | Judgement:
    line = content.line
    said = filling_provision(line.portable_tank_provisions, line.list_edition)
    if said.formula in {FillingFormula.ASK, FillingFormula.REFRIGERATED}:
        return unknown("provision_asks", **about(content), provisions=list(said.codes))
    most = said.limit_percent or figure(facts, "filling_portable_percent")
    by = "portable" if said.codes else "portable_assumed"
    limit = Limit(limit_l=content.shell.capacity_l * most / HUNDRED, by=by)
    if said.formula is FillingFormula.LIMIT:
        return limit
    if _is_hot(facts, volume):
        return min(limit, _share(facts, content, "filling_hot_percent", "hot"))
    return Limit(limit_l=limit.limit_l / volume.room_factor, by=by)


def _is_hot(facts: Facts, volume: Volume) -> bool:
    reference_c = figure(facts, "filling_reference_c")
    return volume.temperature_c is not None and volume.temperature_c > reference_c


def _by_provisions(facts: Facts, content: Content, volume: Volume) -> Iterator[Limit]:
    """Yield the limits of provisions, those at 15 °C turned into litres as filled."""
    for code in sorted(PERCENT_PROVISIONS.intersection(content.line.tank_provisions)):
        limit = _share(facts, content, f"filling_{code.lower()}_percent", "provision")
        cool_kg_l = content.line.density_kg_l
        if code in AT_15_PROVISIONS and cool_kg_l is not None:
            cool_l = content.quantity_kg / cool_kg_l
            limit = limit._replace(limit_l=limit.limit_l * volume.volume_l / cool_l)
        yield limit


def _share(facts: Facts, content: Content, key: str, by: str) -> Limit:
    return Limit(limit_l=content.shell.capacity_l * figure(facts, key) / HUNDRED, by=by)
