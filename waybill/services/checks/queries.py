"""Reading checks: one as it stands, and the list of a facility."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, false, select, true, union_all
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.registry.access import Actor
from waybill.registry.kinds import AskedOf
from waybill.rules.evidence import EvidenceItem
from waybill.rules.facts import Facts
from waybill.rules.finding import Phase
from waybill.rules.lifecycle import CheckStatus
from waybill.services.checks.lasting import outdated_items
from waybill.services.checks.reading import CHECK_LIFETIME, read_check
from waybill.services.facts import facts_of
from waybill.services.keys import KeyRing
from waybill.services.looking.reading import Looks, looks_of
from waybill.services.paging import Page, PageRequest, page_of
from waybill.services.verdicts import Verdict, judge
from waybill.services.waybills.queries import StoredVerdict, stored_verdict
from waybill.storage.facts_query import OF_CHECK
from waybill.storage.records import PlantItemRecord
from waybill.storage.registry import FacilityRow
from waybill.storage.waybills import LoadingCheckRow, VerdictRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSummary:
    """A check in a list."""

    id: UUID
    waybill_id: UUID
    revision: int
    facility_id: UUID
    bay_id: UUID
    status: CheckStatus
    opened_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """A check as it stands now: its facts, what was gathered, and how it would be judged.

    `standing` is judged at this moment and decides nothing; `verdicts` are the kept decisions.
    `supervised` are the plant's items that a loading supervisor alone answers, by their ids.
    `items` are all that were given; `outdated` those that were seen too long ago to count.
    `earlier_id` is a refused check of the same waybill here that can still be gone on with.
    `looks` are what it asks beside law and plant, for which nothing waits.
    """

    summary: CheckSummary
    facts: Facts
    items: tuple[EvidenceItem, ...]
    standing: Verdict
    verdicts: tuple[StoredVerdict, ...]
    supervised: frozenset[str]
    outdated: tuple[EvidenceItem, ...] = ()
    earlier_id: UUID | None = None
    looks: Looks = Looks()  # noqa: RUF009  frozen


def get_check(
    session: Session, actor: Actor, check_id: UUID, *, keys: KeyRing, clock: Clock
) -> CheckView:
    """Return a check of the actor's organisation, or any to oversight.

    Raises:
        NotFoundError: there is none that the account may see.
    """
    now = clock.now()
    dossier, check = read_check(session, actor, check_id, OF_CHECK)
    facts = facts_of(dossier, keys.table, at=now)
    row = session.get_one(LoadingCheckRow, check_id)
    # The waybill is named too: its verdicts are found by an index, a check's are not.
    verdicts = session.scalars(
        select(VerdictRow)
        .where(VerdictRow.waybill_id == row.waybill_id, VerdictRow.check_id == check_id)
        .order_by(VerdictRow.id)
    ).all()
    return CheckView(
        summary=_summary(row),
        facts=facts,
        items=dossier.evidence(),
        standing=judge(facts, at=now, phase=Phase.BEFORE_LOADING),
        verdicts=tuple(stored_verdict(verdict) for verdict in verdicts),
        supervised=frozenset(
            str(item.id)
            for item in dossier.gathered.all(PlantItemRecord)
            if item.asked_of is AskedOf.SUPERVISOR
        ),
        outdated=outdated_items(dossier.evidence(), check, now),
        earlier_id=_earlier(session, row, now),
        looks=looks_of(dossier.gathered, facts.evidence.items),
    )


def _earlier(session: Session, row: LoadingCheckRow, at: datetime) -> UUID | None:
    """Return the newest refused check of the waybill before this one whose evidence may stand."""
    if row.status is not CheckStatus.OPEN:
        return None
    return session.scalar(
        select(LoadingCheckRow.id)
        .where(
            LoadingCheckRow.waybill_id == row.waybill_id,
            LoadingCheckRow.revision == row.revision,
            LoadingCheckRow.bay_id == row.bay_id,
            LoadingCheckRow.status == CheckStatus.REFUSED,
            LoadingCheckRow.id < row.id,
            LoadingCheckRow.opened_at >= at - CHECK_LIFETIME,
        )
        .order_by(LoadingCheckRow.id.desc())
        .limit(1)
    )


def find_check(
    session: Session, actor: Actor, check_id: UUID | None, *, keys: KeyRing, clock: Clock
) -> CheckView | None:
    """Return a check, `None` where none was opened."""
    if check_id is None:
        return None
    return get_check(session, actor, check_id, keys=keys, clock=clock)


def list_checks(
    session: Session,
    actor: Actor,
    page: PageRequest,
    *,
    facility_id: UUID | None = None,
    waybill_id: UUID | None = None,
) -> Page[CheckSummary]:
    """Return checks of the actor's facilities (of all, to oversight), newest first."""
    narrowed = [] if page.after is None else [LoadingCheckRow.id < page.after]
    if waybill_id is not None:
        narrowed.append(LoadingCheckRow.waybill_id == waybill_id)
    if facility_id is not None:
        narrowed.append(LoadingCheckRow.facility_id == facility_id)
    ways: list[ColumnElement[bool]] = [true()]
    if not actor.oversees:
        own = select(FacilityRow.id).where(FacilityRow.organisation_id == actor.organisation_id)
        if facility_id is not None:
            own = own.where(FacilityRow.id == facility_id)
        # The newest of each facility by its index, not all of all facilities put in order.
        ways = [LoadingCheckRow.facility_id == each for each in session.scalars(own)] or [false()]
    many = page.limit + 1
    each = (
        select(LoadingCheckRow.id)
        .where(way, *narrowed)
        .order_by(LoadingCheckRow.id.desc())
        .limit(many)
        .subquery()
        for way in ways
    )
    newest = union_all(*(select(way.c.id) for way in each))
    ordered = (
        select(LoadingCheckRow)
        .where(LoadingCheckRow.id.in_(newest))
        .order_by(LoadingCheckRow.id.desc())
        .limit(many)
    )
    return page_of(session.scalars(ordered).all(), page, item=_summary, key=lambda row: row.id)


def _summary(row: LoadingCheckRow) -> CheckSummary:
    return CheckSummary(
        id=row.id,
        waybill_id=row.waybill_id,
        revision=row.revision,
        facility_id=row.facility_id,
        bay_id=row.bay_id,
        status=row.status,
        opened_at=row.opened_at,
        decided_at=row.decided_at,
    )
