"""VEH-03: technical grade, annual review and liability insurance."""

from typing import Final

from waybill.rules.rule import Rule

RULES: Final[tuple[Rule, ...]] = ()
