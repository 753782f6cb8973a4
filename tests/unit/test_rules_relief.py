"""Who goes as ordinary goods, and what the relief comes to in a whole verdict."""

from dataclasses import replace
from decimal import Decimal
from typing import Final

import pytest

from tests.harness.mixed_loads import (
    excepted,
    explosive,
    limited,
    load_of,
    packages,
    rigid,
)
from tests.harness.rule_facts import AT, carrier, certificate, driver, escort
from tests.harness.rule_trips import (
    ANSWERS,
    DRIVER_SCAN,
    ESCORT_PRESENT,
    ESCORT_SCAN,
    SUPERVISOR_PRESENT,
    TRACTOR_PLATE,
    VEHICLE_SCAN,
    scan,
)
from waybill.registry.kinds import CertificateKind
from waybill.rules.assess import Assessment, assess
from waybill.rules.bases import FIRST_EDITION, SECOND_EDITION
from waybill.rules.evidence import Evidence, EvidenceItem, ScanKind
from waybill.rules.facts import Answer, CarriageMode, Facts, GoodsFacts, PhysicalState, Regime
from waybill.rules.finding import Finding, Outcome, Phase, Severity
from waybill.rules.regimes import relieving_regimes
from waybill.rules.register import REGISTER, rules_in_force
from waybill.rules.rule import RELIEVED

LQ, EQ = Regime.LIMITED, Regime.EXCEPTED
NONE: Final[frozenset[Regime]] = frozenset()
LIQUID, SOLID = PhysicalState.LIQUID, PhysicalState.SOLID
GAS, ASK = PhysicalState.GAS, PhysicalState.ASK
FULL: Final = limited(
    packages=300,
    quantity_kg=Decimal(7000),
    gross_mass_kg=Decimal(8000),
    package_gross_kg=Decimal(30),
)
PAPERS_AND_PEOPLE: Final = {
    "VEH-02.tractor",
    "VEH-02.trailer",
    "CAR-01.licence",
    "CAR-01.scope",
    "DRV-01.qualification",
    "DRV-01.endorsement",
    "ESC-01.qualification",
    "ESC-01.not_driver",
    "ESC-01.present",
    "DOC-02.escort",
}
RELIEVED_CODES: Final = PAPERS_AND_PEOPLE | {
    "ESC-01.endorsement",
    "VEH-03.insurance",
    "VEH-04.packages",
    "DOC-03.instructions_in_writing",
    "HAND-01.lamp",
    "HAND-01.marks",
    "HAND-01.orange_plates",
    "HAND-01.placards",
    "HAND-01.safety_board",
}


def d(text: str) -> Decimal:
    return Decimal(text)


class TestRelief:
    """Who goes as ordinary goods."""

    @pytest.mark.parametrize(
        ("lines", "regimes"),
        [
            pytest.param((), NONE, id="no goods"),
            pytest.param((packages(),), NONE, id="ordinary goods"),
            pytest.param((FULL,), {LQ}, id="8 000 kg"),
            pytest.param((replace(FULL, gross_mass_kg=d("8000.001")),), NONE, id="a gram more"),
            pytest.param((excepted(packages=1000),), {EQ}, id="1 000 packages"),
            pytest.param((excepted(packages=1001),), NONE, id="1 001 packages"),
            pytest.param((limited(), limited(2)), {LQ}, id="two lines"),
            pytest.param((FULL, limited(2)), NONE, id="two lines are too much"),
            pytest.param((limited(), packages(2)), NONE, id="one ordinary line among them"),
            pytest.param((packages(), limited(2)), NONE, id="one ordinary line before them"),
            pytest.param((FULL, excepted(2, packages=1000)), {LQ, EQ}, id="each within its own"),
            pytest.param((FULL, excepted(2, packages=1001)), NONE, id="the packages are too many"),
            pytest.param((excepted(), limited(2, inner_l=None)), NONE, id="one not declared"),
            pytest.param((limited(), excepted(2, inner_l=None)), NONE, id="the other not declared"),
            pytest.param((limited(mode=CarriageMode.BULK),), NONE, id="in bulk"),
            pytest.param((limited(empty_uncleaned=True),), NONE, id="empty"),
            pytest.param(
                (explosive(regime=LQ),), NONE, id="explosives that the list does not allow"
            ),
        ],
    )
    def test_regimes(self, lines: tuple[GoodsFacts, ...], regimes: set[Regime]) -> None:
        assert relieving_regimes(load_of(*lines)) == regimes

    @pytest.mark.parametrize("line", [limited(), excepted()], ids=["limited", "excepted"])
    @pytest.mark.parametrize("figures", ["", "1999-01-01"])
    def test_without_the_figures_nobody_is_relieved(self, line: GoodsFacts, figures: str) -> None:
        assert relieving_regimes(load_of(line, figures=figures)) == NONE


