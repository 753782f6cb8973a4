"""The shape of a case: one trip to play through, and what is wrong with it."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from waybill.rules.facts import Regime


class Twist(StrEnum):
    """What is wrong at the bay though the waybill itself may be in order."""

    NONE = "none"
    OTHER_TRAILER = "other-trailer"
    CHANGED_DIGIT = "changed-digit"
    USED_TWICE = "used-twice"
    CANCELLED = "cancelled"
    NOT_ISSUED = "not-issued"


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """Goods in packages: how many of what, and the regime they are declared under.

    Litres of the largest inner packaging, kilograms of the heaviest package.
    """

    packaging: str
    packages: int
    regime: Regime = Regime.ORDINARY
    inner_l: Decimal | None = None
    package_gross_kg: Decimal | None = None
    gross_mass_kg: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One trip: who drives what with which goods, and which rules refuse it.

    A trip with packages has neither trailer nor tank. `last_cargo` is the row that the tank held
    before, the same as now where it is empty; `food` travels on the same vehicle; `without_pass`
    leaves out the pass that highly toxic goods need.
    """

    key: str
    title_zh: str
    title_en: str
    owner: str
    tractor: str
    driver: str
    escort: str
    entry: str
    quantity_kg: int
    trailer: str = ""
    tank: str = ""
    twist: Twist = Twist.NONE
    refused_by: tuple[str, ...] = ()
    packed: Packed | None = None
    last_cargo: str = ""
    food: bool = False
    without_pass: bool = False
