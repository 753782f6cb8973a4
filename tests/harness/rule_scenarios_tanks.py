"""Trips for the rules about tanks and their filling; see `rule_scenarios`."""

from collections.abc import Mapping
from typing import Final

from waybill.rules.facts import Facts

TANK_SCENARIOS: Final[Mapping[tuple[str, str], Facts]] = {}
TANK_VERSIONS: Final[Mapping[tuple[str, int, str], Facts]] = {}
