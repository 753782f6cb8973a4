"""TNK-03: that a liquid does not surge in a half-full shell."""

from typing import Final

from waybill.rules.rule import Rule

RULES: Final[tuple[Rule, ...]] = ()
