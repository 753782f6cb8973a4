"""AFTER-01.standing: what the clearance rests on is looked at once more before release."""

from collections.abc import Mapping

import pytest

from tests.harness.mixed_loads import limited
from tests.harness.rule_facts import AT, carrier, certificate, driver, goods, tractor, trailer
from tests.harness.rule_trips import loaded_trip, loading
from waybill.clock import local_date
from waybill.registry.kinds import CertificateKind, CertificateStatus
from waybill.rules.assess import assess
from waybill.rules.bases import FIRST_EDITION
from waybill.rules.facts import Facts
from waybill.rules.finding import Finding, Outcome, Phase
from waybill.rules.register import current_edition

ON = local_date(AT)
INSPECTION = CertificateKind.TECHNICAL_INSPECTION
INSURANCE = CertificateKind.LIABILITY_INSURANCE
SUSPENDED = CertificateStatus.SUSPENDED
REVOKED = CertificateStatus.REVOKED


def standing(facts: Facts, edition: str = "") -> Finding:
    """Return what is said before release, by the current edition unless one is named."""
    verdict = assess(facts, at=AT, phase=Phase.AFTER_LOADING, edition=edition or current_edition())
    return next(found for found in verdict.findings if found.code == "AFTER-01.standing")


def held(
    kind: CertificateKind, status: CertificateStatus, **changes: object
) -> Mapping[str, object]:
    return {"certificates": (certificate(kind, status=status, **changes),)}


def answer(found: Finding) -> tuple[Outcome, str, object, object]:
    return found.outcome, found.reason, found.facts.get("subject"), found.facts.get("certificate")


@pytest.mark.parametrize("status", [SUSPENDED, REVOKED])
def test_an_annual_review_that_was_withdrawn_holds_the_vehicle(status: CertificateStatus) -> None:
    of_tractor = loaded_trip(tractor=tractor(**held(INSPECTION, status)))
    of_trailer = loaded_trip(trailer=trailer(**held(INSPECTION, status)))

    reason = f"certificate_{status.value}"
    assert answer(standing(of_tractor)) == (Outcome.FAILED, reason, "tractor", INSPECTION.value)
    assert answer(standing(of_trailer)) == (Outcome.FAILED, reason, "trailer", INSPECTION.value)


def test_the_first_edition_did_not_look_at_it() -> None:
    facts = loaded_trip(tractor=tractor(**held(INSPECTION, SUSPENDED)))

    assert (standing(facts, FIRST_EDITION).version, standing(facts).version) == (1, 2)
    assert standing(facts, FIRST_EDITION).outcome is Outcome.PASSED


def test_no_policy_that_is_not_barred_holds_the_vehicle() -> None:
    facts = loaded_trip(
        tractor=tractor(**held(INSURANCE, SUSPENDED)), carrier=carrier(**held(INSURANCE, REVOKED))
    )

    assert answer(standing(facts)) == (
        Outcome.FAILED,
        "certificate_suspended",
        "tractor",
        INSURANCE.value,
    )


def test_another_paper_is_no_policy() -> None:
    licence = certificate(CertificateKind.VEHICLE_LICENCE)
    policy = certificate(INSURANCE, status=SUSPENDED)

    found = standing(loaded_trip(tractor=tractor(certificates=(licence, policy))))

    assert answer(found)[1::2] == ("certificate_suspended", INSURANCE.value)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="as it is"),
        pytest.param({"valid_until": ON}, id="ends today"),
        pytest.param({"valid_until": None}, id="without an end"),
    ],
)
def test_one_policy_that_runs_is_enough(changes: Mapping[str, object]) -> None:
    facts = loaded_trip(
        tractor=tractor(**held(INSURANCE, SUSPENDED)),
        carrier=carrier(**held(INSURANCE, CertificateStatus.VALID, **changes)),
    )

    assert standing(facts).reason == "in_good_standing"


def test_a_policy_that_merely_ran_out_does_not_hold_the_vehicle() -> None:
    ended = held(INSURANCE, SUSPENDED, valid_until=ON.replace(year=ON.year - 1))

    assert standing(loaded_trip(tractor=tractor(**ended))).reason == "in_good_standing"


class TestOrdinaryGoods:
    """Order 29/2019, articles 16 to 21: small quantities go as ordinary goods."""

    def small(self, **changes: object) -> Facts:
        return loaded_trip(loading(), goods=(limited(),), **changes)

    def test_no_escort_is_asked_for(self) -> None:
        assert standing(self.small(escort=None)).reason == "in_good_standing"
        assert standing(loaded_trip(goods=(goods(),), escort=None)).reason == "not_registered"

    @pytest.mark.parametrize(
        ("kind", "reason"),
        [
            (CertificateKind.DRIVING_LICENCE, "certificate_suspended"),
            (CertificateKind.DRIVER_QUALIFICATION, "in_good_standing"),
        ],
    )
    def test_the_driver_needs_what_any_driver_needs(
        self, kind: CertificateKind, reason: str
    ) -> None:
        assert standing(self.small(driver=driver(**held(kind, SUSPENDED)))).reason == reason

    @pytest.mark.parametrize(
        ("kind", "reason"),
        [
            (CertificateKind.VEHICLE_LICENCE, "certificate_suspended"),
            (INSPECTION, "certificate_suspended"),
            (CertificateKind.ROAD_TRANSPORT_CERTIFICATE, "in_good_standing"),
            (INSURANCE, "in_good_standing"),
        ],
    )
    def test_the_vehicle_needs_what_any_lorry_needs(
        self, kind: CertificateKind, reason: str
    ) -> None:
        assert standing(self.small(tractor=tractor(**held(kind, SUSPENDED)))).reason == reason
