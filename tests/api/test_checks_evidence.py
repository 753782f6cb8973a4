"""Evidence at the bay over HTTP: what each scan answers, what is recorded, what is refused."""

from datetime import timedelta

import pytest

from tests.harness.bay import Bay, answer, problem
from tests.harness.yard_rows import DRIVER, SUPERVISOR, TANK_NUMBER, TRACTOR_PLATE
from waybill.clock import FixedClock
from waybill.codec import new_id
from waybill.qr_payload import QrKind
from waybill.registry.access import Role


def opened(bay: Bay) -> str:
    """Open a check of a clean trip."""
    return bay.opened(bay.issued()["qr_text"])


def states(answered: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    """Return how each step stands."""
    return {step["kind"]: step["state"] for step in answered["steps"]}


class TestOpening:
    """A check begins with a waybill's code."""

    def test_it_names_what_is_expected_and_what_is_missing(self, bay: Bay) -> None:
        issued = bay.issued()

        made = answer(bay.opening(issued["qr_text"]), 201)

        check = made["check"]
        assert (made["opened"], made["problem"]) == (True, "")
        assert check["waybill"]["number"] == issued["number"]
        assert check["waybill"]["vehicle_plate"] == TRACTOR_PLATE
        assert [line["un_number"] for line in check["goods"]] == ["1203"]
        assert states(check) == {
            "waybill": "passed",
            "vehicle": "missing",
            "trailer": "missing",
            "tank": "missing",
            "driver": "missing",
            "escort": "missing",
            "supervisor": "missing",
            "plate": "missing",
            "trailer_plate": "missing",
            "goods": "passed",
            "signs": "missing",
            "closing_list": "missing",
            "papers": "missing",
            "plant_items": "passed",
        }

    def test_a_number_that_was_typed_opens_it_and_proves_nothing(self, bay: Bay) -> None:
        number = bay.issued()["number"]

        made = answer(bay.opening(number, typed=True), 201)

        steps = {step["kind"]: step for step in made["check"]["steps"]}
        reasons = {f["code"]: f["reason"] for f in steps["waybill"]["findings"]}
        assert reasons["DOC-01.signature"] == "code_not_signed"

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            pytest.param("苏H12345", "not-a-waybill", id="a plate"),
            pytest.param("hello", "unknown-format", id="anything"),
            pytest.param("32080012342026112200011234", "no-such-waybill", id="unknown"),
        ],
    )
    def test_what_is_no_waybill_opens_nothing(self, bay: Bay, text: str, code: str) -> None:
        refused = answer(bay.opening(text), 200)

        assert (refused["opened"], refused["check"], refused["problem"]) == (False, None, code)
        assert refused["problem_words"]["zh"]
        events = answer(bay.get("/events?kind=code-scanned", Role.AUDITOR), 200)["items"]
        assert [event["body"]["data"]["problem"] for event in events] == [code]

    def test_a_code_changed_in_one_digit_opens_nothing(self, bay: Bay) -> None:
        text = bay.issued()["qr_text"]
        changed = text[:-30] + str((int(text[-30]) + 1) % 10) + text[-29:]

        refused = answer(bay.opening(changed), 200)

        assert (refused["opened"], refused["problem"]) == (False, "bad-signature")

    def test_a_bay_of_somebody_else_is_not_found(self, bay: Bay) -> None:
        body = {"bay_id": str(new_id()), "text": bay.issued()["qr_text"]}

        assert problem(bay.post("/checks", body)) == (404, "not-found", [])

    def test_a_carrier_opens_no_check(self, bay: Bay) -> None:
        body = {"bay_id": str(bay.line.yard.bay_id), "text": "x"}

        assert bay.post("/checks", body, Role.CARRIER).status_code == 403


