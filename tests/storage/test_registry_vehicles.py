from dataclasses import replace
from datetime import date
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.harness import registrations as build
from waybill.clock import FixedClock
from waybill.codec import JsonValue, new_id, parse_json
from waybill.errors import (
    DuplicateError,
    ForbiddenError,
    InvalidFieldError,
    NotFoundError,
    PreconditionFailedError,
    StateError,
    WaybillError,
)
from waybill.registry.access import Actor, Role
from waybill.registry.kinds import (
    PlateColour,
    Provenance,
    RecordStatus,
    SubjectKind,
    UnitKind,
    VehicleApproval,
)
from waybill.registry.records import StatusChange, Vehicle, VehicleParticulars
from waybill.services.paging import PageRequest
from waybill.services.registry import vehicles
from waybill.services.registry.history import list_versions
from waybill.storage.log import EventPendingRow, EventRow, EventSubjectRow
from waybill.storage.session import session_factory, write_session


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


class TestUpdateVehicle:
    def test_a_change_makes_a_version_and_an_event(
        self, session: Session, clock: FixedClock
    ) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        made = vehicles.create_vehicle(session, carrier, build.trailer(), clock=clock)

        changed = vehicles.update_vehicle(
            session,
            carrier,
            made.id,
            build.trailer(plate="苏H4321挂", tare_kg=Decimal("11250.5")),
            expected_version=1,
            clock=clock,
        )

        assert changed == replace(made, plate="苏H4321挂", tare_kg=Decimal("11250.5"), version=2)
        versions = list_versions(session, carrier, SubjectKind.VEHICLE, made.id).items
        assert [(v.version, v.changed, v.recorded_at) for v in versions] == [
            (2, ("plate", "tare_kg"), clock.now()),
            (1, (), clock.now()),
        ]
        assert versions[0].snapshot == snapshot(carrier, plate="苏H4321挂", tare_kg="11250.5")
        plates = select(EventSubjectRow.subject_key).where(
            EventSubjectRow.subject_kind == "plate",
            EventSubjectRow.event_id == versions[0].event_id,
        )
        assert set(session.scalars(plates)) == {"苏H1234挂/yellow", "苏H4321挂/yellow"}

    def test_the_same_again_changes_nothing(self, session: Session, clock: FixedClock) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        made = vehicles.create_vehicle(session, carrier, build.trailer(), clock=clock)
        session.expire_all()

        again = vehicles.update_vehicle(
            session,
            carrier,
            made.id,
            build.trailer(tare_kg=Decimal("11200.000")),
            expected_version=1,
            clock=clock,
        )

        assert again == made
        assert len(session.scalars(select(EventRow)).all()) == 1

    def test_the_second_writer_learns_what_changed(
        self, session: Session, clock: FixedClock
    ) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        made = vehicles.create_vehicle(session, carrier, build.trailer(), clock=clock)
        vehicles.update_vehicle(
            session,
            carrier,
            made.id,
            build.trailer(approval=VehicleApproval.AT),
            expected_version=1,
            clock=clock,
        )

        with pytest.raises(PreconditionFailedError) as refused:
            vehicles.update_vehicle(
                session, carrier, made.id, build.trailer(), expected_version=1, clock=clock
            )

        assert refused.value.current_version == 2
        assert refused.value.changed == ("approval",)

    def test_another_carriers_vehicle_is_not_there(
        self, session: Session, clock: FixedClock
    ) -> None:
        made = vehicles.create_vehicle(
            session, build.actor(session, clock, Role.CARRIER), build.trailer(), clock=clock
        )
        other = build.actor(session, clock, Role.CARRIER, uscc=build.OTHER_USCC)

        with pytest.raises(NotFoundError):
            vehicles.get_vehicle(session, other, made.id)
        with pytest.raises(NotFoundError):
            vehicles.update_vehicle(
                session, other, made.id, build.trailer(), expected_version=1, clock=clock
            )
        with pytest.raises(NotFoundError):
            list_versions(session, other, SubjectKind.VEHICLE, made.id)
        assert vehicles.list_vehicles(session, other).items == ()

    def test_an_auditor_sees_every_vehicle(self, session: Session, clock: FixedClock) -> None:
        made = vehicles.create_vehicle(
            session, build.actor(session, clock, Role.CARRIER), build.trailer(), clock=clock
        )
        auditor = build.actor(session, clock, Role.AUDITOR)

        assert vehicles.get_vehicle(session, auditor, made.id) == made
        assert vehicles.list_vehicles(session, auditor).items == (made,)


