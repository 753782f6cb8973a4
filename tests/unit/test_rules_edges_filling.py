"""How full a shell may be, at each limit and one step to either side.

The liquid here has 0.828 kg/L at 15 °C and 0.8 kg/L at 50 °C, so it expands by 0.001 per degree;
of a shell of 10 350 L it may fill 10 000 L at 15 °C where 100 % are allowed at 50 °C.
"""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.harness.rule_facts import AT, goods, tank
from tests.harness.rule_scenarios_tanks import (
    OXYGEN,
    PROPANE,
    TWO_COMPARTMENTS,
    container,
    portable,
    vessel,
)
from tests.harness.rule_trips import loaded_trip, loading, trip
from waybill.rules.evidence import LoadedLine
from waybill.rules.facts import CompartmentFacts, Facts, PhysicalState, TankFacts
from waybill.rules.finding import Finding, Outcome, Severity
from waybill.rules.register import get_rule
from waybill.rules.rule import Judgement
from waybill.rules.shells import loaded_contents, planned_contents
from waybill.rules.volumes import Volume, measure

CAPACITY_L = Decimal(10350)
STEP = Decimal("0.001")


def planned(facts: Facts) -> Finding:
    return get_rule("TNK-03.filling", 1).check(facts, AT)


def loaded(facts: Facts) -> Finding:
    return get_rule("AFTER-01.filling", 1).check(facts, AT)


def liquid(
    quantity_kg: Decimal | str, held: TankFacts | None = None, /, **changes: object
) -> Facts:
    line = {
        "density_kg_l": Decimal("0.828"),
        "density_50_kg_l": Decimal("0.8"),
        "quantity_kg": Decimal(quantity_kg),
        "tank_provisions": (),
        **changes,
    }
    shell = held or tank(capacity_l=CAPACITY_L)
    return trip(tank=shell, goods=(goods(**line),))


def small(**changes: object) -> TankFacts:
    return tank(**{"capacity_l": CAPACITY_L, **changes})


def small_portable(**changes: object) -> TankFacts:
    return portable(**{"capacity_l": CAPACITY_L, **changes})


def finding(outcome: Outcome, reason: str, **facts: object) -> Finding:
    return Finding(
        code="TNK-03.filling",
        version=1,
        severity=Severity.STOP,
        outcome=outcome,
        reason=reason,
        facts={"position": 1, "un_number": "1203", "compartment": 0, **facts},  # type: ignore[dict-item]
    )


FLAMMABLE = {"division": "3", "classification_code": "F1"}
TOXIC = {"division": "6.1", "classification_code": "T1"}
SLIGHT = {**TOXIC, "packing_group": "III"}
CORROSIVE = {"division": "8", "classification_code": "C1"}
SUBSIDIARY = {**FLAMMABLE, "subsidiary_hazards": ("6.1",)}
BY_CODE = {**FLAMMABLE, "classification_code": "FC"}
BY_CODE_TOXIC = {**FLAMMABLE, "classification_code": "FT1"}
OXIDIZING = {"division": "5.1", "classification_code": "O1"}
OXIDIZING_CORROSIVE = {
    "division": "5.1",
    "classification_code": "OC1",
    "subsidiary_hazards": ("8",),
}
ENVIRONMENTAL = {"division": "9", "classification_code": "M6", "packing_group": "III"}
NINE = {"division": "9", "classification_code": "M9", "packing_group": "III"}
OTHER_SUBSIDIARY = {**FLAMMABLE, "subsidiary_hazards": ("4.1",)}
SELF_HEATING = {"division": "4.2", "classification_code": "SC", "packing_group": "II"}