class TestScans:
    """Each scan is answered at once, in any order."""

    def test_a_match_passes_and_says_what_was_read(self, bay: Bay) -> None:
        check_id = opened(bay)

        added = bay.scan(check_id, bay.line.card(QrKind.TANK, TANK_NUMBER), expected="tank")

        assert (added["outcome"], added["problem"], added["would_clear"]) == ("passed", "", False)
        assert added["read"] == {
            "zh": f"罐体 {TANK_NUMBER}（签名码）",
            "en": f"tank {TANK_NUMBER} (signed code)",
        }
        assert states(added)["tank"] == "passed"

    def test_another_vehicle_fails_and_is_kept(self, bay: Bay) -> None:
        check_id = opened(bay)

        added = bay.scan(check_id, bay.line.card(QrKind.VEHICLE, "苏H99999"))

        reasons = {f["code"]: f["reason"] for f in added["findings"]}
        assert (added["outcome"], reasons["DOC-02.tractor"]) == ("failed", "differs")
        items = answer(bay.get(f"/checks/{check_id}"), 200)["items"]
        assert [(item["kind"], item["subject"]) for item in items[1:]] == [("vehicle", "苏H99999")]

    def test_another_card_than_asked_is_noted_where_it_belongs(self, bay: Bay) -> None:
        check_id = opened(bay)

        added = bay.scan(check_id, bay.line.card(QrKind.TANK, TANK_NUMBER), expected="driver")

        assert (added["outcome"], states(added)["tank"]) == ("passed", "passed")
        assert added["note"]["en"].startswith("This is a tank")

    def test_a_text_that_names_nothing_is_recorded_and_proves_nothing(self, bay: Bay) -> None:
        check_id = opened(bay)

        added = bay.scan(check_id, "hello")

        assert (added["outcome"], added["item"], added["problem"]) == (
            "unknown",
            None,
            "unknown-format",
        )
        events = answer(bay.get("/events?kind=code-scanned", Role.AUDITOR), 200)["items"]
        assert [event["body"]["data"]["problem"] for event in events] == ["unknown-format"]

    def test_a_damaged_code_fails_the_step_that_asked_for_it(self, bay: Bay) -> None:
        check_id = opened(bay)
        text = bay.line.card(QrKind.DRIVER, f"d_{DRIVER}")

        added = bay.scan(check_id, text[:-20], expected="driver")

        assert (added["outcome"], states(added)["driver"]) == ("failed", "failed")
        assert added["problem"] == added["item"]["problem"]
        assert added["item"]["subject"] == ""

    def test_a_code_that_expired_fails(self, bay: Bay, clock: FixedClock) -> None:
        text = bay.line.card(QrKind.DRIVER, f"d_{DRIVER}")
        check_id = opened(bay)
        clock.advance(timedelta(hours=-25))
        old = bay.line.card(QrKind.DRIVER, f"d_{DRIVER}")
        clock.advance(timedelta(hours=25))

        refused = bay.scan(check_id, old)
        cured = bay.scan(check_id, text)

        assert (refused["outcome"], refused["problem"]) == ("failed", "expired")
        assert cured["outcome"] == "passed"

    def test_a_number_typed_at_its_step_names_the_tank(self, bay: Bay) -> None:
        check_id = opened(bay)

        added = bay.scan(check_id, TANK_NUMBER, typed=True, expected="tank")

        assert (added["outcome"], added["item"]["presentation"]) == ("passed", "typed")

    def test_a_plate_of_another_colour_fails(self, bay: Bay) -> None:
        check_id = opened(bay)
        body = {"unit": "tractor", "plate": "苏H·12345", "plate_colour": "blue"}

        added = answer(bay.post(f"/checks/{check_id}/plates", body), 201)

        reasons = [finding["reason"] for finding in added["findings"]]
        assert (added["outcome"], reasons) == ("failed", ["colour_differs"])

    def test_a_supervisor_may_be_named_by_reference(self, bay: Bay) -> None:
        check_id = opened(bay)

        added = bay.find_present(check_id, "supervisor", reference=f"s_{SUPERVISOR}")

        assert (added["outcome"], states(added)["supervisor"]) == ("passed", "passed")

    def test_a_loader_who_is_no_supervisor_must_name_one(self, bay: Bay) -> None:
        check_id = opened(bay)
        body = {"role": "supervisor", "present": True}

        refused = bay.post(f"/checks/{check_id}/presences", body)

        assert problem(refused) == (422, "invalid-field", [("/reference", "required")])

    def test_an_escort_who_is_not_here_fails(self, bay: Bay) -> None:
        check_id = opened(bay)
        body = {"role": "escort", "present": False}

        added = answer(bay.post(f"/checks/{check_id}/presences", body), 201)

        assert (added["outcome"], [f["reason"] for f in added["findings"]]) == (
            "failed",
            ["absent"],
        )

    def test_another_loader_reads_and_adds_nothing(self, bay: Bay) -> None:
        check_id = opened(bay)

        assert problem(bay.get(f"/checks/{check_id}", Role.CARRIER)) == (404, "not-found", [])

    def test_a_check_of_yesterday_is_over(self, bay: Bay, clock: FixedClock) -> None:
        check_id = opened(bay)
        clock.advance(timedelta(hours=8, seconds=1))
        bay.tokens.clear()

        refused = bay.post(f"/checks/{check_id}/scans", {"text": "苏H12345"})

        assert (refused.status_code, refused.get_json()["state"]) == (409, "outdated")
