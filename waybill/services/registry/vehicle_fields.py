"""What can be said of a vehicle: plate, colour, kind and figures that fit each other."""

from datetime import date
from typing import Final

from waybill.identifiers import Plate, parse_plate, validate_vin
from waybill.registry.kinds import PlateColour, UnitKind
from waybill.registry.records import VehicleParticulars
from waybill.services.registry.validation import NOT_EXPECTED, Complaint, FieldCheck

NEW_ENERGY_COLOURS: Final = frozenset({PlateColour.GREEN, PlateColour.YELLOW_GREEN})

TRAILER_PLATE: Final = Complaint(
    "plate-kind",
    "半挂车号牌应以“挂”结尾，其他车辆不得带“挂”。",
    "A trailer's plate ends with 挂, any other vehicle's does not.",
)
TRAILER_COLOUR: Final = Complaint(
    "plate-colour-trailer", "半挂车号牌应为黄色。", "A trailer's plate is yellow."
)
NEW_ENERGY_COLOUR: Final = Complaint(
    "plate-colour-new-energy",
    "新能源号牌为绿色或黄绿双色，其他号牌不是。",
    "New energy plates are green or yellow-green, and no others are.",
)
FUTURE_DATE: Final = Complaint(
    "date-in-future", "日期不能晚于今天。", "This date cannot be after today."
)


def settle_vehicle(stated: VehicleParticulars, today: date) -> VehicleParticulars:
    """Return the particulars in their stored spelling.

    Masses are kilograms above 0: `rated_load_kg` is required but for a tractor, `tare_kg` for a
    trailer, `max_trailer_mass_kg` for a tractor; `today` is the last day of first registration.

    Raises:
        InvalidFieldError: names every field that cannot be accepted.
    """
    check = FieldCheck()
    plate = check.read("/plate", parse_plate, stated.plate)
    if plate is not None:
        _check_plate(check, plate, stated)
    trailer = stated.kind is UnitKind.TRAILER
    tractor = stated.kind is UnitKind.TRACTOR
    check.expect(
        "/max_trailer_mass_kg",
        NOT_EXPECTED,
        holds=stated.max_trailer_mass_kg is None or not trailer,
    )
    check.expect("/first_registered_on", FUTURE_DATE, holds=stated.first_registered_on <= today)
    check.provenance(stated.provenance)
    settled = VehicleParticulars(
        plate=stated.plate if plate is None else plate.number,
        plate_colour=stated.plate_colour,
        kind=stated.kind,
        approval=stated.approval,
        vin=check.identifier("/vin", validate_vin, stated.vin),
        first_registered_on=stated.first_registered_on,
        rated_load_kg=check.quantity("/rated_load_kg", stated.rated_load_kg, required=not tractor),
        tare_kg=check.quantity("/tare_kg", stated.tare_kg, required=trailer),
        max_trailer_mass_kg=check.quantity(
            "/max_trailer_mass_kg", stated.max_trailer_mass_kg, required=tractor
        ),
        body=stated.body,
        provenance=stated.provenance,
    )
    check.settle()
    return settled


def _check_plate(check: FieldCheck, plate: Plate, stated: VehicleParticulars) -> None:
    """Hold plate, colour and kind against each other (GA 36)."""
    trailer = stated.kind is UnitKind.TRAILER
    check.expect("/plate", TRAILER_PLATE, holds=plate.is_trailer == trailer)
    if plate.is_trailer:
        check.expect(
            "/plate_colour", TRAILER_COLOUR, holds=stated.plate_colour is PlateColour.YELLOW
        )
        return
    green = stated.plate_colour in NEW_ENERGY_COLOURS
    check.expect("/plate_colour", NEW_ENERGY_COLOUR, holds=plate.is_new_energy == green)
