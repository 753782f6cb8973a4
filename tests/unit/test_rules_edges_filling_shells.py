"""How full a shell may be, at each limit and one step to either side.

The liquid here has 0.828 kg/L at 15 °C and 0.8 kg/L at 50 °C, so it expands by 0.001 per degree;
of a shell of 10 350 L it may fill 10 000 L at 15 °C where 100 % are allowed at 50 °C."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.harness.filled_shells import finding, liquid, planned
from tests.harness.rule_facts import goods, tank
from tests.harness.rule_trips import trip
from tests.harness.tank_loads import (
    OXYGEN,
    PROPANE,
    TWO_COMPARTMENTS,
    vessel,
)
from waybill.rules.facts import CompartmentFacts, PhysicalState
from waybill.rules.finding import Outcome
from waybill.rules.rule import Judgement
from waybill.rules.shells import planned_contents
from waybill.rules.volumes import Volume, measure


class TestColdVolume:
    """The density of a refrigerated gas is the one at which it is filled."""

    @staticmethod
    def measured(**changes: object) -> Volume | Judgement:
        facts = trip(tank=vessel(), goods=(goods(**{**OXYGEN, **changes}),))
        contents = planned_contents(vessel(), facts)
        assert not isinstance(contents, Judgement)
        return measure(facts, contents[0])

    def test_it_does_not_expand_any_more(self) -> None:
        assert self.measured() == Volume(
            volume_l=Decimal(20000), temperature_c=None, room_factor=Decimal(1)
        )

    def test_without_a_density_it_is_unknown(self) -> None:
        assert self.measured(density_kg_l=None) == Judgement(
            Outcome.UNKNOWN,
            "density_unknown",
            {"position": 1, "un_number": "1073", "compartment": 0},
        )

    @pytest.mark.parametrize(
        ("volume_l", "reason"), [("20400", "over_filling"), ("20400.1", "quantities_contradict")]
    )
    def test_litres_must_agree_here_too(self, volume_l: str, reason: str) -> None:
        line = goods(**{**OXYGEN, "quantity_l": Decimal(volume_l)})
        held = vessel(capacity_l=Decimal(20500))

        assert planned(trip(tank=held, goods=(line,))).reason == reason

    def test_a_filling_that_the_certificate_must_settle_says_which(self) -> None:
        line = goods(**{**OXYGEN, "tank_provisions": ("TU18",)})

        assert planned(trip(tank=vessel(), goods=(line,))) == replace(
            finding(Outcome.UNKNOWN, "max_filling_unknown"),
            facts={"position": 1, "un_number": "1073", "compartment": 0},
        )


class TestShells:
    """Which shell a line goes into."""

    @pytest.mark.parametrize(
        ("compartments", "compartment", "reason", "number"),
        [
            pytest.param((), None, "within_filling", 0, id="undivided"),
            pytest.param((), 1, "within_filling", 0, id="undivided, named 1"),
            pytest.param((), 2, "compartment_unsettled", None, id="undivided, named 2"),
            pytest.param(TWO_COMPARTMENTS, 2, "within_filling", 2, id="the second"),
            pytest.param(TWO_COMPARTMENTS, 3, "compartment_unsettled", None, id="no such"),
            pytest.param(TWO_COMPARTMENTS, None, "compartment_unsettled", None, id="not named"),
            pytest.param(TWO_COMPARTMENTS[1:], None, "within_filling", 2, id="the only one"),
            pytest.param(TWO_COMPARTMENTS[1:], 1, "compartment_unsettled", None, id="not that"),
        ],
    )
    def test_the_shell_that_is_named(
        self,
        compartments: tuple[CompartmentFacts, ...],
        compartment: int | None,
        reason: str,
        number: int | None,
    ) -> None:
        found = planned(liquid("8000", tank(compartments=compartments), compartment=compartment))

        assert (found.reason, found.facts.get("compartment")) == (reason, number)

    def test_the_fuller_of_two_compartments_decides(self) -> None:
        lines = (
            goods(compartment=1, quantity_kg=Decimal(14000)),
            goods(position=2, compartment=2, quantity_kg=Decimal(17000)),
        )

        found = planned(trip(tank=tank(compartments=TWO_COMPARTMENTS), goods=lines))

        assert (found.reason, found.facts["position"]) == ("over_filling", 2)

    def test_two_lines_in_one_shell_are_not_judged_apart(self) -> None:
        line = goods(quantity_kg=Decimal(9000))

        found = planned(trip(goods=(line, replace(line, position=2))))

        assert (found.outcome, found.reason, found.facts) == (
            Outcome.UNKNOWN,
            "shared_compartment",
            {"positions": [1, 2]},
        )


class TestState:
    def test_goods_whose_state_is_not_known_are_judged_as_liquid(self) -> None:
        open_state = {"physical_state": PhysicalState.ASK}

        assert planned(liquid("8280", **open_state)).reason == "within_filling"
        assert planned(liquid("8281", **open_state)).reason == "over_filling"

    def test_a_solid_is_limited_by_mass_alone(self) -> None:
        solid = liquid("99999", physical_state=PhysicalState.SOLID, tank_code="SGAV")

        assert planned(solid) == finding(Outcome.NOT_APPLICABLE, "solid_goods")

    @pytest.mark.parametrize(
        ("tank_code", "provisions", "reason"),
        [
            pytest.param("LGBF", (), "over_filling", id="liquids alone"),
            pytest.param("SGAH L4BH", (), "solid_goods", id="either"),
            pytest.param("L4BH SGAH", (), "solid_goods", id="either, in the other order"),
            pytest.param("", (), "solid_goods", id="no tank code"),
            pytest.param("L10BN(+)", ("TP7", "TP33"), "solid_goods", id="a provision for solids"),
            pytest.param("L10BN(+)", ("TP7",), "over_filling", id="another provision"),
        ],
    )
    def test_what_the_list_has_as_a_liquid_is_none_because_somebody_says_solid(
        self, tank_code: str, provisions: tuple[str, ...], reason: str
    ) -> None:
        declared = liquid(
            "8281",
            physical_state=PhysicalState.SOLID,
            tank_code=tank_code,
            portable_tank_provisions=provisions,
        )

        assert planned(declared).reason == reason


class TestEmptyUncleaned:
    """Of 10 350 L at most 517.5 kg or L are a residue."""

    @pytest.mark.parametrize(
        ("quantity_kg", "quantity_l"),
        [("517.5", None), ("500", "517.5"), ("1", None)],
    )
    def test_a_residue_is_not_asked_about(self, quantity_kg: str, quantity_l: str | None) -> None:
        facts = liquid(
            quantity_kg,
            quantity_l=None if quantity_l is None else Decimal(quantity_l),
            empty_uncleaned=True,
            density_kg_l=None,
            filling_temperature_c=None,
        )

        assert planned(facts) == finding(Outcome.NOT_APPLICABLE, "residue")

    def test_a_little_in_a_very_small_shell_is_a_residue_by_its_mass_alone(self) -> None:
        held = tank(capacity_l=Decimal(10))
        facts = liquid("0.5", held, empty_uncleaned=True, quantity_l=None, density_kg_l=None)

        assert planned(facts) == finding(Outcome.NOT_APPLICABLE, "residue")

    @pytest.mark.parametrize(
        ("quantity_kg", "quantity_l"),
        [("517.501", None), ("500", "517.501"), ("8000", None)],
    )
    def test_a_load_is_not_declared_empty(self, quantity_kg: str, quantity_l: str | None) -> None:
        facts = liquid(
            quantity_kg,
            quantity_l=None if quantity_l is None else Decimal(quantity_l),
            empty_uncleaned=True,
        )

        assert planned(facts) == finding(
            Outcome.FAILED, "not_empty", load_kg=quantity_kg, limit_kg="517.5"
        )

    def test_a_gas_is_no_exception(self) -> None:
        line = goods(**{**PROPANE, "empty_uncleaned": True, "quantity_kg": Decimal(16000)})

        assert planned(trip(tank=vessel(), goods=(line,))).reason == "not_empty"
