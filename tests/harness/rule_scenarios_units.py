"""Trips for the rules about vehicles, their papers, and permits; see `rule_scenarios`."""

from collections.abc import Mapping
from typing import Final

from waybill.rules.facts import Facts

UNIT_SCENARIOS: Final[Mapping[tuple[str, str], Facts]] = {}
UNIT_VERSIONS: Final[Mapping[tuple[str, int, str], Facts]] = {}
