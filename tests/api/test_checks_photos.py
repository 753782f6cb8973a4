"""Photos at the bay over HTTP: kept as plain pictures, shown by right."""

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from tests.harness.bay import API, Bay, answer, problem
from tests.harness.bay_answers import item, opened, photograph, picture
from waybill.codec import sha256
from waybill.registry.access import Role
from waybill.storage.plant_items import CheckPhotoRow


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

    def test_one_that_is_sent_again_under_its_key_is_kept_once(
        self, bay: Bay, database: Session
    ) -> None:
        address = f"{API}/checks/{opened(bay)}/photos?shows=orange_plates"
        headers = {**bay.headers(Role.LOADER), "Idempotency-Key": "photo-0001"}
        shot = picture()

        # Each time the parts of the form are set apart by another boundary.
        first, second = (
            bay.client.post(address, data={"picture": (BytesIO(shot), "p.png")}, headers=headers)
            for _ in range(2)
        )

        assert (first.status_code, second.status_code) == (201, 201)
        assert first.json == second.json
        assert database.query(CheckPhotoRow).count() == 1
        events = answer(bay.get("/events?kind=evidence-added", Role.AUDITOR), 200)["items"]
        assert len(events) == 1

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

        for shows, colour in (("orange_plates", "orange"), ("seals", "grey")):
            taken = picture(colour=colour)
            assert photograph(bay, check_id, shows, taken).status_code == 201


class TestPhotosShownBefore:
    """A photo is taken for one check and for one thing in it."""

    def test_it_shows_one_thing_in_a_check(self, bay: Bay, database: Session) -> None:
        named, check_id = item(bay, database, photo=True), opened(bay)
        answer(photograph(bay, check_id, "orange_plates", picture()), 201)

        refused = problem(photograph(bay, check_id, named, picture()))

        assert refused == (422, "invalid-field", [("/picture", "photo-shown-for-another")])
        assert database.query(CheckPhotoRow).count() == 1

    def test_it_is_not_shown_in_a_later_check(self, bay: Bay, database: Session) -> None:
        named = item(bay, database, photo=True)
        answer(photograph(bay, opened(bay), "orange_plates", picture()), 201)

        later = opened(bay)
        for shows in ("orange_plates", named):
            refused = problem(photograph(bay, later, shows, picture()))
            assert refused == (422, "invalid-field", [("/picture", "photo-shown-before")])

        assert database.query(CheckPhotoRow).count() == 1

    def test_what_its_file_says_beside_the_picture_makes_no_other(self, bay: Bay) -> None:
        answer(photograph(bay, opened(bay), "orange_plates", picture()), 201)
        plain = BytesIO()
        Image.new("RGB", (40, 30), "orange").save(plain, "WEBP", lossless=True)

        refused = problem(photograph(bay, opened(bay), "orange_plates", plain.getvalue()))

        assert refused == (422, "invalid-field", [("/picture", "photo-shown-before")])

    def test_sent_again_for_the_same_without_a_key_it_is_taken_again(self, bay: Bay) -> None:
        check_id = opened(bay)

        for _ in range(2):
            answer(photograph(bay, check_id, "orange_plates", picture()), 201)

    def test_another_picture_is_another_photo(self, bay: Bay) -> None:
        answer(photograph(bay, opened(bay), "orange_plates", picture()), 201)

        answer(photograph(bay, opened(bay), "orange_plates", picture(colour="red")), 201)
