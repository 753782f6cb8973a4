from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.harness import registrations as build
from waybill.clock import FixedClock
from waybill.errors import InvalidFieldError, NotFoundError, StateError
from waybill.registry.access import Role
from waybill.registry.kinds import RecordStatus, SubjectKind, TankKind, UnitKind
from waybill.registry.records import (
    ApprovedSubstance,
    Compartment,
    StatusChange,
)
from waybill.services.registry import tanks, vehicles
from waybill.services.registry.history import list_versions
from waybill.storage.log import EventRow

TWO = (
    Compartment(number=1, capacity_l=Decimal(20000), largest_section_l=Decimal("7500.0")),
    Compartment(number=2, capacity_l=Decimal("25000.500")),
)


def problems(error: InvalidFieldError) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.code) for problem in error.problems]


class TestMounting:
    def test_a_tank_is_fixed_to_ones_own_trailer(self, session: Session, clock: FixedClock) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        trailer = vehicles.create_vehicle(session, carrier, build.trailer(), clock=clock)

        made = tanks.create_tank(
            session, carrier, build.tank(mounted_on_id=trailer.id), clock=clock
        )

        assert made.mounted_on_id == trailer.id

    @pytest.mark.parametrize("case", ["a tractor", "another carrier's", "retired"])
    def test_some_units_bear_no_tank(self, session: Session, clock: FixedClock, case: str) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        other = build.actor(session, clock, Role.CARRIER, uscc=build.OTHER_USCC)
        owner = other if case == "another carrier's" else carrier
        stated = build.tractor() if case == "a tractor" else build.trailer()
        unit = vehicles.create_vehicle(session, owner, stated, clock=clock)
        if case == "retired":
            vehicles.set_vehicle_status(
                session,
                owner,
                unit.id,
                StatusChange(status=RecordStatus.RETIRED, reason="报废"),
                expected_version=1,
                clock=clock,
            )

        with pytest.raises(InvalidFieldError) as refused:
            tanks.create_tank(session, carrier, build.tank(mounted_on_id=unit.id), clock=clock)

        assert problems(refused.value) == [("/mounted_on_id", "no-such-unit")]

    def test_a_tank_stays_on_a_unit_that_retires(self, session: Session, clock: FixedClock) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        unit = vehicles.create_vehicle(session, carrier, build.trailer(), clock=clock)
        stated = build.tank(mounted_on_id=unit.id)
        made = tanks.create_tank(session, carrier, stated, clock=clock)
        vehicles.set_vehicle_status(
            session,
            carrier,
            unit.id,
            StatusChange(status=RecordStatus.RETIRED, reason="报废"),
            expected_version=1,
            clock=clock,
        )

        changed = tanks.update_tank(
            session,
            carrier,
            made.id,
            replace(stated, tare_kg=Decimal(2100)),
            expected_version=1,
            clock=clock,
        )

        assert changed == replace(made, tare_kg=Decimal(2100), version=2)


class TestChanges:
    def test_the_same_again_changes_nothing(self, session: Session, clock: FixedClock) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        stated = build.tank(capacity_l=Decimal("45000.5"), compartments=TWO)
        made = tanks.create_tank(session, carrier, stated, clock=clock)
        session.expire_all()

        again = tanks.update_tank(
            session, carrier, made.id, stated, expected_version=1, clock=clock
        )

        assert again == made
        assert len(session.scalars(select(EventRow)).all()) == 1

    def test_a_substance_more_is_a_version(self, session: Session, clock: FixedClock) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        made = tanks.create_tank(session, carrier, build.tank(), clock=clock)

        changed = tanks.update_tank(
            session,
            carrier,
            made.id,
            build.tank(
                approved_substances=(*made.approved_substances, ApprovedSubstance(un_number="1230"))
            ),
            expected_version=1,
            clock=clock,
        )

        assert [s.un_number for s in changed.approved_substances] == ["1203", "1230"]
        versions = list_versions(session, carrier, SubjectKind.TANK, made.id).items
        assert versions[0].changed == ("approved_substances",)

    def test_a_retired_tank_does_not_come_back(self, session: Session, clock: FixedClock) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        made = tanks.create_tank(session, carrier, build.tank(), clock=clock)
        retire = StatusChange(status=RecordStatus.RETIRED, reason="报废")
        tanks.set_tank_status(session, carrier, made.id, retire, expected_version=1, clock=clock)

        with pytest.raises(StateError):
            tanks.set_tank_status(
                session,
                carrier,
                made.id,
                StatusChange(status=RecordStatus.ACTIVE, reason="恢复"),
                expected_version=2,
                clock=clock,
            )

    def test_lists_show_ones_own(self, session: Session, clock: FixedClock) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        other = build.actor(session, clock, Role.CARRIER, uscc=build.OTHER_USCC)
        made = tanks.create_tank(session, carrier, build.tank(), clock=clock)

        assert tanks.list_tanks(session, carrier, q="2022").items == (made,)
        assert tanks.list_tanks(session, carrier, kind=TankKind.PORTABLE_TANK).items == ()
        assert tanks.list_tanks(session, carrier, status=RecordStatus.RETIRED).items == ()
        assert tanks.list_tanks(session, other).items == ()
        with pytest.raises(NotFoundError):
            tanks.get_tank(session, other, made.id)


def test_a_rigid_vehicle_bears_its_tank(session: Session, clock: FixedClock) -> None:
    carrier = build.actor(session, clock, Role.CARRIER)
    rigid = build.tractor(
        kind=UnitKind.RIGID, rated_load_kg=Decimal(9800), max_trailer_mass_kg=None
    )
    unit = vehicles.create_vehicle(session, carrier, rigid, clock=clock)

    made = tanks.create_tank(session, carrier, build.tank(mounted_on_id=unit.id), clock=clock)

    assert made.mounted_on_id == unit.id
