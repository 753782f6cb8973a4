"""Scopes as each version of their rules reads them, and what of a line is held against them."""

import pytest

from tests.harness.rule_facts import AT, SCOPE, carrier, certificate, goods, tractor, trailer
from tests.harness.rule_trips import packages_trip, trip
from waybill.registry.kinds import CertificateKind
from waybill.registry.scope import Answer as Covered
from waybill.rules import first_scopes, scopes
from waybill.rules.facts import Answer, CarriageMode, Facts
from waybill.rules.register import get_rule
from waybill.rules.scopes import Covers

NOW_AND_FIRST = [
    pytest.param(scopes.covers, id="now"),
    pytest.param(first_scopes.first_covers, id="first"),
]
OWN_ACCOUNT = "非经营性道路危险货物运输(3类)"
NOT_HIGHLY_TOXIC = "危险货物运输(3类)(剧毒化学品除外)"


def with_scope(code: str, scope: str) -> Facts:
    """Return a trip in which only the paper that a rule looks at has another scope."""
    if code == "CAR-01.scope":
        licence = certificate(CertificateKind.CARRIER_LICENCE, scope=scope)
        return trip(carrier=carrier(certificates=(licence,)))
    paper = certificate(CertificateKind.ROAD_TRANSPORT_CERTIFICATE, scope=scope)
    if code == "VEH-02.tractor":
        return trip(tractor=tractor(certificates=(paper,)))
    return trip(trailer=trailer(certificates=(paper,)))


@pytest.mark.parametrize("code", ["CAR-01.scope", "VEH-02.tractor", "VEH-02.trailer"])
@pytest.mark.parametrize(("version", "reason"), [(1, "covered"), (2, "scope_unclear")])
def test_each_version_reads_scopes_as_it_always_did(code: str, version: int, reason: str) -> None:
    finding = get_rule(code, version).check(with_scope(code, OWN_ACCOUNT), AT)

    subject = {"CAR-01.scope": "carrier"}.get(code, code.rpartition(".")[2])
    holder = {"carrier": "91320800MA1MUL0A0X", "tractor": "苏H12345", "trailer": "苏H1234挂"}
    kind = "carrier_licence" if subject == "carrier" else "road_transport_certificate"
    assert (finding.version, finding.reason, finding.facts) == (
        version,
        reason,
        {
            "subject": subject,
            "holder": holder[subject],
            "certificate": kind,
            "scope": OWN_ACCOUNT,
            "un_numbers": ["1203"],
        },
    )


@pytest.mark.parametrize("version", [1, 2])
def test_without_a_trailer_its_scope_is_not_asked_for(version: int) -> None:
    finding = get_rule("VEH-02.trailer", version).check(packages_trip(), AT)

    assert (finding.reason, finding.facts) == ("no_trailer", {})


@pytest.mark.parametrize("covers", NOW_AND_FIRST)
@pytest.mark.parametrize(
    ("scope", "changes", "covered"),
    [
        pytest.param(SCOPE, {}, Covered.YES, id="the class"),
        pytest.param("危险货物运输(8类)", {}, Covered.NO, id="another class"),
        pytest.param("危险货物运输(UN1203)", {}, Covered.YES, id="the number"),
        pytest.param("危险货物运输(2类1项)", {"division": "2.1"}, Covered.YES, id="the division"),
        pytest.param("危险货物运输(2类1项)", {"division": "2.2"}, Covered.NO, id="another"),
        pytest.param("危险货物运输(1类)", {"division": ""}, Covered.NO, id="no class at all"),
        pytest.param("危险货物运输(甲醇)", {"name_zh": "甲醇"}, Covered.YES, id="the name"),
        pytest.param(
            "危险货物运输(甲醇)", {"aliases_zh": ("木醇", "甲醇")}, Covered.YES, id="another name"
        ),
        pytest.param(
            "危险货物运输(甲醇)", {"technical_name": "甲醇"}, Covered.NO, id="a technical name"
        ),
        pytest.param(
            "危险货物运输(3类)(甲醇除外)",
            {"technical_name": "甲醇"},
            Covered.NO,
            id="a technical name that is left out",
        ),
        pytest.param(
            "危险货物运输(3类)(木醇除外)",
            {"aliases_zh": ("木醇",), "technical_name": "苯"},
            Covered.NO,
            id="another name that is left out",
        ),
        pytest.param(NOT_HIGHLY_TOXIC, {"highly_toxic": Answer.ASK}, Covered.UNKNOWN, id="asked"),
        pytest.param(NOT_HIGHLY_TOXIC, {"highly_toxic": Answer.YES}, Covered.NO, id="highly toxic"),
        pytest.param(
            "危险货物运输(3类)(剧毒化学品除外,甲醇除外)",
            {"highly_toxic": Answer.ASK, "technical_name": "甲醇"},
            Covered.NO,
            id="what is left out for sure outweighs what is open",
        ),
    ],
)
def test_what_of_a_line_is_held_against_a_scope(
    covers: Covers, scope: str, changes: dict[str, object], covered: Covered
) -> None:
    assert covers(scope, goods(**changes)) is covered


@pytest.mark.parametrize(
    ("covers", "covered"),
    [
        pytest.param(scopes.covers, Covered.NO, id="now: packages go in no tank"),
        pytest.param(first_scopes.first_covers, Covered.UNKNOWN, id="first: not read"),
    ],
)
def test_a_scope_for_tanks_alone(covers: Covers, covered: Covered) -> None:
    packages = goods(mode=CarriageMode.PACKAGES)

    assert covers("危险货物运输(3类)(限罐式运输)", packages) is covered