CASES = [
    pytest.param("LGBF", FLAMMABLE, "8280", "10000", "a", id="a: flammable, open"),
    pytest.param("LGBV", FLAMMABLE, "8280", "10000", "a", id="a: breather without arrester"),
    pytest.param("L4BN", FLAMMABLE, "8280", "10000", "a", id="a: safety valve"),
    pytest.param("LGBF", ENVIRONMENTAL, "8280", "10000", "a", id="a: environment"),
    pytest.param("L4BN", TOXIC, "8114.4", "9800", "b", id="b: toxic, open"),
    pytest.param("L4BN", CORROSIVE, "8114.4", "9800", "b", id="b: corrosive, open"),
    pytest.param("L4BN", SLIGHT, "8114.4", "9800", "b", id="b: slightly toxic, open"),
    pytest.param("L4BN", SUBSIDIARY, "8114.4", "9800", "b", id="b: toxic besides"),
    pytest.param("L4BN", BY_CODE, "8114.4", "9800", "b", id="b: corrosive by its code"),
    pytest.param("L4BN", BY_CODE_TOXIC, "8114.4", "9800", "b", id="b: toxic by its code"),
    pytest.param("L4BN", OXIDIZING_CORROSIVE, "8114.4", "9800", "b", id="b: oxidizing, corrosive"),
    pytest.param("L4BN", OXIDIZING, "8114.4", "9800", "b_assumed", id="b: hazard not named"),
    pytest.param("L4BN", SELF_HEATING, "8114.4", "9800", "b_assumed", id="b: code of no class 3"),
    pytest.param("L4BN", NINE, "8114.4", "9800", "b_assumed", id="b: class 9 not named"),
    pytest.param("L4BN", OTHER_SUBSIDIARY, "8114.4", "9800", "b_assumed", id="b: further hazard"),
    pytest.param("L4BH", FLAMMABLE, "8031.6", "9700", "c", id="c: flammable, hermetic"),
    pytest.param("L4BH", SLIGHT, "8031.6", "9700", "c", id="c: slightly toxic, hermetic"),
    pytest.param("L4BH", TOXIC, "7866", "9500", "d", id="d: toxic, hermetic"),
    pytest.param("L4BH", OXIDIZING, "7866", "9500", "d_assumed", id="d: hazard not named"),
    pytest.param(None, FLAMMABLE, "8031.6", "9700", "c_assumed", id="c: no code on record"),
    pytest.param("?", TOXIC, "7866", "9500", "d_assumed", id="d: code cannot be read"),
]


class TestDegreeOfFilling:
    """ADR 4.3.2.2.1 (a) to (d): which case holds, and its limit."""

    @pytest.mark.parametrize(("tank_code", "hazard", "most_kg", "limit_l", "by"), CASES)
    def test_the_limit_itself_is_allowed(
        self, tank_code: str | None, hazard: dict[str, object], most_kg: str, limit_l: str, by: str
    ) -> None:
        facts = liquid(most_kg, small(tank_code=tank_code), **hazard)

        assert planned(facts) == finding(
            Outcome.PASSED,
            "within_filling",
            volume_l=limit_l,
            limit_l=limit_l,
            capacity_l="10350",
            limit_by=by,
        )

    @pytest.mark.parametrize(("tank_code", "hazard", "most_kg", "limit_l", "by"), CASES)
    def test_one_gram_more_is_too_much(
        self, tank_code: str | None, hazard: dict[str, object], most_kg: str, limit_l: str, by: str
    ) -> None:
        facts = liquid(Decimal(most_kg) + STEP, small(tank_code=tank_code), **hazard)

        assert planned(facts) == finding(
            Outcome.FAILED,
            "over_filling",
            volume_l=f"{limit_l}.1",
            limit_l=limit_l,
            capacity_l="10350",
            limit_by=by,
            over_l="0.1",
        )

    def test_at_50_degrees_nothing_is_left_to_expand(self) -> None:
        at_50 = {"filling_temperature_c": Decimal(50)}

        assert planned(liquid("8280", **at_50)) == finding(
            Outcome.PASSED,
            "within_filling",
            volume_l="10350",
            limit_l="10350",
            capacity_l="10350",
            limit_by="a",
        )
        assert planned(liquid("8280.001", **at_50)).reason == "over_filling"

    def test_colder_goods_leave_more_room(self) -> None:
        # At -5 °C: 0.828 / 0.98 kg/L, and 10 350 / 1.055 L.
        facts = liquid("8288.8", filling_temperature_c=Decimal(-5))

        assert planned(facts).reason == "within_filling"
        assert planned(facts).facts["volume_l"] == "9810.5"
        assert planned(facts).facts["limit_l"] == "9810.4"


