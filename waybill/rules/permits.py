"""DOC-04: the permits that some goods need for each trip."""

from typing import Final

from waybill.rules.rule import Rule

RULES: Final[tuple[Rule, ...]] = ()
