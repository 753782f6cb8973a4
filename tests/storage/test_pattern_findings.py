"""What patterns found: reported once, with the events behind it, page by page."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.harness.accounts import Accounts, seed_accounts
from tests.harness.tallied import (
    AT,
    CARRIER,
    OTHER_WAYBILL,
    WAYBILL,
    Tallies,
    found,
    indices,
)
from waybill.clock import FixedClock
from waybill.codec import new_id
from waybill.errors import ForbiddenError, NotFoundError
from waybill.services.paging import PageRequest
from waybill.services.patterns.finding import (
    FindingFilter,
    count_findings,
    get_finding,
    list_findings,
    look_for_patterns,
)
from waybill.services.patterns.table import PATTERNS
from waybill.storage.patterns import PatternEventRow, PatternSubject
from waybill.storage.tally import ProjectionRow


@pytest.fixture
def accounts(session: Session, clock: FixedClock) -> Accounts:
    """Organisations and accounts."""
    return seed_accounts(session, clock.now())


@pytest.fixture
def tallies(session: Session) -> Tallies:
    """An empty log."""
    return Tallies(session)


def test_a_waybill_issued_after_loading_is_found_once_for_all_its_records(
    session: Session, accounts: Accounts, tallies: Tallies
) -> None:
    tallies.add("release", "refused", issued_after_loading=True)
    tallies.add("release", issued_after_loading=True)
    tallies.add("release", issued_after_loading=False, waybill_id=OTHER_WAYBILL)

    (finding,) = found(session, accounts, "PAT-06.late_issue")

    assert (finding.subject_kind, finding.subject_key) == (PatternSubject.WAYBILL, str(WAYBILL))
    assert finding.detail == {"carrier": str(CARRIER), "records": 2}
    assert indices(session, finding) == [0, 1]


def test_what_was_found_is_reported_once_and_gains_what_came_since(
    session: Session, accounts: Accounts, tallies: Tallies
) -> None:
    def refuse() -> None:
        tallies.add("check", "refused", waybill_id=new_id(), failed=("TNK-02.approved",))

    clock = FixedClock(AT)
    news = []
    for _ in range(3):
        refuse()
        news.append(look_for_patterns(session, clock=clock))
    (before,) = found(session, accounts)
    clock.advance(timedelta(days=1))
    news.append(look_for_patterns(session, clock=clock))
    refuse()
    news.append(look_for_patterns(session, clock=clock))

    (after,) = found(session, accounts)

    assert news == [0, 0, 1, 0, 0]
    assert (after.id, after.found_at) == (before.id, before.found_at)
    assert (before.detail["count"], after.detail["count"]) == (3, 4)
    assert after.events[:3] == before.events
    assert (len(after.events), after.log_size) == (4, 4)
    assert count_findings(session)["PAT-05.repeat"] == 1


def test_looking_again_from_the_beginning_finds_the_same(
    session: Session, accounts: Accounts, tallies: Tallies
) -> None:
    for _ in range(3):
        tallies.add("check", "refused", waybill_id=new_id(), failed=("TNK-02.approved",))
    before = found(session, accounts)
    cursor = session.get_one(ProjectionRow, "patterns")
    cursor.next_index = 0

    again = look_for_patterns(session, clock=FixedClock(AT))

    assert (again, found(session, accounts)) == (0, before)


def test_pages_of_findings_follow_each_other(
    session: Session, accounts: Accounts, tallies: Tallies
) -> None:
    for _ in range(5):
        tallies.add("release", issued_after_loading=True, waybill_id=new_id())
    every = [finding.id for finding in found(session, accounts)]
    who, seen, after = accounts.actor("senior-auditor"), [], None
    for _ in range(3):
        page = list_findings(session, who, FindingFilter(), PageRequest(limit=2, after=after))
        seen += [finding.id for finding in page.items]
        after = page.next_after

    assert (seen, after, len(set(seen))) == (every, None, 5)
    assert get_finding(session, who, every[0]).id == every[0]
    only = FindingFilter(subject_kind=PatternSubject.WAYBILL, subject_key="nobody")
    assert list_findings(session, who, only, PageRequest()).items == ()


def test_who_does_not_see_statistics_sees_no_finding(session: Session, accounts: Accounts) -> None:
    with pytest.raises(ForbiddenError):
        list_findings(session, accounts.actor("carrier"), FindingFilter(), PageRequest())
    with pytest.raises(NotFoundError):
        get_finding(session, accounts.actor("auditor"), new_id())


def test_every_pattern_says_what_it_looks_for_and_whose_its_thresholds_are() -> None:
    for code, pattern in PATTERNS.items():
        assert code == pattern.code
        assert all((pattern.title_zh, pattern.title_en, pattern.looks_for_zh, pattern.seen_zh))
        assert {threshold.provenance for threshold in pattern.thresholds} <= {"ours"}


def test_nothing_new_is_not_looked_at(session: Session) -> None:
    looked = look_for_patterns(session, clock=FixedClock(AT))

    assert looked == 0
    assert session.scalar(select(func.count()).select_from(PatternEventRow)) == 0
