"""Approval of tanks, volume caps and last cargo, at their edges and one step to either side."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.harness.rule_facts import substance
from tests.harness.tank_loads import PROPANE, portable
from tests.harness.tank_papers import ASK, ASKING, LIQUID, PORTABLE, SOLID, finding, fitness
from waybill.rules.finding import Outcome


class TestPortableTanks:
    @pytest.mark.parametrize(
        ("own", "needed", "reason", "why"),
        [
            ("T4", "T4", "fits", "same_instruction"),
            ("T11", "T4", "fits", "higher_instruction"),
            ("T3", "T4", "does_not_fit", "lower_instruction"),
            ("T22", "T23", "does_not_fit", "lower_instruction"),
            ("T23", "T4", "does_not_fit", "lower_instruction"),
            ("T75", "T75", "fits", "same_instruction"),
            ("T99", "T4", "fit_unsettled", "instruction_unreadable"),
        ],
    )
    def test_the_hierarchy_of_instructions(
        self, own: str, needed: str, reason: str, why: str
    ) -> None:
        found = fitness(portable(portable_tank_instruction=own), portable_tank_instruction=needed)

        assert (found.reason, found.facts["why"]) == (reason, why)
        assert (found.facts["needed"], found.facts["tank_code"]) == (needed, own)

    def test_no_instruction_of_its_own_leaves_it_open(self) -> None:
        found = fitness(portable(portable_tank_instruction=None), **ASKING)

        assert found == finding(
            "TNK-02.approved", 2, Outcome.UNKNOWN, "code_missing", **PORTABLE, needed="T4"
        )

    def test_goods_without_instruction_go_in_no_portable_tank(self) -> None:
        found = fitness(portable(), **{**ASKING, "portable_tank_instruction": ""})

        assert found == finding("TNK-02.approved", 2, Outcome.FAILED, "no_code_in_list", **PORTABLE)

    def test_a_pressure_that_is_not_on_record_leaves_it_open(self) -> None:
        held = portable(portable_tank_instruction="T50", test_pressure_bar=Decimal(25))

        assert fitness(replace(held, insulated=None), **PROPANE) == finding(
            "TNK-02.approved",
            2,
            Outcome.UNKNOWN,
            "pressure_unsettled",
            **{**PORTABLE, "un_number": "1978"},
        )
        assert fitness(replace(held, test_pressure_bar=None), **PROPANE) == finding(
            "TNK-02.approved",
            2,
            Outcome.UNKNOWN,
            "pressure_unsettled",
            **{**PORTABLE, "un_number": "1978"},
        )

    @pytest.mark.parametrize(
        ("provision", "changes", "listed", "reason"),
        [
            ("TP1", {}, False, "fits"),
            ("TP7", {}, False, "fits"),
            ("TP8", {}, False, "fits"),
            ("TP33", {"physical_state": SOLID}, False, "fits"),
            ("TP33", {"physical_state": LIQUID}, True, "provision_asks"),
            ("TP33", {"physical_state": ASK}, True, "provision_asks"),
            ("TP31", {"physical_state": SOLID}, False, "fits"),
            ("TP31", {"physical_state": LIQUID}, True, "provision_not_met"),
            ("TP31", {"physical_state": ASK}, True, "provision_asks"),
            ("TP9", {}, False, "provision_asks"),
            ("TP9", {}, True, "fits"),
            ("TP32", {}, False, "provision_asks"),
            ("TP32", {}, True, "fits"),
            ("TP77", {}, False, "provision_asks"),
        ],
    )
    def test_provisions(
        self,
        provision: str,
        changes: dict[str, object],
        listed: bool,  # noqa: FBT001  a fact
        reason: str,
    ) -> None:
        held = portable(approved_substances=(substance("1203"),) if listed else ())

        found = fitness(held, portable_tank_provisions=(provision,), **changes)

        assert found.reason == reason

    @pytest.mark.parametrize("provision", ["TP20", "TP30"])
    @pytest.mark.parametrize(
        ("insulated", "reason"),
        [(True, "fits"), (False, "provision_not_met"), (None, "provision_asks")],
    )
    def test_insulated_tanks_only(
        self,
        provision: str,
        insulated: bool | None,  # noqa: FBT001  a fact
        reason: str,
    ) -> None:
        held = portable(insulated=insulated)

        assert fitness(held, portable_tank_provisions=(provision,)).reason == reason

    def test_a_provision_is_said_in_words(self) -> None:
        found = fitness(portable(insulated=None), portable_tank_provisions=("TP30",))

        assert found == finding(
            "TNK-02.approved",
            2,
            Outcome.UNKNOWN,
            "provision_asks",
            subject="tank",
            holder="HA-0001",
            tank_kind="portable_tank",
            un_number="1203",
            position=1,
            provision="TP30",
            words_zh="仅用隔热罐运输",
            words_en="Carried in insulated tanks",
        )

    @pytest.mark.parametrize(
        ("insulated", "test_bar", "reason"),
        [
            pytest.param(True, "21.45", "fits", id="1.3 times 16.5 bar"),
            pytest.param(True, "21.44", "pressure_too_low", id="just below"),
            pytest.param(False, "29.25", "fits", id="bare: 1.3 times the greatest, 22.5 bar"),
            pytest.param(False, "29.24", "pressure_unsettled", id="bare: between"),
            pytest.param(False, "23.4", "pressure_unsettled", id="bare: 1.3 times the least"),
            pytest.param(False, "23.39", "pressure_too_low", id="bare: below the least"),
            pytest.param(None, "29.25", "fits", id="not known: the greatest"),
            pytest.param(None, "21.45", "pressure_unsettled", id="not known: the least"),
            pytest.param(None, "21.44", "pressure_too_low", id="not known: below the least"),
        ],
    )
    def test_the_working_pressure_of_propane(
        self,
        insulated: bool | None,  # noqa: FBT001  a fact
        test_bar: str,
        reason: str,
    ) -> None:
        held = portable(
            portable_tank_instruction="T50",
            test_pressure_bar=Decimal(test_bar),
            insulated=insulated,
        )

        assert fitness(held, **PROPANE).reason == reason

    @pytest.mark.parametrize(
        ("listed", "test_bar", "reason"),
        [
            pytest.param("1978", None, "fits", id="the approval names the gas"),
            pytest.param("1965", None, "pressure_unsettled", id="it names another"),
            pytest.param("1978", Decimal(10), "pressure_too_low", id="named, and yet too low"),
        ],
    )
    def test_an_approval_settles_what_the_table_leaves_open(
        self, listed: str, test_bar: Decimal | None, reason: str
    ) -> None:
        held = portable(
            portable_tank_instruction="T50",
            test_pressure_bar=test_bar,
            approved_substances=(substance(listed),),
        )

        assert fitness(held, **PROPANE).reason == reason

    @pytest.mark.parametrize("un_number", ["1965", "1066", "1010"])
    def test_a_gas_whose_working_pressure_the_table_does_not_say(self, un_number: str) -> None:
        held = portable(portable_tank_instruction="T50", test_pressure_bar=Decimal(40))

        assert fitness(held, **{**PROPANE, "un_number": un_number}).reason == "pressure_unsettled"

    def test_pressure_is_asked_of_gases_only(self) -> None:
        assert fitness(portable(portable_tank_instruction="T22")).reason == "fits"
