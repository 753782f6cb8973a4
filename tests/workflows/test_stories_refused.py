"""Trips that something is wrong with: known at issue, stopped at the bay, loaded by nobody."""

from tests.harness.bay_steps import look_at_everything
from tests.harness.expected_verdicts import (
    HIGHLY_TOXIC,
    TANK_CONTAINER,
    Table,
    at_issue,
    clean_but,
)
from tests.harness.stories import Ended, Judged, Town, Trip


def play_to_the_refusal(trip: Trip) -> tuple[Judged, Judged, Judged]:
    """Look, sign all the same, go to the bay: what was said before, at and after signing."""
    before = trip.preview()
    problem = trip.refused_issue(accept_findings=False)
    assert problem["code"] == "findings-not-accepted"
    at_signing = trip.issue(accept_findings=True)
    return before, at_signing, look_at_everything(trip).decide()


def refusal(*differences: Table) -> tuple[Judged, Judged, Judged]:
    """Return the same finding at each of the three times, as its rules should say it."""
    office = Judged(clears=False, findings=at_issue(*differences))
    return office, office, Judged(clears=False, findings=clean_but(*differences))


def test_methanol_is_not_loaded_into_a_tank_approved_for_diesel_and_ethanol(town: Town) -> None:
    trip = town.draft("methanol-trap")

    told = play_to_the_refusal(trip)

    assert told == refusal({"TNK-02.approved": ("failed", "not_on_list")})
    assert trip.ended() == Ended(status="issued", decisions=[(False, ["TNK-02.approved"])])


def test_chlorine_is_not_loaded_outside_the_scope_of_carrier_and_vehicles(town: Town) -> None:
    trip = town.draft("chlorine-no-scope")

    told = play_to_the_refusal(trip)

    outside = {
        "CAR-01.scope": ("failed", "not_covered"),
        "VEH-02.tractor": ("failed", "not_covered"),
        "VEH-02.trailer": ("failed", "not_covered"),
    }
    assert told == refusal(TANK_CONTAINER, HIGHLY_TOXIC, outside)
    assert trip.ended() == Ended(status="issued", decisions=[(False, sorted(outside))])


def test_chlorine_is_not_loaded_for_a_driver_without_the_endorsement(town: Town) -> None:
    trip = town.draft("chlorine-no-endorsement")

    told = play_to_the_refusal(trip)

    missing = {"DRV-01.endorsement": ("failed", "endorsement_missing")}
    assert told == refusal(TANK_CONTAINER, HIGHLY_TOXIC, missing)
    assert trip.ended() == Ended(status="issued", decisions=[(False, ["DRV-01.endorsement"])])


def test_goods_that_are_prohibited_for_carriage_get_no_waybill(town: Town) -> None:
    trip = town.draft("prohibited")

    problem = trip.refused_issue(accept_findings=True)

    standing = {finding["code"]: finding["reason"] for finding in problem["findings"]}
    assert (problem["code"], standing) == ("issue-blocked", {"GDS-01.carriage": "prohibited"})
    waybill = trip.read()
    assert (waybill["summary"]["status"], waybill["summary"]["number"]) == ("draft", None)
    assert (waybill["revisions"], waybill["verdicts"]) == ([], [])
    drafted, blocked = town.events_of(trip.id)
    assert (drafted["kind"], blocked["kind"]) == ("waybill-drafted", "issue-blocked")
    assert blocked["body"]["data"]["blocked_by"] == ["GDS-01.carriage"]


def test_a_driver_whose_qualification_expired_yesterday_is_refused(town: Town) -> None:
    trip = town.draft("driver-expired")

    told = play_to_the_refusal(trip)

    assert told == refusal({"DRV-01.qualification": ("failed", "expired")})
    assert trip.ended() == Ended(status="issued", decisions=[(False, ["DRV-01.qualification"])])


def test_an_escort_who_is_the_driver_is_refused(town: Town) -> None:
    trip = town.draft("escort-is-driver")

    told = play_to_the_refusal(trip)

    assert told == refusal({"ESC-01.not_driver": ("failed", "same_person")})
    assert trip.ended() == Ended(status="issued", decisions=[(False, ["ESC-01.not_driver"])])


def test_a_tank_past_its_inspection_is_refused(town: Town) -> None:
    trip = town.draft("tank-overdue")

    told = play_to_the_refusal(trip)

    assert told == refusal({"TNK-01.inspection": ("failed", "expired")})
    assert trip.ended() == Ended(status="issued", decisions=[(False, ["TNK-01.inspection"])])


def test_400_kg_more_than_the_rated_load_mass_are_refused(town: Town) -> None:
    trip = town.draft("overweight")

    told = play_to_the_refusal(trip)

    assert told == refusal({"TNK-03.mass": ("failed", "over_rated_load")})
    assert trip.ended() == Ended(status="issued", decisions=[(False, ["TNK-03.mass"])])
    over = next(
        finding
        for finding in trip.read()["verdicts"][-1]["findings"]
        if finding["code"] == "TNK-03.mass"
    )
    assert over["facts"]["over_kg"] == "400"
