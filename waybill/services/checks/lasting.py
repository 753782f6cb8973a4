"""How long what was seen counts once a check was refused.

While a refusal is cured the vehicle may leave the bay. A code still names what it named; what
somebody saw of vehicle and people does not stand for ever, and has to be seen again.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from waybill.rules.evidence import AnswerItem, EvidenceItem, PlateItem, PresenceItem
from waybill.rules.lifecycle import CheckStatus
from waybill.storage.records import CheckRecord

SEEN_LIFETIME: Final = timedelta(hours=1)
"""How long plates, presence and answers count in a check that was refused."""


def outdated_items(
    items: Iterable[EvidenceItem], check: CheckRecord | None, at: datetime
) -> tuple[EvidenceItem, ...]:
    """Return what of a refused check was seen too long ago to count; nothing of another check.

    What speaks against the load stays until it is answered anew: an absence is no presence by age.
    """
    if check is None or check.status is not CheckStatus.REFUSED:
        return ()
    return tuple(item for item in items if at - _seen_at(item, at) > SEEN_LIFETIME)


def _seen_at(item: EvidenceItem, at: datetime) -> datetime:
    """Return since when something is growing old; what does not is as if seen now."""
    if isinstance(item, PlateItem):
        return item.at
    if isinstance(item, PresenceItem):
        return item.at if item.present else at
    if isinstance(item, AnswerItem):
        return item.at if item.answer == "yes" else at
    return at


def lasting_items(
    items: Iterable[EvidenceItem], check: CheckRecord | None, at: datetime
) -> tuple[EvidenceItem, ...]:
    """Return what of a check counts now, oldest first."""
    given = tuple(items)
    outdated = outdated_items(given, check, at)
    return tuple(item for item in given if item not in outdated)
