from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.harness import registrations as build
from waybill.clock import FixedClock
from waybill.codec import JsonValue, parse_json
from waybill.errors import (
    DuplicateError,
    ForbiddenError,
    InvalidFieldError,
    StateError,
)
from waybill.registry.access import Actor, Role
from waybill.registry.kinds import (
    PlateColour,
    Provenance,
    RecordStatus,
    UnitKind,
    VehicleApproval,
)
from waybill.registry.records import StatusChange, Vehicle, VehicleParticulars
from waybill.services.registry import vehicles
from waybill.storage.log import EventPendingRow, EventRow, EventSubjectRow


def snapshot(owner: Actor, **changes: JsonValue) -> dict[str, JsonValue]:
    """What a version of `build.trailer()` says."""
    return TRAILER | {"organisation_id": str(owner.organisation_id)} | changes


TRAILER: dict[str, JsonValue] = {
    "plate": "苏H1234挂",
    "plate_colour": "yellow",
    "kind": "trailer",
    "approval": "FL",
    "vin": build.VIN,
    "first_registered_on": "2022-05-01",
    "rated_load_kg": "28500",
    "tare_kg": "11200",
    "max_trailer_mass_kg": None,
    "body": None,
    "provenance": "typed",
    "status": "active",
    "card_version": 1,
}


def problems(error: InvalidFieldError) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.code) for problem in error.problems]