def ordinary_freight(*lines: GoodsFacts, **changes: object) -> Facts:
    """Return a trip as a carrier of ordinary goods would make it: without dangerous goods papers.

    There is an escort on the waybill, but without a qualification, and not at the bay.
    """
    total = tuple(
        (line.un_number, line.packing_group, int(line.quantity_kg), "kg") for line in lines
    )
    items: tuple[EvidenceItem, ...] = (
        scan(ScanKind.WAYBILL, "waybill-1", revision=1, goods=total),
        VEHICLE_SCAN,
        DRIVER_SCAN,
        TRACTOR_PLATE,
        SUPERVISOR_PRESENT,
        *ANSWERS,
    )
    roadworthy = (
        CertificateKind.VEHICLE_LICENCE,
        CertificateKind.TECHNICAL_INSPECTION,
        CertificateKind.LIABILITY_INSURANCE,
    )
    plain = load_of(
        *lines,
        carrier=carrier(certificates=()),
        tractor=rigid(certificates=tuple(certificate(kind) for kind in roadworthy)),
        driver=driver(certificates=(certificate(CertificateKind.DRIVING_LICENCE),)),
        escort=escort(certificates=(), identity="identity-driver"),
        evidence=Evidence(items=items),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def verdict(
    facts: Facts, phase: Phase = Phase.BEFORE_LOADING, edition: str = SECOND_EDITION
) -> Assessment:
    return assess(facts, at=AT, phase=phase, edition=edition)


class TestVerdict:
    """The relief in a whole verdict."""

    @pytest.mark.parametrize(
        ("lines", "regimes"),
        [
            pytest.param((FULL,), ["limited_quantity"], id="limited"),
            pytest.param((excepted(),), ["excepted_quantity"], id="excepted"),
            pytest.param(
                (limited(), excepted(2)), ["excepted_quantity", "limited_quantity"], id="both"
            ),
        ],
    )
    def test_small_quantities_clear_without_dangerous_goods_papers(
        self, lines: tuple[GoodsFacts, ...], regimes: list[str]
    ) -> None:
        assessment = verdict(ordinary_freight(*lines))

        assert assessment.clears
        assert [finding for finding in assessment.findings if finding.reason == RELIEVED] == [
            Finding(
                code=rule.code,
                version=rule.version,
                severity=Severity.STOP,
                outcome=Outcome.NOT_APPLICABLE,
                reason=RELIEVED,
                facts={"regimes": regimes},
            )
            for rule in rules_in_force(AT.date(), Phase.BEFORE_LOADING, SECOND_EDITION)
            if rule.code in RELIEVED_CODES
        ]

    @pytest.mark.parametrize(
        "lines",
        [
            pytest.param((replace(FULL, gross_mass_kg=d("8000.001")),), id="a gram too much"),
            pytest.param((excepted(packages=1001),), id="a package too much"),
            pytest.param((limited(), packages(2)), id="an ordinary line among them"),
            pytest.param((limited(inner_l=None),), id="not declared"),
        ],
    )
    def test_when_the_relief_is_lost_the_ordinary_rules_stop(
        self, lines: tuple[GoodsFacts, ...]
    ) -> None:
        assessment = verdict(ordinary_freight(*lines))

        stopped = {finding.code for finding in assessment.findings if finding.blocks}
        assert stopped == PAPERS_AND_PEOPLE - {"VEH-02.trailer", "DRV-01.endorsement"}
        assert not any(finding.reason == RELIEVED for finding in assessment.findings)

    def test_a_lost_relief_stops_nothing_where_the_ordinary_rules_are_met(self) -> None:
        line = limited(inner_l=None)
        full = load_of(line)
        scanned = ordinary_freight(line).evidence.items
        facts = replace(full, evidence=Evidence(items=(*scanned, ESCORT_SCAN, ESCORT_PRESENT)))

        assessment = verdict(facts)

        assert assessment.clears
        assert assessment.standing == ()
        told = {f.code: f.outcome for f in assessment.findings if f.severity is Severity.INFO}
        assert told["MIX-02.limited"] in (Outcome.FAILED, Outcome.UNKNOWN)

    def test_what_is_wrong_beside_the_relief_still_stops(self) -> None:
        gone = driver(certificates=(), identity="identity-driver")

        assessment = verdict(ordinary_freight(limited(), driver=gone))

        assert [f.code for f in assessment.findings if f.blocks] == ["DRV-01.licence"]

    def test_cartridges_beside_limited_paint_stop_though_both_are_within_limits(self) -> None:
        cartridges = limited(
            2,
            entry_key="0012",
            un_number="0012",
            division="1.4S",
            classification_code="1.4S",
            labels=("1.4",),
            packing_group="",
            limited_quantity="5 kg",
            inner_kg=d("5"),
            net_explosive_mass_kg=d("10"),
            transport_category="4",
            tunnel_restriction_code="E",
        )
        facts = ordinary_freight(limited(), cartridges)

        assessment = verdict(facts)

        assert relieving_regimes(facts) == {LQ}
        assert {f.code for f in assessment.findings if f.blocks} == {
            "MIX-01.limited_with_explosives",
            "DOC-04.civil_explosives",
            "TNK-03.volume",
        }

    def test_toxic_goods_in_limited_quantities_are_still_kept_from_food(self) -> None:
        line = limited(
            division="6.1", labels=("6.1",), loading_provisions=("CV28",), un_number="1888",
            entry_key="1888", limited_quantity="5 L",
        )  # fmt: skip
        facts = ordinary_freight(line)
        fed = replace(facts, waybill=replace(facts.waybill, foodstuffs=Answer.YES))

        assert [f.code for f in verdict(fed).findings if f.blocks] == ["MIX-01.foodstuffs"]

    def test_the_edition_before_knew_no_relief(self) -> None:
        assessment = verdict(ordinary_freight(limited()), edition=FIRST_EDITION)

        assert not assessment.clears
        assert not any(finding.reason == RELIEVED for finding in assessment.findings)

    def test_at_issue_the_same_relief_holds(self) -> None:
        assessment = verdict(ordinary_freight(limited()), Phase.ISSUE)

        relieved = {f.code for f in assessment.findings if f.reason == RELIEVED}
        asked = {rule.code for rule in rules_in_force(AT.date(), Phase.ISSUE, SECOND_EDITION)}
        assert relieved == RELIEVED_CODES & asked


def test_no_other_rule_is_relieved() -> None:
    relieved = {rule.code: rule.relieved_by for rule in REGISTER if rule.relieved_by}

    assert relieved == {code: {Regime.LIMITED, Regime.EXCEPTED} for code in RELIEVED_CODES}