class TestHeat:
    """ADR 4.3.2.2.3: what is filled hot, or can be heated, fills at most 95 %."""

    @pytest.mark.parametrize("heated", [True, None])
    def test_a_tank_that_may_be_heated(self, heated: bool | None) -> None:  # noqa: FBT001  a fact
        held = small(heated=heated)

        assert planned(liquid("8141.31", held)) == finding(
            Outcome.PASSED,
            "within_filling",
            volume_l="9832.5",
            limit_l="9832.5",
            capacity_l="10350",
            limit_by="hot",
        )
        assert planned(liquid("8141.311", held)).reason == "over_filling"

    def test_heating_does_not_allow_more(self) -> None:
        assert (
            planned(liquid("7866", small(heated=True, tank_code="L4BH"), **TOXIC)).facts["limit_by"]
            == "d"
        )

    @pytest.mark.parametrize(
        ("volume_l", "reason"), [("9832.5", "within_filling"), ("9832.6", "over_filling")]
    )
    def test_what_is_filled_above_50_degrees(self, volume_l: str, reason: str) -> None:
        facts = liquid("7866", quantity_l=Decimal(volume_l), filling_temperature_c=Decimal("50.1"))

        found = planned(facts)

        assert (found.reason, found.facts["limit_l"], found.facts["limit_by"]) == (
            reason,
            "9832.5",
            "hot",
        )

    @pytest.mark.parametrize(
        ("quantity_kg", "reason"), [("17698.5", "within_filling"), ("17698.6", "over_filling")]
    )
    def test_molten_sulphur_goes_by_the_density_that_was_measured(
        self, quantity_kg: str, reason: str
    ) -> None:
        line = goods(density_kg_l=None, density_50_kg_l=None, quantity_kg=Decimal(17000))
        record = loading(
            lines=(
                LoadedLine(
                    position=1,
                    quantity_kg=Decimal(quantity_kg),
                    temperature_c=Decimal(140),
                    density_kg_l=Decimal("1.8"),
                ),
            )
        )
        facts = loaded_trip(record, goods=(line,), tank=small())

        found = loaded(facts)

        assert (found.reason, found.facts["limit_l"]) == (reason, "9832.5")


class TestHotVolume:
    """What is filled above 50 °C has expanded already."""

    @staticmethod
    def measured(
        temperature_c: str, quantity_l: str | None = None, /, **line: object
    ) -> str | Volume:
        part = LoadedLine(
            position=1,
            quantity_kg=Decimal(8000),
            quantity_l=None if quantity_l is None else Decimal(quantity_l),
            temperature_c=Decimal(temperature_c),
            density_kg_l=Decimal("0.8"),
        )
        plan = liquid("8000", **line)
        facts = loaded_trip(loading(lines=(part,)), goods=plan.goods, tank=small())
        contents = loaded_contents(small(), facts)
        assert not isinstance(contents, Judgement)
        found = measure(facts, contents[0])
        return found.reason if isinstance(found, Judgement) else found

    @pytest.mark.parametrize("line", [{}, {"density_kg_l": None}], ids=["declared", "not"])
    def test_a_measured_density_is_enough(self, line: dict[str, object]) -> None:
        assert self.measured("60", **line) == Volume(
            volume_l=Decimal(10000), temperature_c=Decimal(60), room_factor=Decimal(1)
        )

    def test_at_50_degrees_it_is_not(self) -> None:
        assert self.measured("50", density_kg_l=None) == "density_unknown"

    def test_litres_must_agree_here_too(self) -> None:
        assert self.measured("60", "10200.1") == "quantities_contradict"

    def test_a_plan_above_50_degrees_leaves_nothing_to_expand(self) -> None:
        facts = liquid("8000", filling_temperature_c=Decimal(65))
        contents = planned_contents(small(), facts)
        assert not isinstance(contents, Judgement)

        assert measure(facts, contents[0]) == Volume(
            volume_l=Decimal(8000) / (Decimal("0.828") / Decimal("1.05")),
            temperature_c=Decimal(65),
            room_factor=Decimal(1),
        )


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


