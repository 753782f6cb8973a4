"""What a careful loader does at the bay, step by step, so that a story can change one of them."""

from collections.abc import Iterable

from tests.harness.stories import BayCheck, Trip

Step = tuple[str, str]
"""What a loader does at the bay: `("scan", text)`, `("tractor", plate)`, `("present", role)` …"""


def steps_at_the_bay(trip: Trip) -> dict[str, Step]:
    """Return everything a careful loader scans and looks at, the waybill's code apart."""
    case = trip.case
    cards = {"vehicle card": ("scan", trip.vehicle_card())}
    plates = {"tractor plate": ("tractor", case.tractor)}
    if case.trailer:
        cards["trailer card"] = ("scan", trip.vehicle_card(case.trailer))
        plates["trailer plate"] = ("trailer", case.trailer)
    if case.tank:
        cards["tank card"] = ("scan", trip.tank_card())
    return {
        **cards,
        "driver card": ("scan", trip.driver_card()),
        "escort card": ("scan", trip.escort_card()),
        **plates,
        "driver": ("present", "driver"),
        "escort": ("present", "escort"),
        "supervisor": ("scan", trip.town.supervisor_card()),
    }


def take(check: BayCheck, steps: Iterable[Step]) -> None:
    """Take steps at the bay in the order given."""
    for what, value in steps:
        match what:
            case "scan":
                check.scan(value)
            case "present":
                check.see_person(value)
            case unit:
                check.see_plate(unit, value)


def look_at_everything(trip: Trip, **instead: Step) -> BayCheck:
    """Open a check with the waybill's code, scan every card, look at everything and answer.

    `instead` names steps with `_` for the space, and what the loader meets in their place.
    """
    trip.report_position()
    check = trip.town.open_check(trip.qr_text)
    met = {name.replace("_", " "): step for name, step in instead.items()}
    take(check, (steps_at_the_bay(trip) | met).values())
    check.answer_everything()
    return check
