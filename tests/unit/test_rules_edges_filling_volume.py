"""How full a shell may be, at each limit and one step to either side.

The liquid here has 0.828 kg/L at 15 °C and 0.8 kg/L at 50 °C, so it expands by 0.001 per degree;
of a shell of 10 350 L it may fill 10 000 L at 15 °C where 100 % are allowed at 50 °C."""

from decimal import Decimal

import pytest

from tests.harness.filled_shells import (
    CAPACITY_L,
    STEP,
    finding,
    liquid,
    loaded,
    planned,
    small,
    small_portable,
)
from tests.harness.rule_facts import goods
from tests.harness.rule_trips import loaded_trip, loading
from waybill.rules.evidence import LoadedLine
from waybill.rules.finding import Outcome


class TestVolume:
    """Litres, mass, density and temperature."""

    @pytest.mark.parametrize(
        ("volume_l", "reason"),
        [
            pytest.param("9799.9", "quantities_contradict", id="more than 2 % less"),
            pytest.param("9800", "within_filling", id="2 % less"),
            pytest.param("10200", "over_filling", id="2 % more"),
            pytest.param("10200.1", "quantities_contradict", id="more than 2 % more"),
        ],
    )
    def test_litres_and_mass_agree_within_two_per_cent(self, volume_l: str, reason: str) -> None:
        assert planned(liquid("8280", quantity_l=Decimal(volume_l))).reason == reason

    def test_a_contradiction_says_both(self) -> None:
        assert planned(liquid("8280", quantity_l=Decimal(9000))) == finding(
            Outcome.UNKNOWN,
            "quantities_contradict",
            load_kg="8280",
            volume_l="9000",
            by_mass_l="10000",
        )

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            pytest.param({"density_kg_l": None}, "density_unknown", id="no density at 15 °C"),
            pytest.param({"density_50_kg_l": None}, "density_unknown", id="no density at 50 °C"),
            pytest.param({"filling_temperature_c": None}, "temperature_unknown", id="no heat"),
            pytest.param({"density_50_kg_l": Decimal("0.828")}, "density_invalid", id="no growth"),
            pytest.param({"density_50_kg_l": Decimal(0)}, "density_invalid", id="nothing at 50"),
            pytest.param({"density_50_kg_l": Decimal("-0.1")}, "density_invalid", id="below it"),
            pytest.param({"filling_temperature_c": Decimal(-985)}, "density_invalid", id="no size"),
            pytest.param(
                {"filling_temperature_c": Decimal(60), "density_50_kg_l": None},
                "density_unknown",
                id="hot, and nobody measured",
            ),
            pytest.param({"quantity_kg": Decimal(0)}, "quantity_invalid", id="no mass"),
            pytest.param({"quantity_kg": Decimal("NaN")}, "quantity_invalid", id="not a mass"),
            pytest.param({"quantity_l": Decimal(0)}, "quantity_invalid", id="no litres"),
        ],
    )
    def test_what_is_not_known_is_unknown(self, changes: dict[str, object], reason: str) -> None:
        found = planned(
            liquid("100", **changes)
            if "quantity_kg" not in changes
            else liquid(
                changes["quantity_kg"],  # type: ignore[arg-type]
            )
        )

        assert (found.outcome, found.reason) == (Outcome.UNKNOWN, reason)
        assert found.facts["position"] == 1

    def test_a_mass_just_above_nothing_is_a_mass(self) -> None:
        assert planned(liquid(STEP)).reason == "within_filling"

    def test_a_measured_density_goes_before_the_declared_one(self) -> None:
        part = LoadedLine(position=1, quantity_kg=Decimal(8280), density_kg_l=Decimal("0.8"))
        facts = loaded_trip(loading(lines=(part,)), goods=liquid("8280").goods, tank=small())

        found = loaded(facts)

        assert (found.reason, found.facts["volume_l"], found.facts["limit_l"]) == (
            "over_filling",
            "10350",
            "10000",
        )

    @pytest.mark.parametrize(
        ("cool", "warm"),
        [
            pytest.param("828", "800", id="kilograms per cubic metre"),
            pytest.param("14.001", "14", id="heavier than any liquid"),
            pytest.param("0.0499", "0.0498", id="lighter than any liquid"),
        ],
    )
    def test_densities_that_no_liquid_has_are_a_slip(self, cool: str, warm: str) -> None:
        densities = {"density_kg_l": Decimal(cool), "density_50_kg_l": Decimal(warm)}

        assert planned(liquid("28000", **densities)) == finding(Outcome.UNKNOWN, "density_invalid")

    @pytest.mark.parametrize(
        ("cool", "warm", "quantity_kg"), [("14", "13.9", "100000"), ("0.05", "0.049", "100")]
    )
    def test_the_lightest_and_the_heaviest_liquid_are_believed(
        self, cool: str, warm: str, quantity_kg: str
    ) -> None:
        densities = {"density_kg_l": Decimal(cool), "density_50_kg_l": Decimal(warm)}

        assert planned(liquid(quantity_kg, **densities)).reason == "within_filling"

    @pytest.mark.parametrize("density", ["0", "-1", "0.0499", "14.001", "828"])
    def test_a_measured_density_that_no_liquid_has_is_unknown(self, density: str) -> None:
        part = LoadedLine(position=1, quantity_kg=Decimal(8280), density_kg_l=Decimal(density))
        facts = loaded_trip(loading(lines=(part,)), goods=liquid("8280").goods, tank=small())

        found = loaded(facts)

        assert (found.reason, found.facts) == (
            "density_invalid",
            {"position": 1, "un_number": "1203", "compartment": 0},
        )

    def test_a_measured_temperature_goes_before_the_declared_one(self) -> None:
        part = LoadedLine(position=1, quantity_kg=Decimal(8280), temperature_c=Decimal(50))
        facts = loaded_trip(loading(lines=(part,)), goods=liquid("8280").goods, tank=small())

        assert loaded(facts).facts["limit_l"] == "10350"

    def test_litres_of_the_plan_are_not_those_loaded(self) -> None:
        part = LoadedLine(position=1, quantity_kg=Decimal(8280))
        plan = liquid("8280", quantity_l=Decimal(9900))
        facts = loaded_trip(loading(lines=(part,)), goods=plan.goods, tank=small())

        assert loaded(facts).facts["volume_l"] == "10000"

    def test_litres_of_the_record_count(self) -> None:
        part = LoadedLine(position=1, quantity_kg=Decimal(8280), quantity_l=Decimal(9900))
        facts = loaded_trip(loading(lines=(part,)), goods=liquid("8280").goods, tank=small())

        assert loaded(facts).facts["volume_l"] == "9900"

    def test_a_line_recorded_twice_is_not_added_up(self) -> None:
        half = LoadedLine(position=1, quantity_kg=Decimal(4140))
        facts = loaded_trip(loading(lines=(half, half)), goods=liquid("8280").goods, tank=small())

        found = loaded(facts)

        assert (found.reason, found.facts) == ("not_recorded", {"position": 1})


