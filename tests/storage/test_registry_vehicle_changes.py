from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.harness import registrations as build
from waybill.clock import FixedClock
from waybill.codec import JsonValue, parse_json
from waybill.errors import (
    InvalidFieldError,
    NotFoundError,
    PreconditionFailedError,
    StateError,
)
from waybill.registry.access import Actor, Role
from waybill.registry.kinds import (
    RecordStatus,
    SubjectKind,
    VehicleApproval,
)
from waybill.registry.records import StatusChange
from waybill.services.registry import vehicles
from waybill.services.registry.history import list_versions
from waybill.storage.log import EventRow, EventSubjectRow


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