class TestPortableTanks:
    """ADR 4.2.1.9, by the provisions TP of the goods."""

    @pytest.mark.parametrize(
        ("provisions", "most_kg", "limit_l", "by"),
        [
            pytest.param(("TP1",), "8031.6", "9700", "portable", id="TP1: 97 %"),
            pytest.param(("TP2", "TP7"), "7866", "9500", "portable", id="TP2: 95 %"),
            pytest.param(("TP3",), "7866", "9500", "portable", id="TP3: 95 %, filled cool"),
            pytest.param(("TP4",), "7712.82", "9315", "portable", id="TP4: 90 % as filled"),
            pytest.param((), "7866", "9500", "portable_assumed", id="none: the lower"),
        ],
    )
    def test_the_limit_and_one_gram_more(
        self, provisions: tuple[str, ...], most_kg: str, limit_l: str, by: str
    ) -> None:
        held = small_portable(heated=False)
        changes = {"portable_tank_provisions": provisions}

        found = planned(liquid(most_kg, held, **changes))
        over = planned(liquid(Decimal(most_kg) + STEP, held, **changes))

        assert (found.reason, found.facts["limit_l"], found.facts["limit_by"]) == (
            "within_filling",
            limit_l,
            by,
        )
        assert over.reason == "over_filling"

    @pytest.mark.parametrize(
        "provisions", [("TP1", "TP2"), ("TP5",), ("TP99",)], ids=["two", "of gases", "not known"]
    )
    def test_provisions_that_ask(self, provisions: tuple[str, ...]) -> None:
        found = planned(liquid("100", small_portable(), portable_tank_provisions=provisions))

        assert found == finding(Outcome.UNKNOWN, "provision_asks", provisions=list(provisions))

    @pytest.mark.parametrize(("provisions", "by"), [(("TP1",), "hot"), (("TP4",), "portable")])
    def test_filled_hot(self, provisions: tuple[str, ...], by: str) -> None:
        found = planned(
            liquid(
                "4000",
                small_portable(heated=False),
                portable_tank_provisions=provisions,
                filling_temperature_c=Decimal(70),
            )
        )

        assert (found.facts["limit_l"], found.facts["limit_by"]) == (
            ("9832.5", by) if by == "hot" else ("9315", by)
        )

    def test_heating_caps_here_too(self) -> None:
        assert (
            planned(
                liquid(
                    "100",
                    small_portable(heated=None),
                    portable_tank_provisions=("TP1",),
                    filling_temperature_c=Decimal(50),
                )
            ).facts["limit_by"]
            == "hot"
        )


