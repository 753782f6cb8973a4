"""HAND-01 and HAND-02: what must be seen on the vehicle, and the closing check list."""

from typing import Final

from waybill.rules.rule import Rule

RULES: Final[tuple[Rule, ...]] = ()
