"""AFTER-01: photos where the risk asks for them."""

from typing import Final

from waybill.rules.rule import Rule

RULES: Final[tuple[Rule, ...]] = ()
