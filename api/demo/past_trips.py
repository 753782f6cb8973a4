"""The trips of the weeks before, as one table: what the statistics and patterns have to show."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTrip:
    """A case played some days ago, from `at` (`hh:mm` in Shanghai) on.

    Minutes are counted from the one before: from issue to opening the check, from there to the
    decision, from there to the release. A case that is refused ends with its decision. `share` is
    what was loaded of what was planned; `late` says that the first loading record names a
    beginning before the waybill was signed.
    """

    days_ago: int
    at: str
    case: str
    to_opening: int = 50
    to_decision: int = 9
    to_release: int = 55
    share: Decimal = Decimal(1)
    late: bool = False


def _methanol(days_ago: int, at: str, share: str = "0.90", *, late: bool = False) -> PastTrip:
    return PastTrip(
        days_ago=days_ago, at=at, case="methanol", share=Decimal(share), to_release=40, late=late
    )


PAST_TRIPS: Final[tuple[PastTrip, ...]] = (
    PastTrip(days_ago=27, at="08:10", case="petrol"),
    PastTrip(days_ago=26, at="09:00", case="methanol-trap"),
    PastTrip(days_ago=24, at="14:20", case="chlorine", to_opening=180),
    PastTrip(days_ago=22, at="07:40", case="chlorine-no-scope"),
    PastTrip(days_ago=21, at="10:15", case="petrol", to_release=95),
    PastTrip(days_ago=19, at="21:30", case="methanol-trap", to_decision=4),
    PastTrip(days_ago=17, at="08:30", case="escort-is-driver"),
    _methanol(16, "09:10", late=True),
    # Three clearances within two minutes each, by one account on one day.
    PastTrip(days_ago=13, at="09:00", case="petrol", to_decision=1),
    PastTrip(days_ago=13, at="13:00", case="petrol", to_decision=1),
    PastTrip(days_ago=13, at="16:30", case="petrol", to_decision=1),
    PastTrip(days_ago=11, at="22:10", case="methanol-trap", to_decision=3),
    _methanol(10, "10:30"),
    PastTrip(days_ago=9, at="08:00", case="chlorine-no-endorsement"),
    # The second trip is cleared while the first is still being loaded.
    PastTrip(days_ago=7, at="08:20", case="petrol", to_release=240),
    PastTrip(days_ago=7, at="10:00", case="petrol", to_release=35),
    PastTrip(days_ago=6, at="21:45", case="methanol-trap", to_decision=3),
    _methanol(5, "09:40"),
    PastTrip(days_ago=4, at="15:15", case="chlorine", to_opening=600),
    PastTrip(days_ago=3, at="08:50", case="chlorine-no-scope"),
    _methanol(3, "14:00"),
    _methanol(2, "11:00"),
    PastTrip(days_ago=1, at="09:05", case="petrol", to_opening=20, to_release=25),
    _methanol(1, "13:20"),
)
