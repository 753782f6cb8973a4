"""PLANT-01: a plant's own items."""

from typing import Final

from waybill.rules.rule import Rule

RULES: Final[tuple[Rule, ...]] = ()
