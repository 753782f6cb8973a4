"""Papers of vehicles and their positions, at their edges and one step beyond."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from tests.harness.rule_facts import (
    AT,
    TODAY,
    carrier,
    certificate,
    tractor,
    trailer,
)
from tests.harness.rule_scenarios_units import (
    POLICY,
    insured_trip,
    positioned_trip,
)
from tests.harness.rule_trips import trip
from waybill.codec import JsonValue
from waybill.registry.kinds import (
    CertificateKind,
    CertificateStatus,
    RecordStatus,
    VehicleApproval,
)
from waybill.rules.facts import CertificateFacts, Facts
from waybill.rules.finding import Finding, Outcome, Severity
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
