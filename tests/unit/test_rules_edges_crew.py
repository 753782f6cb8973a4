"""Licence classes, escorts, the road and revised rules, at their edges and one step beyond."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.harness.rule_facts import (
    AT,
    TODAY,
    certificate,
    driver,
    goods,
    tractor,
    unit,
)
from tests.harness.rule_scenarios_units import (
    POLICY,
    endorsed_escort,
    explosive,
    licensed_trip,
    on_road,
)
from tests.harness.rule_trips import packages_trip, trip
from waybill.codec import JsonValue
from waybill.registry.kinds import (
    CertificateKind,
    CertificateStatus,
    PlateColour,
    UnitKind,
    VehicleApproval,
)
from waybill.rules.bases import SECOND_EDITION
from waybill.rules.facts import Answer, CertificateFacts, Facts, Regime
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
