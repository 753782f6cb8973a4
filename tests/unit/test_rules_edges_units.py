"""Papers and kinds of vehicles, positions, crew and road, at their edges and one step beyond."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from tests.harness.rule_facts import (
    AT,
    TODAY,
    carrier,
    certificate,
    driver,
    goods,
    tank,
    tractor,
    trailer,
    unit,
    waybill,
)
from tests.harness.rule_scenarios_units import (
    POLICY,
    endorsed_escort,
    explosive,
    insured_trip,
    licensed_trip,
    on_road,
    positioned_trip,
)
from tests.harness.rule_trips import packages_trip, trip
from waybill.codec import JsonValue
from waybill.registry.kinds import (
    CertificateKind,
    CertificateStatus,
    PlateColour,
    RecordStatus,
    TankKind,
    UnitKind,
    VehicleApproval,
)
from waybill.rules.bases import SECOND_EDITION
from waybill.rules.facts import Answer, CarriageMode, CertificateFacts, Facts, Regime
from waybill.rules.finding import Finding, Outcome, Phase, Severity
from waybill.rules.lifecycle import WaybillStatus
from waybill.rules.register import get_rule
from waybill.rules.rule import RELIEVED, Rule, mildest, not_applicable, passed, revise, unknown

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


class TestInspection:
    @pytest.mark.parametrize("subject", ["tractor", "trailer"])
    @pytest.mark.parametrize(
        ("until", "reason"),
        [
            pytest.param(TODAY, "valid", id="last day"),
            pytest.param(YESTERDAY, "expired", id="a day late"),
        ],
    )
    def test_it_holds_on_its_last_day(self, subject: str, until: object, reason: str) -> None:
        held = certificate(CertificateKind.TECHNICAL_INSPECTION, valid_until=until)
        build = tractor if subject == "tractor" else trailer
        facts = trip(**{subject: build(certificates=(held,))})

        assert judge(f"VEH-03.{subject}_inspection", facts).reason == reason

    def test_the_trailer_is_not_asked_for_the_tractors(self) -> None:
        facts = trip(tractor=tractor(certificates=()))

        assert judge("VEH-03.trailer_inspection", facts) == found(
            "VEH-03.trailer_inspection",
            Outcome.PASSED,
            "valid",
            subject="trailer",
            holder="苏H1234挂",
            certificate="technical_inspection",
            on="2026-11-22",
            certificate_id="cert-technical_inspection",
            provenance="register",
            valid_until="2026-12-31",
        )


class TestInsurance:
    """One policy that runs is enough, whoever holds it; what ended elsewhere says nothing."""

    @pytest.mark.parametrize(
        ("vehicles", "carriers", "subject"),
        [
            pytest.param((policy(),), (), "tractor", id="the vehicle's"),
            pytest.param((), (policy(),), "carrier", id="the carrier's"),
            pytest.param((policy(),), (policy(),), "tractor", id="both"),
            pytest.param(
                (policy(valid_until=YESTERDAY),), (policy(),), "carrier", id="beside an expired one"
            ),
            pytest.param(
                (policy(status=SUSPENDED),), (policy(),), "carrier", id="beside a suspended one"
            ),
            pytest.param(
                (policy(),), (policy(status=SUSPENDED),), "tractor", id="the carrier's is suspended"
            ),
            pytest.param(
                (policy(status=SUSPENDED), policy()), (), "tractor", id="two of one vehicle"
            ),
            pytest.param((policy(valid_until=TODAY),), (), "tractor", id="last day"),
        ],
    )
    def test_one_that_holds_is_enough(
        self,
        vehicles: tuple[CertificateFacts, ...],
        carriers: tuple[CertificateFacts, ...],
        subject: str,
    ) -> None:
        facts = trip(tractor=tractor(certificates=vehicles), carrier=carrier(certificates=carriers))

        finding = judge("VEH-03.insurance", facts)

        assert (finding.outcome, finding.reason) == (Outcome.PASSED, "valid")
        assert finding.facts["subject"] == subject

    @pytest.mark.parametrize(
        ("vehicles", "carriers", "outcome", "reason"),
        [
            pytest.param((), (), Outcome.UNKNOWN, "certificate_missing", id="none"),
            pytest.param(
                (policy(valid_until=YESTERDAY),), (), Outcome.FAILED, "expired", id="a day late"
            ),
            pytest.param(
                (), (policy(status=SUSPENDED),), Outcome.FAILED, "certificate_suspended", id="one"
            ),
            pytest.param(
                (policy(valid_until=None),),
                (),
                Outcome.UNKNOWN,
                "end_date_unknown",
                id="nobody knows its end",
            ),
        ],
    )
    def test_none_that_holds_stops(
        self,
        vehicles: tuple[CertificateFacts, ...],
        carriers: tuple[CertificateFacts, ...],
        outcome: Outcome,
        reason: str,
    ) -> None:
        facts = trip(tractor=tractor(certificates=vehicles), carrier=carrier(certificates=carriers))

        finding = judge("VEH-03.insurance", facts)

        assert (finding.outcome, finding.reason) == (outcome, reason)

    def test_of_several_that_ended_the_last_one_is_told(self) -> None:
        ended = (
            policy(id="first", valid_until=TODAY - timedelta(days=9)),
            policy(id="last", valid_until=YESTERDAY),
            policy(id="second", valid_until=TODAY - timedelta(days=5)),
        )

        assert judge("VEH-03.insurance", insured_trip(*ended)) == found(
            "VEH-03.insurance",
            Outcome.FAILED,
            "expired",
            subject="tractor",
            holder="苏H12345",
            certificate="liability_insurance",
            on="2026-11-22",
            certificate_id="last",
            provenance="register",
            valid_until="2026-11-21",
        )

    def test_one_that_lacks_its_end_is_told_before_one_that_has_it(self) -> None:
        ended = (
            policy(id="known", status=SUSPENDED),
            policy(id="open", status=SUSPENDED, valid_until=None),
        )

        assert judge("VEH-03.insurance", insured_trip(*ended)).facts["certificate_id"] == "open"

    @pytest.mark.parametrize("absent", ["tractor", "carrier"])
    def test_who_was_not_looked_up_may_hold_one(self, absent: str) -> None:
        insured = "carrier" if absent == "tractor" else "tractor"
        held = {
            "carrier": carrier(certificates=(policy(),)),
            "tractor": tractor(certificates=(policy(),)),
        }
        none = {"carrier": carrier(certificates=()), "tractor": tractor(certificates=())}

        covered = trip(**{absent: None, insured: held[insured]})
        uncovered = trip(**{absent: None, insured: none[insured]})

        assert judge("VEH-03.insurance", covered).outcome is Outcome.PASSED
        assert judge("VEH-03.insurance", uncovered).outcome is Outcome.UNKNOWN

    def test_a_suspended_vehicle_is_for_other_rules_to_refuse(self) -> None:
        facts = trip(tractor=tractor(status=RecordStatus.SUSPENDED))

        assert judge("VEH-03.insurance", facts).outcome is Outcome.PASSED


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


class TestPositioning:
    @pytest.mark.parametrize(
        ("age", "outcome", "reason"),
        [
            pytest.param(timedelta(minutes=30), Outcome.PASSED, "seen", id="exactly 30 minutes"),
            pytest.param(
                timedelta(minutes=30, seconds=1), Outcome.FAILED, "stale", id="a second older"
            ),
            pytest.param(timedelta(0), Outcome.PASSED, "seen", id="this moment"),
            pytest.param(timedelta(seconds=-1), Outcome.FAILED, "from_future", id="in a second"),
        ],
    )
    def test_how_old_a_report_may_be(self, age: timedelta, outcome: Outcome, reason: str) -> None:
        finding = judge("VEH-06.positioning", positioned_trip(reported_at=AT - age))

        assert (finding.outcome, finding.reason) == (outcome, reason)

    def test_a_stale_report_warns_and_says_so(self) -> None:
        facts = positioned_trip(reported_at=AT - timedelta(hours=1))

        finding = judge("VEH-06.positioning", facts)

        assert finding == Finding(
            code="VEH-06.positioning",
            version=1,
            severity=Severity.WARN,
            outcome=Outcome.FAILED,
            reason="stale",
            facts={
                "subject": "tractor",
                "holder": "苏H12345",
                "reported_at": "2026-11-22T05:05:00+00:00",
                "judged_at": "2026-11-22T06:05:00+00:00",
                "limit_minutes": 30,
            },
        )
        assert (finding.stands, finding.blocks) == (True, False)

    @pytest.mark.parametrize(
        ("latitude", "longitude", "reason"),
        [
            pytest.param("17", "110", "seen", id="on the southern limit"),
            pytest.param("16.99", "110", "implausible", id="south of it"),
            pytest.param("54", "123", "seen", id="on the northern limit"),
            pytest.param("54.01", "123", "implausible", id="north of it"),
            pytest.param("39", "73", "seen", id="on the western limit"),
            pytest.param("39", "72.99", "implausible", id="west of it"),
            pytest.param("48", "136", "seen", id="on the eastern limit"),
            pytest.param("48", "136.01", "implausible", id="east of it"),
            pytest.param("0", "0", "implausible", id="nowhere"),
            pytest.param("119.02", "33.59", "implausible", id="the wrong way round"),
        ],
    )
    def test_a_place_is_in_china(self, latitude: str, longitude: str, reason: str) -> None:
        facts = positioned_trip(latitude=Decimal(latitude), longitude=Decimal(longitude))

        assert judge("VEH-06.positioning", facts) == found(
            "VEH-06.positioning",
            Outcome.PASSED if reason == "seen" else Outcome.FAILED,
            reason,
            subject="tractor",
            holder="苏H12345",
            reported_at=THREE_MINUTES_AGO,
            judged_at="2026-11-22T06:05:00+00:00",
            latitude=latitude,
            longitude=longitude,
        )

    @pytest.mark.parametrize("missing", ["latitude", "longitude"])
    def test_half_a_place_is_none(self, missing: str) -> None:
        facts = positioned_trip(**{missing: None})

        assert judge("VEH-06.positioning", facts).reason == "place_unknown"

    def test_offline_is_told_before_anything_else(self) -> None:
        facts = positioned_trip(online=False, reported_at=AT - timedelta(days=1), latitude=None)

        assert judge("VEH-06.positioning", facts).reason == "offline"


class TestLicenceClass:
    @pytest.mark.parametrize(
        ("classes", "reason"),
        [
            (("A2",), "class_fits"),
            (("C1", "A2"), "class_fits"),
            (("A1",), "class_does_not_fit"),
            (("B2",), "class_does_not_fit"),
            (("C6",), "class_does_not_fit"),
            ((), "class_not_recorded"),
        ],
    )
    def test_a_combination_asks_for_a2(self, classes: tuple[str, ...], reason: str) -> None:
        assert judge("DRV-01.licence_class", licensed_trip(*classes)).reason == reason

    @pytest.mark.parametrize(
        ("colour", "licence_class", "fits"),
        [
            (PlateColour.YELLOW, "B2", True),
            (PlateColour.YELLOW, "A1", True),
            (PlateColour.YELLOW, "A2", True),
            (PlateColour.YELLOW, "B1", False),
            (PlateColour.YELLOW, "C1", False),
            (PlateColour.YELLOW_GREEN, "C1", False),
            (PlateColour.BLUE, "C1", True),
            (PlateColour.GREEN, "C2", True),
            (PlateColour.BLUE, "A3", True),
            (PlateColour.BLUE, "C3", False),
        ],
    )
    def test_a_rigid_vehicle_asks_by_its_plate(
        self, colour: PlateColour, licence_class: str, *, fits: bool
    ) -> None:
        held = certificate(CertificateKind.DRIVING_LICENCE, categories=(licence_class,))
        facts = packages_trip(
            tractor=unit(UnitKind.RIGID, plate_colour=colour), driver=driver(certificates=(held,))
        )

        finding = judge("DRV-01.licence_class", facts)

        assert finding.reason == ("class_fits" if fits else "class_does_not_fit")

    def test_a_tractor_without_trailer_asks_for_a2_whatever_its_plate(self) -> None:
        facts = packages_trip(tractor=tractor(plate_colour=PlateColour.BLUE))

        assert judge("DRV-01.licence_class", facts).facts["driven"] == "with_trailer"

    def test_a_rigid_vehicle_with_a_trailer_is_a_combination(self) -> None:
        facts = trip(tractor=unit(UnitKind.RIGID, plate_colour=PlateColour.BLUE))

        assert judge("DRV-01.licence_class", facts).facts["driven"] == "with_trailer"

    def test_what_does_not_fit_warns_and_is_told_whole(self) -> None:
        assert judge("DRV-01.licence_class", licensed_trip("B2")) == Finding(
            code="DRV-01.licence_class",
            version=1,
            severity=Severity.WARN,
            outcome=Outcome.FAILED,
            reason="class_does_not_fit",
            facts={
                "subject": "driver",
                "holder": "d0d0d0d0d0",
                "driven": "with_trailer",
                "classes": ["B2"],
                "fitting": ["A2"],
            },
        )

    def test_classes_of_a_licence_that_has_expired_do_not_count(self) -> None:
        old = certificate(
            CertificateKind.DRIVING_LICENCE, categories=("A2",), valid_until=YESTERDAY
        )

        facts = trip(driver=driver(certificates=(old,)))

        assert judge("DRV-01.licence_class", facts).reason == "class_not_recorded"

    def test_classes_of_another_paper_do_not_count(self) -> None:
        other = certificate(CertificateKind.DRIVER_QUALIFICATION, categories=("A2",))

        facts = trip(driver=driver(certificates=(other,)))

        assert judge("DRV-01.licence_class", facts).reason == "class_not_recorded"

    def test_a_vehicle_that_is_not_on_record_is_unknown(self) -> None:
        assert judge("DRV-01.licence_class", trip(tractor=None)) == found(
            "DRV-01.licence_class", Outcome.UNKNOWN, "not_registered", subject="tractor"
        )


class TestEscortEndorsement:
    def test_the_drivers_does_not_count_for_the_escort(self) -> None:
        held = certificate(CertificateKind.DRIVER_QUALIFICATION, categories=("explosive",))
        facts = trip(goods=(explosive(),), driver=driver(certificates=(held,)))

        assert judge("ESC-01.endorsement", facts) == found(
            "ESC-01.endorsement",
            Outcome.FAILED,
            "endorsement_missing",
            subject="escort",
            holder="e0e0e0e0e0",
            held=[],
            needed=["explosive"],
            missing=["explosive"],
        )

    @pytest.mark.parametrize(
        ("line", "category"),
        [
            (explosive(), "explosive"),
            (goods(division="7"), "radioactive"),
            (goods(highly_toxic=Answer.YES), "highly_toxic"),
        ],
    )
    def test_each_kind_of_goods_asks_for_its_own(self, line: object, category: str) -> None:
        others = {"explosive", "radioactive", "highly_toxic"} - {category}

        held = judge("ESC-01.endorsement", trip(goods=(line,), **endorsed_escort(category)))
        lacking = judge("ESC-01.endorsement", trip(goods=(line,), **endorsed_escort(*others)))

        assert (held.reason, lacking.reason) == ("endorsed", "endorsement_missing")


class TestOnRoad:
    @pytest.mark.parametrize(
        ("changes", "outcome", "reason"),
        [
            pytest.param({"valid_from": AT}, Outcome.PASSED, "on_its_way", id="its first moment"),
            pytest.param(
                {"valid_from": AT + timedelta(microseconds=1)},
                Outcome.FAILED,
                "too_early",
                id="just before it",
            ),
            pytest.param(
                {"valid_until": AT + timedelta(microseconds=1)},
                Outcome.PASSED,
                "on_its_way",
                id="its last moment",
            ),
            pytest.param({"valid_until": AT}, Outcome.FAILED, "too_late", id="its end"),
            pytest.param(
                {"valid_from": None}, Outcome.UNKNOWN, "validity_unknown", id="no beginning"
            ),
            pytest.param({"valid_until": None}, Outcome.UNKNOWN, "validity_unknown", id="no end"),
        ],
    )
    def test_validity_at_its_edges(
        self, changes: dict[str, object], outcome: Outcome, reason: str
    ) -> None:
        finding = judge("DOC-01.on_road", on_road(**changes))

        assert (finding.outcome, finding.reason) == (outcome, reason)

    @pytest.mark.parametrize("status", sorted(WaybillStatus))
    def test_only_a_released_waybill_is_on_the_road(self, status: WaybillStatus) -> None:
        finding = judge("DOC-01.on_road", on_road(status=status))

        assert (finding.outcome is Outcome.PASSED) is (status is WaybillStatus.RELEASED)

    def test_a_cleared_waybill_has_not_been_released(self) -> None:
        assert judge("DOC-01.on_road", on_road(status=WaybillStatus.CLEARED)) == found(
            "DOC-01.on_road", Outcome.FAILED, "not_released", status="cleared"
        )


class TestRevise:
    """The next version of a rule asks the same at other points of a waybill's life."""

    def revised(self) -> tuple[Rule, Rule]:
        plain = get_rule("DOC-01.signature", 1)
        return plain, revise(plain, edition="2027-01", phases=frozenset({Phase.ROADSIDE}))

    def test_it_differs_in_version_edition_and_phases_only(self) -> None:
        plain, revised = self.revised()

        assert replace(revised, check=plain.check) == replace(
            plain, version=2, edition="2027-01", phases=frozenset({Phase.ROADSIDE})
        )

    def test_its_finding_is_the_same_under_the_new_version(self) -> None:
        plain, revised = self.revised()

        assert revised.check(trip(), AT) == replace(plain.check(trip(), AT), version=2)

    @pytest.mark.parametrize(
        ("code", "version"),
        [
            ("VEH-05.tractor", 2),
            ("VEH-05.trailer", 2),
            ("ESC-01.present", 2),
            ("DOC-01.signature", 2),
            ("DOC-02.tractor", 2),
            ("DOC-02.trailer", 2),
            ("DOC-02.tank", 2),
            ("DOC-02.driver", 2),
            ("DOC-02.escort", 2),
        ],
    )
    def test_the_roadside_asks_what_the_bay_asks(self, code: str, version: int) -> None:
        rule = get_rule(code, version)

        assert rule.edition == SECOND_EDITION
        assert rule.phases == {Phase.BEFORE_LOADING, Phase.ROADSIDE}

    def test_small_quantities_need_no_escort_on_the_road_either(self) -> None:
        rule = get_rule("ESC-01.present", 2)

        assert rule.relieved_by == {Regime.LIMITED, Regime.EXCEPTED}
        assert rule.reasons[RELIEVED] is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize("code", ["VEH-03.insurance", "VEH-04.packages", "ESC-01.endorsement"])
def test_small_quantities_are_relieved_of_what_dangerous_goods_alone_need(code: str) -> None:
    rule = get_rule(code, 1)

    assert rule.relieved_by == {Regime.LIMITED, Regime.EXCEPTED}
    assert rule.reasons[RELIEVED] is Outcome.NOT_APPLICABLE


def test_the_mildest_of_several_answers_is_the_first_of_equals() -> None:
    answers = (unknown("a"), passed("b"), passed("c"), unknown("d"))

    assert mildest(answers) == passed("b")
    assert mildest((*answers, not_applicable("e"))) == not_applicable("e")