class TestSetVehicleStatus:
    @pytest.mark.parametrize(
        ("path", "act"),
        [
            pytest.param([RecordStatus.SUSPENDED], "suspended", id="suspended"),
            pytest.param([RecordStatus.SUSPENDED, RecordStatus.ACTIVE], "resumed", id="resumed"),
            pytest.param([RecordStatus.RETIRED], "retired", id="retired"),
            pytest.param([RecordStatus.SUSPENDED, RecordStatus.RETIRED], "retired", id="both"),
        ],
    )
    def test_a_status_leads_to_the_next(
        self, session: Session, clock: FixedClock, path: list[RecordStatus], act: str
    ) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        vehicle = vehicles.create_vehicle(session, carrier, build.trailer(), clock=clock)

        for status in path:
            vehicle = vehicles.set_vehicle_status(
                session,
                carrier,
                vehicle.id,
                StatusChange(status=status, reason="年度检修"),
                expected_version=vehicle.version,
                clock=clock,
            )

        assert vehicle.status is path[-1]
        last = list_versions(session, carrier, SubjectKind.VEHICLE, vehicle.id).items[0]
        body = parse_json(session.get_one(EventRow, last.event_id).body)
        assert isinstance(body, dict)
        assert body["data"] == {
            "subject": "vehicle",
            "id": str(vehicle.id),
            "version": len(path) + 1,
            "act": act,
            "reason": "年度检修",
            "changed": ["status"],
            "record": snapshot(carrier, status=path[-1].value),
        }

    @pytest.mark.parametrize(
        ("path", "last"),
        [
            pytest.param([], RecordStatus.ACTIVE, id="active already"),
            pytest.param([RecordStatus.RETIRED], RecordStatus.ACTIVE, id="back from retirement"),
            pytest.param([RecordStatus.RETIRED], RecordStatus.SUSPENDED, id="suspended after"),
        ],
    )
    def test_some_statuses_lead_nowhere(
        self, session: Session, clock: FixedClock, path: list[RecordStatus], last: RecordStatus
    ) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        vehicle = vehicles.create_vehicle(session, carrier, build.trailer(), clock=clock)
        for status in path:
            vehicle = vehicles.set_vehicle_status(
                session,
                carrier,
                vehicle.id,
                StatusChange(status=status, reason="r"),
                expected_version=vehicle.version,
                clock=clock,
            )

        with pytest.raises(StateError):
            vehicles.set_vehicle_status(
                session,
                carrier,
                vehicle.id,
                StatusChange(status=last, reason="r"),
                expected_version=vehicle.version,
                clock=clock,
            )

    def test_a_reason_is_required(self, session: Session, clock: FixedClock) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        made = vehicles.create_vehicle(session, carrier, build.trailer(), clock=clock)

        with pytest.raises(InvalidFieldError) as refused:
            vehicles.set_vehicle_status(
                session,
                carrier,
                made.id,
                StatusChange(status=RecordStatus.SUSPENDED, reason="  "),
                expected_version=1,
                clock=clock,
            )

        assert problems(refused.value) == [("/reason", "required")]


