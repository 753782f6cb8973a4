"""Rules about tank and mass, at their edges and one step to either side."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from tests.harness.rule_facts import (
    AT,
    TODAY,
    certificate,
    driver,
    goods,
    substance,
    tank,
    tractor,
    trailer,
)
from tests.harness.rule_trips import (
    loaded_trip,
    loading,
    packages_trip,
    trip,
)
from waybill.registry.kinds import CertificateKind, TankKind
from waybill.rules.evidence import LoadedLine
from waybill.rules.facts import CarriageMode, CertificateFacts, CompartmentFacts, Facts
from waybill.rules.finding import Finding
from waybill.rules.register import get_rule

YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)
MIDNIGHT = datetime.fromisoformat("2026-11-23T00:00:00+08:00")


def judge(code: str, facts: Facts, at: datetime = AT) -> Finding:
    return get_rule(code, 1).check(facts, at)


def judge_weighing(facts: Facts) -> Finding:
    return get_rule("AFTER-01.weighbridge", 2).check(facts, AT)


def licence(**changes: object) -> CertificateFacts:
    return certificate(CertificateKind.DRIVING_LICENCE, **changes)


def held_by_driver(*certificates: CertificateFacts) -> Facts:
    return trip(driver=driver(certificates=certificates))


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
                {"tank": tank(kind=TankKind.TANK_CONTAINER, tare_kg=Decimal(4000))},
                "within_limits",
                id="a demountable tank to the limit",
            ),
            pytest.param(
                "25001",
                {"tank": tank(kind=TankKind.TANK_CONTAINER, tare_kg=Decimal(4000))},
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
        ("recorded_kg", "weighed_kg", "reason"),
        [
            pytest.param("25000", "28000", "within_gross_mass", id="3 t less on record"),
            pytest.param("24999.9", "28000", "masses_contradict", id="more than that"),
            pytest.param("28000", "25000", "within_gross_mass", id="3 t less on the weighbridge"),
            pytest.param("28000", "24999.9", "masses_contradict", id="more than that, too"),
            pytest.param("28000", "29000.1", "over_gross_mass", id="too heavy in any case"),
        ],
    )
    def test_the_weighbridge_and_the_record_agree(
        self, recorded_kg: str, weighed_kg: str, reason: str
    ) -> None:
        line = LoadedLine(position=1, quantity_kg=Decimal(recorded_kg))
        gross_kg = Decimal(weighed_kg) + 15_800

        found = judge_weighing(loaded_trip(loading(lines=(line,), gross_mass_kg=gross_kg)))

        contradict = {"weighed_kg": weighed_kg, "recorded_kg": recorded_kg}
        assert found.reason == reason
        assert (found.facts == contradict) == (reason == "masses_contradict")

    @pytest.mark.parametrize(
        ("tare_kg", "reason"),
        [("4000", "within_gross_mass"), ("900", "masses_contradict"), (None, "tares_unknown")],
    )
    def test_a_demountable_tank_is_weighed_too(self, tare_kg: str | None, reason: str) -> None:
        held = tank(
            kind=TankKind.TANK_CONTAINER, tare_kg=None if tare_kg is None else Decimal(tare_kg)
        )
        line = LoadedLine(position=1, quantity_kg=Decimal(24000))

        facts = loaded_trip(loading(lines=(line,)), tank=held)

        assert judge_weighing(facts).reason == reason

    def test_the_tare_of_a_fixed_tank_is_that_of_its_unit(self) -> None:
        facts = loaded_trip(tank=tank(tare_kg=Decimal(9000)))

        assert judge_weighing(facts).reason == "within_gross_mass"

    def test_too_heavy_is_told_before_a_record_that_contradicts(self) -> None:
        line = LoadedLine(position=1, quantity_kg=Decimal(20000))
        facts = loaded_trip(loading(lines=(line,), gross_mass_kg=Decimal(44801)))

        assert judge_weighing(facts).reason == "over_gross_mass"

    def test_a_trailer_that_stays_behind_is_not_weighed(self) -> None:
        facts = packages_trip(evidence=loaded_trip(loading(gross_mass_kg=Decimal(36800))).evidence)

        assert judge_weighing(replace(facts, trailer=trailer())).reason == "within_gross_mass"

    def test_a_rigid_vehicle_is_compared_alone(self) -> None:
        weighed = loading(gross_mass_kg=Decimal(36800))
        facts = packages_trip(evidence=loaded_trip(weighed).evidence)

        assert judge_weighing(facts).reason == "within_gross_mass"

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
