"""Rules at their edges and one step to either side."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

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
    loaded_trip,
    loading,
    packages_trip,
    scan,
    substance,
    tank,
    tractor,
    trailer,
    trip,
    waybill,
)
from waybill.registry.kinds import CertificateKind, CertificateStatus, PlateColour, TankKind
from waybill.rules.evidence import LoadedLine, PlateItem, Presentation, ScanKind
from waybill.rules.facts import Answer, CarriageMode, CertificateFacts, CompartmentFacts, Facts
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

        assert judge("CAR-01.scope", facts).reason == reason


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


class TestApproval:
    @pytest.mark.parametrize(
        ("listed", "stated", "reason"),
        [
            pytest.param({"packing_groups": ("I", "II")}, {}, "approved", id="group is listed"),
            pytest.param({"packing_groups": ("III",)}, {}, "narrowed_out", id="other group"),
            pytest.param({"compartment": 1}, {"compartment": 1}, "approved", id="its compartment"),
            pytest.param({"compartment": 1}, {"compartment": 2}, "narrowed_out", id="another"),
            pytest.param(
                {"max_concentration": "≤65%"}, {"concentration": "65 %"}, "approved", id="65 of 65"
            ),
            pytest.param(
                {"max_concentration": "65"},
                {"concentration": "65.1%"},
                "narrowed_out",
                id="65.1 of 65",
            ),
            pytest.param(
                {"max_concentration": "65%"},
                {"concentration": "浓"},
                "concentration_unsettled",
                id="not a figure",
            ),
            pytest.param(
                {"max_concentration": "650%"},
                {"concentration": "65%"},
                "concentration_unsettled",
                id="more than all",
            ),
            pytest.param(
                {"technical_name": "石脑油 "}, {"technical_name": "石脑油"}, "approved", id="name"
            ),
            pytest.param(
                {"technical_name": "石脑油"},
                {"technical_name": "苯"},
                "technical_name_unsettled",
                id="another name may be the same substance",
            ),
            pytest.param(
                {},
                {"special_provisions": ("274",), "technical_name": "苯"},
                "technical_name_unsettled",
                id="n.o.s. and a list that names no substance",
            ),
        ],
    )
    def test_how_a_list_narrows(
        self, listed: dict[str, object], stated: dict[str, object], reason: str
    ) -> None:
        facts = trip(
            tank=tank(approved_substances=(substance("1203", **listed),)), goods=(goods(**stated),)
        )

        assert judge("TNK-02.approved", facts).reason == reason

    def test_of_several_lines_one_that_fits_is_enough(self) -> None:
        lines = (substance(packing_groups=("III",)), substance(technical_name="苯"), substance())

        assert (
            judge("TNK-02.approved", trip(tank=tank(approved_substances=lines))).reason
            == "approved"
        )

    @pytest.mark.parametrize(
        ("own", "needed", "reason"),
        [
            pytest.param("T11", "T4", "code_permits", id="better"),
            pytest.param("T4", "T4", "code_permits", id="the same"),
            pytest.param("T3", "T4", "code_forbids", id="worse"),
            pytest.param("T?", "T4", "code_unsettled", id="not readable"),
            pytest.param(None, "T4", "code_missing", id="not on record"),
            pytest.param("T4", "", "no_code_in_list", id="not allowed"),
        ],
    )
    def test_a_portable_tank_is_judged_by_its_instruction(
        self, own: str | None, needed: str, reason: str
    ) -> None:
        facts = trip(
            tank=tank(kind=TankKind.PORTABLE_TANK, portable_tank_instruction=own),
            goods=(goods(portable_tank_instruction=needed),),
        )

        assert judge("TNK-02.approved", facts).reason == reason

    def test_a_pressure_vessel_needs_its_medium_on_the_registration(self) -> None:
        own = certificate(CertificateKind.USE_REGISTRATION, valid_until=None)
        vessel = tank(kind=TankKind.MOBILE_PRESSURE_VESSEL, certificates=(own,))
        other = replace(vessel, approved_substances=(substance("1017"),))

        assert judge("TNK-02.approved", trip(tank=vessel)).reason == "approved"
        assert judge("TNK-02.approved", trip(tank=other)).reason == "not_on_list"

    def test_one_compartment_that_fails_refuses_the_tank(self) -> None:
        lines = (goods(), goods(position=2, un_number="1230", compartment=2))

        finding = judge("TNK-02.approved", trip(goods=lines))

        assert (finding.reason, finding.facts["position"]) == ("not_on_list", 2)

    def test_a_tank_with_one_compartment_needs_no_number(self) -> None:
        one = (CompartmentFacts(number=7, capacity_l=Decimal(42000)),)

        assert judge("TNK-02.compartments", trip(tank=tank(compartments=one))).facts[
            "compartments"
        ] == [7]

    def test_packages_beside_the_tank_are_not_judged_by_its_list(self) -> None:
        lines = (goods(), goods(position=2, un_number="1993", mode=CarriageMode.PACKAGES))

        assert judge("TNK-02.approved", trip(goods=lines)).reason == "approved"


class TestMass:
    @pytest.mark.parametrize(
        ("quantity_kg", "changes", "reason"),
        [
            pytest.param("29000", {}, "within_limits", id="exactly the rated load"),
            pytest.param("29000.001", {}, "over_rated_load", id="a gram over"),
            pytest.param("29400", {}, "over_rated_load", id="400 kg over"),
            pytest.param(
                "25000",
                {"tank": tank(mounted_on_id=None, tare_kg=Decimal(4000))},
                "within_limits",
                id="a demountable tank to the limit",
            ),
            pytest.param(
                "25001",
                {"tank": tank(mounted_on_id=None, tare_kg=Decimal(4000))},
                "over_rated_load",
                id="a demountable tank counts",
            ),
            pytest.param(
                "28000", {"tank": tank(rated_load_kg=Decimal(28000))}, "within_limits", id="tank"
            ),
            pytest.param(
                "28000",
                {"tractor": tractor(max_trailer_mass_kg=Decimal(35000))},
                "within_limits",
                id="exactly what the tractor draws",
            ),
            pytest.param("-1", {}, "quantity_invalid", id="negative"),
            pytest.param("NaN", {}, "quantity_invalid", id="no number"),
        ],
    )
    def test_each_limit_itself_is_allowed(
        self, quantity_kg: str, changes: dict[str, object], reason: str
    ) -> None:
        facts = trip(goods=(goods(quantity_kg=Decimal(quantity_kg)),), **changes)

        assert judge("TNK-03.mass", facts).reason == reason

    def test_a_negative_line_cannot_make_room_for_another(self) -> None:
        lines = (goods(quantity_kg=Decimal(30000)), goods(position=2, quantity_kg=Decimal(-2000)))

        assert judge("TNK-03.mass", trip(goods=lines)).reason == "quantity_invalid"

    def test_all_lines_weigh_together(self) -> None:
        lines = (goods(quantity_kg=Decimal(20000)), goods(position=2, quantity_kg=Decimal(9001)))

        finding = judge("TNK-03.mass", packages_trip(goods=lines))

        assert finding.facts == {
            "holder": "苏H12345",
            "load_kg": "29001",
            "limit_kg": "29000",
            "over_kg": "1",
        }

    def test_a_certain_overload_outweighs_an_unknown_figure(self) -> None:
        facts = trip(
            goods=(goods(quantity_kg=Decimal(29001)),), tractor=tractor(max_trailer_mass_kg=None)
        )

        assert judge("TNK-03.mass", facts).reason == "over_rated_load"

    @pytest.mark.parametrize(
        ("gross_kg", "reason"),
        [
            pytest.param("44800", "within_gross_mass", id="8800 + 7000 + 29000"),
            pytest.param("44800.5", "over_gross_mass", id="half a kilogram over"),
        ],
    )
    def test_the_weighbridge_knows_tares_and_rated_load(self, gross_kg: str, reason: str) -> None:
        facts = loaded_trip(loading(gross_mass_kg=Decimal(gross_kg)))

        assert judge("AFTER-01.weighbridge", facts).reason == reason

    def test_a_rigid_vehicle_is_weighed_alone(self) -> None:
        facts = packages_trip(evidence=loaded_trip(loading(gross_mass_kg=Decimal(37801))).evidence)

        assert judge("AFTER-01.weighbridge", facts).reason == "over_gross_mass"

    @pytest.mark.parametrize(
        ("loaded_kg", "reason"),
        [
            pytest.param("28000", "within_plan", id="as planned"),
            pytest.param("27500", "within_plan", id="less"),
            pytest.param("28000.1", "over_planned", id="a little more"),
        ],
    )
    def test_no_more_than_planned(self, loaded_kg: str, reason: str) -> None:
        line = LoadedLine(position=1, quantity_kg=Decimal(loaded_kg))

        assert judge("AFTER-01.quantity", loaded_trip(loading(lines=(line,)))).reason == reason

    def test_a_record_that_ends_now_is_not_in_the_future(self) -> None:
        assert judge("AFTER-01.times", loaded_trip(loading(finished_at=AT))).reason == "in_order"


class TestWaybill:
    @pytest.mark.parametrize(
        ("at", "reason"),
        [
            pytest.param(AT, "today", id="first moment"),
            pytest.param(AT - timedelta(seconds=1), "too_early", id="before"),
            pytest.param(AT + timedelta(hours=1), "today", id="last moment"),
            pytest.param(AT + timedelta(hours=1, seconds=1), "too_late", id="after"),
        ],
    )
    def test_the_bounds_of_its_validity_are_in_it(self, at: datetime, reason: str) -> None:
        facts = trip(waybill=waybill(valid_from=AT, valid_until=AT + timedelta(hours=1)))

        assert judge("DOC-01.dates", facts, at).reason == reason

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
