"""Ways in which barred people, papers and tanks might get a load cleared, on both databases."""

from contextlib import nullcontext
from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest
from sqlalchemy.orm import Session

from tests.harness.accounts import seed_accounts
from tests.harness.line import Line
from tests.harness.traps import TODAY, again, bar, decided, shown, standing
from tests.harness.trips import certificate_id, change_row, seed_yard
from waybill.clock import FixedClock
from waybill.errors import StateError
from waybill.registry.kinds import (
    CertificateKind,
    CertificateStatus,
    RecordStatus,
    SubjectKind,
    TankKind,
    UnitBody,
)
from waybill.rules.facts import CarriageMode
from waybill.services.checks.aborting import abort_check
from waybill.services.waybills.draft import DraftGoods
from waybill.storage.registry import (
    CertificateRow,
    PersonRow,
    TankRow,
    VehicleRow,
)
from waybill.storage.waybills import WaybillRow

BARRED = [("CAR-01.black_list", "barred")]


@pytest.fixture
def line(session: Session, clock: FixedClock) -> Line:
    """A clean petrol trip, nothing of it done yet."""
    yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
    return Line(yard=yard, clock=clock)


class TestBlackList:
    """A ban follows whom and what it names, under any record."""

    def test_a_driver_barred_under_a_former_carrier_is_barred(
        self, session: Session, line: Line
    ) -> None:
        former = again(
            session,
            PersonRow,
            line.yard.driver_id,
            organisation_id=line.yard.accounts.organisations["other-carrier"],
            reference="ffffffff01",
        )
        check_id = shown(session, line)
        bar(session, line, SubjectKind.PERSON, former)

        assert decided(session, line, check_id) == BARRED

    @pytest.mark.parametrize(
        "changes", [{"vin": "LZZ5ELMC2KA109999"}, {"plate": "苏H88888"}], ids=["plate", "VIN"]
    )
    def test_a_vehicle_barred_under_a_former_record_is_barred(
        self, session: Session, line: Line, changes: dict[str, object]
    ) -> None:
        former = again(
            session, VehicleRow, line.yard.vehicle_id, status=RecordStatus.RETIRED, **changes
        )
        check_id = shown(session, line)
        bar(session, line, SubjectKind.VEHICLE, former)

        assert decided(session, line, check_id) == BARRED

    def test_a_tank_barred_under_a_former_record_is_barred(
        self, session: Session, line: Line
    ) -> None:
        former = again(session, TankRow, line.yard.tank_id, status=RecordStatus.RETIRED)
        check_id = shown(session, line)
        bar(session, line, SubjectKind.TANK, former)

        assert decided(session, line, check_id) == BARRED

    def test_a_barred_supervisor_clears_nothing(self, session: Session, line: Line) -> None:
        bar(session, line, SubjectKind.PERSON, line.yard.supervisor_id)

        assert decided(session, line, shown(session, line)) == BARRED

    def test_a_ban_after_the_clearance_holds_the_load(self, session: Session, line: Line) -> None:
        _, check_id = line.cleared(session)
        bar(session, line, SubjectKind.VEHICLE, line.yard.trailer_id)

        assert standing(line.release(session, check_id).verdict) == BARRED


class TestPapers:
    """What was withdrawn counts wherever it was recorded; the newest paper is the law."""

    def test_a_qualification_suspended_under_a_former_carrier_stays_suspended(
        self, session: Session, line: Line
    ) -> None:
        former = again(
            session,
            PersonRow,
            line.yard.driver_id,
            organisation_id=line.yard.accounts.organisations["other-carrier"],
            reference="ffffffff01",
        )
        kind = CertificateKind.DRIVER_QUALIFICATION
        own = certificate_id(session, line.yard.driver_id, kind)
        again(
            session,
            CertificateRow,
            own,
            subject_id=former,
            status=CertificateStatus.SUSPENDED,
        )

        assert ("DRV-01.qualification", "certificate_suspended") in decided(
            session, line, shown(session, line)
        )

    def test_a_vehicle_registered_anew_keeps_what_was_withdrawn_from_it(
        self, session: Session, line: Line
    ) -> None:
        former = again(session, VehicleRow, line.yard.vehicle_id, status=RecordStatus.RETIRED)
        kind = CertificateKind.ROAD_TRANSPORT_CERTIFICATE
        own = certificate_id(session, line.yard.vehicle_id, kind)
        suspended = CertificateStatus.SUSPENDED
        again(session, CertificateRow, own, subject_id=former, status=suspended)

        assert decided(session, line, shown(session, line)) == [
            ("VEH-02.tractor", "certificate_suspended")
        ]

    def test_valid_papers_of_a_former_record_prove_nothing(
        self, session: Session, line: Line
    ) -> None:
        former = again(session, VehicleRow, line.yard.vehicle_id, status=RecordStatus.RETIRED)
        kind = CertificateKind.ROAD_TRANSPORT_CERTIFICATE
        own = certificate_id(session, line.yard.vehicle_id, kind)
        change_row(session, CertificateRow, own, subject_id=former)

        assert decided(session, line, shown(session, line)) == [
            ("VEH-02.tractor", "certificate_missing")
        ]

    def test_a_narrowed_licence_replaces_the_wide_one_of_the_same_last_day(
        self, session: Session, line: Line
    ) -> None:
        carrier = line.yard.accounts.organisations["carrier"]
        own = certificate_id(session, carrier, CertificateKind.CARRIER_LICENCE)
        again(session, CertificateRow, own, valid_from=TODAY, scope="危险货物运输(8类)")

        assert decided(session, line, shown(session, line)) == [("CAR-01.scope", "not_covered")]

    @pytest.mark.parametrize("status", [CertificateStatus.SUSPENDED, CertificateStatus.REVOKED])
    def test_what_is_withdrawn_after_the_clearance_holds_the_load(
        self, session: Session, line: Line, status: CertificateStatus
    ) -> None:
        _, check_id = line.cleared(session)
        own = certificate_id(session, line.yard.driver_id, CertificateKind.DRIVER_QUALIFICATION)
        change_row(session, CertificateRow, own, status=status)

        assert standing(line.release(session, check_id).verdict) == [
            ("AFTER-01.standing", f"certificate_{status.value}")
        ]

    def test_what_runs_out_after_the_clearance_does_not(self, session: Session, line: Line) -> None:
        _, check_id = line.cleared(session)
        own = certificate_id(session, line.yard.driver_id, CertificateKind.DRIVER_QUALIFICATION)
        change_row(session, CertificateRow, own, valid_until=TODAY - timedelta(days=1))

        assert line.release(session, check_id).released


