"""What a check asks so that somebody looks: drawn at its opening, seen in it, never judged."""

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
from waybill.errors import InvalidFieldError
from waybill.registry.kinds import TagPoint
from waybill.rules.evidence import AnswerItem
from waybill.rules.finding import Severity
from waybill.rules.looking.drawing import draw_of
from waybill.services.checks.evidence import add_evidence
from waybill.services.checks.queries import get_check
from waybill.services.looking.answering import answer_control
from waybill.services.looking.codes import tag_code
from waybill.services.looking.reading import Looks
from waybill.storage.looking import CheckLookingRow, CheckLookRow
from waybill.storage.waybills import CheckEvidenceRow


@pytest.fixture
def line(session: Session, clock: FixedClock) -> Line:
    """A clean petrol trip, nothing of it done yet."""
    yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
    return Line(yard=yard, clock=clock)


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