class TestGases:
    """ADR 4.3.3.2: by the table, by the certificate, by volume."""

    @pytest.mark.parametrize(
        ("quantity_kg", "reason"),
        [("16800", "within_filling_mass"), ("16800.001", "over_filling_mass")],
    )
    def test_kilograms_per_litre_by_the_table(self, quantity_kg: str, reason: str) -> None:
        facts = trip(
            tank=vessel(), goods=(goods(**{**PROPANE, "quantity_kg": Decimal(quantity_kg)}),)
        )

        assert planned(facts).reason == reason

    def test_a_compartment_of_the_vessel_counts_by_its_own_capacity(self) -> None:
        one = (CompartmentFacts(number=3, capacity_l=Decimal(10000)),)
        facts = trip(
            tank=vessel(compartments=one),
            goods=(goods(**{**PROPANE, "quantity_kg": Decimal(4200), "compartment": 3}),),
        )

        assert planned(facts) == replace(
            finding(Outcome.PASSED, "within_filling_mass", load_kg="4200", limit_kg="4200"),
            facts={
                "position": 1,
                "un_number": "1978",
                "compartment": 3,
                "load_kg": "4200",
                "limit_kg": "4200",
            },
        )

    @pytest.mark.parametrize(
        ("limit_kg", "reason"),
        [
            pytest.param("16000", "within_filling_mass", id="exactly the greatest filling"),
            pytest.param("15999.999", "over_max_filling", id="one gram over it"),
        ],
    )
    def test_never_more_than_the_certificate_says(self, limit_kg: str, reason: str) -> None:
        facts = trip(tank=vessel(max_filling_kg=Decimal(limit_kg)), goods=(goods(**PROPANE),))

        assert planned(facts).reason == reason

    def test_the_greatest_filling_is_that_of_the_whole_tank(self) -> None:
        lines = tuple(
            goods(
                position=number,
                compartment=number,
                quantity_kg=Decimal(9000),
            )
            for number in (1, 2)
        )
        held = tank(compartments=TWO_COMPARTMENTS, max_filling_kg=Decimal("17999.5"))

        assert planned(trip(tank=held, goods=lines)) == replace(
            finding(Outcome.FAILED, "over_max_filling"),
            facts={
                "holder": "HA-0001",
                "load_kg": "18000",
                "limit_kg": "17999.5",
                "over_kg": "0.5",
            },
        )

    @pytest.mark.parametrize(
        ("line", "held", "reason", "why"),
        [
            pytest.param(
                {}, {"test_pressure_bar": None}, "gas_limit_unknown", "pressure_unknown", id="bar"
            ),
            pytest.param(
                {"quantity_kg": Decimal(17000)},
                {"test_pressure_bar": None},
                "over_filling_mass",
                None,
                id="too much at any pressure",
            ),
            pytest.param(
                {},
                {"test_pressure_bar": Decimal(22), "insulated": None},
                "gas_limit_unknown",
                "insulation_unknown",
                id="insulation decides",
            ),
            pytest.param(
                {},
                {"test_pressure_bar": Decimal(22), "insulated": True},
                "within_filling_mass",
                None,
                id="enough where insulated",
            ),
            pytest.param(
                {},
                {"test_pressure_bar": Decimal(22), "insulated": False},
                "pressure_too_low",
                None,
                id="too low where not insulated",
            ),
            pytest.param(
                {}, {"test_pressure_bar": Decimal(20)}, "pressure_too_low", None, id="too low"
            ),
            pytest.param(
                {"un_number": "3553"}, {}, "gas_limit_unknown", "not_in_table", id="not in table"
            ),
            pytest.param(
                {"un_number": "1956", "classification_code": "2A"},
                {},
                "gas_limit_unknown",
                "by_pressure",
                id="the table goes by pressure",
            ),
            pytest.param(
                {"un_number": "3161"}, {}, "max_filling_unknown", None, id="by calculation"
            ),
            pytest.param(
                {"un_number": "3161"},
                {"max_filling_kg": Decimal(16000)},
                "within_filling_mass",
                None,
                id="by calculation, on the certificate",
            ),
            pytest.param(
                {"un_number": "1965"}, {}, "max_filling_unknown", None, id="mixtures apart"
            ),
            pytest.param(
                {"un_number": "1965"},
                {"max_filling_kg": Decimal(16000)},
                "within_filling_mass",
                None,
                id="mixtures apart, on the certificate",
            ),
            pytest.param(
                {"classification_code": "1F"},
                {},
                "max_filling_unknown",
                None,
                id="compressed",
            ),
            pytest.param(
                {"classification_code": "1F"},
                {"max_filling_kg": Decimal(16000)},
                "within_filling_mass",
                None,
                id="compressed, on the certificate",
            ),
            pytest.param(
                {"un_number": "1001", "classification_code": "4F"},
                {},
                "receptacles_only",
                None,
                id="acetylene",
            ),
            pytest.param(
                {"classification_code": "8F"},
                {},
                "gas_limit_unknown",
                "gas_kind_unknown",
                id="under pressure",
            ),
        ],
    )
    def test_what_the_table_leaves_open(
        self, line: dict[str, object], held: dict[str, object], reason: str, why: str | None
    ) -> None:
        found = planned(trip(tank=vessel(**held), goods=(goods(**{**PROPANE, **line}),)))

        assert (found.reason, found.facts.get("why"), found.facts["position"]) == (reason, why, 1)

    def test_of_mixtures_the_strictest_figure_passes_and_never_refuses(self) -> None:
        mixture = {**PROPANE, "un_number": "1010"}

        def judge(quantity_kg: int) -> Finding:
            line = goods(**{**mixture, "quantity_kg": Decimal(quantity_kg)})
            return planned(trip(tank=vessel(test_pressure_bar=Decimal(30)), goods=(line,)))

        assert judge(20000).reason == "within_filling_mass"
        assert judge(20001) == replace(
            finding(Outcome.UNKNOWN, "gas_limit_unknown"),
            facts={
                "position": 1,
                "un_number": "1010",
                "compartment": 0,
                "why": "variant_unknown",
            },
        )

    @pytest.mark.parametrize(
        ("un_number", "quantity_kg", "reason", "why"),
        [
            pytest.param("1978", "10080", "within_filling_mass", None, id="the limit of T50"),
            pytest.param("1978", "10080.001", "over_filling_mass", None, id="over it"),
            pytest.param("1965", "9000", "max_filling_unknown", None, id="to be calculated"),
            pytest.param("1066", "9000", "gas_limit_unknown", "not_in_table", id="not in T50"),
        ],
    )
    def test_portable_tanks_go_by_t50(
        self, un_number: str, quantity_kg: str, reason: str, why: str | None
    ) -> None:
        line = {**PROPANE, "un_number": un_number, "quantity_kg": Decimal(quantity_kg)}
        found = planned(trip(tank=portable(), goods=(goods(**line),)))

        assert (found.reason, found.facts.get("why")) == (reason, why)

    @pytest.mark.parametrize(
        ("quantity_kg", "outcome", "reason"),
        [
            pytest.param("27930", Outcome.PASSED, "within_filling", id="exactly 98 %"),
            pytest.param("27930.001", Outcome.FAILED, "over_filling", id="just over 98 %"),
        ],
    )
    def test_refrigerated_oxygen_fills_98_per_cent(
        self, quantity_kg: str, outcome: Outcome, reason: str
    ) -> None:
        line = goods(**{**OXYGEN, "quantity_kg": Decimal(quantity_kg)})
        found = planned(trip(tank=vessel(capacity_l=Decimal(25000)), goods=(line,)))

        assert (found.outcome, found.reason, found.facts["limit_by"]) == (
            outcome,
            reason,
            "refrigerated",
        )

    @pytest.mark.parametrize(
        ("held", "line", "reason"),
        [
            pytest.param(vessel(), {"tank_provisions": ("TU18",)}, "max_filling_unknown", id="18"),
            pytest.param(
                vessel(max_filling_kg=Decimal(22800)),
                {"tank_provisions": ("TU18",)},
                "within_filling",
                id="TU18, on the certificate",
            ),
            pytest.param(portable(), {}, "max_filling_unknown", id="portable tank"),
            pytest.param(
                portable(max_filling_kg=Decimal(22800)), {}, "within_filling", id="certified"
            ),
            pytest.param(container(), {}, "within_filling", id="tank-container"),
            pytest.param(vessel(), {"density_kg_l": None}, "density_unknown", id="no density"),
            pytest.param(
                vessel(capacity_l=Decimal(20000)),
                {"tank_provisions": ("TU18",)},
                "over_filling",
                id="full without certificate",
            ),
        ],
    )
    def test_refrigerated_gases_that_ask_for_more(
        self, held: TankFacts, line: dict[str, object], reason: str
    ) -> None:
        assert planned(trip(tank=held, goods=(goods(**{**OXYGEN, **line}),))).reason == reason

    def test_a_measured_density_of_a_refrigerated_gas_counts(self) -> None:
        part = LoadedLine(position=1, quantity_kg=Decimal(22800), density_kg_l=Decimal("1.2"))
        facts = loaded_trip(loading(lines=(part,)), tank=vessel(), goods=(goods(**OXYGEN),))

        assert loaded(facts).facts["volume_l"] == "19000"


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
