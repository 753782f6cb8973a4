"""All patterns, in the order in which they are shown."""

from collections.abc import Mapping
from typing import Final

from waybill.services.patterns import (
    after_loading,
    drift,
    open_trips,
    quick_decisions,
    repeats,
    travel,
)
from waybill.services.patterns.pattern import Pattern

PATTERNS: Final[Mapping[str, Pattern]] = {
    module.PATTERN.code: module.PATTERN
    for module in (quick_decisions, open_trips, travel, drift, repeats, after_loading)
}
