"""Which plates, placards and marks must be seen on a transport unit for what it carries.

Judged, drawn and printed from here alone, so that a loader compares with what the rule asks.

Source: GB 13392-2023, whose annex C on mounting was not read by us; JT/T 617.5; ADR 2025,
5.3.1 (placards), 5.3.2 (orange plates), 5.3.3 and 5.3.6 (marks).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from waybill.rules.classification import find_hazard_class, is_solid
from waybill.rules.facts import CarriageMode, Facts, GoodsFacts, PhysicalState

BLANK: Final = "blank"
"""How an orange plate without numbers is named in a finding."""

_NUMBERED: Final = frozenset({CarriageMode.TANK, CarriageMode.BULK})
_CLASS_LABELS: Final = ("2.1", "2.2", "2.3", "3", "4.1", "4.2", "4.3", "5.1", "5.2", "6.1", "6.2")
_LABELS: Final = frozenset({"1", "1.4", "1.5", "1.6", *_CLASS_LABELS, "7", "8", "9"})
_SAME_LABEL: Final = {"7X": "7", "7E": "7", "7A": "7", "7B": "7", "7C": "7", "9A": "9"}
"""Labels whose placard is another: class 7 has model 7D, class 9 never shows 9A (5.3.1.1.4)."""
_ON_VEHICLES_WITH_PACKAGES: Final = frozenset({"1", "7"})
"""Classes for which ADR asks placards on a vehicle with packages, with all hazards (5.3.1.5)."""
_EXPLOSIVE_ORDER: Final = ("1.1", "1.5", "1.2", "1.3", "1.6", "1.4")
"""Divisions of class 1, the most dangerous first (ADR 5.3.1.1.2)."""
_NO_PLACARD: Final = "1.4S"
_HOT_UN_NUMBERS: Final = frozenset({"3257", "3258"})
_HOT_LIQUID_FROM_C: Final = Decimal(100)
_HOT_SOLID_FROM_C: Final = Decimal(240)
"""From which temperature on the mark for elevated temperature is shown (ADR 5.3.3)."""
_ENVIRONMENTAL_UN_NUMBERS: Final = frozenset({"3077", "3082"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """One orange plate; both numbers are empty on a plain one.

    `compartments` are those whose sides bear it, empty where one plate serves the whole unit.
    """

    hazard_identification_number: str = ""
    un_number: str = ""
    compartments: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """How the plate reads: `33/1203`, with its compartments `1, 2: 33/1203`."""
        if not self.un_number:
            return BLANK
        numbers = f"{self.hazard_identification_number}/{self.un_number}"
        places = ", ".join(str(number) for number in self.compartments)
        return f"{places}: {numbers}" if places else numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One placard: the key of its label, and on class 1 what stands in it (`1.1D`)."""

    label: str
    division: str = ""

    @property
    def text(self) -> str:
        """How the placard is named: by its division on class 1, else by its label."""
        return self.division or self.label


class Mark(StrEnum):
    """Marks beside plates and placards (特殊标志牌)."""

    ELEVATED_TEMPERATURE = "elevated_temperature"
    ENVIRONMENTALLY_HAZARDOUS = "environmentally_hazardous"


def numbers_known(facts: Facts) -> bool:
    """Whether every line that goes in a tank has the number that its plate must bear."""
    return all(
        line.hazard_identification_number for line in facts.goods if line.mode is CarriageMode.TANK
    )


def orange_plates_for(facts: Facts) -> tuple[Plate, ...]:
    """Return the orange plates that must be seen, plain ones first.

    Goods in tanks and in bulk are shown by hazard identification number and UN number. A single
    substance needs one kind of plate; of several each compartment bears its own, and front and
    rear are plain. Packages go under plain plates.

    Source: ADR 2025, 5.3.2.1.1, 5.3.2.1.2, 5.3.2.1.4 and 5.3.2.1.6.
    """
    numbers: dict[tuple[str, str], list[int]] = {}
    plain = not facts.goods
    for line in facts.goods:
        if line.mode not in _NUMBERED or not line.hazard_identification_number:
            plain = True
            continue
        key = (line.hazard_identification_number, line.un_number)
        places = numbers.setdefault(key, [])
        if line.compartment is not None and line.compartment not in places:
            places.append(line.compartment)
    several = len(numbers) > 1
    numbered = (
        Plate(
            hazard_identification_number=hazard,
            un_number=un_number,
            compartments=tuple(sorted(places)) if several else (),
        )
        for (hazard, un_number), places in numbers.items()
    )
    return (*((Plate(),) if plain or several else ()), *numbered)


