"""MIX-02: small quantities, what relieves them, and when the relief is lost."""

from typing import Final

from waybill.rules.facts import Facts, Regime
from waybill.rules.rule import Rule


def relieving_regimes(_facts: Facts) -> frozenset[Regime]:
    """Return the regimes under which the whole load goes as ordinary goods; empty: none does."""
    return frozenset()


RULES: Final[tuple[Rule, ...]] = ()
