"""Approval of tanks, volume caps and last cargo, at their edges and one step to either side."""

from decimal import Decimal

import pytest

from tests.harness.rule_facts import AT, goods, substance
from tests.harness.rule_trips import trip
from tests.harness.tank_loads import PROPANE, container, vessel
from tests.harness.tank_papers import ASK, LIQUID, SOLID, finding, fitness
from waybill.registry.kinds import TankKind
from waybill.rules.facts import (
    PhysicalState,
)
from waybill.rules.finding import Outcome
from waybill.rules.register import get_rule
from waybill.rules.tank_fitness import own_code


class TestLists:
    @pytest.mark.parametrize("kind", [TankKind.ATMOSPHERIC_TANK, TankKind.MOBILE_PRESSURE_VESSEL])
    def test_a_list_is_asked_not_the_code(self, kind: TankKind) -> None:
        held = vessel(kind=kind, approved_substances=(substance("1203"),), tank_code=None)

        assert fitness(held).reason == "approved"
        assert fitness(held, un_number="1202").reason == "not_on_list"

    def test_a_pressure_vessel_without_registration_is_not_asked_further(self) -> None:
        assert fitness(vessel(certificates=()), **PROPANE).reason == "certificate_missing"

    def test_the_worst_line_decides(self) -> None:
        lines = (goods(), goods(position=2, un_number="1230"))

        found = get_rule("TNK-02.approved", 2).check(trip(goods=lines), AT)

        assert (found.reason, found.facts["position"]) == ("not_on_list", 2)


class TestContainers:
    @pytest.mark.parametrize(
        ("own", "needed", "state", "reason", "why"),
        [
            ("LGBF", "LGBF", LIQUID, "fits", "same_code"),
            ("L4BN", "LGBF", LIQUID, "fits", "higher_code"),
            ("LGBF", "L4BN", LIQUID, "does_not_fit", "lower_code"),
            ("SGAN", "SGAN L4BN", SOLID, "fits", "same_code"),
            ("L4BN", "SGAN L4BN", LIQUID, "fits", "same_code"),
            ("SGAN", "SGAN L4BN", LIQUID, "does_not_fit", "solid_tank_for_liquid"),
            ("SGAN", "SGAN L4BN", ASK, "fit_unsettled", "state_unknown"),
            ("L4BN", "SGAN", SOLID, "fit_unsettled", "liquid_tank_for_solid"),
            ("L4BN", "?", LIQUID, "fit_unsettled", "code_unreadable"),
        ],
    )
    def test_the_code_decides_by_state(
        self, own: str, needed: str, state: PhysicalState, reason: str, why: str
    ) -> None:
        found = fitness(container(tank_code=own), tank_code=needed, physical_state=state)

        outcome = {"fits": Outcome.PASSED, "does_not_fit": Outcome.FAILED}
        assert found == finding(
            "TNK-02.approved",
            2,
            outcome.get(reason, Outcome.UNKNOWN),
            reason,
            subject="tank",
            holder="HA-0001",
            tank_kind="tank_container",
            un_number="1203",
            position=1,
            needed=needed,
            tank_code=own,
            why=why,
        )

    @pytest.mark.parametrize(
        ("listed", "reason"),
        [
            pytest.param((substance("1203"),), "named_in_approval", id="named"),
            pytest.param((substance("1202"),), "fit_unsettled", id="another named"),
            pytest.param(
                (substance("1203", packing_groups=("I",)),), "fit_unsettled", id="another group"
            ),
            pytest.param((), "fit_unsettled", id="none named"),
        ],
    )
    def test_the_mark_plus_asks_for_the_name_in_the_approval(
        self, listed: tuple[object, ...], reason: str
    ) -> None:
        held = container(tank_code="L4BH", approved_substances=listed)

        assert fitness(held, tank_code="L4BH(+)").reason == reason

    def test_a_name_does_not_make_a_lower_code_enough(self) -> None:
        assert fitness(container(tank_code="LGBF"), tank_code="L4BH(+)").reason == "does_not_fit"

    @pytest.mark.parametrize(
        ("changes", "reason", "why"),
        [
            ({"tank_code": "P23BN"}, "fits", "gas_pressure_met"),
            ({"tank_code": "P20BN"}, "does_not_fit", "pressure_too_low"),
            ({"tank_code": "PxBN"}, "fits", "gas_pressure_met"),
            ({"test_pressure_bar": Decimal(20)}, "does_not_fit", "pressure_too_low"),
            ({"test_pressure_bar": Decimal("21.5")}, "does_not_fit", "pressure_too_low"),
            (
                {"test_pressure_bar": Decimal("21.5"), "insulated": True},
                "fits",
                "gas_pressure_met",
            ),
            (
                {"test_pressure_bar": Decimal("21.5"), "insulated": None},
                "fit_unsettled",
                "insulation_unknown",
            ),
            ({"test_pressure_bar": None}, "fit_unsettled", "own_pressure_unknown"),
            ({"tank_code": "P23BN(M)"}, "fits", "gas_pressure_met"),
            ({"tank_code": "LGBF"}, "does_not_fit", "other_kind"),
        ],
    )
    def test_the_pressure_of_a_gas_is_looked_up(
        self, changes: dict[str, object], reason: str, why: str
    ) -> None:
        held = container(
            **{"tank_code": "PxBN", "test_pressure_bar": Decimal(23), "insulated": False, **changes}
        )

        found = fitness(held, **PROPANE)

        assert (found.reason, found.facts["why"]) == (reason, why)

    @pytest.mark.parametrize(
        ("tank_code", "pressure", "code"),
        [
            ("PxBN", Decimal("23.00"), "P23BN"),
            ("PxBH(M)", Decimal("2.5"), "P2.5BH(M)"),
            ("PxBN", None, "PxBN"),
            ("P10BN", Decimal(23), "P10BN"),
            ("LGBF", Decimal(23), "LGBF"),
            ("xLGBF", Decimal(23), "xLGBF"),
            ("PxxBN", Decimal(5), "PxxBN"),
        ],
    )
    def test_an_open_code_takes_the_test_pressure(
        self, tank_code: str, pressure: Decimal | None, code: str
    ) -> None:
        assert own_code(tank_code, pressure) == code

    @pytest.mark.parametrize(
        ("own", "needed", "reason"),
        [(None, "LGBF", "code_missing"), ("LGBF", "", "no_code_in_list")],
    )
    def test_nothing_to_compare(self, own: str | None, needed: str, reason: str) -> None:
        assert fitness(container(tank_code=own), tank_code=needed).reason == reason