def placards_for(facts: Facts) -> tuple[Sign, ...]:
    """Return the placards that must be seen, each once, in the order of the goods.

    Tanks and bulk show class and subsidiary hazards on both sides and at the rear, and so do
    packages of classes 1 and 7. Packages of other classes show their class. Of class 1 only the
    most dangerous division is shown, its compatibility group only if it is the only one; 1.4S is
    not shown, and 1.5 beside 1.2 is shown as 1.1.

    Source: ADR 2025, 5.3.1.1.2, 5.3.1.4 and 5.3.1.5; for other packages GB 13392.
    """
    keys = dict.fromkeys(label for line in facts.goods for label in _shown_labels(line))
    explosive = _explosive_sign(facts)
    signs = (explosive if is_explosive_label(label) else Sign(label=label) for label in keys)
    return tuple(dict.fromkeys(sign for sign in signs if sign is not None))


def marks_for(facts: Facts) -> tuple[Mark, ...]:
    """Return the marks that must be seen beside the placards.

    That other goods than UN 3077 and 3082 are hazardous to the environment, the list does not say.

    Source: ADR 2025, 5.3.3 and 5.3.6.
    """
    found: list[Mark] = []
    in_bulk = [line for line in facts.goods if line.mode in _NUMBERED]
    if any(_is_hot(line) for line in in_bulk):
        found.append(Mark.ELEVATED_TEMPERATURE)
    if any(line.un_number in _ENVIRONMENTAL_UN_NUMBERS for line in in_bulk):
        found.append(Mark.ENVIRONMENTALLY_HAZARDOUS)
    return tuple(found)


def is_explosive_label(label: str) -> bool:
    """Whether a label is one of class 1."""
    return label[:1] == "1"


def labels_of(line: GoodsFacts) -> tuple[str, ...]:
    """Return the labels of a line, main hazard first.

    Where the list names none or says to look elsewhere, class and subsidiary hazards stand in.
    """
    named = tuple(_SAME_LABEL.get(label, label) for label in line.labels)
    if named and _LABELS.issuperset(named):
        return named
    main = line.division or find_hazard_class(line) or ""
    hazards = (_label_of_hazard(hazard) for hazard in (main, *line.subsidiary_hazards))
    return tuple(dict.fromkeys(label for label in hazards if label in _LABELS))


def _label_of_hazard(hazard: str) -> str:
    plain = hazard.rstrip("ABCDEFGHJKLNS")
    return "1" if plain in {"1.1", "1.2", "1.3"} else plain


def _shown_labels(line: GoodsFacts) -> Iterator[str]:
    labels = labels_of(line)
    whole = line.mode in _NUMBERED or find_hazard_class(line) in _ON_VEHICLES_WITH_PACKAGES
    yield from labels if whole else labels[:1]


def _explosive_sign(facts: Facts) -> Sign | None:
    """Return the one placard of class 1, `None` where nothing but 1.4S is carried."""
    divisions = {
        line.division
        for line in facts.goods
        if find_hazard_class(line) == "1" and line.division != _NO_PLACARD
    }
    if any(d.startswith("1.5") for d in divisions) and any(d.startswith("1.2") for d in divisions):
        return Sign(label="1", division="1.1")
    for plain in _EXPLOSIVE_ORDER:
        found = [division for division in divisions if division.startswith(plain)]
        if found:
            label = plain if plain in _LABELS else "1"
            return Sign(label=label, division=found[0] if len(divisions) == 1 else plain)
    if divisions or _has_explosive_hazard(facts):
        return Sign(label="1")
    return None


def _has_explosive_hazard(facts: Facts) -> bool:
    """Whether goods of another class bear a label of class 1 as a subsidiary hazard."""
    return any(
        find_hazard_class(line) != "1" and any(map(is_explosive_label, labels_of(line)))
        for line in facts.goods
    )


def _is_hot(line: GoodsFacts) -> bool:
    if line.un_number in _HOT_UN_NUMBERS:
        return True
    temperature = line.filling_temperature_c
    if temperature is None or line.physical_state is PhysicalState.GAS:
        return False
    # A state that nobody declared is taken for liquid, which is marked sooner.
    return temperature >= (_HOT_SOLID_FROM_C if is_solid(line) else _HOT_LIQUID_FROM_C)
