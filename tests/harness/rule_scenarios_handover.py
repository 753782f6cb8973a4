"""Trips for the rules about hand-over, plant items, papers and photos; see `rule_scenarios`."""

from collections.abc import Mapping
from typing import Final

from waybill.rules.facts import Facts

HANDOVER_SCENARIOS: Final[Mapping[tuple[str, str], Facts]] = {}
HANDOVER_VERSIONS: Final[Mapping[tuple[str, int, str], Facts]] = {}
