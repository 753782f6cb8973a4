"""Answers at the bay over HTTP: what is asked at each stage, yes or no."""

import pytest
from sqlalchemy.orm import Session

from tests.harness.bay import API, Bay, answer, problem, standing
from tests.harness.bay_answers import item, opened
from waybill.registry.access import Role
from waybill.registry.kinds import AskedOf

ASKED_OF_PETROL = [
    ("HAND-01.orange_plates", "orange_plates"),
    ("HAND-01.placards", "placards"),
    ("HAND-02.before", "engine_off"),
    ("HAND-02.before", "wheel_chocks"),
    ("HAND-02.before", "extinguishers"),
    ("HAND-02.before", "emergency_equipment"),
    ("HAND-02.before", "ppe"),
    ("HAND-02.before", "earthing"),
    ("HAND-02.before", "tank_empty_or_known"),
    ("HAND-02.before", "no_damage"),
    ("HAND-02.before", "no_leak"),
    ("DOC-03.consignment_list", "consignment_list"),
    ("DOC-03.instructions_in_writing", "instructions_in_writing"),
    ("DOC-03.safety_data_sheet", "safety_data_sheet"),
]
ASKED_AFTER = [
    "closures_shut",
    "valves_sealed",
    "hoses_removed",
    "earthing_removed",
    "no_leak_after",
]


class TestQuestions:
    """A check says what is asked at its stage, and what must be seen."""

    def test_before_loading_it_asks_what_applies_to_petrol_in_a_tank(self, bay: Bay) -> None:
        check = bay.check(opened(bay))

        assert [(each["rule"], each["id"]) for each in check["questions"]] == ASKED_OF_PETROL
        assert {each["answer"] for each in check["questions"]} == {None}
        assert [photo for photo in check["photos"] if photo["why"] == "law"] == []
        assert check["signs"] == {
            "plates": [
                {"hazard_identification_number": "33", "un_number": "1203", "compartments": []}
            ],
            "placards": [{"label": "3", "division": ""}],
            "marks": [],
        }

    def test_once_cleared_it_asks_what_is_asked_after_loading(self, bay: Bay) -> None:
        _, check_id = bay.cleared()

        assert [each["id"] for each in bay.check(check_id)["questions"]] == ASKED_AFTER

    def test_an_item_of_the_plant_is_asked_in_its_phase(self, bay: Bay, database: Session) -> None:
        before, after = item(bay, database, photo=True), item(bay, database, after_loading=True)

        asked = bay.check(opened(bay))["questions"]

        assert asked[-1] == {
            "id": before,
            "rule": "",
            "zh": "鹤位正确？",
            "en": "Right arm?",
            "answer": None,
            "photo": True,
            "photo_taken": False,
            "stops": True,
            "overridden_by": [],
            "overridden": False,
        }
        assert after not in {each["id"] for each in asked}


