"""How full a shell may be, at each limit and one step to either side.

The liquid here has 0.828 kg/L at 15 °C and 0.8 kg/L at 50 °C, so it expands by 0.001 per degree;
of a shell of 10 350 L it may fill 10 000 L at 15 °C where 100 % are allowed at 50 °C."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.harness.filled_shells import finding, loaded, planned
from tests.harness.rule_facts import goods, tank
from tests.harness.rule_trips import loaded_trip, loading, trip
from tests.harness.tank_loads import (
    OXYGEN,
    PROPANE,
    TWO_COMPARTMENTS,
    container,
    portable,
    vessel,
)
from waybill.rules.evidence import LoadedLine
from waybill.rules.facts import CompartmentFacts, TankFacts
from waybill.rules.finding import Finding, Outcome


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
