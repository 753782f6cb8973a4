"""How people at a plant look, for its supervisors to talk about: figures beside the plant's own.

Not a judgement of anybody: it reads what stands beside checks, tells it by account for one plant
and period, and is asked for with a permission that no authority has.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Final
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from waybill.codec import least_id_at
from waybill.errors import NotFoundError
from waybill.registry.access import Actor, Permission
from waybill.registry.looking import TagSeen
from waybill.services.looking.copies import Scanned, find_two_places, order_in_one_breath
from waybill.services.registry.facilities import own_facility
from waybill.storage.identity import UserRow
from waybill.storage.looking import CheckLookingRow, CheckLookRow
from waybill.storage.waybills import CheckEvidenceRow, LoadingCheckRow

QUICK_MS: Final = 2000
"""An answer that took less was hardly looked for."""
MOST_CHECKS: Final = 2000
"""How many checks of a period are read, newest first: a plant's month."""
SHEET_CHECKS: Final = 3
"""From how many checks on a repeated order says something."""
LATE: Final = timedelta(days=1)
"""How much earlier than its opening a check's id may have been made."""
ANSWER: Final = "answer"
PHOTO: Final = "photo"


@dataclass(slots=True, kw_only=True)
class Looked:
    """What one person did of what was asked in one check.

    `one_breath` are its tags in their order, if they were all scanned within seconds; `two_places`
    whether one of them was scanned at another bay in the same half minute.
    """

    check_id: UUID
    opened_at: datetime
    times_ms: list[int] = field(default_factory=list)
    answers_ms: list[int] = field(default_factory=list)
    photos_asked: int = 0
    photos_given: int = 0
    tags_asked: int = 0
    tags_seen: int = 0
    tags_elsewhere: int = 0
    controls_asked: int = 0
    controls_answered: int = 0
    controls_right: int = 0
    one_breath: tuple[str, ...] = ()
    two_places: bool = False

    @property
    def complete(self) -> bool:
        """Whether everything was done that was asked."""
        return (
            self.photos_given >= self.photos_asked
            and self.tags_seen >= self.tags_asked
            and self.controls_answered >= self.controls_asked
        )

    @property
    def quick(self) -> int:
        """How many answers took under two seconds."""
        return sum(each < QUICK_MS for each in self.answers_ms)

    @property
    def median_ms(self) -> int | None:
        """The median time per item, `None` where none was told."""
        return round(median(self.times_ms)) if self.times_ms else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLooks:
    """One account's checks in a period, oldest first; the account is named as it signs in."""

    user_id: UUID
    username: str
    checks: tuple[Looked, ...]

    @property
    def same_order(self) -> bool:
        """Whether the tags come in one breath and in one order, check after check: a sheet."""
        orders = [check.one_breath for check in self.checks if check.one_breath]
        return len(orders) >= SHEET_CHECKS and len(set(orders)) == 1

    def total(self, name: str) -> int:
        """Return a figure over all checks."""
        return sum(int(getattr(check, name)) for check in self.checks)

    @property
    def median_ms(self) -> int | None:
        """The median time per item over all checks."""
        return _median(self.checks)

    @property
    def answers(self) -> int:
        """How many answers have a time."""
        return sum(len(check.answers_ms) for check in self.checks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coaching:
    """A plant's people in a period, and the plant's own median time per item."""

    facility_id: UUID
    since: datetime
    until: datetime
    median_ms: int | None
    people: tuple[PersonLooks, ...]


def coach(
    session: Session, actor: Actor, facility_id: UUID, *, since: datetime, until: datetime
) -> Coaching:
    """Return how people looked in the checks of a facility of one's own.

    Raises:
        ForbiddenError: the account may not.
        NotFoundError: the caller's organisation has no such facility.
    """
    actor.require(Permission.READ_COACHING)
    if session.scalar(own_facility(actor, facility_id)) is None:
        raise NotFoundError("facility", facility_id)
    found = _Found(session, facility_id, since, until)
    by_person: dict[UUID, list[Looked]] = defaultdict(list)
    for (_, person), looked in found.looked.items():
        by_person[person].append(looked)
    names = _names(session, by_person)
    people = [
        PersonLooks(
            user_id=person,
            username=names[person],
            checks=tuple(sorted(checks, key=lambda each: each.opened_at)),
        )
        for person, checks in by_person.items()
    ]
    return Coaching(
        facility_id=facility_id,
        since=since,
        until=until,
        median_ms=_median(found.looked.values()),
        people=tuple(sorted(people, key=lambda each: each.username)),
    )


class _Found:
    """What is read for a plant and period: looks by check and person.

    What was asked, and whether it was done, stands with who opened the check; each time with who
    gave it.
    """

    def __init__(
        self, session: Session, facility_id: UUID, since: datetime, until: datetime
    ) -> None:
        self.looked: dict[tuple[UUID, UUID], Looked] = {}
        self._openers: dict[UUID, UUID] = {}
        self._wanted: dict[UUID, set[str]] = {}
        row = LoadingCheckRow
        checks = (
            select(row.id)
            .where(
                row.facility_id == facility_id,
                row.opened_at >= since,
                row.opened_at < until,
                row.id >= least_id_at(since - LATE),
            )
            .order_by(row.id.desc())
            .limit(MOST_CHECKS)
        )
        self._read_asked(session, checks)
        self._read_evidence(session, checks)
        self._read_looks(session, checks)

    def _of(self, check_id: UUID, person: UUID) -> Looked:
        opener = self._openers[check_id]
        opened_at = self.looked[check_id, opener].opened_at
        return self.looked.setdefault(
            (check_id, person), Looked(check_id=check_id, opened_at=opened_at)
        )

    def _read_asked(self, session: Session, checks: Select[UUID]) -> None:
        row, asked = LoadingCheckRow, CheckLookingRow
        for check, looking in session.execute(
            select(row, asked).outerjoin(asked, asked.check_id == row.id).where(row.id.in_(checks))
        ):
            self._openers[check.id] = check.opened_by
            looked = Looked(check_id=check.id, opened_at=check.opened_at)
            if looking is not None:
                self._wanted[check.id] = {str(photo["shows"]) for photo in looking.photos}
                looked.photos_asked = len(looking.photos)
                looked.tags_asked = looking.tags
                looked.controls_asked = len(looking.controls)
            self.looked[check.id, check.opened_by] = looked

    def _read_evidence(self, session: Session, checks: Select[UUID]) -> None:
        row = CheckEvidenceRow
        given: set[tuple[UUID, str]] = set()
        for check_id, person, item, took in session.execute(
            select(row.check_id, row.recorded_by, row.item, row.took_ms).where(
                row.check_id.in_(checks),
                or_(row.took_ms.is_not(None), row.item["type"].as_string() == PHOTO),
            )
        ):
            if took is not None:
                looked = self._of(check_id, person)
                looked.times_ms.append(took)
                if item["type"] == ANSWER:
                    looked.answers_ms.append(took)
            if item["type"] == PHOTO:
                given.add((check_id, str(item["shows"])))
        for check_id, wanted in self._wanted.items():
            done = sum((check_id, shows) in given for shows in wanted)
            self._of(check_id, self._openers[check_id]).photos_given = done

    def _read_looks(self, session: Session, checks: Select[UUID]) -> None:
        row = CheckLookRow
        scans: dict[UUID, list[Scanned]] = defaultdict(list)
        controls: dict[UUID, dict[str, bool]] = defaultdict(dict)
        for look, bay_id in session.execute(
            select(row, LoadingCheckRow.bay_id)
            .join(LoadingCheckRow, LoadingCheckRow.id == row.check_id)
            .where(row.check_id.in_(checks))
            .order_by(row.id)
        ):
            if look.took_ms is not None:
                self._of(look.check_id, look.recorded_by).times_ms.append(look.took_ms)
            if look.seen is not None:
                scans[look.check_id].append(
                    Scanned(
                        check_id=look.check_id,
                        bay_id=bay_id,
                        tag=look.name,
                        at=look.at,
                        seen=look.seen,
                    )
                )
            else:
                # The first answer: whoever reads the hint and looks again is right in the end.
                controls[look.check_id].setdefault(look.name, bool(look.correct))
        two_places = find_two_places([scan for each in scans.values() for scan in each])
        for check_id, opener in self._openers.items():
            looked, own = self.looked[check_id, opener], scans[check_id]
            looked.tags_seen = len({scan.tag for scan in own if scan.seen is TagSeen.HERE})
            looked.tags_elsewhere = sum(scan.seen is not TagSeen.HERE for scan in own)
            looked.one_breath = order_in_one_breath(own)
            looked.two_places = check_id in two_places
            looked.controls_right = sum(controls[check_id].values())
            looked.controls_answered = len(controls[check_id])


def _names(session: Session, people: Iterable[UUID]) -> Mapping[UUID, str]:
    rows = session.execute(select(UserRow.id, UserRow.username).where(UserRow.id.in_(list(people))))
    return {row.id: row.username for row in rows}


def _median(checks: Iterable[Looked]) -> int | None:
    times = [each for check in checks for each in check.times_ms]
    return round(median(times)) if times else None
