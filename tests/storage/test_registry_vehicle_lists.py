from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.harness import registrations as build
from waybill.clock import FixedClock
from waybill.codec import new_id
from waybill.errors import (
    DuplicateError,
    NotFoundError,
    PreconditionFailedError,
    WaybillError,
)
from waybill.registry.access import Role
from waybill.registry.kinds import (
    RecordStatus,
    SubjectKind,
    UnitKind,
)
from waybill.services.paging import PageRequest
from waybill.services.registry import vehicles
from waybill.services.registry.history import list_versions
from waybill.storage.session import session_factory, write_session


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