class TestAnswers:
    """Yes or no, judged at once."""

    def test_a_yes_passes_its_rule(self, bay: Bay) -> None:
        check_id = opened(bay)

        added = bay.say(check_id, "orange_plates")

        assert added["outcome"] == "passed"
        assert [(f["code"], f["outcome"]) for f in added["findings"]] == [
            ("HAND-01.orange_plates", "passed")
        ]
        assert added["item"]["question"] == "orange_plates"

    def test_a_no_fails_and_the_later_answer_holds(self, bay: Bay) -> None:
        check_id = opened(bay)

        refused = bay.say(check_id, "no_leak", "no")
        mended = bay.say(check_id, "no_leak")

        assert (refused["outcome"], refused["findings"][0]["reason"]) == ("failed", "answered_no")
        assert mended["findings"][0]["reason"] == "not_answered"
        asked = {each["id"]: each["answer"] for each in bay.check(check_id)["questions"]}
        assert asked["no_leak"] is True

    def test_silence_does_not_clear(self, bay: Bay) -> None:
        check_id = opened(bay)
        bay.show_everything(check_id)
        bay.say(check_id, "earthing", "no")

        decision = bay.decide(check_id)

        assert not decision["cleared"]
        assert standing(decision["verdict"]) == [("HAND-02.before", "answered_no")]

    def test_the_log_tells_every_answer(self, bay: Bay) -> None:
        check_id = opened(bay)
        bay.say(check_id, "ppe", "no")

        found = answer(bay.get("/events?kind=evidence-added", Role.AUDITOR), 200)["items"]

        told = found[0]["body"]["data"]["items"][0]
        assert (told["type"], told["question"], told["answer"]) == ("answer", "ppe", "no")

    @pytest.mark.parametrize("question", ["not_a_question", "00000000-0000-7000-8000-000000000000"])
    def test_what_nobody_asks_is_not_answered(self, bay: Bay, question: str) -> None:
        body = {"question": question, "answer": "yes"}

        refused = problem(bay.post(f"/checks/{opened(bay)}/answers", body))

        assert refused == (422, "invalid-field", [("/question", "not-asked")])

    def test_what_is_asked_after_loading_waits_for_the_clearance(self, bay: Bay) -> None:
        body = {"question": "closures_shut", "answer": "yes"}

        refused = problem(bay.post(f"/checks/{opened(bay)}/answers", body))

        assert refused == (409, "wrong-state", [])

    def test_what_is_asked_before_loading_is_over_with_the_clearance(self, bay: Bay) -> None:
        _, check_id = bay.cleared()
        body = {"question": "no_leak", "answer": "yes"}

        assert problem(bay.post(f"/checks/{check_id}/answers", body)) == (409, "wrong-state", [])

    def test_a_supervisors_item_is_not_a_loaders_to_answer(
        self, bay: Bay, database: Session
    ) -> None:
        named = item(bay, database, asked_of=AskedOf.SUPERVISOR)
        check_id = opened(bay)
        body = {"question": named, "answer": "yes"}

        refused = problem(bay.post(f"/checks/{check_id}/answers", body))

        assert refused == (422, "invalid-field", [("/question", "not-yours")])
        assert bay.say(check_id, named, by=Role.SUPERVISOR)["outcome"] == "passed"

    def test_another_loader_answers_nothing(self, bay: Bay) -> None:
        check_id = opened(bay)
        body = {"question": "ppe", "answer": "yes"}

        assert bay.post(f"/checks/{check_id}/answers", body, Role.CARRIER).status_code == 403


class TestAfterLoading:
    """The list after loading stands between clearance and release."""

    def test_a_load_is_not_released_without_it(self, bay: Bay) -> None:
        _, check_id = bay.cleared()

        refused = answer(bay.post(f"/checks/{check_id}/release", bay.loading()), 201)

        assert not refused["released"]
        assert standing(refused["verdict"]) == [("HAND-02.after", "not_answered")]

    def test_it_is_answered_and_released(self, bay: Bay) -> None:
        _, check_id = bay.cleared()

        said = bay.say(check_id, "closures_shut")

        assert (said["outcome"], said["steps"], said["would_clear"]) == ("unknown", [], False)
        assert bay.release(check_id)["released"]

    def test_an_item_of_the_plant_holds_the_vehicle(self, bay: Bay, database: Session) -> None:
        named = item(bay, database, after_loading=True)
        _, check_id = bay.cleared()
        for question in ASKED_AFTER:
            bay.say(check_id, question)

        refused = answer(bay.post(f"/checks/{check_id}/release", bay.loading()), 201)
        bay.say(check_id, named)

        assert standing(refused["verdict"]) == [("PLANT-01.after", "not_answered")]
        assert answer(bay.post(f"/checks/{check_id}/release", bay.loading()), 201)["released"]


def test_an_item_retired_in_the_meantime_is_asked_by_the_next_waybills_no_longer(
    bay: Bay, database: Session
) -> None:
    named = item(bay, database)
    check_id = opened(bay)
    path = f"/facilities/{bay.line.yard.facility_id}/plant-items/{named}"
    headers = {**bay.headers(Role.SUPERVISOR), "If-Match": '"1"'}
    answer(bay.client.delete(f"{API}{path}", headers=headers), 200)

    later = opened(bay)

    body = {"question": named, "answer": "yes"}
    refused = problem(bay.post(f"/checks/{later}/answers", body))
    assert refused == (422, "invalid-field", [("/question", "not-asked")])
    asked = [{each["id"] for each in bay.check(c)["questions"]} for c in (check_id, later)]
    assert [named in each for each in asked] == [True, False]
    assert bay.say(check_id, named)["findings"][0]["reason"] == "fulfilled"