class TestTanks:
    """No way round the list of approved substances."""

    def test_packages_on_a_tank_trailer_without_its_tank_are_refused(
        self, session: Session, line: Line
    ) -> None:
        packages = DraftGoods(
            entry_key="1203", quantity_kg=Decimal(20000), mode=CarriageMode.PACKAGES
        )
        draft = line.yard.draft(tank_id=None, goods=(packages,))

        found = line.issued(session, draft).verdict

        assert standing(found) == [
            ("GDS-01.mode", "on_tank_vehicle"),
            ("TNK-01.mounting", "other_tank_mounted"),
        ]

    def test_packages_beside_the_named_tank_are_refused(self, session: Session, line: Line) -> None:
        packages = DraftGoods(
            entry_key="1203", quantity_kg=Decimal(20000), mode=CarriageMode.PACKAGES
        )

        found = line.issued(session, line.yard.draft(goods=(packages,))).verdict

        assert standing(found) == [("GDS-01.mode", "beside_tank")]

    def test_a_second_tank_on_one_trailer_is_refused(self, session: Session, line: Line) -> None:
        again(session, TankRow, line.yard.tank_id, number="T-2022-0002")

        assert standing(line.issued(session).verdict) == [("TNK-01.mounting", "other_tank_mounted")]

    def test_a_retired_tank_on_record_for_the_trailer_hinders_nobody(
        self, session: Session, line: Line
    ) -> None:
        retired = {"number": "T-2022-0002", "status": RecordStatus.RETIRED}
        again(session, TankRow, line.yard.tank_id, **retired)

        assert standing(line.issued(session).verdict) == []

    def test_a_fixed_tank_without_a_unit_is_not_proven(self, session: Session, line: Line) -> None:
        change_row(session, TankRow, line.yard.tank_id, mounted_on_id=None)

        assert standing(line.issued(session).verdict) == [("TNK-01.mounting", "mounting_unknown")]

    def test_a_container_set_on_a_trailer_weighs_with_its_load(
        self, session: Session, line: Line
    ) -> None:
        change_row(
            session,
            TankRow,
            line.yard.tank_id,
            kind=TankKind.TANK_CONTAINER,
            tare_kg=Decimal(4000),
        )
        carrying = UnitBody.CONTAINER_CARRIER
        change_row(session, VehicleRow, line.yard.trailer_id, body=carrying)

        assert standing(line.issued(session).verdict) == [("TNK-03.mass", "over_rated_load")]

    def test_what_one_tank_holds_does_not_leave_it_with_another_on_the_same_trailer(
        self, session: Session, line: Line, clock: FixedClock
    ) -> None:
        _, broken_off = line.cleared(session)
        loader = line.yard.actor("loader")
        abort_check(session, loader, broken_off, reason="雷暴天气，停止作业", clock=clock)
        clock.advance(timedelta(seconds=1))
        other, check_id = line.cleared(session)
        assert line.release(session, check_id).released
        tank_id = again(session, TankRow, line.yard.tank_id, number="T-2022-0002")
        change_row(session, WaybillRow, other.id, tank_id=tank_id)
        change_row(session, TankRow, tank_id, status=RecordStatus.RETIRED)
        _, check_id = line.cleared(session)
        unweighed = msgspec.structs.replace(line.loading(), gross_mass_kg=None)

        with pytest.raises(StateError, match="ended early"):
            line.release(session, check_id, unweighed)

    @pytest.mark.parametrize(
        ("other", "refused"), [("1223", True), ("1203", False)], ids=["other goods", "the same"]
    )
    def test_what_the_tank_took_elsewhere_since_the_clearance_is_not_loaded_upon(
        self, session: Session, line: Line, clock: FixedClock, other: str, *, refused: bool
    ) -> None:
        _, check_id = line.cleared(session)
        clock.advance(timedelta(minutes=5))
        elsewhere, there = line.cleared(session)
        assert line.release(session, there).released
        goods = msgspec.structs.replace(line.yard.draft().goods[0], entry_key=other)
        draft = line.yard.draft(goods=(goods,)).to_json()
        change_row(session, WaybillRow, elsewhere.id, draft=draft)

        with pytest.raises(StateError, match="other goods") if refused else nullcontext():
            assert line.release(session, check_id).released
