"""Patterns in the log, each at its edges."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from tests.harness.accounts import Accounts, seed_accounts
from tests.harness.tallied import (
    AT,
    CARRIER,
    OTHER_WAYBILL,
    VEHICLE,
    WAYBILL,
    Tallies,
    found,
    indices,
)
from waybill.clock import FixedClock
from waybill.codec import new_id
from waybill.rules.finding import Severity
from waybill.services.patterns.travel import great_circle_km
from waybill.storage.patterns import PatternSubject
from waybill.storage.registry import FacilityRow


@pytest.fixture
def accounts(session: Session, clock: FixedClock) -> Accounts:
    """Organisations and accounts."""
    return seed_accounts(session, clock.now())


@pytest.fixture
def tallies(session: Session) -> Tallies:
    """An empty log."""
    return Tallies(session)


class TestQuickDecisions:
    @pytest.mark.parametrize(
        ("seconds", "times"),
        [
            pytest.param([119, 119, 119], 1, id="three just under the limit"),
            pytest.param([119, 119, 120], 0, id="one at the limit"),
            pytest.param([10, 10], 0, id="twice only"),
        ],
    )
    def test_counts_of_a_day(
        self,
        session: Session,
        accounts: Accounts,
        tallies: Tallies,
        seconds: list[int],
        times: int,
    ) -> None:
        user = new_id()
        for each in seconds:
            tallies.add("check", user_id=user, seconds_from_opening=each)

        assert len(found(session, accounts, "PAT-01.quick")) == times

    def test_it_names_the_account_the_day_and_every_check(
        self, session: Session, accounts: Accounts, tallies: Tallies
    ) -> None:
        user = new_id()
        for seconds in (60, 45, 90):
            tallies.add("check", user_id=user, seconds_from_opening=seconds)
        tallies.add("check", "refused", user_id=user, seconds_from_opening=5)
        tallies.add("check", user_id=new_id(), seconds_from_opening=5)

        (finding,) = found(session, accounts, "PAT-01.quick")

        assert (finding.subject_kind, finding.subject_key) == (PatternSubject.USER, str(user))
        assert finding.detail == {"day": "2026-11-22", "count": 3, "fastest_s": 45}
        assert indices(session, finding) == [0, 1, 2]

    def test_a_day_ends_at_midnight_in_shanghai(
        self, session: Session, accounts: Accounts, tallies: Tallies
    ) -> None:
        user = new_id()
        for minutes in (0, 599, 600):
            tallies.add("check", user_id=user, seconds_from_opening=5, minutes=minutes)

        assert found(session, accounts, "PAT-01.quick") == []


class TestOpenTrips:
    def test_a_second_clearance_before_the_first_is_over(
        self, session: Session, accounts: Accounts, tallies: Tallies
    ) -> None:
        crew: dict[str, Any] = {"driver": "d_8f3a9c27b1", "escort": "e_1b2c3d4e90", "tank": "GC-1"}
        tallies.add("check", vehicle=VEHICLE, trailer="苏H1234挂/yellow", **crew)
        tallies.add("check", vehicle=VEHICLE, waybill_id=OTHER_WAYBILL, minutes=30, **crew)

        (finding,) = found(session, accounts, "PAT-02.two_trips")

        assert (finding.subject_kind, finding.subject_key) == (PatternSubject.PLATE, VEHICLE)
        assert finding.detail == {
            "waybills": [str(WAYBILL), str(OTHER_WAYBILL)],
            "shared": ["vehicle", "tank", "driver", "escort"],
        }
        assert indices(session, finding) == [0, 1]

    def test_a_person_on_two_trips_stands_by_the_bare_reference(
        self, session: Session, accounts: Accounts, tallies: Tallies
    ) -> None:
        tallies.add("check", vehicle=VEHICLE, driver="d_8f3a9c27b1")
        tallies.add("check", vehicle="苏H9/yellow", driver="d_8f3a9c27b1", waybill_id=OTHER_WAYBILL)

        (finding,) = found(session, accounts, "PAT-02.two_trips")

        assert (finding.subject_kind, finding.subject_key) == (PatternSubject.PERSON, "8f3a9c27b1")

    @pytest.mark.parametrize(
        ("between", "minutes", "times"),
        [
            pytest.param(("release", "passed"), 30, 0, id="released before"),
            pytest.param(("cancel", "passed"), 30, 0, id="cancelled before"),
            pytest.param(("release", "refused"), 30, 1, id="its release refused"),
            pytest.param(None, 1439, 1, id="just within a day"),
            pytest.param(None, 1440, 0, id="a day later"),
        ],
    )
    def test_what_ends_a_trip(  # noqa: PLR0917  pytest's own arguments
        self,
        session: Session,
        accounts: Accounts,
        tallies: Tallies,
        between: tuple[str, str] | None,
        minutes: int,
        times: int,
    ) -> None:
        tallies.add("check", vehicle=VEHICLE)
        if between is not None:
            tallies.add(*between, vehicle=VEHICLE, minutes=1)
        tallies.add("check", vehicle=VEHICLE, waybill_id=OTHER_WAYBILL, minutes=minutes)

        assert len(found(session, accounts, "PAT-02.two_trips")) == times

    def test_one_waybill_cleared_after_a_refusal_is_one_trip(
        self, session: Session, accounts: Accounts, tallies: Tallies
    ) -> None:
        tallies.add("check", "refused", vehicle=VEHICLE)
        tallies.add("check", vehicle=VEHICLE, minutes=5)

        assert found(session, accounts, "PAT-02.two_trips") == []


class TestTravel:
    @pytest.fixture
    def places(self, session: Session, accounts: Accounts) -> tuple[UUID, UUID]:
        """Two plants 100 km apart, one due north of the other."""
        rows = [
            FacilityRow(
                organisation_id=accounts.organisations["plant"],
                created_at=AT,
                name=name,
                area_code="320800",
                address="1",
                latitude=Decimal(latitude),
                longitude=Decimal("119.1"),
            )
            for name, latitude in (("A", "33.000"), ("B", "33.899"))
        ]
        session.add_all(rows)
        session.flush()
        return rows[0].id, rows[1].id

    @pytest.mark.parametrize(
        ("minutes", "times"),
        [
            pytest.param(49, 1, id="just faster than 120 km/h"),
            pytest.param(51, 0, id="just slower"),
            pytest.param(0, 1, id="at the same moment"),
        ],
    )
    def test_speed(  # noqa: PLR0917  pytest's own arguments
        self,
        session: Session,
        accounts: Accounts,
        tallies: Tallies,
        places: tuple[UUID, UUID],
        minutes: int,
        times: int,
    ) -> None:
        tallies.add("release", vehicle=VEHICLE, facility_id=places[0])
        tallies.add("arrival", vehicle=VEHICLE, facility_id=places[1], minutes=minutes)

        findings = found(session, accounts, "PAT-03.travel")

        assert len(findings) == times
        assert all(f.detail["km"] == 100 for f in findings)

    def test_places_without_coordinates_accuse_nobody(
        self, session: Session, accounts: Accounts, tallies: Tallies, places: tuple[UUID, UUID]
    ) -> None:
        tallies.add("release", vehicle=VEHICLE, facility_id=places[0])
        tallies.add("arrival", vehicle=VEHICLE, facility_id=new_id(), minutes=1)

        assert found(session, accounts, "PAT-03.travel") == []

    def test_a_degree_of_latitude_is_111_km(self) -> None:
        assert round(great_circle_km((33, 119), (34, 119)), 1) == 111.2


class TestDrift:
    @pytest.mark.parametrize(
        ("loaded", "share"),
        [
            pytest.param(["1040"] * 5, "+4.0", id="always more"),
            pytest.param(["969.9"] * 5, "-3.0", id="just over the limit below"),
            pytest.param(["970"] * 5, None, id="at the limit"),
            pytest.param(["1100", "900", "1100", "900", "1000"], None, id="evens out"),
            pytest.param(["1100"] * 4, None, id="four loads only"),
        ],
    )
    def test_share_of_a_month(
        self,
        session: Session,
        accounts: Accounts,
        tallies: Tallies,
        loaded: list[str],
        share: str | None,
    ) -> None:
        facility = new_id()
        for kg in loaded:
            tallies.add(
                "release",
                facility_id=facility,
                planned_kg=Decimal(1000),
                loaded_kg=Decimal(kg),
            )

        findings = found(session, accounts, "PAT-04.drift")

        assert [f.detail["share"] for f in findings] == ([share] if share else [])


class TestRepeats:
    def test_three_waybills_of_a_carrier_and_of_one_vehicle(
        self, session: Session, accounts: Accounts, tallies: Tallies
    ) -> None:
        for number in range(3):
            tallies.add(
                "check",
                "refused",
                waybill_id=new_id(),
                failed=("TNK-02.approved",),
                vehicle=VEHICLE if number else "苏H00001/yellow",
            )

        findings = found(session, accounts, "PAT-05.repeat")

        assert [(f.subject_key, f.detail, indices(session, f)) for f in findings] == [
            (
                str(CARRIER),
                {"rule": "TNK-02.approved", "month": "2026-11", "count": 3},
                [0, 1, 2],
            )
        ]

    @pytest.mark.parametrize(
        "last",
        [
            pytest.param({"waybill_id": WAYBILL}, id="one waybill decided twice"),
            pytest.param({"minutes": 60 * 24 * 10}, id="in the next month"),
            pytest.param({"severity": Severity.WARN}, id="a warning only"),
            pytest.param({"failed": ("DRV-01.qualification",)}, id="another rule"),
            pytest.param({"carrier_id": new_id()}, id="another carrier"),
        ],
    )
    def test_what_does_not_make_three(
        self, session: Session, accounts: Accounts, tallies: Tallies, last: dict[str, object]
    ) -> None:
        refused = {"failed": ("TNK-02.approved",), "waybill_id": new_id()}
        tallies.add("check", "refused", failed=("TNK-02.approved",))
        tallies.add("check", "refused", **refused)  # type: ignore[arg-type]  # as above
        third = {**refused, "waybill_id": new_id(), **last}
        tallies.add("check", "refused", **third)  # type: ignore[arg-type]  # as above

        assert found(session, accounts, "PAT-05.repeat") == []
