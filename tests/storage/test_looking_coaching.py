"""Coaching: each person's checks beside the plant's own figures, and tags that were copied."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from tests.harness import looking
from tests.harness.accounts import seed_accounts
from tests.harness.line import Line
from tests.harness.looking import KEY
from tests.harness.trips import seed_yard
from waybill.clock import FixedClock
from waybill.errors import ForbiddenError, NotFoundError
from waybill.registry.kinds import TagPoint
from waybill.registry.looking import TagSeen
from waybill.rules.evidence import AnswerItem, Photo
from waybill.rules.finding import Phase
from waybill.rules.looking import find_photo_to_take
from waybill.services.checks.evidence import add_evidence
from waybill.services.looking.answering import answer_control
from waybill.services.looking.asking import redraw
from waybill.services.looking.coaching import Coaching, coach
from waybill.services.looking.codes import tag_code
from waybill.services.looking.copies import Scanned, find_two_places, order_in_one_breath
from waybill.services.looking.keys import LookingKey
from waybill.services.looking.seeing import scan_presence_tag
from waybill.storage.looking import CheckLookingRow

HOUR = timedelta(hours=1)
BEGUN = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


@pytest.fixture
def line(session: Session, clock: FixedClock) -> Line:
    """A clean petrol trip, nothing of it done yet."""
    yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
    return Line(yard=yard, clock=clock)


def coached(line: Line, session: Session, by: str = "supervisor") -> Coaching:
    """Read the plant's last hour."""
    now = line.clock.now()
    return coach(
        session,
        line.yard.actor(by),
        line.yard.facility_id,
        since=now - HOUR,
        until=now + HOUR,
    )


def say(line: Line, session: Session, check_id: UUID, by: str, took: timedelta) -> None:
    """Answer one question after a time."""
    now = line.clock.now()
    add_evidence(
        session,
        line.yard.actor(by),
        check_id,
        AnswerItem(question="placards", answer="yes", at=now),
        keys=line.keys,
        clock=line.clock,
        shown_at=now - took,
    )


def shown(asked: CheckLookingRow) -> list[str]:
    """Return what the photos are to show that a check asks for."""
    return [str(photo["shows"]) for photo in asked.photos]


def before_loading(shows: str) -> bool:
    """Whether a photo is taken before loading."""
    photo = find_photo_to_take(shows)
    return photo is not None and photo.phase is Phase.BEFORE_LOADING


class TestFigures:
    """What was asked and done in checks stands with who opened them, times with who gave them."""

    def test_of_a_plant(self, session: Session, line: Line) -> None:
        made = looking.tag(line, session)
        looking.tag(line, session, TagPoint.VALVE_BOX)
        check_id = looking.opened(line, session, line.issued(session).qr_text)
        asked = looking.asked(session, check_id)
        for took in (1, 1.999, 2, 9):
            say(line, session, check_id, "loader", timedelta(seconds=took))
        say(line, session, check_id, "supervisor", timedelta(seconds=30))
        now = [shows for shows in shown(asked) if before_loading(shows)][:1]
        for shows in now:
            kept = Photo(content=b"JPEG", media_type="image/jpeg", sha256="0" * 64)
            line.photograph(session, check_id, shows, kept)
        scan_presence_tag(
            session,
            line.yard.actor("loader"),
            check_id,
            tag_code(KEY.tag, made.id),
            looking=KEY,
            clock=line.clock,
        )
        first, second = asked.controls
        for control, right in ((first, True), (second, False), (second, True)):
            choices = control["choices"]
            assert isinstance(choices, list)
            answer = next(each for each in choices if (each == control["right"]) is right)
            answer_control(
                session,
                line.yard.actor("loader"),
                check_id,
                str(control["id"]),
                str(answer),
                clock=line.clock,
            )

        found = coached(line, session)

        loader, supervisor = found.people
        assert [person.username for person in found.people] == ["loader", "supervisor"]
        assert (found.median_ms, loader.median_ms, supervisor.median_ms) == (2000, 2000, 30_000)
        (check,) = loader.checks
        assert (check.check_id, check.quick, loader.answers) == (check_id, 2, 4)
        assert (check.photos_given, check.photos_asked) == (len(now), len(asked.photos))
        assert (check.tags_seen, check.tags_asked, check.tags_elsewhere) == (1, 2, 0)
        assert (check.controls_right, check.controls_answered) == (1, 2)
        assert check.complete is False
        assert supervisor.total("photos_asked") == 0

    def test_a_check_of_which_no_time_is_known_has_no_median(
        self, session: Session, line: Line
    ) -> None:
        line.open(session, line.issued(session).qr_text)

        found = coached(line, session)

        assert (found.median_ms, found.people[0].checks[0].median_ms) == (None, None)
        assert found.people[0].checks[0].complete is True

    def test_what_was_opened_before_or_elsewhere_is_not_counted(
        self, session: Session, line: Line
    ) -> None:
        line.open(session, line.issued(session).qr_text)
        now = line.clock.now()

        found = coach(
            session,
            line.yard.actor("supervisor"),
            line.yard.facility_id,
            since=now + HOUR,
            until=now + 2 * HOUR,
        )

        assert found.people == ()

    @pytest.mark.parametrize("name", ["loader", "auditor", "senior-auditor", "inspector", "admin"])
    def test_nobody_else_sees_it(self, session: Session, line: Line, name: str) -> None:
        with pytest.raises(ForbiddenError):
            coached(line, session, name)

    def test_of_another_plant_there_is_none(self, session: Session, line: Line) -> None:
        now = line.clock.now()

        with pytest.raises(NotFoundError):
            coach(session, line.yard.actor("supervisor"), looking.someone(), since=now, until=now)

    def test_a_sheet_of_copies_shows_after_three_checks(self, session: Session, line: Line) -> None:
        tags = [looking.tag(line, session, point) for point in (TagPoint.CAB, TagPoint.TANK_TOP)]
        text = line.issued(session).qr_text
        told = []
        for _ in range(3):
            check_id = looking.opened(line, session, text)
            for number, each in enumerate(tags):
                scan_presence_tag(
                    session,
                    line.yard.actor("loader"),
                    check_id,
                    tag_code(KEY.tag, each.id),
                    looking=KEY,
                    clock=line.clock,
                    at=line.clock.now() - timedelta(milliseconds=500 * (2 - number)),
                )
            told.append(coached(line, session).people[0].same_order)

        assert told == [False, False, True]


