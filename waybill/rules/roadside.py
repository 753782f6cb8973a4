"""DOC-01: a waybill on the road."""

from typing import Final

from waybill.rules.rule import Rule

RULES: Final[tuple[Rule, ...]] = ()
