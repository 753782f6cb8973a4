"""Rules about papers and people, at their edges and one step to either side."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from tests.harness.rule_facts import (
    AT,
    SCOPE,
    TODAY,
    carrier,
    certificate,
    driver,
    goods,
    listing,
    tractor,
    trailer,
)
from tests.harness.rule_trips import (
    trip,
)
from waybill.registry.kinds import CertificateKind, CertificateStatus
from waybill.rules.facts import Answer, CarriageMode, CertificateFacts, Facts
from waybill.rules.finding import Finding, Outcome, Severity
from waybill.rules.register import get_rule

YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)
MIDNIGHT = datetime.fromisoformat("2026-11-23T00:00:00+08:00")


def judge(code: str, facts: Facts, at: datetime = AT) -> Finding:
    return get_rule(code, 1).check(facts, at)


def licence(**changes: object) -> CertificateFacts:
    return certificate(CertificateKind.DRIVING_LICENCE, **changes)


def held_by_driver(*certificates: CertificateFacts) -> Facts:
    return trip(driver=driver(certificates=certificates))


class TestCertificates:
    """A certificate holds on its first and its last day, in Shanghai."""

    @pytest.mark.parametrize(
        ("held", "reason"),
        [
            pytest.param(licence(valid_until=TODAY), "valid", id="last day"),
            pytest.param(licence(valid_until=YESTERDAY), "expired", id="a day late"),
            pytest.param(licence(valid_from=TODAY), "valid", id="first day"),
            pytest.param(licence(valid_from=TOMORROW), "not_yet_valid", id="a day early"),
            pytest.param(licence(valid_from=None), "valid", id="no first day"),
        ],
    )
    def test_days_at_the_edges(self, held: CertificateFacts, reason: str) -> None:
        assert judge("DRV-01.licence", held_by_driver(held)).reason == reason

    @pytest.mark.parametrize(
        ("at", "reason"),
        [
            pytest.param(MIDNIGHT - timedelta(seconds=1), "valid", id="just before midnight"),
            pytest.param(MIDNIGHT, "expired", id="midnight in Shanghai"),
        ],
    )
    def test_the_last_day_ends_at_midnight_in_shanghai(self, at: datetime, reason: str) -> None:
        facts = held_by_driver(licence(valid_until=TODAY))

        assert judge("DRV-01.licence", facts, at).reason == reason

    def test_an_expired_certificate_is_told_whole(self) -> None:
        assert judge("DRV-01.licence", held_by_driver(licence(valid_until=YESTERDAY))) == Finding(
            code="DRV-01.licence",
            version=1,
            severity=Severity.STOP,
            outcome=Outcome.FAILED,
            reason="expired",
            facts={
                "subject": "driver",
                "holder": "d0d0d0d0d0",
                "certificate": "driving_licence",
                "on": "2026-11-22",
                "certificate_id": "cert-driving_licence",
                "provenance": "register",
                "valid_until": "2026-11-21",
            },
        )

    @pytest.mark.parametrize(
        ("held", "reason"),
        [
            pytest.param(
                (licence(valid_until=YESTERDAY), licence()), "valid", id="an old one beside a new"
            ),
            pytest.param(
                (licence(), licence(status=CertificateStatus.SUSPENDED)),
                "certificate_suspended",
                id="a new one does not lift a suspension",
            ),
            pytest.param(
                (licence(), licence(status=CertificateStatus.SUSPENDED, valid_until=YESTERDAY)),
                "valid",
                id="a suspension ends with its certificate",
            ),
            pytest.param(
                (licence(valid_from=TODAY), licence(status=CertificateStatus.REVOKED)),
                "valid",
                id="one that began after the revoked one",
            ),
            pytest.param(
                (licence(), licence(status=CertificateStatus.REVOKED)),
                "certificate_revoked",
                id="one that is no newer than the revoked one",
            ),
            pytest.param(
                (
                    licence(status=CertificateStatus.REVOKED, valid_until=YESTERDAY),
                    licence(status=CertificateStatus.REVOKED),
                    licence(valid_from=TODAY),
                ),
                "valid",
                id="two revoked, one newer than both",
            ),
        ],
    )
    def test_several_certificates(self, held: tuple[CertificateFacts, ...], reason: str) -> None:
        assert judge("DRV-01.licence", held_by_driver(*held)).reason == reason

    def test_a_typed_certificate_passes_and_says_so(self) -> None:
        typed = replace(licence(), provenance=licence().provenance.__class__.TYPED)

        finding = judge("DRV-01.licence", held_by_driver(typed))

        assert (finding.outcome, finding.facts["provenance"]) == (Outcome.PASSED, "typed")


class TestAge:
    @pytest.mark.parametrize(
        ("first", "reason"),
        [
            pytest.param(date(2016, 11, 23), "valid", id="a day before ten years"),
            pytest.param(date(2016, 11, 22), "too_old", id="ten years to the day"),
            pytest.param(TODAY, "valid", id="new today"),
            pytest.param(TOMORROW, "registered_in_future", id="tomorrow"),
        ],
    )
    def test_the_limit_is_reached_on_the_anniversary(self, first: date, reason: str) -> None:
        facts = trip(tractor=tractor(first_registered_on=first))

        assert judge("VEH-01.tractor", facts).reason == reason


class TestScope:
    @pytest.mark.parametrize(
        ("scope", "changes", "reason"),
        [
            pytest.param(SCOPE, {}, "covered", id="petrol in class 3"),
            pytest.param(SCOPE, {"division": "2.3"}, "not_covered", id="2.3 is not 2.1"),
            pytest.param("", {}, "not_covered", id="an empty scope"),
            pytest.param(
                "危险货物运输(3类)(甲醇除外)",
                {"technical_name": "甲醇"},
                "not_covered",
                id="a technical name that is excluded",
            ),
            pytest.param(
                "非经营性道路危险货物运输(3类)", {}, "scope_unclear", id="for own account alone"
            ),
            pytest.param("危险货物运输(3类)(限罐式运输)", {}, "covered", id="in a tank, as asked"),
            pytest.param(
                "危险货物运输(3类)(限罐式运输)",
                {"mode": CarriageMode.PACKAGES},
                "not_covered",
                id="in packages where tanks alone are allowed",
            ),
            pytest.param(
                "危险货物运输(3类)(剧毒化学品除外)",
                {"highly_toxic": Answer.ASK},
                "scope_unclear",
                id="nobody said whether it is highly toxic",
            ),
            pytest.param(
                "危险货物运输(3类)(剧毒化学品除外)",
                {"highly_toxic": Answer.ASK, "highly_toxic_declared": Answer.NO},
                "covered",
                id="declared not highly toxic",
            ),
            pytest.param(
                "危险货物运输(3类)(剧毒化学品除外)",
                {"highly_toxic": Answer.YES, "highly_toxic_declared": Answer.NO},
                "not_covered",
                id="a declaration does not overrule the list",
            ),
        ],
    )
    def test_what_a_carriers_scope_covers(
        self, scope: str, changes: dict[str, object], reason: str
    ) -> None:
        own = certificate(CertificateKind.CARRIER_LICENCE, scope=scope)
        facts = trip(carrier=carrier(certificates=(own,)), goods=(goods(**changes),))

        assert get_rule("CAR-01.scope", 2).check(facts, AT).reason == reason


class TestBlackList:
    @pytest.mark.parametrize(
        ("begin", "end", "reason"),
        [
            pytest.param(TODAY, TODAY, "barred", id="this very day"),
            pytest.param(TODAY, None, "barred", id="until lifted"),
            pytest.param(YESTERDAY, YESTERDAY, "not_barred", id="over yesterday"),
            pytest.param(TOMORROW, None, "not_barred", id="from tomorrow"),
        ],
    )
    def test_both_days_are_in(self, begin: date, end: date | None, reason: str) -> None:
        entry = listing(valid_from=begin, valid_until=end)

        assert (
            judge("CAR-01.black_list", trip(carrier=carrier(black_listings=(entry,)))).reason
            == reason
        )

    def test_everyone_barred_is_named(self) -> None:
        facts = trip(
            trailer=trailer(black_listings=(listing(decision_number="2"),)),
            driver=driver(black_listings=(listing(decision_number="1"),)),
        )

        assert judge("CAR-01.black_list", facts).facts == {
            "subjects": ["trailer", "driver"],
            "decisions": ["1", "2"],
            "on": "2026-11-22",
        }


class TestEndorsement:
    @pytest.mark.parametrize(
        ("changes", "held", "reason"),
        [
            pytest.param({"division": "1.1D"}, ("explosive",), "endorsed", id="explosives"),
            pytest.param(
                {"division": "", "un_number": "0190"}, (), "endorsement_missing", id="UN 0190"
            ),
            pytest.param({"division": "7"}, ("explosive",), "endorsement_missing", id="class 7"),
            pytest.param({"division": "7"}, ("radioactive",), "endorsed", id="radioactive"),
            pytest.param(
                {"highly_toxic": Answer.ASK}, ("highly_toxic",), "endorsed", id="asked and held"
            ),
            pytest.param(
                {"highly_toxic": Answer.ASK, "highly_toxic_declared": Answer.YES},
                (),
                "endorsement_missing",
                id="declared highly toxic",
            ),
            pytest.param(
                {"highly_toxic": Answer.ASK, "highly_toxic_declared": Answer.NO},
                (),
                "no_endorsement_needed",
                id="declared not highly toxic",
            ),
        ],
    )
    def test_what_goods_ask_of_a_driver(
        self, changes: dict[str, object], held: tuple[str, ...], reason: str
    ) -> None:
        own = certificate(CertificateKind.DRIVER_QUALIFICATION, categories=held)
        facts = trip(goods=(goods(**changes),), driver=driver(certificates=(own,)))

        assert judge("DRV-01.endorsement", facts).reason == reason

    def test_an_expired_certificate_endorses_nothing(self) -> None:
        own = certificate(
            CertificateKind.DRIVER_QUALIFICATION, categories=("explosive",), valid_until=YESTERDAY
        )
        facts = trip(goods=(goods(division="1.4S"),), driver=driver(certificates=(own,)))

        assert judge("DRV-01.endorsement", facts).reason == "endorsement_missing"