class TestCopies:
    """By time and place alone, at each edge."""

    def scanned(
        self, tag: str, seconds: float, *, check: int = 1, bay: int = 1, here: bool = True
    ) -> Scanned:
        """Return a scan so many seconds after the hour."""
        return Scanned(
            check_id=UUID(int=check),
            bay_id=UUID(int=bay),
            tag=tag,
            at=BEGUN + timedelta(seconds=seconds),
            seen=TagSeen.HERE if here else TagSeen.OTHER_BAY,
        )

    @pytest.mark.parametrize(
        ("scans", "order"),
        [
            pytest.param([("a", 0), ("b", 1)], ("a", "b"), id="a second"),
            pytest.param([("b", 1), ("a", 0)], ("a", "b"), id="sent in another order"),
            pytest.param([("a", 0), ("b", 1.001)], (), id="more than a second"),
            pytest.param([("a", 0), ("a", 1)], (), id="one tag twice"),
            pytest.param([("a", 0), ("b", 0.5), ("c", 9)], (), id="one far away"),
            pytest.param([], (), id="none"),
        ],
    )
    def test_in_one_breath(self, scans: list[tuple[str, float]], order: tuple[str, ...]) -> None:
        assert order_in_one_breath(self.scanned(*each) for each in scans) == order

    def test_tags_of_elsewhere_are_no_breath(self) -> None:
        scans = [self.scanned("a", 0), self.scanned("b", 0.5, here=False)]

        assert order_in_one_breath(scans) == ()

    @pytest.mark.parametrize(
        ("seconds", "bay", "tag", "found"),
        [
            pytest.param(30, 2, "a", True, id="half a minute"),
            pytest.param(30.001, 2, "a", False, id="later"),
            pytest.param(30, 1, "a", False, id="the same bay"),
            pytest.param(30, 2, "b", False, id="another tag"),
        ],
    )
    def test_two_places(self, seconds: float, bay: int, tag: str, found: bool) -> None:  # noqa: FBT001
        scans = [self.scanned("a", 0), self.scanned(tag, seconds, check=2, bay=bay, here=False)]

        assert find_two_places(scans) == (
            frozenset({UUID(int=1), UUID(int=2)}) if found else frozenset()
        )

    def test_codes_that_are_no_tags_are_nowhere(self) -> None:
        scans = [self.scanned("", 0), self.scanned("", 1, check=2, bay=2)]

        assert find_two_places(scans) == frozenset()


class TestRedraw:
    """Whoever has the key draws again, and sees whether somebody chose."""

    def test_it_comes_out_again(self, session: Session, line: Line) -> None:
        check_id = looking.opened(line, session, line.issued(session).qr_text)

        assert redraw(session, check_id, KEY).same

    def test_under_another_key_it_does_not(self, session: Session, line: Line) -> None:
        check_id = looking.opened(line, session, line.issued(session).qr_text)

        assert not redraw(session, check_id, LookingKey.of(b"another")).same

    def test_a_check_that_drew_nothing_has_none(self, session: Session, line: Line) -> None:
        check_id = line.open(session, line.issued(session).qr_text).check_id
        assert check_id is not None

        with pytest.raises(NotFoundError):
            redraw(session, check_id, KEY)
