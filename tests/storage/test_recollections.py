"""What a form need not ask: the carrier's own last figures, and what its tank was released with."""

from dataclasses import replace
from decimal import Decimal

import msgspec
import pytest
from sqlalchemy.orm import Session

from tests.harness.accounts import OTHER_CARRIER, seed_accounts
from tests.harness.line import Line
from tests.harness.trips import change_row, petrol, seed_yard
from waybill.clock import FixedClock
from waybill.errors import NotFoundError
from waybill.registry.access import Actor
from waybill.rules.facts import CargoFacts
from waybill.services.waybills.recollections import (
    Recollection,
    TankMemory,
    last_declared,
    tank_memory,
)
from waybill.storage.registry import TankRow


@pytest.fixture
def line(session: Session, clock: FixedClock) -> Line:
    """A clean petrol trip, nothing of it done yet."""
    yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
    return Line(yard=yard, clock=clock)


@pytest.fixture
def carrier(line: Line) -> Actor:
    """The account that writes waybills."""
    return line.yard.actor("carrier")


def issued(session: Session, line: Line, density_kg_l: str | None) -> None:
    """Issue a petrol trip with this density."""
    declared = Decimal(density_kg_l) if density_kg_l else None
    goods = msgspec.structs.replace(
        petrol(), density_kg_l=declared, density_50_kg_l=None, filling_temperature_c=None
    )
    line.issued(session, line.yard.draft(goods=(goods,)))


def test_the_newest_waybill_tells_what_was_last_declared(
    session: Session, line: Line, carrier: Actor
) -> None:
    issued(session, line, "0.75")
    issued(session, line, "0.74")

    assert last_declared(session, carrier, ["1203", "1230"]) == {
        "1203": Recollection(issued_at=line.clock.now(), values={"density_kg_l": Decimal("0.74")})
    }


def test_what_the_newest_waybill_did_not_declare_is_not_dug_out_of_an_older_one(
    session: Session, line: Line, carrier: Actor
) -> None:
    issued(session, line, "0.75")
    issued(session, line, None)

    assert last_declared(session, carrier, ["1203"]) == {}


def test_a_draft_tells_nothing_and_another_carrier_hears_nothing(
    session: Session, line: Line, carrier: Actor
) -> None:
    goods = msgspec.structs.replace(petrol(), density_kg_l=Decimal("0.7"))
    line.draft(session, line.yard.draft(goods=(goods,)))
    assert last_declared(session, carrier, ["1203"]) == {}

    issued(session, line, "0.75")

    other = line.yard.accounts.actor(OTHER_CARRIER)
    assert last_declared(session, other, ["1203"]) == {}


def test_a_tank_is_remembered_with_what_it_was_released_with(
    session: Session, line: Line, carrier: Actor
) -> None:
    before = tank_memory(session, carrier, line.yard.tank_id)
    assert before.last_cargoes == ()
    _, check_id = line.cleared(session)
    line.release(session, check_id)

    after = tank_memory(session, carrier, line.yard.tank_id)

    assert after == TankMemory(
        compartments=(0,),
        largest_section_l=before.largest_section_l,
        last_cargoes=(
            CargoFacts(
                compartment=0, entry_key="1203", un_number="1203", loaded_at=line.clock.now()
            ),
        ),
    )


def test_of_a_divided_tank_each_compartment_and_the_largest_section_are_told(
    session: Session, line: Line, carrier: Actor
) -> None:
    parts = [
        {"number": 1, "capacity_l": "9000", "largest_section_l": "7000"},
        {"number": 2, "capacity_l": "8000", "largest_section_l": None},
    ]
    change_row(session, TankRow, line.yard.tank_id, compartments=parts)

    assert tank_memory(session, carrier, line.yard.tank_id) == TankMemory(
        compartments=(1, 2), largest_section_l=Decimal(8000), last_cargoes=()
    )


def test_another_carriers_tank_is_not_there(session: Session, line: Line, carrier: Actor) -> None:
    other = replace(carrier, organisation_id=line.yard.accounts.organisations["plant"])

    with pytest.raises(NotFoundError):
        tank_memory(session, other, line.yard.tank_id)