class TestProvisions:
    """Special provisions for tanks (TU) that say how full."""

    @pytest.mark.parametrize(
        ("code", "most_kg", "limit_l"),
        [
            pytest.param("TU22", "7712.82", "9315", id="90 %"),
            pytest.param("TU26", "7284.33", "8797.5", id="85 %"),
            pytest.param("TU32", "7541.424", "9108", id="88 %"),
            pytest.param("TU36", "7969.914", "9625.5", id="93 %"),
            pytest.param("TU28", "8141.31", "9832.5", id="95 %"),
        ],
    )
    def test_a_share_of_the_capacity(self, code: str, most_kg: str, limit_l: str) -> None:
        held = planned(liquid(most_kg, tank_provisions=("TU9", code)))
        over = planned(liquid(Decimal(most_kg) + STEP, tank_provisions=("TU9", code)))

        assert (held.reason, held.facts["limit_l"], held.facts["limit_by"]) == (
            "within_filling",
            limit_l,
            "provision",
        )
        assert over.reason == "over_filling"

    @pytest.mark.parametrize("code", ["TU27", "TU29"])
    def test_a_share_above_the_degree_of_filling_does_not_bite(self, code: str) -> None:
        assert planned(liquid("8280", tank_provisions=(code,))).facts["limit_by"] == "a"

    @pytest.mark.parametrize(("code", "percent"), [("TU27", 98), ("TU29", 97)])
    def test_a_share_bites_when_nothing_expands_any_more(self, code: str, percent: int) -> None:
        found = planned(liquid("4000", tank_provisions=(code,), filling_temperature_c=Decimal(50)))

        assert Decimal(str(found.facts["limit_l"])) == CAPACITY_L * percent / 100

    def test_a_share_at_15_degrees_allows_more_litres_when_warm(self) -> None:
        # 93 % of 10 350 L at 15 °C are 9625.5 L; at 25 °C that is 1.01 times as much.
        warm = {"filling_temperature_c": Decimal(25), "tank_provisions": ("TU36",)}

        assert planned(liquid("7969.914", **warm)).facts["limit_l"] == "9721.7"
        assert planned(liquid("7969.9", **warm)).reason == "within_filling"
        assert planned(liquid("7970", **warm)).reason == "over_filling"

    def test_a_share_at_15_degrees_of_what_was_only_measured_hot(self) -> None:
        part = LoadedLine(
            position=1,
            quantity_kg=Decimal(8000),
            temperature_c=Decimal(60),
            density_kg_l=Decimal("0.8"),
        )
        line = goods(density_kg_l=None, tank_provisions=("TU36",))
        facts = loaded_trip(loading(lines=(part,)), goods=(line,), tank=small())

        assert loaded(facts).facts["limit_l"] == "9625.5"

    @pytest.mark.parametrize(
        ("code", "limit_kg"),
        [
            pytest.param("TU23", "9625.5", id="0.93 kg/L"),
            pytest.param("TU24", "9832.5", id="0.95 kg/L"),
            pytest.param("TU31", "10350", id="1 kg/L"),
            pytest.param("TU34", "8694", id="0.84 kg/L"),
            pytest.param("TU25", "11799", id="1.14 kg/L"),
        ],
    )
    def test_kilograms_per_litre(self, code: str, limit_kg: str) -> None:
        heavy = {
            "density_kg_l": Decimal("2.07"),
            "density_50_kg_l": Decimal(2),
            "tank_provisions": (code,),
        }

        held = planned(liquid(limit_kg, **heavy))
        over = planned(liquid(Decimal(limit_kg) + STEP, **heavy))

        assert held.reason == "within_filling"
        assert over == finding(
            Outcome.FAILED,
            "over_filling_mass",
            load_kg=str(Decimal(limit_kg) + STEP),
            limit_kg=limit_kg,
            over_kg="0.001",
        )

    @pytest.mark.parametrize("code", ["TU21", "TU30", "TU33"])
    def test_a_provision_that_a_person_must_read(self, code: str) -> None:
        assert planned(liquid("100", tank_provisions=(code, "TU9"))) == finding(
            Outcome.UNKNOWN, "provision_asks", provisions=[code]
        )

    def test_they_are_not_for_portable_tanks(self) -> None:
        held = small_portable(heated=False)

        assert planned(liquid("100", held, tank_provisions=("TU33",))).reason == "within_filling"
