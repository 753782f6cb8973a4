"""Rules about the waybill and what is compared with it, at their edges."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from tests.harness.rule_facts import (
    AT,
    TODAY,
    certificate,
    driver,
    goods,
    waybill,
)
from tests.harness.rule_trips import (
    scan,
    trip,
)
from waybill.registry.kinds import CertificateKind, PlateColour
from waybill.rules.evidence import PlateItem, Presentation, ScanKind
from waybill.rules.facts import CertificateFacts, Facts
from waybill.rules.finding import Finding, Outcome
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


class TestWaybill:
    @pytest.mark.parametrize(
        ("at", "reason"),
        [
            pytest.param(AT, "today", id="first moment"),
            pytest.param(AT - timedelta(seconds=1), "too_early", id="before"),
            pytest.param(AT + timedelta(minutes=59, seconds=59), "today", id="before the end"),
            pytest.param(AT + timedelta(hours=1), "too_late", id="at the end"),
            pytest.param(AT + timedelta(hours=1, seconds=1), "too_late", id="after"),
        ],
    )
    def test_its_validity_has_its_first_moment_and_not_its_last(
        self, at: datetime, reason: str
    ) -> None:
        facts = trip(waybill=waybill(valid_from=AT, valid_until=AT + timedelta(hours=1)))

        assert judge("DOC-01.dates", facts, at).reason == reason

    @pytest.mark.parametrize(
        ("after_midnight", "reason"),
        [
            pytest.param(timedelta(minutes=-1), "today", id="the planned day itself"),
            pytest.param(timedelta(0), "today", id="midnight"),
            pytest.param(timedelta(hours=3, minutes=50), "today", id="four hours after the plan"),
            pytest.param(timedelta(hours=3, minutes=50, seconds=1), "other_day", id="later"),
        ],
    )
    def test_a_loading_planned_before_midnight_may_begin_shortly_after(
        self, after_midnight: timedelta, reason: str
    ) -> None:
        facts = trip(
            waybill=waybill(
                planned_loading_at=MIDNIGHT - timedelta(minutes=10),
                valid_from=AT,
                valid_until=AT + timedelta(days=3),
            )
        )

        assert judge("DOC-01.dates", facts, MIDNIGHT + after_midnight).reason == reason

    def test_a_code_without_revision_is_not_signed(self) -> None:
        assert judge("DOC-01.signature", trip(scan(ScanKind.WAYBILL, "waybill-1"))).reason == (
            "code_not_signed"
        )

    def test_a_typed_plate_is_compared_without_a_card(self) -> None:
        typed = scan(ScanKind.VEHICLE, "苏H12345", presentation=Presentation.TYPED)

        assert judge("DOC-02.tractor", trip(typed)).outcome is Outcome.PASSED

    def test_a_signed_card_without_version_is_not_current(self) -> None:
        assert judge("DOC-02.tractor", trip(scan(ScanKind.VEHICLE, "苏H12345"))).reason == (
            "card_superseded"
        )

    @pytest.mark.parametrize(
        ("coded", "reason"),
        [
            pytest.param((("1203", "II", 28000, "kg"),), "equal", id="rounded down"),
            pytest.param((("1203", "II", 28001, "kg"),), "equal", id="rounded up"),
            pytest.param((("1203", "II", 28002, "kg"),), "quantity_differs", id="another"),
            pytest.param((("1203", "II", 38000, "L"),), "equal", id="litres"),
            pytest.param((("1203", "III", 28000, "kg"),), "goods_differ", id="packing group"),
            pytest.param((("1203", "II", 28000, "kg"),) * 2, "goods_differ", id="a line more"),
        ],
    )
    def test_goods_of_the_code(
        self, coded: tuple[tuple[str, str, int, str], ...], reason: str
    ) -> None:
        code = scan(ScanKind.WAYBILL, "waybill-1", revision=1, goods=coded)
        line = goods(quantity_kg=Decimal("28000.4"), quantity_l=Decimal(38000))

        assert judge("DOC-02.goods", trip(code, goods=(line,))).reason == reason

    def test_a_plate_that_is_none_is_compared_as_it_stands(self) -> None:
        seen = PlateItem(
            unit="tractor", plate="?", plate_colour=PlateColour.YELLOW, how="typed", at=AT
        )

        assert judge("VEH-05.tractor", trip(seen)).reason == "plate_differs"

    def test_the_newest_look_at_a_plate_counts(self) -> None:
        wrong, right = (
            PlateItem(
                unit="tractor", plate=plate, plate_colour=PlateColour.YELLOW, how="typed", at=AT
            )
            for plate in ("苏H99999", "苏h·12345")
        )

        assert judge("VEH-05.tractor", trip(wrong, right)).outcome is Outcome.PASSED
