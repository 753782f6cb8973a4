"""Refused first, put right, decided again: both verdicts are kept, the second one clears."""

from api.demo.cases import OTHER_TRAILER_PLATE
from tests.harness.bay_steps import look_at_everything
from tests.harness.expected_verdicts import after_loading_but, clean_but
from tests.harness.stories import Ended, Judged, Town


def test_the_right_trailer_scanned_after_the_wrong_one_clears_the_second_decision(
    town: Town,
) -> None:
    trip = town.issue("other-trailer")
    check = look_at_everything(
        trip,
        trailer_card=("scan", trip.vehicle_card(OTHER_TRAILER_PLATE)),
        trailer_plate=("trailer", OTHER_TRAILER_PLATE),
    )
    refused = check.decide()

    check.scan(trip.vehicle_card(trip.case.trailer))
    check.see_plate("trailer", trip.case.trailer)
    cleared = check.decide()

    other = {"DOC-02.trailer": ("failed", "differs"), "VEH-05.trailer": ("failed", "plate_differs")}
    assert refused == Judged(clears=False, findings=clean_but(other))
    assert cleared == Judged(clears=True, findings=clean_but())
    assert trip.verdicts("before_loading") == [refused, cleared]
    assert trip.ended() == Ended(status="cleared", decisions=[(False, sorted(other)), (True, [])])


def test_an_expired_qualification_replaced_by_the_carrier_clears_the_second_decision(
    town: Town,
) -> None:
    trip = town.issue("driver-expired")
    check = look_at_everything(trip)
    refused = check.decide()

    driver = str(town.register.people[trip.case.driver])
    trip.carrier.post(
        "/certificates",
        {
            "kind": "driver_qualification",
            "subject_kind": "person",
            "subject_id": driver,
            "number": "320800199912310015",
            "issuer": "示例市交通运输局",
            "valid_from": "2026-11-22",
            "valid_until": "2032-11-21",
            "provenance": "document",
        },
    )
    cleared = check.decide()

    expired = {"DRV-01.qualification": ("failed", "expired")}
    assert refused == Judged(clears=False, findings=clean_but(expired))
    assert cleared == Judged(clears=True, findings=clean_but())
    assert trip.verdicts("before_loading") == [refused, cleared]
    assert trip.ended() == Ended(
        status="cleared", decisions=[(False, ["DRV-01.qualification"]), (True, [])]
    )


def test_a_genuine_code_scanned_after_a_changed_one_clears_the_second_decision(
    town: Town,
) -> None:
    trip = town.issue("changed-digit")
    check = look_at_everything(trip)
    changed = str((int(trip.qr_text[-2]) + 1) % 10)
    check.scan(f"{trip.qr_text[:-2]}{changed}{trip.qr_text[-1]}")
    refused = check.decide()

    check.scan(trip.qr_text)
    cleared = check.decide()

    assert [refused.clears, cleared.clears] == [False, True]
    assert trip.verdicts("before_loading") == [refused, cleared]


def test_a_card_that_was_reported_lost_is_replaced_before_it_counts_again(town: Town) -> None:
    trip = town.issue("petrol")
    lost = trip.driver_card()
    driver = f"/people/{town.register.people[trip.case.driver]}"
    trip.carrier.post(
        f"{driver}/card/revoke",
        {"reason": "驾驶员报失"},
        version=trip.carrier.get(driver)["version"],
    )
    check = look_at_everything(trip, driver_card=("scan", lost))
    refused = check.decide()

    check.scan(trip.driver_card())
    cleared = check.decide()

    superseded = {"DOC-02.driver": ("failed", "card_superseded")}
    assert refused == Judged(clears=False, findings=clean_but(superseded))
    assert cleared == Judged(clears=True, findings=clean_but())


def test_an_absent_escort_who_comes_clears_the_second_decision(town: Town) -> None:
    trip = town.issue("petrol")
    check = look_at_everything(trip)
    check.see_person("escort", present=False)
    refused = check.decide()

    check.see_person("escort")
    cleared = check.decide()

    absent = {"ESC-01.present": ("failed", "absent")}
    assert refused == Judged(clears=False, findings=clean_but(absent))
    assert cleared == Judged(clears=True, findings=clean_but())


def test_100_kg_too_much_are_pumped_off_before_the_vehicle_leaves(town: Town) -> None:
    trip = town.issue("petrol")
    check = look_at_everything(trip)
    check.decide()

    refused = check.release("28600")
    status_between = trip.status
    released = check.release("28500")

    over = {"AFTER-01.quantity": ("failed", "over_planned")}
    assert refused == Judged(clears=False, findings=after_loading_but(over))
    assert released == Judged(clears=True, findings=after_loading_but())
    assert status_between == "cleared"
    assert trip.verdicts("after_loading") == [refused, released]
    assert [event["standing"] for event in trip.logged("release-refused")] == [
        ["AFTER-01.quantity"]
    ]
    assert trip.ended() == Ended(status="released", decisions=[(True, [])], releases=1)
