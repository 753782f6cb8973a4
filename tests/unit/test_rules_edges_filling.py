"""How full a shell may be, at each limit and one step to either side.

The liquid here has 0.828 kg/L at 15 °C and 0.8 kg/L at 50 °C, so it expands by 0.001 per degree;
of a shell of 10 350 L it may fill 10 000 L at 15 °C where 100 % are allowed at 50 °C."""

from decimal import Decimal

import pytest

from tests.harness.filled_shells import CASES, STEP, TOXIC, finding, liquid, loaded, planned, small
from tests.harness.rule_facts import goods
from tests.harness.rule_trips import loaded_trip, loading
from waybill.rules.evidence import LoadedLine
from waybill.rules.finding import Outcome
from waybill.rules.rule import Judgement
from waybill.rules.shells import loaded_contents, planned_contents
from waybill.rules.volumes import Volume, measure


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
