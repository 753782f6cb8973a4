"""The right answers to control questions, as far as a signed waybill and the register know them.

A question whose answer is not certain has none, and is not asked: who looked well and sees another
number on one of two plates must not be told that it is wrong.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from waybill.document import GoodsItem, Unit, WaybillContent
from waybill.goods.catalogue import load
from waybill.rules.facts import CarriageMode

ENDING: Final = 2
"""How many characters of a plate or number are asked for."""
_NUMBERED: Final = frozenset({CarriageMode.TANK.value, CarriageMode.BULK.value})
_EXPLOSIVES: Final = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """What is known of a trip before anybody looks; `compartments` is 0 where it is not known."""

    content: WaybillContent
    compartments: int = 0


def right_answers(trip: Trip) -> dict[str, str]:
    """Return the right answer of every control question that can be asked on a trip."""
    found = {question: answer(trip) for question, answer in _ANSWERS.items()}
    return {question: answer for question, answer in found.items() if answer}


def _single(content: WaybillContent) -> GoodsItem | None:
    """Return the goods of a unit whose every orange plate bears the same numbers."""
    numbered = all(item.mode in _NUMBERED for item in content.goods)
    kinds = {(item.un_number, item.entry_key) for item in content.goods}
    return content.goods[0] if numbered and len(kinds) == 1 else None


def _un_number(trip: Trip) -> str:
    goods = _single(trip.content)
    return goods.un_number if goods else ""


def _hazard_number(trip: Trip) -> str:
    goods = _single(trip.content)
    if goods is None:
        return ""
    return load(trip.content.list_edition).get(goods.entry_key).hazard_identification_number


def _hazard_class(trip: Trip) -> str:
    shown = {(item.hazard_class, item.subsidiary_hazards) for item in trip.content.goods}
    (division, others), *more = sorted(shown)
    alone = not more and not others
    return division if alone and not division.startswith(_EXPLOSIVES) else ""


def _colour(unit: Unit | None) -> str:
    return unit.plate_colour.value if unit else ""


def _tank_number(trip: Trip) -> str:
    return trip.content.tank.number if trip.content.tank else ""


def _ending(text: str) -> str:
    ending = text[-ENDING:]
    return ending if len(ending) == ENDING and ending.isascii() and ending.isdigit() else ""


_ANSWERS: Final[Mapping[str, Callable[[Trip], str]]] = {
    "un_number": _un_number,
    "hazard_number": _hazard_number,
    "hazard_class": _hazard_class,
    "plate_colour": lambda trip: _colour(trip.content.vehicle),
    "trailer_plate_colour": lambda trip: _colour(trip.content.trailer),
    "plate_ending": lambda trip: _ending(trip.content.vehicle.plate),
    "tank_number_ending": lambda trip: _ending(_tank_number(trip)),
    "compartments": lambda trip: str(trip.compartments) if trip.compartments else "",
}
