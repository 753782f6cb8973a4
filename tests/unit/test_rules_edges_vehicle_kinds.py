"""Kinds of vehicles for tanks and packages, at their edges and one step beyond."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from tests.harness.rule_facts import (
    AT,
    TODAY,
    certificate,
    goods,
    tank,
    tractor,
    trailer,
    unit,
    waybill,
)
from tests.harness.rule_scenarios_units import (
    POLICY,
    explosive,
)
from tests.harness.rule_trips import packages_trip, trip
from waybill.codec import JsonValue
from waybill.registry.kinds import (
    CertificateStatus,
    TankKind,
    UnitKind,
    VehicleApproval,
)
from waybill.rules.facts import CarriageMode, CertificateFacts, Facts
from waybill.rules.finding import Finding, Outcome
from waybill.rules.register import get_rule

YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)
SUSPENDED = CertificateStatus.SUSPENDED
APPROVALS = VehicleApproval
THREE_MINUTES_AGO = "2026-11-22T06:02:00+00:00"


def judge(code: str, facts: Facts, at: datetime = AT) -> Finding:
    return get_rule(code, 1).check(facts, at)


def found(code: str, outcome: Outcome, reason: str, **facts: JsonValue) -> Finding:
    severity = get_rule(code, 1).severity
    return Finding(
        code=code, version=1, severity=severity, outcome=outcome, reason=reason, facts=facts
    )


def policy(**changes: object) -> CertificateFacts:
    return certificate(POLICY, **changes)


class TestTankCarriage:
    @pytest.mark.parametrize(
        ("asked", "approval", "suits"),
        [
            ("FL", APPROVALS.FL, True),
            ("FL", APPROVALS.AT, False),
            ("FL", APPROVALS.EX_III, False),
            ("FL", APPROVALS.NONE, False),
            ("AT", APPROVALS.AT, True),
            ("AT", APPROVALS.FL, True),
            ("AT", APPROVALS.EX_III, False),
            ("AT", APPROVALS.NONE, False),
            ("EX/III", APPROVALS.EX_III, True),
            ("EX/III", APPROVALS.EX_II, False),
            ("EX/III", APPROVALS.FL, False),
        ],
    )
    @pytest.mark.parametrize("other", ["tractor", "trailer"])
    def test_both_vehicles_are_of_the_kind_that_is_asked(
        self, asked: str, approval: VehicleApproval, other: str, *, suits: bool
    ) -> None:
        line = goods(vehicle_for_tank_carriage=asked)
        good = APPROVALS.EX_III if asked == "EX/III" else APPROVALS.FL
        units = {"tractor": tractor(approval=good), "trailer": trailer(approval=good)}
        units[other] = replace(units[other], approval=approval)

        finding = judge("VEH-04.tank_carriage", trip(goods=(line,), **units))

        named = units["tractor"] if suits else units[other]
        assert finding == found(
            "VEH-04.tank_carriage",
            Outcome.PASSED if suits else Outcome.FAILED,
            "approved" if suits else "not_approved",
            subject="tractor" if suits else other,
            holder=named.plate,
            un_number="1203",
            asked=asked,
            approval=named.approval.value,
        )

    @pytest.mark.parametrize(
        ("kind", "capacity_l", "reason"),
        [
            (TankKind.TANK_CONTAINER, "3000", "small_tank"),
            (TankKind.TANK_CONTAINER, "3000.1", "not_approved"),
            (TankKind.PORTABLE_TANK, "3000", "small_tank"),
            (TankKind.PORTABLE_TANK, "3001", "not_approved"),
            (TankKind.ATMOSPHERIC_TANK, "1000", "small_tank"),
            (TankKind.ATMOSPHERIC_TANK, "1000.1", "not_approved"),
            (TankKind.MOBILE_PRESSURE_VESSEL, "1000", "small_tank"),
            (TankKind.MOBILE_PRESSURE_VESSEL, "3000", "not_approved"),
        ],
    )
    def test_small_tanks_ask_for_nothing(
        self, kind: TankKind, capacity_l: str, reason: str
    ) -> None:
        facts = trip(
            tank=tank(kind=kind, capacity_l=Decimal(capacity_l)),
            trailer=trailer(approval=APPROVALS.NONE),
        )

        assert judge("VEH-04.tank_carriage", facts).reason == reason

    def test_a_small_tank_is_told_whole(self) -> None:
        facts = trip(tank=tank(capacity_l=Decimal("999.5")))

        assert judge("VEH-04.tank_carriage", facts) == found(
            "VEH-04.tank_carriage",
            Outcome.NOT_APPLICABLE,
            "small_tank",
            un_number="1203",
            holder="HA-0001",
            capacity_l="999.5",
            limit_l="1000",
        )

    def test_explosives_ask_for_a_small_tank_too(self) -> None:
        line = goods(vehicle_for_tank_carriage="EX/III")
        facts = trip(goods=(line,), tank=tank(capacity_l=Decimal(500)))

        assert judge("VEH-04.tank_carriage", facts).reason == "not_approved"

    def test_a_tank_that_is_not_on_record_counts_as_large(self) -> None:
        facts = trip(tank=None, trailer=trailer(approval=APPROVALS.NONE))

        assert judge("VEH-04.tank_carriage", facts).reason == "not_approved"

    @pytest.mark.parametrize("asked", ["", "OX", "fl"])
    def test_a_kind_that_nobody_knows_is_not_settled(self, asked: str) -> None:
        facts = trip(goods=(goods(vehicle_for_tank_carriage=asked),))

        assert judge("VEH-04.tank_carriage", facts) == found(
            "VEH-04.tank_carriage", Outcome.UNKNOWN, "kind_unknown", un_number="1203", asked=asked
        )

    def test_the_strictest_line_of_several_decides(self) -> None:
        lines = (
            goods(vehicle_for_tank_carriage="AT"),
            goods(position=2, un_number="1202", vehicle_for_tank_carriage="FL"),
        )
        facts = trip(goods=lines, trailer=trailer(approval=APPROVALS.AT))

        finding = judge("VEH-04.tank_carriage", facts)

        assert (finding.reason, finding.facts["un_number"]) == ("not_approved", "1202")

    def test_packages_beside_are_not_asked(self) -> None:
        facts = trip(goods=(goods(mode=CarriageMode.BULK, vehicle_for_tank_carriage="OX"),))

        assert judge("VEH-04.tank_carriage", facts) == found(
            "VEH-04.tank_carriage", Outcome.NOT_APPLICABLE, "no_tank_goods"
        )

    def test_a_rigid_vehicle_is_judged_alone(self) -> None:
        alone = waybill(trailer_plate=None, trailer_plate_colour=None)
        rigid = unit(UnitKind.RIGID, approval=APPROVALS.FL)
        facts = trip(waybill=alone, tractor=rigid, trailer=None)

        assert judge("VEH-04.tank_carriage", facts).reason == "approved"


class TestPackages:
    @pytest.mark.parametrize(
        ("approval", "suits"),
        [
            (APPROVALS.EX_II, True),
            (APPROVALS.EX_III, True),
            (APPROVALS.FL, False),
            (APPROVALS.AT, False),
            (APPROVALS.NONE, False),
        ],
    )
    @pytest.mark.parametrize("other", ["tractor", "trailer"])
    def test_explosives_go_on_ex_vehicles_only(
        self, approval: VehicleApproval, other: str, *, suits: bool
    ) -> None:
        units = {
            "tractor": tractor(approval=APPROVALS.EX_II),
            "trailer": trailer(approval=APPROVALS.EX_II),
        }
        units[other] = replace(units[other], approval=approval)

        finding = judge("VEH-04.packages", trip(goods=(explosive(),), **units))

        named = units["tractor"] if suits else units[other]
        assert finding == found(
            "VEH-04.packages",
            Outcome.PASSED if suits else Outcome.FAILED,
            "approved" if suits else "not_approved",
            subject="tractor" if suits else other,
            holder=named.plate,
            un_number="0029",
            asked="EX/II",
            approval=named.approval.value,
        )

    @pytest.mark.parametrize(
        ("changes", "outcome", "reason"),
        [
            pytest.param(
                {"package_provisions": ("V1", "V2 ")},
                Outcome.UNKNOWN,
                "provision_unknown",
                id="no V2",
            ),
            pytest.param(
                {"package_provisions": ("V3", "V2")}, Outcome.FAILED, "not_approved", id="V2 second"
            ),
            pytest.param(
                {"division": ""}, Outcome.FAILED, "not_approved", id="a sample of explosives"
            ),
            pytest.param(
                {"division": "4.1", "un_number": "3242", "package_provisions": ("V1",)},
                Outcome.NOT_APPLICABLE,
                "none_asked",
                id="other goods",
            ),
            pytest.param(
                {"mode": CarriageMode.TANK}, Outcome.NOT_APPLICABLE, "none_asked", id="in a tank"
            ),
        ],
    )
    def test_v2_of_the_list_asks(
        self, changes: dict[str, object], outcome: Outcome, reason: str
    ) -> None:
        finding = judge("VEH-04.packages", trip(goods=(explosive(**changes),)))

        assert (finding.outcome, finding.reason) == (outcome, reason)

    def test_an_explosive_without_provision_stands_beside_one_that_passes(self) -> None:
        lines = (explosive(), explosive(position=2, un_number="0030", package_provisions=()))
        rigid = unit(UnitKind.RIGID, approval=APPROVALS.EX_III)

        assert judge("VEH-04.packages", packages_trip(goods=lines, tractor=rigid)) == found(
            "VEH-04.packages", Outcome.UNKNOWN, "provision_unknown", un_number="0030"
        )

    def test_a_trailer_that_is_not_on_record_is_unknown(self) -> None:
        facts = trip(goods=(explosive(),), tractor=tractor(approval=APPROVALS.EX_II), trailer=None)

        assert judge("VEH-04.packages", facts) == found(
            "VEH-04.packages", Outcome.UNKNOWN, "not_registered", subject="trailer"
        )
