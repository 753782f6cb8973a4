"""Tags that cannot have been scanned where they hang: copies, told by time and place alone."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

from waybill.registry.looking import TagSeen

A_STEP: Final = timedelta(seconds=1)
"""Nobody walks from one inspection point to the next in less."""
A_WALK: Final = timedelta(seconds=30)
"""Nobody carries a tag from one bay to another in less, unless there are two of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """One scan of a tag in a check at a bay."""

    check_id: UUID
    bay_id: UUID
    tag: str
    at: datetime
    seen: TagSeen


def order_in_one_breath(scans: Iterable[Scanned]) -> tuple[str, ...]:
    """Return the tags of a check in their order, if each came within a second of the one before.

    Nothing for fewer than two different tags: a single one says nothing.
    """
    first: dict[str, datetime] = {}
    for scan in sorted(scans, key=lambda each: each.at):
        if scan.seen is TagSeen.HERE:
            first.setdefault(scan.tag, scan.at)
    moments = list(first.values())
    apart = [later - earlier for earlier, later in pairwise(moments)]
    return tuple(first) if apart and max(apart) <= A_STEP else ()


def find_two_places(scans: Sequence[Scanned]) -> frozenset[UUID]:
    """Return the checks in which a tag was scanned that was elsewhere within half a minute."""
    by_tag: dict[str, list[Scanned]] = defaultdict(list)
    for scan in scans:
        if scan.tag:
            by_tag[scan.tag].append(scan)
    found: set[UUID] = set()
    for of_one in by_tag.values():
        of_one.sort(key=lambda each: each.at)
        for earlier, later in pairwise(of_one):
            if earlier.bay_id != later.bay_id and later.at - earlier.at <= A_WALK:
                found |= {earlier.check_id, later.check_id}
    return frozenset(found)
