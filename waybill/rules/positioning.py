"""VEH-06: whether the vehicle can be seen by its positioning device."""

from typing import Final

from waybill.rules.rule import Rule

RULES: Final[tuple[Rule, ...]] = ()
