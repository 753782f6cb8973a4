"""Clean trips, from the draft to the release, and what the auditor reads of them."""

from tests.harness.bay_steps import look_at_everything
from tests.harness.expected_verdicts import (
    HIGH_RISK,
    HIGHLY_TOXIC,
    TANK_CONTAINER,
    after_loading_but,
    at_issue,
    clean_but,
)
from tests.harness.stories import Ended, Judged, Town, gross_mass_kg

ANSWERS_BEFORE = 14
ANSWERS_AFTER = 5
"""How many questions petrol in a tank is asked."""


def test_petrol_in_a_tank_approved_for_it_is_cleared_loaded_and_released(town: Town) -> None:
    trip = town.draft("petrol")
    assert trip.preview() == Judged(clears=True, findings=at_issue())
    trip.issue(accept_findings=False)
    assert trip.status == "issued"

    check = look_at_everything(trip)
    assert check.decide() == Judged(clears=True, findings=clean_but())
    assert trip.status == "cleared"

    assert check.release("28500") == Judged(clears=True, findings=after_loading_but())
    assert trip.ended() == Ended(status="released", decisions=[(True, [])], releases=1)


def test_methanol_in_a_tank_approved_for_it_is_cleared_loaded_and_released(town: Town) -> None:
    trip = town.draft("methanol")
    assert trip.preview() == Judged(clears=True, findings=at_issue())
    trip.issue(accept_findings=False)

    check = look_at_everything(trip)
    assert check.decide() == Judged(clears=True, findings=clean_but())

    assert check.release("25990") == Judged(clears=True, findings=after_loading_but())
    assert trip.ended() == Ended(status="released", decisions=[(True, [])], releases=1)


def test_liquid_chlorine_with_scope_and_endorsement_is_cleared_loaded_and_released(
    town: Town,
) -> None:
    trip = town.draft("chlorine")
    assert trip.preview() == Judged(clears=True, findings=at_issue(TANK_CONTAINER, HIGHLY_TOXIC))
    trip.issue(accept_findings=False)

    check = look_at_everything(trip)
    assert check.decide() == Judged(clears=True, findings=clean_but(TANK_CONTAINER, HIGHLY_TOXIC))

    weighed = gross_mass_kg(trip.case, 20000)
    assert check.release("20000", gross_mass_kg=weighed) == Judged(
        clears=True, findings=after_loading_but(HIGH_RISK)
    )
    assert trip.ended() == Ended(status="released", decisions=[(True, [])], releases=1)


def test_the_auditor_reads_every_step_of_a_clean_trip_in_the_log(town: Town) -> None:
    trip = town.issue("petrol")
    check = look_at_everything(trip)
    check.decide()
    check.release("28500")

    events = town.events_of(trip.id)

    assert [event["kind"] for event in events] == [
        "waybill-drafted",
        "waybill-issued",
        "check-opened",
        *["code-scanned"] * 5,
        *["evidence-added"] * 4,
        "code-scanned",
        *["evidence-added"] * ANSWERS_BEFORE,
        "check-decided",
        *["evidence-added"] * ANSWERS_AFTER,
        "load-released",
    ]
    digests = [verdict["digest"] for verdict in trip.read()["verdicts"]]
    named = [event["body"]["data"].get("verdict") for event in events]
    assert [digest for digest in named if digest] == digests
