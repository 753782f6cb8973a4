"""A tag is scanned where it hangs, in a check: which, where it belongs, and when."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.harness import looking
from tests.harness.accounts import seed_accounts
from tests.harness.line import Line
from tests.harness.looking import KEY, body, looks, scan
from tests.harness.trips import seed_yard
from waybill.clock import FixedClock
from waybill.codec import new_id
from waybill.errors import InvalidFieldError, NotFoundError, StateError
from waybill.registry.kinds import ItemStatus, TagPoint
from waybill.registry.looking import PresenceTagParticulars, TagSeen
from waybill.services.looking.codes import tag_code
from waybill.services.looking.keys import LookingKey
from waybill.services.looking.seeing import SeenTag, scan_presence_tag
from waybill.services.looking.tags import (
    MOST_AT_A_BAY,
    add_presence_tag,
    list_presence_tags,
    retire_presence_tag,
)
from waybill.storage.log import EventRow, EventSubjectRow
from waybill.storage.looking import CheckLookRow


@pytest.fixture
def line(session: Session, clock: FixedClock) -> Line:
    """A clean petrol trip, nothing of it done yet."""
    yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
    return Line(yard=yard, clock=clock)


class TestTags:
    """A tag is scanned where it hangs; one of elsewhere is told as such."""

    def test_one_of_this_bay(self, session: Session, line: Line) -> None:
        made = looking.tag(line, session, TagPoint.VALVE_BOX)
        check_id = looking.opened(line, session, line.issued(session).qr_text)
        at = line.clock.now() - timedelta(seconds=4)

        seen = scan(line, session, check_id, tag_code(KEY.tag, made.id), at=at)

        assert seen == SeenTag(
            seen=TagSeen.HERE,
            at=at,
            tag_id=made.id,
            point=TagPoint.VALVE_BOX,
            label="",
            bay_name=made.bay_name,
        )
        assert (seen.zh, seen.en) == ("已到位：阀门箱", "You are there: valve box")
        assert [tag.seen for tag in looks(line, session, check_id).tags] == [True]
        assert body(session, "presence-tag-scanned") == {
            "check": str(check_id),
            "tag": str(made.id),
            "seen": "here",
            "at": at.isoformat(timespec="milliseconds"),
        }

    def test_it_is_no_event_of_the_waybill(self, session: Session, line: Line) -> None:
        check_id = looking.opened(line, session, line.issued(session).qr_text)
        scan(line, session, check_id, "anything")

        kinds = session.scalars(
            select(EventSubjectRow.subject_kind)
            .join(EventRow, EventRow.id == EventSubjectRow.event_id)
            .where(EventRow.kind == "presence-tag-scanned")
        ).all()
        assert set(kinds) == {"check", "facility", "bay", "organisation", "user"}

    def test_one_of_another_bay_is_told_and_not_taken_for_this(
        self, session: Session, line: Line
    ) -> None:
        other = looking.tag(line, session, bay_id=looking.another_bay(line, session))
        looking.tag(line, session)
        check_id = looking.opened(line, session, line.issued(session).qr_text)

        seen = scan(line, session, check_id, tag_code(KEY.tag, other.id))

        assert (seen.seen, seen.bay_name) == (TagSeen.OTHER_BAY, "2 号鹤位")
        assert "2 号鹤位" in seen.zh
        assert [tag.seen for tag in looks(line, session, check_id).tags] == [False]

    def test_a_retired_one_is_told(self, session: Session, line: Line) -> None:
        made = looking.tag(line, session)
        supervisor = line.yard.actor("supervisor")
        place = (line.yard.facility_id, made.id)
        retire_presence_tag(session, supervisor, place, clock=line.clock)
        check_id = looking.opened(line, session, line.issued(session).qr_text)

        seen = scan(line, session, check_id, tag_code(KEY.tag, made.id))

        assert seen.seen is TagSeen.RETIRED
        assert list_presence_tags(session, supervisor, line.yard.facility_id) == ()
        with pytest.raises(StateError):
            retire_presence_tag(session, supervisor, place, clock=line.clock)

    @pytest.mark.parametrize("text", ["", "WBP1.AAAA", "https://example.cn/q#123"])
    def test_a_foreign_code_is_kept_without_its_text(
        self, session: Session, line: Line, text: str
    ) -> None:
        check_id = looking.opened(line, session, line.issued(session).qr_text)

        seen = scan(line, session, check_id, text)

        assert (seen.seen, seen.tag_id, seen.zh) == (
            TagSeen.UNKNOWN,
            None,
            "不是本系统的到位标签。",
        )
        row = session.scalars(select(CheckLookRow)).one()
        assert (row.name, row.seen, row.correct) == ("", TagSeen.UNKNOWN, None)

    def test_a_seal_of_another_installation_is_foreign(self, session: Session, line: Line) -> None:
        made = looking.tag(line, session)
        check_id = looking.opened(line, session, line.issued(session).qr_text)
        other = LookingKey.of(b"another installation............")

        assert scan(line, session, check_id, tag_code(other.tag, made.id)).seen is TagSeen.UNKNOWN

    def test_a_moment_that_lies_ahead_becomes_now(self, session: Session, line: Line) -> None:
        check_id = looking.opened(line, session, line.issued(session).qr_text)

        seen = scan(line, session, check_id, "x", at=line.clock.now() + timedelta(hours=3))

        assert seen.at == line.clock.now()

    def test_none_is_scanned_after_the_release_or_by_another_plant(
        self, session: Session, line: Line
    ) -> None:
        check_id = looking.opened(line, session, line.issued(session).qr_text)
        stranger = replace(line.yard.actor("loader"), organisation_id=new_id())
        with pytest.raises(NotFoundError):
            scan_presence_tag(session, stranger, check_id, "x", looking=KEY, clock=line.clock)
        line.show_everything(session, check_id)
        line.decide(session, check_id)
        line.release(session, check_id)

        with pytest.raises(StateError):
            scan(line, session, check_id, "x")

    def test_a_bay_of_another_facility_is_refused(self, session: Session, line: Line) -> None:
        stated = PresenceTagParticulars(bay_id=new_id(), point=TagPoint.CAB)

        with pytest.raises(InvalidFieldError):
            add_presence_tag(
                session,
                line.yard.actor("supervisor"),
                line.yard.facility_id,
                stated,
                clock=line.clock,
            )

    def test_a_bay_has_no_end_of_tags(self, session: Session, line: Line) -> None:
        made = [looking.tag(line, session) for _ in range(MOST_AT_A_BAY)]

        with pytest.raises(StateError):
            looking.tag(line, session)
        assert {each.status for each in made} == {ItemStatus.ACTIVE}
