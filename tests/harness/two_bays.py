"""A trip of two compartments that is loaded at two bays of one facility."""

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from tests.harness.bay import Bay, answer
from tests.harness.trips import change_row, petrol
from waybill.document import LastCargo
from waybill.services.waybills.draft import Draft
from waybill.storage.registry import BayRow, TankRow

STARTED = "2026-11-22T14:05:00+08:00"


def two_lines(bay: Bay, database: Session) -> Draft:
    """Return a draft of petrol in two compartments; the tank has them from now on."""
    row = database.get_one(TankRow, bay.line.yard.tank_id)
    half = {**row.compartments[0], "capacity_l": "20500", "largest_section_l": "7000"}
    change_row(
        database,
        TankRow,
        row.id,
        compartments=[{**half, "number": 1}, {**half, "number": 2}],
    )
    database.commit()
    cargo = LastCargo(compartment=1, entry_key="1203", un_number="1203")
    return bay.line.yard.draft(
        goods=(petrol("13000"), msgspec.structs.replace(petrol("13000"), compartment=2)),
        last_cargoes=(cargo, LastCargo(compartment=2, entry_key="1203", un_number="1203")),
    )


def second_bay(bay: Bay, database: Session) -> UUID:
    """Register another bay of the facility."""
    row = BayRow(
        facility_id=bay.line.yard.facility_id, created_at=bay.line.clock.now(), name="2 号位"
    )
    database.add(row)
    database.commit()
    return row.id


def cleared_of_two_lines(bay: Bay, database: Session) -> str:
    """Take the trip to its clearance and return the check's id."""
    issued = bay.issued(two_lines(bay, database))
    check_id = bay.opened(issued["qr_text"])
    bay.show_everything(check_id)
    decision = bay.decide(check_id)
    if not decision["cleared"]:
        raise AssertionError(
            [f for f in decision["verdict"]["findings"] if f["outcome"] in {"failed", "unknown"}]
        )
    return check_id


def line(position: int, quantity_kg: str = "12900", **more: object) -> dict[str, object]:
    """Return a goods line as it is entered."""
    return {"position": position, "quantity_kg": quantity_kg, **more}


def part(bay_id: UUID, *lines: dict[str, object], started_at: str = STARTED) -> dict[str, object]:
    """Return a part as it is entered."""
    return {
        "bay_id": str(bay_id),
        "lines": list(lines),
        "started_at": started_at,
        "finished_at": STARTED,
        "seals": ["P0001"],
    }


def closing_list(bay: Bay, check_id: str) -> list[str]:
    """Return what is asked anew at every bay."""
    listed: list[str] = [
        item["question"]
        for item in bay.check(check_id)["items"]
        if item["type"] == "answer" and item["question"] in BEFORE
    ]
    return listed


BEFORE = {
    "engine_off",
    "wheel_chocks",
    "extinguishers",
    "emergency_equipment",
    "ppe",
    "escape_mask",
    "earthing",
    "tank_empty_or_known",
    "load_space_clean",
    "temperature_control",
    "no_damage",
    "no_leak",
}


def arrive(bay: Bay, check_id: str, bay_id: UUID, confirmed: list[str]) -> dict[str, Any]:
    """Say that the vehicle is at another bay."""
    body = {"bay_id": str(bay_id), "confirmed": confirmed}
    return answer(bay.post(f"/checks/{check_id}/bays", body), 201)


def record(bay: Bay, check_id: str, body: dict[str, object]) -> dict[str, Any]:
    """Record a part."""
    return answer(bay.post(f"/checks/{check_id}/loading-parts", body), 201)


def last(*lines: dict[str, object], gross_mass_kg: str | None = None) -> dict[str, object]:
    """Return the loading record that comes with the release."""
    return {
        "lines": list(lines),
        "started_at": STARTED,
        "finished_at": STARTED,
        "gross_mass_kg": gross_mass_kg,
        "seals": ["L0001"],
    }


def release(bay: Bay, check_id: str, body: dict[str, object]) -> dict[str, Any]:
    """Answer what is asked after loading and enter the last lines."""
    bay.answer_everything(check_id)
    return answer(bay.post(f"/checks/{check_id}/release", body), 201)
