"""Answers at the bay over HTTP: yes or no, photos, and two people who let a plant's item pass."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.harness.bay import API, Bay, answer, problem, standing
from waybill.codec import sha256
from waybill.registry.access import Role
from waybill.registry.kinds import AskedOf
from waybill.registry.plant_items import PlantItemParticulars
from waybill.services.plant_items import add_plant_item
from waybill.storage.plant_items import CheckPhotoRow

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
REASON = "地磅故障，已由班长人工复核"


def opened(bay: Bay) -> str:
    """Open a check of a clean trip."""
    return bay.opened(bay.issued()["qr_text"])


def item(bay: Bay, database: Session, **changes: object) -> str:
    """Let the plant ask something, and return its id."""
    stated: dict[str, Any] = {"question_zh": "鹤位正确？", "question_en": "Right arm?", **changes}
    made = add_plant_item(
        database,
        bay.line.yard.actor("supervisor"),
        bay.line.yard.facility_id,
        PlantItemParticulars(**stated),
        clock=bay.line.clock,
    )
    database.commit()
    return str(made.id)


def picture(size: tuple[int, int] = (40, 30), kind: str = "PNG") -> bytes:
    """Return a picture that says where it was taken."""
    written = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "a description from the camera"
    Image.new("RGB", size, "orange").save(written, kind, exif=exif)
    return written.getvalue()


def photograph(bay: Bay, check_id: str, shows: str, content: bytes) -> TestResponse:
    """Send a photo."""
    return bay.client.post(
        f"{API}/checks/{check_id}/photos?shows={shows}",
        data={"picture": (BytesIO(content), "photo.png")},
        headers=bay.headers(Role.LOADER),
    )


def override(bay: Bay, check_id: str, named: str, by: Role, reason: str = REASON) -> TestResponse:
    """Let an item pass."""
    return bay.post(f"/checks/{check_id}/overrides", {"item": named, "reason": reason}, by)


class TestQuestions:
    """A check says what is asked at its stage, and what must be seen."""

    def test_before_loading_it_asks_what_applies_to_petrol_in_a_tank(self, bay: Bay) -> None:
        check = bay.check(opened(bay))

        assert [(each["rule"], each["id"]) for each in check["questions"]] == ASKED_OF_PETROL
        assert {each["answer"] for each in check["questions"]} == {None}
        assert check["photos"] == []
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


class TestPhotos:
    """A photo is kept as a plain picture, and shown to those who may see the check."""

    def test_it_is_kept_without_what_the_camera_added(self, bay: Bay, database: Session) -> None:
        named = item(bay, database, photo=True)
        check_id = opened(bay)

        added = answer(photograph(bay, check_id, named, picture()), 201)

        row = database.query(CheckPhotoRow).one()
        kept = Image.open(BytesIO(row.content))
        assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (40, 30), {})
        assert (row.shows, row.media_type, row.sha256) == (
            named,
            "image/jpeg",
            sha256(row.content).hex(),
        )
        assert (added["item"]["type"], added["item"]["sha256"]) == ("photo", row.sha256)
        told = answer(bay.get("/events?kind=evidence-added", Role.AUDITOR), 200)["items"][0]
        assert told["body"]["data"]["items"] == [added["item"]]

    def test_answer_and_photo_fulfil_an_item(self, bay: Bay, database: Session) -> None:
        named = item(bay, database, photo=True)
        check_id = opened(bay)

        without = bay.say(check_id, named)
        answer(photograph(bay, check_id, named, picture()), 201)

        assert without["findings"][0]["reason"] == "photo_missing"
        found = next(e for e in bay.check(check_id)["questions"] if e["id"] == named)
        assert (found["answer"], found["photo_taken"]) == (True, True)

    @pytest.mark.parametrize("role", [Role.LOADER, Role.SUPERVISOR, Role.AUDITOR])
    def test_those_who_may_see_the_check_see_it(
        self, bay: Bay, database: Session, role: Role
    ) -> None:
        check_id = opened(bay)
        answer(photograph(bay, check_id, "orange_plates", picture(kind="JPEG")), 201)
        row = database.query(CheckPhotoRow).one()

        shown = bay.get(f"/checks/{check_id}/photos/{row.sha256}", role)

        assert (shown.status_code, shown.content_type, shown.data) == (
            200,
            "image/jpeg",
            row.content,
        )

    def test_a_carrier_sees_none(self, bay: Bay, database: Session) -> None:
        check_id = opened(bay)
        answer(photograph(bay, check_id, "orange_plates", picture()), 201)
        digest = database.query(CheckPhotoRow).one().sha256

        refused = bay.get(f"/checks/{check_id}/photos/{digest}", Role.CARRIER)

        assert problem(refused) == (404, "not-found", [])

    def test_one_that_was_not_taken_is_not_found(self, bay: Bay) -> None:
        assert bay.get(f"/checks/{opened(bay)}/photos/{'0' * 64}").status_code == 404

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"not a picture", "picture-format"),
            (b"", "picture-empty"),
            (picture((400, 300), "JPEG")[:900], "picture-damaged"),
        ],
        ids=["text", "empty", "cut"],
    )
    def test_what_is_no_picture_is_refused(self, bay: Bay, content: bytes, code: str) -> None:
        refused = problem(photograph(bay, opened(bay), "orange_plates", content))

        assert refused == (422, "invalid-field", [("/picture", code)])

    @pytest.mark.parametrize(("shows", "status"), [("nothing", 422), ("seals", 409)])
    def test_a_photo_shows_what_is_asked_for_at_its_stage(
        self, bay: Bay, shows: str, status: int
    ) -> None:
        assert photograph(bay, opened(bay), shows, picture()).status_code == status

    def test_plates_may_be_photographed_after_the_clearance_too(self, bay: Bay) -> None:
        _, check_id = bay.cleared()

        for shows in ("orange_plates", "seals"):
            assert photograph(bay, check_id, shows, picture()).status_code == 201


class TestOverrides:
    """Two accounts with a reason let a plant's item pass; nobody overrides the law."""

    def test_two_accounts_let_an_item_pass(self, bay: Bay, database: Session) -> None:
        named = item(bay, database)
        check_id = opened(bay)

        first = answer(override(bay, check_id, named, Role.LOADER), 201)
        again = answer(override(bay, check_id, named, Role.LOADER), 201)
        second = answer(override(bay, check_id, named, Role.SUPERVISOR), 201)

        reasons = [each["findings"][0]["reason"] for each in (first, again, second)]
        assert reasons == ["not_answered", "not_answered", "overridden"]
        found = next(e for e in bay.check(check_id)["questions"] if e["id"] == named)
        users = [bay.line.yard.actor(name).user_id for name in ("loader", "supervisor")]
        assert (found["overridden_by"], found["overridden"]) == (sorted(map(str, users)), True)

    def test_the_log_names_both_and_their_reasons(self, bay: Bay, database: Session) -> None:
        named = item(bay, database)
        answer(override(bay, opened(bay), named, Role.SUPERVISOR), 201)

        event = answer(bay.get("/events?kind=evidence-added", Role.AUDITOR), 200)["items"][0]

        user = str(bay.line.yard.actor("supervisor").user_id)
        told = event["body"]["data"]["items"][0]
        assert event["body"]["actor"]["user"] == user
        assert (told["type"], told["item"], told["by"], told["reason"]) == (
            "override",
            named,
            user,
            REASON,
        )

    @pytest.mark.parametrize("question", ["orange_plates", "no_leak", "consignment_list"])
    def test_the_law_is_not_overridden(self, bay: Bay, question: str) -> None:
        refused = problem(override(bay, opened(bay), question, Role.SUPERVISOR))

        assert refused == (422, "invalid-field", [("/item", "not-overridden")])

    def test_advice_needs_no_override(self, bay: Bay, database: Session) -> None:
        named = item(bay, database, stops=False)

        refused = problem(override(bay, opened(bay), named, Role.LOADER))

        assert refused == (422, "invalid-field", [("/item", "not-overridden")])

    @pytest.mark.parametrize(
        ("reason", "code"),
        [
            pytest.param("一二三四", "too-short", id="four characters"),
            pytest.param("     ", "required", id="spaces"),
            pytest.param("一二\n三四五", "control-character", id="two lines"),
        ],
    )
    def test_a_reason_can_be_read(
        self, bay: Bay, database: Session, reason: str, code: str
    ) -> None:
        named = item(bay, database)

        status, _, fields = problem(override(bay, opened(bay), named, Role.LOADER, reason))

        assert (status, [pointer for pointer, _ in fields]) == (422, ["/reason"]), code

    @pytest.mark.parametrize("reason", ["一二三四五", "理" * 300])
    def test_five_to_three_hundred_characters_will_do(
        self, bay: Bay, database: Session, reason: str
    ) -> None:
        named = item(bay, database)

        assert override(bay, opened(bay), named, Role.LOADER, reason).status_code == 201

    def test_who_overrides_is_never_said_by_the_client(self, bay: Bay, database: Session) -> None:
        named = item(bay, database)
        body = {"item": named, "reason": REASON, "by": "somebody"}

        refused = problem(bay.post(f"/checks/{opened(bay)}/overrides", body))

        assert refused[0] == 422

    def test_a_trip_is_cleared_with_an_item_that_two_let_pass(
        self, bay: Bay, database: Session
    ) -> None:
        named = item(bay, database)
        check_id = opened(bay)
        bay.show_everything(check_id)
        bay.say(check_id, named, "no")

        refused = bay.decide(check_id)
        for role in (Role.LOADER, Role.SUPERVISOR):
            override(bay, check_id, named, role)
        cleared = bay.decide(check_id)

        assert standing(refused["verdict"]) == [("PLANT-01.before", "answered_no")]
        assert cleared["cleared"]


def test_an_item_retired_in_the_meantime_is_asked_no_longer(bay: Bay, database: Session) -> None:
    named = item(bay, database)
    check_id = opened(bay)
    path = f"/facilities/{bay.line.yard.facility_id}/plant-items/{named}"
    headers = {**bay.headers(Role.SUPERVISOR), "If-Match": '"1"'}
    answer(bay.client.delete(f"{API}{path}", headers=headers), 200)

    body = {"question": named, "answer": "yes"}

    refused = problem(bay.post(f"/checks/{check_id}/answers", body))
    assert refused == (422, "invalid-field", [("/question", "not-asked")])
    assert named not in {each["id"] for each in bay.check(check_id)["questions"]}
