"""What is seen at the bay beside what is on record: whole findings."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from tests.harness.rule_facts import AT, driver, escort, goods, waybill
from tests.harness.rule_trips import WAYBILL_SCAN, scan, trip, without
from waybill.codec import JsonValue
from waybill.rules.evidence import Evidence, PresenceItem, Presentation, ScanKind
from waybill.rules.facts import Facts
from waybill.rules.finding import Finding, Outcome, Severity
from waybill.rules.lifecycle import WaybillStatus
from waybill.rules.register import get_rule


def judge(code: str, facts: Facts) -> Finding:
    return get_rule(code, 1).check(facts, AT)


def found(code: str, outcome: Outcome, reason: str, **facts: JsonValue) -> Finding:
    return Finding(
        code=code, version=1, severity=Severity.STOP, outcome=outcome, reason=reason, facts=facts
    )


class TestGoodsOfTheCode:
    def test_without_a_scan_nothing_was_read(self) -> None:
        assert judge("DOC-02.goods", trip(evidence=without(WAYBILL_SCAN))) == found(
            "DOC-02.goods", Outcome.UNKNOWN, "goods_not_read"
        )

    def test_goods_of_a_code_that_was_refused_do_not_count(self) -> None:
        refused = scan(
            ScanKind.WAYBILL,
            "waybill-1",
            revision=1,
            goods=(("1203", "II", 28000, "kg"),),
            problem="revoked",
        )

        assert judge("DOC-02.goods", trip(refused)) == found(
            "DOC-02.goods", Outcome.UNKNOWN, "goods_not_read"
        )

    @pytest.mark.parametrize(
        ("quantity_kg", "outcome", "reason"),
        [
            pytest.param("27999", Outcome.FAILED, "quantity_differs", id="a kilogram less"),
            pytest.param("27999.001", Outcome.PASSED, "equal", id="rounded up"),
            pytest.param("28000.999", Outcome.PASSED, "equal", id="rounded down"),
            pytest.param("28001", Outcome.FAILED, "quantity_differs", id="a kilogram more"),
        ],
    )
    def test_a_code_carries_whole_kilograms(
        self, quantity_kg: str, outcome: Outcome, reason: str
    ) -> None:
        facts = trip(goods=(goods(quantity_kg=Decimal(quantity_kg)),))

        assert judge("DOC-02.goods", facts) == found(
            "DOC-02.goods",
            outcome,
            reason,
            expected=[f"UN 1203 II {quantity_kg} kg"],
            seen=["UN 1203 II 28000 kg"],
        )

    def test_lines_are_compared_in_their_order(self) -> None:
        second = goods(position=2, un_number="1202", packing_group="III")
        coded = (("1203", "II", 28000, "kg"), ("1202", "III", 28000, "kg"))
        both = scan(ScanKind.WAYBILL, "waybill-1", revision=1, goods=coded)

        finding = judge("DOC-02.goods", trip(both, goods=(second, goods())))

        assert finding == found(
            "DOC-02.goods",
            Outcome.PASSED,
            "equal",
            expected=["UN 1203 II 28000 kg", "UN 1202 III 28000 kg"],
            seen=["UN 1203 II 28000 kg", "UN 1202 III 28000 kg"],
        )

    @pytest.mark.parametrize(
        ("volume_l", "reason"),
        [
            pytest.param(None, "volume_unknown", id="not on record"),
            pytest.param("37000", "equal", id="as on record"),
            pytest.param("37001", "quantity_differs", id="a litre more"),
        ],
    )
    def test_litres_are_compared_with_litres(self, volume_l: str | None, reason: str) -> None:
        litres = scan(
            ScanKind.WAYBILL, "waybill-1", revision=1, goods=(("1203", "II", 37000, "L"),)
        )
        volume = None if volume_l is None else Decimal(volume_l)

        finding = judge("DOC-02.goods", trip(litres, goods=(goods(quantity_l=volume),)))

        assert finding.reason == reason


class TestEscortIsNotTheDriver:
    def test_one_person_under_one_reference_is_named_twice(self) -> None:
        facts = trip(waybill=waybill(escort_reference="d0d0d0d0d0"))

        assert judge("ESC-01.not_driver", facts) == found(
            "ESC-01.not_driver",
            Outcome.FAILED,
            "same_person",
            driver="d0d0d0d0d0",
            escort="d0d0d0d0d0",
        )

    @pytest.mark.parametrize(
        ("changes", "outcome", "reason"),
        [
            pytest.param({}, Outcome.PASSED, "two_people", id="two"),
            pytest.param(
                {"identity": driver().identity}, Outcome.FAILED, "same_person", id="one ID number"
            ),
            pytest.param(
                {"reference": driver().reference}, Outcome.FAILED, "same_person", id="one card"
            ),
            pytest.param({"identity": ""}, Outcome.UNKNOWN, "identity_unknown", id="no ID number"),
        ],
    )
    def test_two_references_may_be_one_person(
        self, changes: dict[str, object], outcome: Outcome, reason: str
    ) -> None:
        assert judge("ESC-01.not_driver", trip(escort=escort(**changes))) == found(
            "ESC-01.not_driver", outcome, reason, driver="d0d0d0d0d0", escort="e0e0e0e0e0"
        )

    def test_a_driver_without_an_id_number_may_be_anybody(self) -> None:
        assert judge("ESC-01.not_driver", trip(driver=driver(identity=""))) == found(
            "ESC-01.not_driver",
            Outcome.UNKNOWN,
            "identity_unknown",
            driver="d0d0d0d0d0",
            escort="e0e0e0e0e0",
        )


class TestScans:
    @pytest.mark.parametrize(
        ("reference", "here", "outcome", "reason", "seen"),
        [
            ("d0d0d0d0d0", "here", Outcome.PASSED, "equal", {"how": "signed_qr"}),
            ("d0d0d0d0d0", "away", Outcome.FAILED, "absent", {}),
            ("e0e0e0e0e0", "here", Outcome.FAILED, "other_person", {}),
        ],
    )
    def test_a_driver_who_is_here_needs_his_card_all_the_same(
        self, reference: str, here: str, outcome: Outcome, reason: str, seen: dict[str, JsonValue]
    ) -> None:
        noted = PresenceItem(role="driver", reference=reference, present=here == "here", at=AT)

        assert judge("DOC-02.driver", trip(noted)) == found(
            "DOC-02.driver",
            outcome,
            reason,
            subject="driver",
            expected="d0d0d0d0d0",
            seen=reference,
            **seen,
        )

    def test_beside_a_signed_card_the_newest_look_counts(self) -> None:
        card = scan(ScanKind.VEHICLE, "苏H12345", card_version=2)
        right, wrong = (
            scan(ScanKind.VEHICLE, plate, presentation=Presentation.TYPED)
            for plate in ("苏H12345", "苏H99999")
        )

        assert Evidence(items=(card, right, wrong)).scans(ScanKind.VEHICLE) == (card, wrong)
        assert judge("DOC-02.tractor", trip(card, right, wrong)).reason == "differs"
        assert judge("DOC-02.tractor", trip(card, wrong, right)).reason == "equal"

    def test_what_was_typed_says_so(self) -> None:
        typed = scan(ScanKind.VEHICLE, "苏H12345", presentation=Presentation.TYPED)

        assert judge("DOC-02.tractor", trip(typed, evidence=Evidence(items=(typed,)))) == found(
            "DOC-02.tractor",
            Outcome.PASSED,
            "equal",
            subject="tractor",
            expected="苏H12345",
            seen="苏H12345",
            how="typed",
        )


class TestDates:
    def test_a_draft_is_judged_by_its_planned_day_alone(self) -> None:
        draft = waybill(status=WaybillStatus.DRAFT, valid_from=None, valid_until=None)

        assert judge("DOC-01.dates", trip(waybill=draft)) == found(
            "DOC-01.dates", Outcome.PASSED, "today", planned_on="2026-11-22", on="2026-11-22"
        )

    def test_what_is_no_draft_has_a_validity(self) -> None:
        issued = waybill(valid_from=None, valid_until=None)

        assert judge("DOC-01.dates", trip(waybill=issued)) == found(
            "DOC-01.dates", Outcome.UNKNOWN, "validity_unknown"
        )

    def test_shortly_after_midnight_both_days_are_told(self) -> None:
        planned = datetime.fromisoformat("2026-11-22T23:50:00+08:00")
        own = waybill(planned_loading_at=planned, valid_until=planned + timedelta(days=1))

        finding = get_rule("DOC-01.dates", 1).check(
            trip(waybill=own), planned + timedelta(minutes=20)
        )

        assert finding == found(
            "DOC-01.dates", Outcome.PASSED, "today", planned_on="2026-11-22", on="2026-11-23"
        )


class TestBlackList:
    def test_before_a_supervisor_is_named_nobody_looks_one_up(self) -> None:
        everybody = ["carrier", "tractor", "trailer", "tank", "driver", "escort"]

        assert judge("CAR-01.black_list", trip(supervisor=None)) == found(
            "CAR-01.black_list", Outcome.PASSED, "not_barred", subjects=everybody, on="2026-11-22"
        )
        assert judge("CAR-01.black_list", trip()) == found(
            "CAR-01.black_list",
            Outcome.PASSED,
            "not_barred",
            subjects=[*everybody, "supervisor"],
            on="2026-11-22",
        )
