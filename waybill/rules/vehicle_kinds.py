"""VEH-04: whether the vehicles are of the kind that the goods ask for."""

from typing import Final

from waybill.rules.rule import Rule

RULES: Final[tuple[Rule, ...]] = ()