class TestCreateVehicle:
    def test_a_trailer_is_kept_as_it_was_stated(self, session: Session, clock: FixedClock) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)

        made = vehicles.create_vehicle(
            session, carrier, build.trailer(plate="苏h·1234挂"), clock=clock
        )

        assert made == Vehicle(
            id=made.id,
            organisation_id=carrier.organisation_id,
            created_at=clock.now(),
            status=RecordStatus.ACTIVE,
            card_version=1,
            version=1,
            plate="苏H1234挂",
            plate_colour=PlateColour.YELLOW,
            kind=UnitKind.TRAILER,
            approval=VehicleApproval.FL,
            vin=build.VIN,
            first_registered_on=date(2022, 5, 1),
            rated_load_kg=Decimal(28500),
            tare_kg=Decimal(11200),
            max_trailer_mass_kg=None,
            provenance=Provenance.TYPED,
        )
        session.expire_all()
        assert vehicles.get_vehicle(session, carrier, made.id) == made

    def test_its_event_tells_the_whole_record(self, session: Session, clock: FixedClock) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)

        made = vehicles.create_vehicle(session, carrier, build.trailer(), clock=clock)

        event = session.scalars(select(EventRow)).one()
        assert session.scalars(select(EventPendingRow.event_id)).one() == event.id
        assert parse_json(event.body) == {
            "v": 1,
            "kind": "vehicle-registered",
            "at": "2026-11-22T06:05:00.000+00:00",
            "actor": {
                "user": str(carrier.user_id),
                "organisation": str(carrier.organisation_id),
                "role": "carrier",
            },
            "data": {
                "subject": "vehicle",
                "id": str(made.id),
                "version": 1,
                "act": "registered",
                "changed": [],
                "record": snapshot(carrier),
            },
        }
        found_by = session.execute(
            select(EventSubjectRow.subject_kind, EventSubjectRow.subject_key)
        )
        assert set(found_by) == {
            ("organisation", str(carrier.organisation_id)),
            ("vehicle", str(made.id)),
            ("plate", "苏H1234挂/yellow"),
            ("user", str(carrier.user_id)),
        }

    @pytest.mark.parametrize(
        ("stated", "expected"),
        [
            pytest.param(
                build.trailer(plate="苏H12345", plate_colour=PlateColour.BLUE),
                [("/plate", "plate-kind")],
                id="a trailer's plate without its character",
            ),
            pytest.param(
                build.trailer(plate_colour=PlateColour.BLUE),
                [("/plate_colour", "plate-colour-trailer")],
                id="a blue trailer",
            ),
            pytest.param(
                build.tractor(plate="苏H1234挂"),
                [("/plate", "plate-kind")],
                id="a tractor with a trailer's plate",
            ),
            pytest.param(
                build.tractor(plate="苏HD12345"),
                [("/plate_colour", "plate-colour-new-energy")],
                id="a new energy plate in yellow",
            ),
            pytest.param(
                build.tractor(plate_colour=PlateColour.GREEN),
                [("/plate_colour", "plate-colour-new-energy")],
                id="an ordinary plate in green",
            ),
            pytest.param(
                build.tractor(max_trailer_mass_kg=None),
                [("/max_trailer_mass_kg", "required")],
                id="a tractor that draws nothing",
            ),
            pytest.param(
                build.trailer(rated_load_kg=None, tare_kg=None, max_trailer_mass_kg=Decimal(1)),
                [
                    ("/max_trailer_mass_kg", "not-expected"),
                    ("/rated_load_kg", "required"),
                    ("/tare_kg", "required"),
                ],
                id="a trailer with a tractor's figures",
            ),
            pytest.param(
                build.trailer(rated_load_kg=Decimal(0), tare_kg=Decimal("1.0001")),
                [("/rated_load_kg", "not-positive"), ("/tare_kg", "too-precise")],
                id="figures that cannot be",
            ),
            pytest.param(
                build.trailer(
                    plate="H1234",
                    vin="LZZ5ELMC0KA100000",
                    first_registered_on=date(2026, 11, 23),
                    provenance=Provenance.REGISTER,
                ),
                [
                    ("/plate", "plate-shape"),
                    ("/first_registered_on", "date-in-future"),
                    ("/provenance", "provenance-not-claimable"),
                    ("/vin", "vin-check-digit"),
                ],
                id="everything at once",
            ),
        ],
    )
    def test_all_problems_are_named_at_once(
        self,
        session: Session,
        clock: FixedClock,
        stated: VehicleParticulars,
        expected: list[tuple[str, str]],
    ) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)

        with pytest.raises(InvalidFieldError) as refused:
            vehicles.create_vehicle(session, carrier, stated, clock=clock)

        assert problems(refused.value) == expected
        assert session.scalars(select(EventRow)).all() == []

    def test_a_vehicle_first_registered_today_is_taken(
        self, session: Session, clock: FixedClock
    ) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        stated = build.tractor(
            first_registered_on=date(2026, 11, 22),
            plate="苏HD12345",
            plate_colour=PlateColour.YELLOW_GREEN,
        )

        made = vehicles.create_vehicle(session, carrier, stated, clock=clock)

        assert made.first_registered_on == date(2026, 11, 22)

    def test_a_plate_is_registered_once_for_all_carriers(
        self, session: Session, clock: FixedClock
    ) -> None:
        first = build.actor(session, clock, Role.CARRIER)
        second = build.actor(session, clock, Role.CARRIER, uscc=build.OTHER_USCC)
        vehicles.create_vehicle(session, first, build.tractor(), clock=clock)

        with pytest.raises(DuplicateError) as refused:
            vehicles.create_vehicle(session, second, build.tractor(), clock=clock)

        assert refused.value.pointer == "/plate"

    def test_a_plate_of_another_colour_is_another_vehicle(
        self, session: Session, clock: FixedClock
    ) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        vehicles.create_vehicle(session, carrier, build.tractor(), clock=clock)

        made = vehicles.create_vehicle(
            session, carrier, build.tractor(plate_colour=PlateColour.BLUE), clock=clock
        )

        assert made.plate_colour is PlateColour.BLUE

    def test_a_retired_vehicle_frees_its_plate(self, session: Session, clock: FixedClock) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        old = vehicles.create_vehicle(session, carrier, build.tractor(), clock=clock)
        vehicles.set_vehicle_status(
            session,
            carrier,
            old.id,
            StatusChange(status=RecordStatus.RETIRED, reason="报废"),
            expected_version=1,
            clock=clock,
        )

        made = vehicles.create_vehicle(session, carrier, build.tractor(), clock=clock)

        assert made.id != old.id

    @pytest.mark.parametrize("role", [Role.LOADER, Role.AUDITOR, Role.ADMIN, Role.CONSIGNOR])
    def test_other_roles_register_none(
        self, session: Session, clock: FixedClock, role: Role
    ) -> None:
        with pytest.raises(ForbiddenError):
            vehicles.create_vehicle(
                session, build.actor(session, clock, role), build.tractor(), clock=clock
            )

    def test_a_loader_has_no_vehicles(self, session: Session, clock: FixedClock) -> None:
        supervisor = build.actor(session, clock, Role.SUPERVISOR)

        with pytest.raises(StateError) as refused:
            vehicles.create_vehicle(session, supervisor, build.tractor(), clock=clock)

        assert refused.value.act == "register-as-carrier"
