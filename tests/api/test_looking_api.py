"""Tags, control questions, photos and times over HTTP and on the pages of the bay and the plant."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.runtime import EXTENSION
from tests.harness.bay import Bay, answer, problem
from tests.harness.bay_answers import opened, photograph, picture
from waybill.registry.access import Role
from waybill.services.looking.codes import tag_code
from waybill.services.looking.keys import LookingKey
from waybill.storage.looking import CheckLookingRow, CheckLookRow
from waybill.storage.waybills import CheckEvidenceRow


def key(bay: Bay) -> LookingKey:
    """Return the key of the installation that a bay's client talks to."""
    settings = bay.client.application.extensions[EXTENSION].settings
    return LookingKey.of(settings.pii_index_key)


def tag(bay: Bay, **changes: object) -> dict[str, Any]:
    """Hang a tag at the bay."""
    body = {"bay_id": str(bay.line.yard.bay_id), "point": "valve_box", "label": "东侧", **changes}
    path = f"/facilities/{bay.line.yard.facility_id}/presence-tags"
    return answer(bay.post(path, body, Role.SUPERVISOR), 201)


def moment(bay: Bay, before: timedelta) -> str:
    """Return a moment before now as a client writes it."""
    return (bay.line.clock.now() - before).isoformat()


class TestCheck:
    """A check says what it asks, why, and what was seen of it."""

    def test_it_shows_photos_with_their_reason_controls_and_tags(self, bay: Bay) -> None:
        tag(bay)
        check = bay.check(opened(bay))

        assert {photo["why"] for photo in check["photos"]} <= {"risk", "random"}
        assert "risk" in {photo["why"] for photo in check["photos"]}
        assert check["presence_tags"] == [
            {
                "point": "valve_box",
                "label": "东侧",
                "zh": "阀门箱 东侧",
                "en": "valve box 东侧",
                "seen": False,
            }
        ]
        assert len(check["control_questions"]) == 2
        for control in check["control_questions"]:
            assert (control["answered"], control["correct"], control["hint_zh"]) == (None, None, "")
            assert len(control["choices"]) == 4

    def test_a_photo_that_is_asked_for_is_taken(self, bay: Bay) -> None:
        check_id = opened(bay)
        answer(photograph(bay, check_id, "valve_box", picture()), 201)

        shown = [photo for photo in bay.check(check_id)["photos"] if photo["shows"] == "valve_box"]
        assert all(photo["taken"] for photo in shown)

    def test_a_photo_of_after_loading_waits_for_it(self, bay: Bay) -> None:
        refused = photograph(bay, opened(bay), "load_secured", picture())

        assert problem(refused)[:2] == (409, "wrong-state")


class TestTags:
    """A tag is scanned with its time; whatever it is, the check goes on."""

    def test_it_is_told_where_one_is(self, bay: Bay) -> None:
        made = tag(bay)
        check_id = opened(bay)
        at = moment(bay, timedelta(seconds=3))
        text = tag_code(key(bay).tag, UUID(made["id"]))

        told = answer(bay.post(f"/checks/{check_id}/presence-tags", {"text": text, "at": at}), 201)

        assert (told["seen"], told["point"], told["zh"]) == (
            "here",
            "valve_box",
            "已到位：阀门箱 东侧",
        )
        assert [each["seen"] for each in bay.check(check_id)["presence_tags"]] == [True]

    def test_one_that_was_sent_twice_is_kept_once(self, bay: Bay, database: Session) -> None:
        check_id = opened(bay)
        for _ in range(2):
            bay.post(
                f"/checks/{check_id}/presence-tags",
                {"text": "WBP1.X"},
                Idempotency_Key="the-same-tag",
            )

        assert len(database.scalars(select(CheckLookRow)).all()) == 1

    def test_a_retired_one_hangs_no_longer(self, bay: Bay) -> None:
        made = tag(bay)
        path = f"/facilities/{bay.line.yard.facility_id}/presence-tags"

        retired = answer(bay.post(f"{path}/{made['id']}/retirement", None, Role.SUPERVISOR), 200)

        assert retired["status"] == "retired"
        assert bay.get(path, Role.SUPERVISOR).json == []


class TestControls:
    """A wrong answer brings its hint at once, and stops nothing."""

    def test_wrong_then_right(self, bay: Bay, database: Session) -> None:
        check_id = opened(bay)
        (asked, _) = database.scalars(select(CheckLookingRow)).one().controls
        choices = asked["choices"]
        assert isinstance(choices, list)
        wrong = next(each for each in choices if each != asked["right"])
        path = f"/checks/{check_id}/control-answers"

        first = answer(bay.post(path, {"question": asked["id"], "answer": wrong}), 201)
        second = answer(bay.post(path, {"question": asked["id"], "answer": asked["right"]}), 201)

        assert (first["correct"], bool(first["hint_zh"]), bool(first["hint_en"])) == (
            False,
            True,
            True,
        )
        assert (second["correct"], second["hint_zh"]) == (True, "")

    def test_what_is_not_offered_is_refused(self, bay: Bay) -> None:
        check_id = opened(bay)
        question = bay.check(check_id)["control_questions"][0]["id"]

        refused = bay.post(
            f"/checks/{check_id}/control-answers", {"question": question, "answer": "nothing"}
        )

        assert problem(refused) == (422, "invalid-field", [("/answer", "choice")])


class TestTimes:
    """`shown_at` of answers, photos and scans becomes a time beside them."""

    def test_of_each_kind(self, bay: Bay, database: Session) -> None:
        check_id = opened(bay)
        shown = {"shown_at": moment(bay, timedelta(seconds=4))}
        body = {"question": "placards", "answer": "yes", **shown}
        answer(bay.post(f"/checks/{check_id}/answers", body), 201)
        bay.scan(check_id, "anything", **shown)
        bay.scan(check_id, "T-2022-0001", typed=True, expected="tank", **shown)

        rows = database.scalars(select(CheckEvidenceRow).order_by(CheckEvidenceRow.id)).all()

        assert [row.took_ms for row in rows] == [None, *[4000] * (len(rows) - 1)]
        assert len(rows) > 2

    @pytest.mark.parametrize("shown_at", ["yesterday", 5])
    def test_what_is_no_moment_is_refused(self, bay: Bay, shown_at: object) -> None:
        body = {"question": "placards", "answer": "yes", "shown_at": shown_at}

        refused = bay.post(f"/checks/{opened(bay)}/answers", body)

        assert problem(refused) == (422, "invalid-field", [("/shown_at", "instant")])
