"""A tank's list and code against the goods, and what a tank may bear: whole findings."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.harness.rule_facts import AT, goods, substance, tank, tractor, waybill
from tests.harness.rule_trips import packages_trip, trip
from waybill.codec import JsonValue
from waybill.registry.kinds import TankKind
from waybill.rules.facts import CarriageMode, Facts, MountedTankFacts
from waybill.rules.finding import Finding, Outcome, Severity
from waybill.rules.mass import judge_mass
from waybill.rules.register import get_rule
from waybill.rules.rule import failed, passed, unknown

PORTABLE: dict[str, JsonValue] = {
    "subject": "tank",
    "holder": "HA-0001",
    "tank_kind": "portable_tank",
    "un_number": "1203",
    "position": 1,
}


def judge(code: str, facts: Facts) -> Finding:
    return get_rule(code, 1).check(facts, AT)


def found(code: str, outcome: Outcome, reason: str, **facts: JsonValue) -> Finding:
    return Finding(
        code=code, version=1, severity=Severity.STOP, outcome=outcome, reason=reason, facts=facts
    )


class TestApproval:
    @pytest.mark.parametrize(
        ("own", "needed", "outcome", "reason", "seen"),
        [
            ("T11", "", Outcome.FAILED, "no_code_in_list", {}),
            (None, "T4", Outcome.UNKNOWN, "code_missing", {"needed": "T4"}),
            ("T3", "T4", Outcome.FAILED, "code_forbids", {"needed": "T4", "tank_code": "T3"}),
            ("T4", "T4", Outcome.PASSED, "code_permits", {"needed": "T4", "tank_code": "T4"}),
        ],
    )
    def test_a_portable_tank_answers_with_both_instructions(
        self,
        own: str | None,
        needed: str,
        outcome: Outcome,
        reason: str,
        seen: dict[str, JsonValue],
    ) -> None:
        facts = trip(
            tank=tank(kind=TankKind.PORTABLE_TANK, portable_tank_instruction=own),
            goods=(goods(portable_tank_instruction=needed),),
        )

        assert judge("TNK-02.approved", facts) == found(
            "TNK-02.approved", outcome, reason, **PORTABLE, **seen
        )

    @pytest.mark.parametrize(
        ("un_number", "reason"),
        [
            pytest.param("1017", "code_permits", id="chlorine, whose pressure is known"),
            pytest.param("1203", "code_unsettled", id="goods without a gas's pressure"),
        ],
    )
    def test_a_column_that_leaves_the_pressure_open_is_read_for_the_gas(
        self, un_number: str, reason: str
    ) -> None:
        facts = trip(
            tank=tank(kind=TankKind.TANK_CONTAINER, tank_code="P22DH"),
            goods=(goods(un_number=un_number, tank_code="PxDH"),),
        )

        assert judge("TNK-02.approved", facts).reason == reason

    @pytest.mark.parametrize(
        ("most", "stated", "reason"),
        [
            pytest.param("100%", "100%", "approved", id="all of all"),
            pytest.param("100.1%", "100%", "concentration_unsettled", id="more than all allowed"),
            pytest.param("65%", "100.1%", "concentration_unsettled", id="more than all stated"),
            pytest.param("65%", "100%", "narrowed_out", id="all, where less is allowed"),
        ],
    )
    def test_a_share_is_at_most_the_whole(self, most: str, stated: str, reason: str) -> None:
        facts = trip(
            tank=tank(approved_substances=(substance(max_concentration=most),)),
            goods=(goods(concentration=stated),),
        )

        assert judge("TNK-02.approved", facts).reason == reason

    def test_too_strong_outweighs_a_name_that_is_not_settled(self) -> None:
        listed = substance(max_concentration="65%", technical_name="石脑油")
        facts = trip(tank=tank(approved_substances=(listed,)), goods=(goods(concentration="66%"),))

        assert judge("TNK-02.approved", facts).reason == "narrowed_out"

    def test_what_narrows_a_list_is_spelled_out(self) -> None:
        lines = (
            substance(packing_groups=("I", "III"), technical_name="苯", max_concentration="65%"),
            substance(packing_groups=("III",), compartment=2),
        )

        finding = judge("TNK-02.approved", trip(tank=tank(approved_substances=lines)))

        assert finding.facts["narrowed"] == ["I/III 苯 65%", "III #2"]


class TestMass:
    def test_a_tractor_that_is_not_on_record_leaves_the_combination_open(self) -> None:
        assert judge("TNK-03.mass", trip(tractor=None)) == found(
            "TNK-03.mass", Outcome.UNKNOWN, "unit_not_registered", load_kg="28000"
        )

    @pytest.mark.parametrize(
        ("in_tank_kg", "answer"),
        [
            pytest.param(
                "20000",
                passed("within_limits", holder="苏H1234挂", load_kg="28000", limit_kg="29000"),
                id="to the limit",
            ),
            pytest.param(
                "20000.10",
                failed(
                    "over_tank_load",
                    holder="HA-0001",
                    load_kg="20000.1",
                    limit_kg="20000",
                    over_kg="0.1",
                ),
                id="over it",
            ),
        ],
    )
    def test_a_tank_bears_only_what_is_in_it(self, in_tank_kg: str, answer: object) -> None:
        in_tank = Decimal(in_tank_kg)
        lines = (goods(), goods(position=2, mode=CarriageMode.PACKAGES))
        facts = trip(tank=tank(rated_load_kg=Decimal(20000)), goods=lines)

        assert judge_mass(facts, {1: in_tank, 2: Decimal(28000) - in_tank}) == answer

    def test_a_line_of_which_nothing_was_loaded_weighs_nothing(self) -> None:
        facts = trip(tank=tank(rated_load_kg=Decimal(20000)), goods=(goods(), goods(position=2)))

        assert judge_mass(facts, {1: Decimal("20000.5")}) == failed(
            "over_tank_load", holder="HA-0001", load_kg="20000.5", limit_kg="20000", over_kg="0.5"
        )
        assert judge_mass(facts, {}) == unknown("no_goods")

    def test_without_a_trailer_nothing_is_drawn(self) -> None:
        own = waybill(trailer_plate=None, trailer_plate_colour=None)
        vehicle = tractor(rated_load_kg=Decimal(29000), max_trailer_mass_kg=Decimal(1))

        assert judge("TNK-03.mass", trip(waybill=own, tractor=vehicle, trailer=None)) == found(
            "TNK-03.mass",
            Outcome.PASSED,
            "within_limits",
            holder="苏H12345",
            load_kg="28000",
            limit_kg="29000",
        )


class TestMode:
    @pytest.mark.parametrize(
        ("kind", "columns", "outcome", "reason", "seen"),
        [
            (TankKind.PORTABLE_TANK, ("LGBF", "T4"), Outcome.PASSED, "tank", {"list_code": "T4"}),
            (TankKind.PORTABLE_TANK, ("LGBF", ""), Outcome.FAILED, "tank_kind_not_allowed", {}),
            (TankKind.TANK_CONTAINER, ("LGBF", ""), Outcome.PASSED, "tank", {"list_code": "LGBF"}),
            (TankKind.TANK_CONTAINER, ("", "T4"), Outcome.FAILED, "tank_kind_not_allowed", {}),
        ],
    )
    def test_each_kind_of_tank_has_its_column(
        self,
        kind: TankKind,
        columns: tuple[str, str],
        outcome: Outcome,
        reason: str,
        seen: dict[str, JsonValue],
    ) -> None:
        line = goods(tank_code=columns[0], portable_tank_instruction=columns[1])

        assert judge("GDS-01.mode", trip(tank=tank(kind=kind), goods=(line,))) == found(
            "GDS-01.mode",
            outcome,
            reason,
            un_number="1203",
            position=1,
            tank_kind=kind.value,
            **seen,
        )


class TestMounting:
    def test_the_waybills_own_tank_on_the_unit_is_no_other(self) -> None:
        own = MountedTankFacts(id="tank-1", number="HA-0001", unit_id="trailer-1")

        assert judge("TNK-01.mounting", trip(mounted_tanks=(own,))) == found(
            "TNK-01.mounting",
            Outcome.PASSED,
            "mounted",
            subject="tank",
            holder="HA-0001",
            expected="苏H1234挂",
        )

    @pytest.mark.parametrize(
        "facts",
        [
            pytest.param(trip(), id="beside the waybill's"),
            pytest.param(packages_trip(), id="where the waybill names none"),
        ],
    )
    def test_another_tank_on_the_unit_is_named(self, facts: Facts) -> None:
        own = MountedTankFacts(id="tank-1", number="HA-0001", unit_id="trailer-1")
        other = MountedTankFacts(id="tank-2", number="HA-0002", unit_id="trailer-1")
        mounted = (own, other) if facts.tank else (other,)

        assert judge("TNK-01.mounting", replace(facts, mounted_tanks=mounted)) == found(
            "TNK-01.mounting", Outcome.FAILED, "other_tank_mounted", tanks=["HA-0002"]
        )