class TestListVehicles:
    def test_pages_follow_each_other_without_gap(self, session: Session, clock: FixedClock) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        made = [
            vehicles.create_vehicle(
                session, carrier, build.tractor(plate=f"苏H1234{n}"), clock=clock
            )
            for n in range(5)
        ]

        first = vehicles.list_vehicles(session, carrier, page=PageRequest(limit=3))
        second = vehicles.list_vehicles(
            session, carrier, page=PageRequest(limit=3, after=first.next_after)
        )

        assert [*first.items, *second.items] == made
        assert second.next_after is None

    @pytest.mark.parametrize(
        ("filters", "plates"),
        [
            pytest.param({"q": "h·123"}, ["苏H12345", "苏H1234挂"], id="part of the plate"),
            pytest.param({"q": build.VIN[:9]}, ["苏H12345", "苏H1234挂"], id="start of the VIN"),
            pytest.param({"q": "%"}, [], id="a wildcard is a character"),
            pytest.param({"kind": UnitKind.TRAILER}, ["苏H1234挂"], id="kind"),
            pytest.param({"status": RecordStatus.SUSPENDED}, [], id="status"),
        ],
    )
    def test_filters(
        self, session: Session, clock: FixedClock, filters: dict[str, Any], plates: list[str]
    ) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        vehicles.create_vehicle(session, carrier, build.tractor(), clock=clock)
        vehicles.create_vehicle(session, carrier, build.trailer(), clock=clock)

        found = vehicles.list_vehicles(session, carrier, **filters)

        assert [vehicle.plate for vehicle in found.items] == plates


def test_history_goes_on_behind_the_last_version_shown(session: Session, clock: FixedClock) -> None:
    carrier = build.actor(session, clock, Role.CARRIER)
    made = vehicles.create_vehicle(session, carrier, build.trailer(), clock=clock)
    for version in range(1, 5):
        vehicles.update_vehicle(
            session,
            carrier,
            made.id,
            build.trailer(tare_kg=Decimal(11200 + version)),
            expected_version=version,
            clock=clock,
        )

    shown: list[tuple[int, tuple[str, ...]]] = []
    page = PageRequest(limit=2)
    while True:
        listed = list_versions(session, carrier, SubjectKind.VEHICLE, made.id, page=page)
        shown += [(version.version, version.changed) for version in listed.items]
        if listed.next_after is None:
            break
        page = PageRequest(limit=2, after=listed.next_after)

    assert shown == [*((version, ("tare_kg",)) for version in (5, 4, 3, 2)), (1, ())]


def test_history_of_nothing_is_not_found(session: Session, clock: FixedClock) -> None:
    carrier = build.actor(session, clock, Role.CARRIER)

    for kind in SubjectKind:
        with pytest.raises(NotFoundError):
            list_versions(session, carrier, kind, new_id())


@pytest.mark.parametrize("same_record", [True, False], ids=["update", "create"])
def test_of_two_writers_at_once_one_is_refused(
    committing_engine: Engine, clock: FixedClock, *, same_record: bool
) -> None:
    sessions = session_factory(committing_engine)
    with write_session(sessions) as session:
        carrier = build.actor(session, clock, Role.CARRIER)
        made = vehicles.create_vehicle(session, carrier, build.trailer(), clock=clock)
    barrier, outcomes = Barrier(2), list[type[WaybillError] | None]()

    def write(number: int) -> None:
        barrier.wait()
        try:
            with write_session(sessions) as session:
                if same_record:
                    stated = build.trailer(tare_kg=Decimal(11300 + number))
                    vehicles.update_vehicle(
                        session, carrier, made.id, stated, expected_version=1, clock=clock
                    )
                else:
                    vehicles.create_vehicle(session, carrier, build.tractor(), clock=clock)
        except WaybillError as error:
            outcomes.append(type(error))
        else:
            outcomes.append(None)

    threads = [Thread(target=write, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    refusal = PreconditionFailedError if same_record else DuplicateError
    assert sorted(outcomes, key=str) == sorted([None, refusal], key=str)
