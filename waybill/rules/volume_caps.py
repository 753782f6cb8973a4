"""TNK-03: the greatest tanks and loads that the law allows for some goods."""

from typing import Final

from waybill.rules.rule import Rule

RULES: Final[tuple[Rule, ...]] = ()
