"""TNK-04: what the tank held before."""

from typing import Final

from waybill.rules.rule import Rule

RULES: Final[tuple[Rule, ...]] = ()
