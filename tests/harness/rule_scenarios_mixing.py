"""Trips for the rules about mixed loading and small quantities; see `rule_scenarios`."""

from collections.abc import Mapping
from typing import Final

from waybill.rules.facts import Facts

MIXING_SCENARIOS: Final[Mapping[tuple[str, str], Facts]] = {}
MIXING_VERSIONS: Final[Mapping[tuple[str, int, str], Facts]] = {}
