"""What a check asks so that somebody looks: drawn at its opening, seen in it, never judged."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.harness import looking
from tests.harness.accounts import seed_accounts
from tests.harness.line import Line
from tests.harness.looking import KEY
from tests.harness.trips import seed_yard
from waybill.clock import FixedClock
from waybill.codec import new_id, parse_json
from waybill.errors import InvalidFieldError, NotFoundError, StateError
from waybill.registry.kinds import ItemStatus, TagPoint
from waybill.registry.looking import PresenceTagParticulars, TagSeen
from waybill.rules.evidence import AnswerItem
from waybill.rules.finding import Severity
from waybill.rules.looking.drawing import draw_of
from waybill.services.checks.evidence import add_evidence
from waybill.services.checks.queries import get_check
from waybill.services.looking.answering import answer_control
from waybill.services.looking.codes import tag_code
from waybill.services.looking.keys import LookingKey
from waybill.services.looking.reading import Looks
from waybill.services.looking.seeing import SeenTag, scan_presence_tag
from waybill.services.looking.tags import (
    MOST_AT_A_BAY,
    add_presence_tag,
    list_presence_tags,
    retire_presence_tag,
)
from waybill.storage.log import EventRow, EventSubjectRow
from waybill.storage.looking import CheckLookingRow, CheckLookRow
from waybill.storage.waybills import CheckEvidenceRow


@pytest.fixture
def line(session: Session, clock: FixedClock) -> Line:
    """A clean petrol trip, nothing of it done yet."""
    yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
    return Line(yard=yard, clock=clock)


def looks(line: Line, session: Session, check_id: object) -> Looks:
    """Read what a check asks, as the loader sees it."""
    return get_check(
        session,
        line.yard.actor("loader"),
        check_id,  # type: ignore[arg-type]  # an id
        keys=line.keys,
        clock=line.clock,
    ).looks


def scan(line: Line, session: Session, check_id: object, text: str, **more: object) -> SeenTag:
    """Scan a tag as the loader."""
    return scan_presence_tag(
        session,
        line.yard.actor("loader"),
        check_id,  # type: ignore[arg-type]  # an id
        text,
        looking=KEY,
        clock=line.clock,
        **more,  # type: ignore[arg-type]  # moments
    )


def body(session: Session, kind: str) -> dict[str, object]:
    """Return the data of the newest event of a kind."""
    row = session.scalars(
        select(EventRow).where(EventRow.kind == kind).order_by(EventRow.id.desc())
    ).first()
    assert row is not None
    data = parse_json(row.body)
    assert isinstance(data, dict)
    found = data["data"]
    assert isinstance(found, dict)
    return dict(found)


class TestOpening:
    """What is asked is decided when the check is opened, and stands in its event."""

    def test_the_event_has_the_draw_and_what_was_drawn(self, session: Session, line: Line) -> None:
        issued = line.issued(session)
        check_id = looking.opened(line, session, issued.qr_text)

        row = looking.asked(session, check_id)
        draw = draw_of(KEY.draw, issued.id, line.yard.facility_id)
        assert body(session, "check-opened")["looking"] == {
            "edition": "2026-11-27",
            "draw": draw.hex(),
            "points": row.points,
            "photos": [[photo["shows"], photo["why"]] for photo in row.photos],
            "controls": [control["id"] for control in row.controls],
        }
        assert (row.draw, row.factors) == (draw.hex(), ["first_visit", "new_colleague"])
        assert [photo["why"] for photo in row.photos][:1] == ["risk"]
        assert len(row.controls) == 2

    def test_who_opens_anew_is_asked_the_same(self, session: Session, line: Line) -> None:
        text = line.issued(session).qr_text
        first, second = (looking.opened(line, session, text) for _ in range(2))

        one, other = (looking.asked(session, each) for each in (first, second))

        assert (one.draw, one.photos, one.controls) == (other.draw, other.photos, other.controls)

    def test_refusals_of_the_carrier_and_a_driver_who_was_here_count(
        self, session: Session, line: Line
    ) -> None:
        refused = line.open(session, line.issued(session).qr_text).check_id
        assert refused is not None
        line.decide(session, refused)

        check_id = looking.opened(line, session, line.issued(session).qr_text)

        row = looking.asked(session, check_id)
        assert (row.factors, row.points) == (["carrier_refused", "new_colleague"], 3)

    def test_without_the_key_nothing_is_drawn(self, session: Session, line: Line) -> None:
        check_id = line.open(session, line.issued(session).qr_text).check_id

        assert session.scalars(select(CheckLookingRow)).all() == []
        assert looks(line, session, check_id) == Looks()

    def test_the_tags_of_its_bay_are_counted(self, session: Session, line: Line) -> None:
        looking.tag(line, session, TagPoint.CAB)
        looking.tag(line, session, TagPoint.VALVE_BOX)
        looking.tag(line, session, bay_id=looking.another_bay(line, session))

        check_id = looking.opened(line, session, line.issued(session).qr_text)

        assert looking.asked(session, check_id).tags == 2
        assert [tag.zh for tag in looks(line, session, check_id).tags] == ["驾驶室", "阀门箱"]


class TestNothingOfItJudges:
    """Photos, tags and control questions never change a verdict."""

    def test_a_check_with_none_of_it_clears_and_releases_as_before(
        self, session: Session, line: Line
    ) -> None:
        looking.tag(line, session)
        plain = line.open(session, line.issued(session).qr_text).check_id
        assert plain is not None
        asked = looking.opened(line, session, line.issued(session).qr_text)

        verdicts = []
        for check_id in (plain, asked):
            line.show_everything(session, check_id)
            decision = line.decide(session, check_id)
            released = line.release(session, check_id)
            verdicts.append(
                (
                    decision.cleared,
                    released.released,
                    [(f.code, f.outcome) for f in decision.verdict.assessment.findings],
                    [(f.code, f.outcome) for f in released.verdict.assessment.findings],
                )
            )

        assert looking.asked(session, asked).controls != []
        assert verdicts[0] == verdicts[1]
        assert verdicts[1][:2] == (True, True)

    def test_wrong_answers_and_foreign_tags_leave_the_verdict_as_it_was(
        self, session: Session, line: Line
    ) -> None:
        check_id = looking.opened(line, session, line.issued(session).qr_text)
        line.show_everything(session, check_id)
        loader = line.yard.actor("loader")
        before = get_check(session, loader, check_id, keys=line.keys, clock=line.clock).standing

        for control in looking.asked(session, check_id).controls:
            choices = control["choices"]
            assert isinstance(choices, list)
            wrong = next(each for each in choices if each != control["right"])
            answer_control(
                session, loader, check_id, str(control["id"]), str(wrong), clock=line.clock
            )
        scan(line, session, check_id, "WBP1.NOTHING")
        scan(line, session, check_id, tag_code(KEY.tag, new_id()))

        after = get_check(session, loader, check_id, keys=line.keys, clock=line.clock).standing
        assert after.digest == before.digest
        assert after.assessment.findings == before.assessment.findings
        stops = [f for f in after.assessment.standing if f.severity is Severity.STOP]
        assert (after.clears, stops) == (True, [])


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


class TestControlQuestions:
    """A right answer is known, a wrong one is told at once, and both are kept."""

    def test_wrong_and_then_right(self, session: Session, line: Line) -> None:
        check_id = looking.opened(line, session, line.issued(session).qr_text)
        control = looking.asked(session, check_id).controls[0]
        choices = control["choices"]
        assert isinstance(choices, list)
        right, question = str(control["right"]), str(control["id"])
        wrong = next(str(each) for each in choices if each != right)
        loader = line.yard.actor("loader")

        first = answer_control(session, loader, check_id, question, wrong, clock=line.clock)
        told = looks(line, session, check_id).controls[0]
        second = answer_control(session, loader, check_id, question, right, clock=line.clock)

        assert (first.correct, first.answered, bool(first.hint_zh)) == (False, wrong, True)
        assert told == first
        assert (second.correct, second.hint_zh, second.hint_en) == (True, "", "")
        rows = session.scalars(select(CheckLookRow).order_by(CheckLookRow.id)).all()
        assert [(row.answer, row.correct) for row in rows] == [(wrong, False), (right, True)]
        assert body(session, "control-answered") == {
            "check": str(check_id),
            "question": question,
            "answer": right,
            "correct": True,
        }

    @pytest.mark.parametrize(
        ("question", "answer", "pointer"),
        [("nothing", "1", "/question"), (None, "none of them", "/answer")],
    )
    def test_what_is_not_asked_or_offered_is_refused(
        self, session: Session, line: Line, question: str | None, answer: str, pointer: str
    ) -> None:
        check_id = looking.opened(line, session, line.issued(session).qr_text)
        asked = question or str(looking.asked(session, check_id).controls[0]["id"])

        with pytest.raises(InvalidFieldError) as refused:
            answer_control(
                session, line.yard.actor("loader"), check_id, asked, answer, clock=line.clock
            )

        assert [each.pointer for each in refused.value.problems] == [pointer]


class TestTime:
    """The time from showing to giving stands beside what was given, and only if believable."""

    @pytest.mark.parametrize(
        ("before", "took"),
        [
            pytest.param(timedelta(milliseconds=1850), 1850, id="a moment"),
            pytest.param(timedelta(0), 0, id="at once"),
            pytest.param(timedelta(minutes=30), 1_800_000, id="half an hour"),
            pytest.param(timedelta(minutes=30, milliseconds=1), None, id="left lying"),
            pytest.param(timedelta(seconds=-1), None, id="a clock ahead"),
            pytest.param(None, None, id="not told"),
        ],
    )
    def test_of_an_answer(
        self, session: Session, line: Line, before: timedelta | None, took: int | None
    ) -> None:
        check_id = line.open(session, line.issued(session).qr_text).check_id
        assert check_id is not None
        now = line.clock.now()
        answer = AnswerItem(question="orange_plates", answer="yes", at=now)

        add_evidence(
            session,
            line.yard.actor("loader"),
            check_id,
            answer,
            keys=line.keys,
            clock=line.clock,
            shown_at=None if before is None else now - before,
        )

        rows = session.scalars(select(CheckEvidenceRow).order_by(CheckEvidenceRow.id)).all()
        assert [row.took_ms for row in rows] == [None, took]
        assert "took_ms" not in rows[-1].item
