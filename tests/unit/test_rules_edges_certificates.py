"""Of several certificates of one kind: which one an answer is about, whole findings."""

from datetime import timedelta

import pytest

from tests.harness.rule_facts import AT, TODAY, certificate, driver
from tests.harness.rule_trips import trip
from waybill.codec import JsonValue
from waybill.registry.kinds import CertificateKind, CertificateStatus
from waybill.rules.facts import CertificateFacts
from waybill.rules.finding import Finding, Outcome, Severity
from waybill.rules.register import get_rule

YESTERDAY = TODAY - timedelta(days=1)
BEFORE = TODAY - timedelta(days=2)


def licence(name: str, **changes: object) -> CertificateFacts:
    return certificate(CertificateKind.DRIVING_LICENCE, id=name, **changes)


def judge(*held: CertificateFacts) -> Finding:
    return get_rule("DRV-01.licence", 1).check(trip(driver=driver(certificates=held)), AT)


def found(outcome: Outcome, reason: str, **facts: JsonValue) -> Finding:
    about: dict[str, JsonValue] = {
        "subject": "driver",
        "holder": "d0d0d0d0d0",
        "certificate": "driving_licence",
        "on": "2026-11-22",
        "provenance": "register",
    }
    return Finding(
        code="DRV-01.licence",
        version=1,
        severity=Severity.STOP,
        outcome=outcome,
        reason=reason,
        facts=about | facts,
    )


@pytest.mark.parametrize("order", [1, -1])
def test_where_none_holds_the_one_that_runs_longest_is_told(order: int) -> None:
    held = (licence("a", valid_until=YESTERDAY), licence("b", valid_until=BEFORE))[::order]

    assert judge(*held) == found(
        Outcome.FAILED, "expired", certificate_id="a", valid_until="2026-11-21"
    )


@pytest.mark.parametrize("order", [1, -1])
def test_of_several_that_hold_the_one_that_began_last_is_told(order: int) -> None:
    held = (
        licence("a", valid_from=YESTERDAY, valid_until=TODAY),
        licence("b", valid_from=BEFORE),
    )[::order]

    assert judge(*held) == found(
        Outcome.PASSED, "valid", certificate_id="a", valid_until="2026-11-22"
    )


@pytest.mark.parametrize(
    ("until", "outcome", "reason", "told"),
    [
        pytest.param(TODAY, Outcome.FAILED, "certificate_suspended", "a", id="on its last day"),
        pytest.param(YESTERDAY, Outcome.PASSED, "valid", "b", id="the day after"),
    ],
)
def test_a_suspension_bars_as_long_as_the_certificate_runs(
    until: object, outcome: Outcome, reason: str, told: str
) -> None:
    suspended = licence("a", status=CertificateStatus.SUSPENDED, valid_until=until)
    ends = {"a": str(until), "b": "2026-12-31"}

    assert judge(suspended, licence("b")) == found(
        outcome, reason, certificate_id=told, valid_until=ends[told]
    )
