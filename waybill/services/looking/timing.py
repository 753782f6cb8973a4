"""How long something took from its showing to its giving, as far as that can be believed."""

from datetime import datetime, timedelta
from typing import Final

LONGEST: Final = timedelta(minutes=30)
"""What took longer was left lying, or was sent later than it was given."""
_MILLISECOND: Final = timedelta(milliseconds=1)


def took_ms(shown_at: datetime | None, given_at: datetime) -> int | None:
    """Return the time in milliseconds, `None` where none was told or a clock is plainly wrong."""
    if shown_at is None or not timedelta(0) <= given_at - shown_at <= LONGEST:
        return None
    return (given_at - shown_at) // _MILLISECOND
