"""Trips that go wrong, or well, by how much is loaded, beside what, after what, on which pass."""

from tests.harness.bay_steps import look_at_everything
from tests.harness.expected_verdicts import (
    HIGHLY_TOXIC,
    TANK_CONTAINER,
    Table,
    after_loading_but,
    at_issue,
    clean_but,
)
from tests.harness.stories import Ended, Judged, Town

RIGID: Table = {
    "GDS-01.mode": ("passed", "packages"),
    "VEH-01.trailer": ("not_applicable", "no_trailer"),
    "VEH-02.trailer": ("not_applicable", "no_trailer"),
    "VEH-03.trailer_inspection": ("not_applicable", "no_trailer"),
    "VEH-04.tank_carriage": ("not_applicable", "no_tank_goods"),
    "VEH-05.trailer": ("not_applicable", "no_trailer"),
    "TNK-01.inspection": ("not_applicable", "no_tank_needed"),
    "TNK-01.mounting": ("not_applicable", "no_tank_needed"),
    "TNK-02.approved": ("not_applicable", "no_tank_needed"),
    "TNK-02.compartments": ("not_applicable", "no_tank_needed"),
    "TNK-03.filling": ("not_applicable", "no_tank_needed"),
    "TNK-03.surge": ("not_applicable", "no_tank_needed"),
    "TNK-04.last_cargo": ("not_applicable", "no_tank_needed"),
    "MIX-02.points": ("passed", "above_limit"),
    "DOC-02.trailer": ("not_applicable", "none_named"),
    "DOC-02.tank": ("not_applicable", "none_named"),
}
"""What a rigid vehicle with packages differs in from a tank on a trailer."""


def refused(town: Town, key: str, *differences: Table) -> list[str]:
    """Take a case to the bay, compare both verdicts, and return the codes that the log names."""
    trip = town.draft(key)
    assert trip.preview() == Judged(clears=False, findings=at_issue(*differences))
    trip.issue(accept_findings=True)

    check = look_at_everything(trip)

    assert check.decide() == Judged(clears=False, findings=clean_but(*differences))
    ended = trip.ended()
    assert (ended.status, ended.releases) == ("issued", 0)
    ((cleared, codes),) = ended.decisions
    assert not cleared
    return codes


def test_petrol_filled_too_full_for_its_expansion_is_refused(town: Town) -> None:
    codes = refused(town, "overfilled", {"TNK-03.filling": ("failed", "over_filling")})

    assert codes == ["TNK-03.filling"]


def test_a_half_full_tank_without_surge_plates_is_refused(town: Town) -> None:
    codes = refused(
        town,
        "surge",
        {
            "TNK-03.surge": ("failed", "would_surge"),
            "DOC-04.controls": ("not_applicable", "on_no_list"),
        },
    )

    assert codes == ["TNK-03.surge"]


def test_methanol_after_ethanol_without_cleaning_is_refused(town: Town) -> None:
    codes = refused(town, "not-cleaned", {"TNK-04.last_cargo": ("failed", "not_cleaned")})

    assert codes == ["TNK-04.last_cargo"]


def test_chlorine_without_its_pass_is_refused(town: Town) -> None:
    codes = refused(
        town,
        "chlorine-no-pass",
        TANK_CONTAINER,
        HIGHLY_TOXIC,
        {"DOC-04.highly_toxic": ("failed", "permit_missing")},
    )

    assert codes == ["DOC-04.highly_toxic"]


def test_dichloromethane_beside_food_is_refused(town: Town) -> None:
    codes = refused(
        town,
        "food-beside",
        RIGID,
        {
            "MIX-01.foodstuffs": ("failed", "food_aboard"),
            "DOC-04.controls": ("not_applicable", "on_no_list"),
        },
    )

    assert codes == ["MIX-01.foodstuffs"]


def test_paint_in_limited_quantities_goes_as_ordinary_goods(town: Town) -> None:
    trip = town.draft("paint-limited")
    assert trip.preview().clears
    trip.issue(accept_findings=False)

    check = look_at_everything(trip)
    decided = check.decide()

    relieved = {code for code, said in decided.findings.items() if said[1] == "relieved"}
    assert decided.clears
    assert {"DRV-01.qualification", "VEH-02.tractor", "CAR-01.scope", "ESC-01.present"} <= relieved
    released = check.release("2400", gross_mass_kg=None)
    assert released == Judged(
        clears=True,
        findings=after_loading_but(
            {
                "AFTER-01.weighbridge": ("not_applicable", "no_weighbridge"),
                "AFTER-01.filling": ("not_applicable", "no_tank_needed"),
                "AFTER-01.surge": ("not_applicable", "no_tank_needed"),
            }
        ),
    )
    assert trip.ended() == Ended(status="released", decisions=[(True, [])], releases=1)
