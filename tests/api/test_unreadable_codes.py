"""A code that no scanner reads: its number is typed, the code photographed, and both are kept."""

from tests.harness.bay import Bay, answer, problem
from tests.harness.bay_answers import photograph, picture


def photographed(bay: Bay, check_id: str) -> str:
    """Add a photo and return its digest."""
    digest: str = answer(photograph(bay, check_id, "code", picture()), 201)["item"]["sha256"]
    return digest


def typed(bay: Bay, check_id: str, sha256: str, **more: object) -> tuple[int, object]:
    body = {"text": "T-20240317-09", "typed": True, "expected": "tank", **more}
    response = bay.post(f"/checks/{check_id}/scans", body | {"photo_sha256": sha256})
    return response.status_code, response.get_json()


def test_it_is_recorded_as_typed_with_its_photo(bay: Bay) -> None:
    check_id = bay.opened(bay.issued()["qr_text"])
    sha256 = photographed(bay, check_id)

    status, told = typed(bay, check_id, sha256)

    assert status == 201
    assert isinstance(told, dict)
    assert told["item"]["presentation"] == "typed"
    assert told["item"]["photo_sha256"] == sha256
    assert "附照片" in told["read"]["zh"]
    assert bay.check(check_id)["items"][-1] == told["item"]


def test_a_number_without_a_photo_is_kept_as_before(bay: Bay) -> None:
    check_id = bay.opened(bay.issued()["qr_text"])

    told = bay.scan(check_id, "T-20240317-09", typed=True, expected="tank")

    assert "photo_sha256" not in told["item"]


def test_a_photo_that_this_check_does_not_have_is_refused(bay: Bay) -> None:
    other = bay.opened(bay.issued()["qr_text"])
    sha256 = photographed(bay, other)
    check_id = bay.opened(bay.issued()["qr_text"])

    refused = bay.post(
        f"/checks/{check_id}/scans",
        {"text": "T-1", "typed": True, "expected": "tank", "photo_sha256": sha256},
    )

    assert problem(refused) == (422, "invalid-field", [("/photo_sha256", "no-such-photo")])


def test_one_photo_stands_for_one_code(bay: Bay) -> None:
    check_id = bay.opened(bay.issued()["qr_text"])
    sha256 = photographed(bay, check_id)
    typed(bay, check_id, sha256)

    status, _ = typed(bay, check_id, sha256, text="x1", expected="driver")

    assert status == 422


def test_a_scanned_code_has_no_such_photo(bay: Bay) -> None:
    check_id = bay.opened(bay.issued()["qr_text"])
    sha256 = photographed(bay, check_id)

    status, _ = typed(bay, check_id, sha256, typed=False)

    assert status == 422
